"""What an institution's own records, archive and acts do not explain."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from issuer.errors import WatchError
from issuer.text import moment
from issuer.watch.alerts import Alert, Kind, Place, Typed, for_programme, many
from issuer.watch.changes import Change, changes
from issuer.watch.clues import Clues
from issuer.watch.lists import Lists
from issuer.watch.memory import Seen
from issuer.watch.own import Known, Pair, hex_roots
from issuer.watch.sight import Asked, Sight, Watched, asked_pairs, batches_of, look
from issuer.watch.thefts import Past, theft_alerts
from verifier.core.hashes import from_hex, to_hex
from verifier.core.registry import NO_ADDRESS

_KEYS_COUNTED = 50
"""Of how many keys the transactions are counted at each look; of more, every so many seconds."""
_COUNT_SECONDS = 600


@dataclass
class InstitutionView:
    """Compares one institution in one registry with what it knows to be its own.

    Args:
        registry: which is asked.
        place: which one it is.
        domain: the institution's.
        known: reads what it knows.
        clues: who did it, as far as a node says.
        lists: its status lists, where they can be compared.
        typed: completes commands.
        alone: whether this is the only registry that counts, so that the institution has to be in it.
    """

    registry: Watched
    place: Place
    domain: str
    known: Callable[[], Known]
    clues: Clues | None = None
    lists: Lists | None = None
    typed: Typed = field(default_factory=Typed)
    alone: bool = False

    @property
    def name(self) -> str:
        """Whom it is about."""
        return self.domain

    def see(self, memory: Mapping[str, Any], clock: float, thorough: bool) -> Seen:
        """Look once.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
            StoreError, WatchError: what the institution knows cannot be read.
            WatchError: there is no such institution.
        """
        known_once = [from_hex(root) for root in memory.get("own_roots", ())]
        strange = [from_hex(root) for root in memory.get("strange_roots", ())]
        pairs = {(str(authority), from_hex(each)) for authority, each in memory.get("strange_pairs", ())}
        asked = Asked(None if thorough else memory.get("revocations"), [*known_once, *strange], pairs)
        sight, own = look(self.registry, self.domain, clock, self.known, asked)
        if self.alone and not sight.institution["accreditedAt"]:
            raise WatchError(
                f"{self.domain} is not accredited in the registry {self.place.address}. Compare it with [watch] "
                "domains in sanad.toml."
            )
        lost = {root: sight.strange[root] for root in known_once if root in sight.strange}
        others = {root: each for root, each in sight.strange.items() if root not in lost}
        sight = replace(sight, batches={**sight.batches, **lost}, strange=others)
        pairs |= _unexplained(sight, own)
        unseen = _unseen(sight, own, pairs, memory)
        if (sight.unknown or unseen) and memory.get("searched") != sight.block:
            sight, pairs = self._search(sight, own, pairs, memory)
            unseen = _unseen(sight, own, pairs, memory)
        else:
            found = dict(asked_pairs(self.registry, self.domain, pairs - sight.strange_revoked.keys()))
            sight = replace(sight, strange_revoked={**sight.strange_revoked, **found})
        clean = not sight.unknown and not unseen
        past = Past(memory.get("explained_at"), unseen, None if clean else self._sent(sight, own, memory))
        new = self._remembered(sight, memory, pairs, unseen, clean, clock)
        alerts = [*theft_alerts(sight, own, past, self.typed), *self._lost(lost)]
        alerts += self._lists(memory, new, sight, clock, thorough)
        before = memory.get("facts", {})
        ours = {(fact, True) for key in own.keys if (fact := f"key {key} authorised") not in before}
        found_changes = changes(before, sight.facts, {*own.acts, *ours}, bool(memory.get("partial")))
        told = [alert for each in found_changes if (alert := self._change(each, sight, past)).text]
        if sight.successor is not None:
            text = f"The programme has named {sight.successor} as the registry that takes this one's place: move there."
            alerts.append(Alert(Kind.REGISTRY, self.domain, text, about=f"successor {sight.successor}"))
        return Seen(alerts, told, new, frozenset(own.acts))

    def _search(self, sight: Sight, own: Known, pairs: set[Pair], memory: Mapping[str, Any]) -> tuple[Sight, set[Pair]]:
        """Look for the writers of what is not explained; what a node names is asked of the registry."""
        first = memory.get("searched", memory.get("explained_block"))
        written = None
        if self.clues is not None:
            written = self.clues.written(self.domain, 0 if first is None else int(first), sight.block)
        roots = set() if written is None else written.roots - own.commitments.keys() - sight.strange.keys()
        more = set() if written is None else written.revocations - set(own.revoked)
        found = {**sight.strange, **batches_of(self.registry, self.domain, sorted(roots))}
        pairs = pairs | more
        revoked = dict(asked_pairs(self.registry, self.domain, pairs))
        return replace(sight, strange=found, strange_revoked=revoked), pairs

    def _sent(self, sight: Sight, own: Known, memory: Mapping[str, Any]) -> dict[str, int] | None:
        """How many transactions each key sent since all was explained that the records do not have."""
        before = memory.get("counts")
        if self.clues is None or not before:
            return None
        now = self.clues.counts([key for key in sight.keys if key in before])
        if now is None:
            return None
        return {
            key: sum((key, nonce) not in own.places for nonce in range(before[key], count))
            for key, count in now.items()
        }

    def _remembered(
        self,
        sight: Sight,
        memory: Mapping[str, Any],
        pairs: set[Pair],
        unseen: int,
        clean: bool,
        clock: float,
    ) -> dict[str, Any]:
        """What is kept for the next look."""
        new = {
            "facts": dict(sight.facts),
            "revocations": int(sight.institution["revocations"]),
            "unseen": unseen,
            "own_roots": hex_roots(sight.batches.keys()),
            "strange_roots": hex_roots(sight.strange.keys()),
            "strange_pairs": sorted([authority, to_hex(each)] for authority, each in pairs),
            "searched": sight.block,
            "explained_at": sight.at if clean else memory.get("explained_at"),
            "explained_block": sight.block if clean else memory.get("explained_block"),
            "counts": memory.get("counts"),
            "counted_at": memory.get("counted_at", 0),
        }
        due = len(sight.keys) <= _KEYS_COUNTED or clock - new["counted_at"] >= _COUNT_SECONDS
        if clean and self.clues is not None and (due or new["counts"] is None):
            new |= {"counts": self.clues.counts(list(sight.keys)), "counted_at": int(clock)}
        return new

    def _lost(self, lost: Mapping[bytes, Any]) -> Iterator[Alert]:
        if lost:
            named = ", ".join(map(to_hex, sorted(lost)[:3])) + (" …" if len(lost) > 3 else "")
            text = (
                f"{many(len(lost), 'batch', 'batches')} of {self.domain} that the records or the archive had at an "
                f"earlier look are in neither now: {named}. Revocations of their certificates are not noticed. Type "
                "sanad rebuild; if it does not find them, put them back from a backup (sanad restore)."
            )
            yield Alert(Kind.MEMORY, self.domain, text, about=f"lost {len(lost)}")

    def _lists(
        self, memory: Mapping[str, Any], new: dict[str, Any], sight: Sight, clock: float, thorough: bool
    ) -> list[Alert]:
        if self.lists is None:
            return []
        state = [sight.institution["revocations"], sight.institution["batches"], *map(str, sight.facts.items())]
        found, new["lists"] = self.lists.look(memory.get("lists"), "|".join(map(str, state)), clock, thorough)
        return [
            Alert(
                Kind.STATUS_LIST,
                self.domain,
                each.text,
                (self.typed(f"sanad status publish {self.domain}"),) if each.can_be_published else (),
                about=each.about,
            )
            for each in found
        ]

    def _change(self, change: Change, sight: Sight, past: Past) -> Alert:
        """A change in words; without a text where it is no news."""
        fact, was, now = change
        about, kind = f"{fact} {now} {sight.at}", Kind.ROLE
        commands: tuple[str, ...] = ()
        if fact.startswith("key "):
            kind, text, command = Kind.KEY, *_of_key(self.domain, sight, fact, was, now)
            commands = (self.typed(command),) if command else ()
        elif fact.startswith("batch "):
            root, kind = fact.split()[1], Kind.BATCH
            done, undo = ("withdrawn", " --undo") if now else ("reinstated", "")
            text = (
                f"The batch {root} of {self.domain} was {done}, and our records do not explain it. Only the admin's "
                "key can do that."
            )
            commands = (self.typed(f"sanad withdraw {self.domain} {root}{undo}"),)
        else:
            text = "" if fact == "pendingAdmin" and now == NO_ADDRESS else _ROLE_TEXTS[fact](self.domain, was, now)
            since = moment(past.explained_at or sight.institution["accreditedAt"])
            if fact == "pendingAdmin" and text:
                commands = (self.typed(f"sanad transfer {self.domain} {sight.institution['admin']}"),)
                text += " " + for_programme(self.domain, since, sight.institution["admin"])
            if fact == "admin":
                text += " " + for_programme(self.domain, since, was, now)
        text += self.typed.elsewhere if commands else ""
        return Alert(kind, self.domain, text, commands, about, fact, now)


def _pairs(sight: Sight) -> dict[Pair, Any]:
    """The revocations seen on certificates that are known, by authority and commitment."""
    return {
        (NO_ADDRESS if each.by_institution else each.revoked_by, commitment): each
        for commitment, each in (sight.revoked or {}).items()
    }


def _unexplained(sight: Sight, own: Known) -> set[Pair]:
    return _pairs(sight).keys() - set(own.revoked)


def _unseen(sight: Sight, own: Known, pairs: set[Pair], memory: Mapping[str, Any]) -> int:
    """How many revocations nothing here explains; as at the last look where they were not looked through."""
    if sight.revoked is None:
        return int(memory.get("unseen", 0)) if memory else 0
    explained = {*_pairs(sight), *pairs, *own.revoked}
    return max(0, int(sight.institution["revocations"]) - len(explained))


def _of_key(domain: str, sight: Sight, fact: str, was: Any, now: Any) -> tuple[str, str]:
    """A key's change in words, and what undoes it."""
    _, address, what = fact.split()
    unexplained = "and our records do not explain it."
    if what == "distrusted":
        if now:
            undo = f"sanad distrust {domain} {address} --lift"
            return f"The key {address} of {domain} is distrusted since {moment(now)}, {unexplained}", undo
        undo = f"sanad distrust {domain} {address} --since {moment(was)} --keep-recorded"
        return f"The key {address} of {domain} is distrusted no more, {unexplained}", undo
    if not now:
        undo = f"sanad authorise {domain} {address}"
        return f"The key {address} may no longer issue for {domain}, {unexplained}", undo
    at = moment(sight.keys[address]["authorisedAt"])
    undo = f"sanad distrust {domain} {address} --since {at}"
    text = f"The key {address} may issue for {domain} since {at}, {unexplained} Only the admin's key can do that."
    return text, undo


_ROLE_TEXTS: Mapping[str, Callable[[str, Any, Any], str]] = {
    "admin": lambda domain, was, now: (
        f"The admin of {domain} is {now} now, and was {was}. If you did not hand it over, the admin's key is stolen."
    ),
    "pendingAdmin": lambda domain, _was, now: (
        f"{now} was nominated as the next admin of {domain}. If you did not do that, the admin's key is stolen. "
        "Type the command at the end first: it puts the present admin in the nominee's place."
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
