"""Batches and revocations that the records do not explain: whose key wrote them, since when, and what stops it.

Pure: the same sight, records and past give the same alerts.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from issuer.text import moment
from issuer.watch.alerts import Alert, Kind, Typed, for_programme, many
from issuer.watch.own import Known
from issuer.watch.sight import Sight
from verifier.core.hashes import to_hex

_LISTED = 5


@dataclass(frozen=True)
class Past:
    """What earlier looks know."""

    explained_at: int | None = None
    """When a look last found every batch and revocation explained, in Unix seconds."""
    unseen: int = 0
    """How many revocations the registry counts that nothing known here explains, and that nobody found."""
    sent: Mapping[str, int] | None = None
    """How many transactions each key has sent since then that the records do not have; None where no node says."""


@dataclass
class _Writer:
    """What one key wrote that nobody here explains."""

    batches: dict[bytes, Mapping[str, Any]] = field(default_factory=dict)
    revocations: dict[bytes, int] = field(default_factory=dict)
    """Commitment and moment."""

    @property
    def first(self) -> int:
        return min([*(int(each["issuedAt"]) for each in self.batches.values()), *self.revocations.values()])


def theft_alerts(sight: Sight, own: Known, past: Past, typed: Typed) -> Iterator[Alert]:
    """An alert for each key that wrote what is not explained, then for what nobody knows the writer of."""
    for address, writer in sorted(_writers(sight, own).items()):
        yield _of_writer(sight, own, address, writer, typed)
    yield from _unknown_batches(sight, own, past, typed)
    if past.unseen:
        yield Alert(
            Kind.REVOCATION,
            sight.domain,
            f"The registry has {many(past.unseen, 'revocation')} of {sight.domain} that none of the certificates known "
            f"here explains: of another batch, or written a second time. {_suspects_sentence(sight, past)}",
            tuple(_commands(sight, own, past, typed)),
            about=f"{past.unseen} unseen",
        )


def _writers(sight: Sight, own: Known) -> dict[str, _Writer]:
    writers: dict[str, _Writer] = {}
    for root, record in sight.strange.items():
        if record["counts"] and not record["withdrawnAt"]:
            writers.setdefault(str(record["signer"]), _Writer()).batches[root] = record
    for (authority, commitment), found in sight.strange_revoked.items():
        if found is not None and (authority, commitment) not in own.revoked:
            writers.setdefault(found.revoked_by, _Writer()).revocations[commitment] = found.revoked_at
    return writers


def _of_writer(sight: Sight, own: Known, address: str, writer: _Writer, typed: Typed) -> Alert:
    key, since = sight.keys.get(address, {}), moment(writer.first)
    what = " ".join(
        [
            f"The key {address} wrote under {sight.domain}, since {since}, what our records do not explain:",
            " and ".join(_described(writer)) + ".",
        ]
    )
    kind = Kind.BATCH if writer.batches else Kind.REVOCATION
    named = "".join(map(to_hex, sorted([*writer.batches, *writer.revocations])))
    about = f"{address} {hashlib.sha256(named.encode()).hexdigest()[:16]}"
    if key.get("everAdmin") or key.get("isAdmin"):
        acts = "is the admin's" if key["isAdmin"] else "was the admin's once"
        text = (
            f"{what} This key {acts}: only the programme can stop it. If nobody of yours did that, the key is stolen. "
            + for_programme(sight.domain, since, address)
        )
        return Alert(kind, sight.domain, text, about=about)
    if (lost := _lost(sight, own, address, writer)) and address == own.issuing:
        text = (
            f"{what} It is a key of ours, and our records lack {many(lost, 'batch', 'batches')} of it. If they were "
            "lost or set back, that is why. The command below finds that out: it brings back what it can, and lists "
            "these revocations, for you to see whether they are yours."
        )
        return Alert(kind, sight.domain, text, (typed("sanad rebuild"),), about=f"{about} behind")
    if writer.batches and address == own.issuing:
        what += " If they are yours, and records or archive were lost or set back: sanad rebuild --from FOLDER."
    text = f"{what} If nobody of yours did that, the key is stolen. {_keeps(own)}{typed.elsewhere}"
    return Alert(kind, sight.domain, text, (typed(_distrust(sight, own, address, writer.first)),), about)


def _lost(sight: Sight, own: Known, address: str, writer: _Writer) -> int:
    """How many batches of a key the records lack, where that may be a loss; 0 where it can only be a theft.

    A batch that neither has is no loss while the archive has others of that key; where both have none, it may be.
    """
    mine = {root for root, each in sight.batches.items() if (each["signer"], each["adopted"]) == (address, False)}
    if writer.batches:
        return 0 if own.recorded or mine else len(writer.batches)
    return len(mine - set(own.recorded))


def _described(writer: _Writer) -> Iterator[str]:
    if writer.batches:
        listed = sorted(writer.batches.items(), key=lambda each: int(each[1]["issuedAt"]))
        named = [f"{to_hex(root)} ({many(each['size'], 'certificate')})" for root, each in listed[:_LISTED]]
        more = f" and {len(listed) - _LISTED:,} more" if len(listed) > _LISTED else ""
        yield f"{many(len(listed), 'batch', 'batches')}, {', '.join(named)}{more}"
    if writer.revocations:
        times = sorted(writer.revocations.items(), key=lambda each: each[1])
        named = [f"0x{commitment.hex()} was revoked on {moment(at)}" for commitment, at in times[:_LISTED]]
        more = f" and {len(times) - _LISTED:,} more" if len(times) > _LISTED else ""
        yield (f"{many(len(times), 'revocation')}, by commitment of the certificate: {', '.join(named)}{more}")


def _keeps(own: Known) -> str:
    kept = "what your records and archive have" if own.recorded else "what your archive has"
    return f"The command below keeps {kept}."


def _distrust(sight: Sight, own: Known, address: str, since: int) -> str:
    """The command that stops a key, and keeps its honest batches."""
    honest = [
        root
        for root, record in sight.batches.items()
        if (record["signer"], record["adopted"]) == (address, False)
        and record["issuedAt"] >= since
        and own.commitments.get(root)  # without its file it cannot be kept
    ]
    kept = "".join(f" --keep {to_hex(root)}" for root in sorted(honest) if root not in own.recorded)
    return f"sanad distrust {sight.domain} {address} --since {moment(since)} --keep-recorded{kept}"


def _unknown_batches(sight: Sight, own: Known, past: Past, typed: Typed) -> Iterator[Alert]:
    more = sight.unknown
    if not more:
        return
    known = [*sight.batches.values(), *sight.strange.values()]
    certificates = max(0, sight.institution["certificates"] - sum(record["size"] for record in known))
    since = "" if past.explained_at is None else f" At {moment(past.explained_at)} there was none."
    yield Alert(
        Kind.BATCH,
        sight.domain,
        f"The registry has {many(more, 'batch', 'batches')} of {sight.domain}, with "
        f"{many(certificates, 'certificate')}, that neither our records nor our archive explain.{since} No node says "
        f"which key wrote them. {_suspects_sentence(sight, past)} If nobody of yours issued from another machine, a "
        f"key is stolen. {_keeps(own)}{typed.elsewhere}",
        tuple(_commands(sight, own, past, typed)),
        about=f"{more} batches, {certificates} certificates",
    )


def _able(sight: Sight, past: Past) -> list[str]:
    """Keys that could have written since all was explained and that the institution's admin can stop."""
    since = past.explained_at or 0
    return [
        address
        for address, key in sight.keys.items()
        if not key["everAdmin"]
        and not key["isAdmin"]
        and (key["authorised"] or key["authorisedAt"] >= since)
        and not (key["distrustedSince"] and key["distrustedSince"] <= (past.explained_at or key["authorisedAt"]))
    ]


def _suspects(sight: Sight, past: Past) -> list[str]:
    """Those that sent something that the records do not have; all that could, where that names nobody."""
    able = _able(sight, past)
    return [address for address in able if (past.sent or {}).get(address)] or able


def _suspects_sentence(sight: Sight, past: Past) -> str:
    sent = {each: count for each, count in (past.sent or {}).items() if count and each in sight.keys}
    if not sent:
        return "Any of the keys below may have, if somebody else sent it in its name."
    listed = ", ".join(f"{each} sent {many(count, 'transaction')}" for each, count in sorted(sent.items()))
    return f"Since then, {listed} that our records do not have."


def _commands(sight: Sight, own: Known, past: Past, typed: Typed) -> Iterator[str]:
    for address in _suspects(sight, past):
        key = sight.keys[address]
        since = past.explained_at if past.explained_at is not None else int(key["authorisedAt"])
        yield typed(_distrust(sight, own, address, since))
