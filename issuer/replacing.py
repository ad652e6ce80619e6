"""Replacing a certificate: the new one is registered and final first, then the old one points to it."""

from collections.abc import Callable

from issuer.acts import Act
from issuer.archive import ArchiveWriter
from issuer.desk import Desk, KeyChoice, chosen_key
from issuer.errors import ActError
from issuer.service import REASONS
from issuer.settings import load_key_settings
from issuer.signers import open_signer
from verifier.core.credential import issuer_domain
from verifier.core.envelope import parse_envelope
from verifier.core.errors import SanadError
from verifier.core.hashes import commitment
from verifier.core.verdict import Outcome


def replacement(desk: Desk, choice: KeyChoice, old: bytes, new: bytes, reason: str) -> tuple[Act, Callable[[], None]]:
    """The act that replaces `old` by `new` (certificate hashes), and what publishes the way to the new one.

    The signer of [issuer] acts where no other key is chosen, relayed if there is a relay_key; with the admin's key it
    is done for the institution.

    Raises:
        ActError: the archive lacks one of them, they are of two institutions, or the new one is not valid yet.
    """
    if reason not in REASONS:
        raise ActError(f"{reason!r} is no reason: {', '.join(REASONS)}.")
    domain = _domain(desk, old)
    if _domain(desk, new) != domain:
        raise ActError("The two certificates are of two institutions; a certificate is replaced within one only.")
    verdict = desk.settings.verifier().check_hash(new)
    if verdict.outcome is not Outcome.VALID:
        raise ActError(
            f"The new certificate is {verdict.outcome.value}, not valid: it must be registered and final first."
        )
    place, passphrases = chosen_key(choice, load_key_settings(desk.path, "issuer", "signer_key"), "[issuer] signer_key")
    relay = load_key_settings(desk.path, "issuer", "relay_key").place if choice.key is None else None
    if relay is None:
        acts = desk.institution(desk.sender(place, passphrases), domain)
    else:
        acts = desk.institution(desk.sender(relay, passphrases), domain, open_signer(place, passphrases))
    act = acts.replace({commitment(old): commitment(new)}, REASONS[reason])
    return act, lambda: _publish(desk, old, new)


def _publish(desk: Desk, old: bytes, new: bytes) -> None:
    ArchiveWriter(desk.archive_folder).publish_replacement(old, new)


def _domain(desk: Desk, hash_: bytes) -> str:
    data = desk.settings.verifier().archive.envelope(hash_)
    try:
        return issuer_domain(parse_envelope(data or b"").credential)
    except SanadError:
        raise ActError(
            f"The archive does not hold the certificate {hash_.hex()}. Compare the hash with the sheet."
        ) from None
