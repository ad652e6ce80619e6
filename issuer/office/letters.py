"""Letters to the holders of single certificates: the first one, or one more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from issuer.batches.progress import SILENT, Progress
from issuer.errors import MailError
from issuer.mail import sending as mailing
from issuer.mail.round import Round, Tally, send_again
from issuer.mail.settings import load_mail_settings
from issuer.office.certificates import Meant
from issuer.office.office import Office, open_office
from issuer.office.standings import standings_of
from issuer.office.taken_back import GOOD_NO_MORE, taken_back
from issuer.records import Batch, Delivery, DeliveryState, Records
from issuer.settings import load_issuer_settings
from verifier.core.errors import RegistryUnavailableError
from verifier.core.verdict import Outcome

_TAKEN_BACK = (Outcome.REVOKED, Outcome.REPLACED, Outcome.UNTRUSTED)


_DECIDED = "Decided by hand"
"""How the words of a letter begin that a person sent on its way; it goes out whatever the registry says."""


@dataclass(frozen=True)
class Sent:
    """One certificate, and the state of its letter now."""

    meant: Meant
    letter: Delivery
    new: bool
    """Whether it was brought to the server just now."""


def send_all(path: Path, store: Records, batches: Sequence[Batch], progress: Progress = SILENT) -> dict[str, Tally]:
    """As issuer.mail.sending.send_all; what the registry says is taken back gets no letter, no matter by whom.

    Raises:
        MailError: also where the registry cannot be asked; nothing was sent then.
        MailSettingsError, MailServerError: as there.
    """
    office = open_office(path)
    for batch in batches:
        try:
            _withhold(office, store, batch)
        except RegistryUnavailableError as error:
            raise MailError(
                f"Whether certificates were taken back could not be asked, so no letter was sent. {error}"
            ) from None
    return mailing.send_all(path, store, batches, progress)


def _withhold(office: Office, store: Records, batch: Batch) -> None:
    """Withhold the letters that would go out now and whose certificate is good no more."""
    known = {each.position: each for each in store.deliveries.of(batch.id)}
    hashes = store.hashes(batch.id)
    waiting = {
        hashes[draft.position]: (draft.position, draft.row.email)
        for draft in store.drafts(batch.id)
        if draft.row.email and draft.position in hashes and _goes_out(known.get(draft.position))
    }
    said = taken_back(office, batch.domain, [(batch.id, hash_) for hash_ in waiting]) if waiting else {}
    for word, why in GOOD_NO_MORE.items():
        store.deliveries.withhold(batch.id, [waiting[hash_] for hash_, found in said.items() if found == word], why)


def _goes_out(letter: Delivery | None) -> bool:
    if letter is None:
        return True
    return letter.state is DeliveryState.QUEUED and not (letter.words or "").startswith(_DECIDED)


def send_letters(
    path: Path,
    store: Records,
    meant: Sequence[Meant],
    again: bool = False,
    to: str | None = None,
    progress: Progress = SILENT,
) -> list[Sent]:
    """Send each certificate's letter, where its holder had none yet; what else is queued in its batch stays so.

    Args:
        path: the sanad.toml.
        again: also where the holder had one, or it was refused, or its fate is unknown.
        to: to this address instead of the roster's.

    Raises:
        MailError: one of them is not in the records, has no address, or its certificate is good no more; nothing was
            sent then.
        MailSettingsError, MailServerError: it cannot be sent; what was sent is noted.
    """
    settings, data = load_mail_settings(path), load_issuer_settings(path).data
    addresses = [_address(one, to) for one in meant]
    _check_good(path, meant, again)
    chosen: dict[str, set[int]] = defaultdict(set)
    rounds: dict[str, Round] = {}
    for one in meant:  # every one is looked at before any letter is queued
        id_, _position = _place(one)
        rounds[id_] = Round(store, store.batch(id_), data / "batches" / id_, settings)
    for one, address in zip(meant, addresses, strict=True):
        if _queued(store, one, address, again, to):
            id_, position = _place(one)
            chosen[id_].add(position)
    progress.stage("Sending letters", sum(map(len, chosen.values())))
    for id_, positions in chosen.items():
        rounds[id_].send(progress.step, positions)
    return [_sent(store, one, chosen) for one in meant]


def _queued(store: Records, one: Meant, address: str, again: bool, to: str | None) -> bool:
    """See that its letter is queued, if it is to be sent; whether it is."""
    id_, position = _place(one)
    if one.letter is None:
        store.deliveries.queue(id_, [(position, address)])
        return True
    if again:
        send_again(store, one.letter, to)
        return True
    if to is not None:
        raise MailError(f"{one} has a letter to {one.letter.recipient} already: say --again to send one to {to}.")
    return one.letter.state is DeliveryState.QUEUED


def _check_good(path: Path, meant: Sequence[Meant], again: bool) -> None:
    """Nobody is written to about a certificate that was taken back, but where a person decided it for that letter."""
    new = [one for one in meant if again or one.letter is None]
    places = [(one.hash, None if one.file is None else one.file.with_suffix(".json")) for one in new]
    for one, word in zip(new, standings_of(path, places) if new else (), strict=True):
        if one.letter is not None and one.letter.state is DeliveryState.WITHHELD:
            raise MailError(
                f"The letter of {one} is withheld: {one.letter.words} Nothing was sent. To send it all the same: "
                f"sanad mail settle {one.short_code} --again, then sanad mail send."
            )
        if word in _TAKEN_BACK:
            raise MailError(f"{one} is {word}: no letter goes out about it. Nothing was sent.")


def _address(one: Meant, to: str | None) -> str:
    address = to or (one.letter.recipient if one.letter else None) or one.email
    if not address:
        raise MailError(f"{one} has no e-mail address in the roster: give one with --to.")
    return address


def _place(one: Meant) -> tuple[str, int]:
    if one.batch is None or one.index is None:
        raise MailError(f"{one} is not in these records, so there is no letter for it.")
    return one.batch, one.index


def _sent(store: Records, one: Meant, chosen: dict[str, set[int]]) -> Sent:
    id_, position = _place(one)
    (kept,) = store.certificates.at([(id_, position)])
    assert kept.letter is not None
    return Sent(one, kept.letter, position in chosen[id_] and kept.letter.state is not DeliveryState.QUEUED)
