"""What the institution's own records do not explain, in words, each with what to type.

Pure: the same sight, records and memory give the same alerts.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from issuer.text import moment
from issuer.watch.sight import Known, Sight
from verifier.core.hashes import to_hex
from verifier.core.registry import NO_ADDRESS


class Kind(StrEnum):
    """What an alert is about."""

    BATCH = "batch"
    REVOCATION = "revocation"
    ROLE = "role"
    KEY = "key"
    REGISTRY = "registry"
    BLIND = "blind"
    """The registry could not be asked, so nothing was noticed either."""


@dataclass(frozen=True)
class Alert:
    """One thing that the records do not explain."""

    kind: Kind
    domain: str
    text: str
    """Whole sentences: what, since when, what it may mean."""
    commands: tuple[str, ...] = ()
    """What to type if it was nobody of ours."""
    about: str = ""
    """What it is about; reported once while this stays the same."""


@dataclass(frozen=True)
class Memory:
    """What was seen at the last look; empty before the first."""

    explained_at: int | None = None
    """When a look last found every batch explained, in Unix seconds."""
    revocations: int | None = None
    """How many revocations the registry had when they were last looked through."""
    unseen_revocations: int = 0
    """How many of them are of certificates that nobody here knows."""
    roles: Mapping[str, Any] = field(default_factory=dict)
    """The institution's roles and switches, by the contract's names."""
    keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    withdrawn: Collection[str] = ()
    """Roots, in hex."""


ROLES = ("admin", "pendingAdmin", "suspended", "mayCertify", "name")
KEY_FACTS = ("authorised", "distrustedSince")


def alerts(sight: Sight, own: Known, before: Memory) -> Iterator[Alert]:
    """Everything that `own` does not explain, whether it was reported before or not."""
    yield from _batches(sight, before)
    yield from _revocations(sight, own, before)
    yield from _roles(sight, own, before)
    yield from _keys(sight, own, before)
    yield from _withdrawals(sight, own, before)
    if sight.successor is not None:
        text = f"The programme has named {sight.successor} as the registry that takes this one's place: move there."
        yield Alert(Kind.REGISTRY, sight.domain, text, about=f"successor {sight.successor}")


def remembered(sight: Sight, before: Memory) -> Memory:
    """What is kept of a sight for the next look."""
    looked = sight.revoked is not None
    return Memory(
        explained_at=before.explained_at if unexplained_batches(sight) else sight.at,
        revocations=sight.institution["revocations"] if looked else before.revocations,
        unseen_revocations=_unseen(sight) if looked else before.unseen_revocations,
        roles={name: sight.institution[name] for name in ROLES},
        keys={address: {name: facts[name] for name in KEY_FACTS} for address, facts in sight.keys.items()},
        withdrawn=_withdrawn(sight),
    )


def unexplained_batches(sight: Sight) -> int:
    """How many batches the registry counts that nobody here knows."""
    return max(0, int(sight.institution["batches"]) - len(sight.batches))


def _batches(sight: Sight, before: Memory) -> Iterator[Alert]:
    more = unexplained_batches(sight)
    if not more:
        return
    certificates = sight.institution["certificates"] - sum(record["size"] for record in sight.batches.values())
    since = "" if before.explained_at is None else f" At {moment(before.explained_at)} there was none."
    keys = [address for address, facts in sight.keys.items() if facts["authorised"] and not facts["distrustedSince"]]
    when = "" if before.explained_at is None else f" --since {moment(before.explained_at)}"
    yield Alert(
        Kind.BATCH,
        sight.domain,
        f"The registry has {_many(more, 'batch', 'batches')} of {sight.domain}, with "
        f"{_many(certificates, 'certificate')}, that neither our records nor our archive explain.{since} "
        "If nobody of yours issued it from another machine, a key is stolen: stop it, then look for the others.",
        tuple(f"sanad distrust {sight.domain} {address}{when}" for address in keys),
        about=f"{more} batches, {certificates} certificates",
    )


def _revocations(sight: Sight, own: Known, before: Memory) -> Iterator[Alert]:
    for commitment, found in (sight.revoked or {}).items():
        if commitment not in own.revoked:
            by = "the institution's admin" if found.by_institution else "the signer"
            yield Alert(
                Kind.REVOCATION,
                sight.domain,
                f"The certificate with the commitment {to_hex(commitment)} was revoked on {moment(found.revoked_at)} "
                f"by {by}, {found.revoked_by}, and our records do not explain it.",
                (f"sanad distrust {sight.domain} {found.revoked_by} --since {moment(found.revoked_at)}",),
                about=to_hex(commitment),
            )
    unseen = _unseen(sight) if sight.revoked is not None else before.unseen_revocations
    if unseen:
        yield Alert(
            Kind.REVOCATION,
            sight.domain,
            f"The registry has {_many(unseen, 'revocation')} of {sight.domain} that none of the certificates known "
            "here explains: of another batch, or written a second time.",
            about=f"{unseen} unseen",
        )


def _unseen(sight: Sight) -> int:
    return max(0, int(sight.institution["revocations"]) - len(sight.revoked or {}))


def _roles(sight: Sight, own: Known, before: Memory) -> Iterator[Alert]:
    for name in ROLES:
        now = sight.institution[name]
        if name not in before.roles or before.roles[name] == now:
            continue
        if name == "admin" and ("acceptAdmin", str(now)) in own.acts:
            continue
        if name == "pendingAdmin" and (now == NO_ADDRESS or ("transferAdmin", str(now)) in own.acts):
            continue
        yield Alert(
            Kind.ROLE, sight.domain, _ROLE_TEXTS[name](sight.domain, before.roles[name], now), about=f"{name} {now}"
        )


_ROLE_TEXTS: Mapping[str, Callable[[str, Any, Any], str]] = {
    "admin": lambda domain, was, now: (
        f"The admin of {domain} is {now} now, and was {was}. If you did not hand it over, ask the programme to name "
        "another at once: it can (sanad registry replace-admin)."
    ),
    "pendingAdmin": lambda domain, _was, now: (
        f"{now} was nominated as the next admin of {domain}. If you did not do that, the admin's key is stolen: ask "
        "the programme to name another (sanad registry replace-admin)."
    ),
    "suspended": lambda domain, _was, now: (
        f"The programme has {'suspended' if now else 'reinstated'} {domain}: it may "
        f"{'not issue for now; what was issued stays valid' if now else 'issue again'}."
    ),
    "mayCertify": lambda domain, _was, now: (
        f"{domain} may {'now' if now else 'no longer'} certify educators; the programme said so."
    ),
    "name": lambda domain, was, now: f"The programme has renamed {domain} from {was!r} to {now!r}.",
}


def _keys(sight: Sight, own: Known, before: Memory) -> Iterator[Alert]:
    for address, facts in sight.keys.items():
        was = before.keys.get(address)
        if was is None:
            continue
        if facts["authorised"] != was["authorised"]:
            functions = ("authorise", "authoriseEducator") if facts["authorised"] else ("remove",)
            if not any((function, address) in own.acts for function in functions):
                done = "may issue for" if facts["authorised"] else "may no longer issue for"
                text = f"The key {address} {done} {sight.domain} since this look, and our records do not explain it."
                yield Alert(Kind.KEY, sight.domain, text, about=f"{address} authorised {facts['authorised']}")
        if facts["distrustedSince"] != was["distrustedSince"]:
            function = "distrust" if facts["distrustedSince"] else "liftDistrust"
            if (function, address) not in own.acts:
                since = facts["distrustedSince"]
                done = f"is distrusted since {moment(since)}" if since else "is distrusted no more"
                text = f"The key {address} of {sight.domain} {done}, and our records do not explain it."
                yield Alert(Kind.KEY, sight.domain, text, about=f"{address} distrusted {since}")


def _withdrawn(sight: Sight) -> tuple[str, ...]:
    return tuple(to_hex(root) for root, record in sight.batches.items() if record["withdrawnAt"])


def _withdrawals(sight: Sight, own: Known, before: Memory) -> Iterator[Alert]:
    now, was = set(_withdrawn(sight)), set(before.withdrawn)
    for root in sorted(now ^ was):
        function, done, undo = (
            ("withdraw", "withdrawn", " --undo") if root in now else ("reinstateBatch", "reinstated", "")
        )
        if (function, root) not in own.acts:
            yield Alert(
                Kind.BATCH,
                sight.domain,
                f"The batch {root} of {sight.domain} was {done}, and our records do not explain it. Only the admin's "
                "key can do that.",
                (f"sanad withdraw {sight.domain} {root}{undo}",),
                about=f"{root} {done}",
            )


def _many(count: int, one: str, more: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
