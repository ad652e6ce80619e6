"""Whether the records are behind: what the registry, the archive and the key's nonce show that they do not hold.

One look before anything is drafted or published. It asks a fixed number of questions: the key's nonce, the
institution's counter, and the batches (five hundred at once) that only the archive knows.

The institution's counter is asked for first and the records are read last, so that what is issued meanwhile is never
taken for lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from issuer.errors import BehindError, NodeUnusableError
from issuer.keys.files import stated_address
from issuer.keys.signers import open_signer
from issuer.office.records_place import Place
from issuer.records import Batch, BatchState, Records, RecordsPlace, open_existing
from issuer.sending.connecting import connect_to_any
from issuer.sending.sender import transaction_counts
from issuer.text import moment
from verifier.archive_folder import FolderArchive, batch_path
from verifier.toml_table import checksummed

if TYPE_CHECKING:
    from issuer.office.office import Office

ACCEPTED = "known to be missing"
"""In the trail: somebody decided to go on without what is missing; the facts say how much that is."""
_AT_ONCE = 500
_SHOWN = 10
_REGISTERED = (BatchState.FINAL, BatchState.DELIVERED)


@dataclass(frozen=True)
class Unknown:
    """A batch that the registry has under our key, and that the records do not hold."""

    root: bytes
    registered: int
    """Unix seconds."""
    size: int

    def __str__(self) -> str:
        certificates = "1 certificate" if self.size == 1 else f"{self.size:,} certificates"
        return f"0x{self.root.hex()}  registered {moment(self.registered)}, {certificates}"


@dataclass(frozen=True)
class Accepted:
    """What somebody decided to go on without."""

    roots: frozenset[bytes] = frozenset()
    missing: int = 0
    absent: int = 0


@dataclass(frozen=True)
class Look:
    """What a look at one institution found."""

    domain: str
    key: str
    """The address that registers batches."""
    archive: str
    registered: int
    """How many batches the institution has in the registry."""
    recorded: bool
    """Whether the records hold a batch of the institution."""
    batches: tuple[Unknown, ...] = ()
    """Registered under our key, and not in the records."""
    places: tuple[int, ...] = ()
    """Places (nonces) of the key whose transactions are neither in the records nor settled."""
    counted: int = 0
    """How many transactions the key has sent; 0 where that was not asked."""
    missing: int = 0
    """Batches of the institution that neither records nor archive hold."""
    absent: tuple[bytes, ...] = ()
    """Roots of delivered batches whose batch file is not in the archive."""
    accepted: Accepted = field(default=Accepted())

    @property
    def _lost(self) -> list[Unknown]:
        return [each for each in self.batches if each.root not in self.accepted.roots]

    @property
    def _uncounted(self) -> bool:
        return self.missing > self.accepted.missing

    @property
    def stop(self) -> str | None:
        """Why nothing may be issued or published now, and what to type; None where nothing is behind."""
        found = [self._records_behind(), self._archive_behind()]
        return "\n".join(each for each in found if each is not None) or None

    @property
    def question(self) -> str | None:
        """What to ask once before going on; None where there is nothing to ask."""
        if self.stop is not None or not self._uncounted:
            return None
        if self.recorded:
            held = f"{_batches(self.missing)} that neither these records nor the archive hold"
        else:
            held = f"{_batches(self.missing)}, and these records hold none of them"
        return (
            f"{self.domain} has registered {held}. If colleagues issued them from records of their own, go on. If they "
            "were issued from here, the records were lost, and students would get a second certificate. Then type: "
            "sanad rebuild. If nobody of yours issued them, a key is stolen: sanad watch --once names it."
        )

    @property
    def note(self) -> str | None:
        """What to say once: the key was used elsewhere, and no batch is missing."""
        if self.stop is not None or self._uncounted or not self.places:
            return None
        return (
            f"Note: the key {self.key} has sent {_transactions(self.places)} that these records do not know. No "
            "batch is missing, so go on; one key belongs to one set of records."
        )

    def _records_behind(self) -> str | None:
        lost, strange = self._lost, self.places if self._uncounted else ()
        if not lost and not strange:
            return None
        lines = ["The records are behind: they were lost or set back, or other records use the same key."]
        if lost:
            lines.append(f"Not in them: {_batches(len(lost))} of {self.domain}, registered under the key {self.key}:")
            lines += [f"  {each}" for each in lost[:_SHOWN]]
            lines += [f"  … and {len(lost) - _SHOWN:,} more"] if len(lost) > _SHOWN else []
        if strange:
            lines.append(
                f"The key {self.key} has sent {_transactions(strange)} that they do not know, and {self.domain} has "
                f"{_batches(self.missing)} that neither they nor the archive hold."
            )
        lines.append("One key belongs to one set of records. Type: sanad rebuild")
        lines.append("If nobody of yours wrote them, the key may be stolen. First type: sanad watch --once")
        lines.append("If they cannot be brought back, or the key is stopped: sanad batches --accept-missing")
        return "\n".join(lines)

    def _archive_behind(self) -> str | None:
        if len(self.absent) <= self.accepted.absent:
            return None
        shown = ", ".join(f"0x{root.hex()}" for root in self.absent[:3]) + (" …" if len(self.absent) > 3 else "")
        return (
            f"The archive {self.archive} is behind: {_batches(len(self.absent))} of {self.domain} in the records were "
            f"delivered, and their batch files are not there ({shown}).\nType: sanad rebuild --archive\n"
            "If it cannot bring them back: sanad batches --accept-missing"
        )


def check(office: "Office", domain: str | None = None) -> list[Look]:
    """Look, and refuse to go on where records or archive are behind.

    Args:
        office: whose records, archive, key and registry.
        domain: only this institution; None: all that records and archive know.

    Raises:
        BehindError: what is missing, and what to type.
        RegistryUnavailableError, NodeUnusableError: it could not be checked.
        IssuerError: settings, records or key cannot be used.
    """
    found = look(office, domain)
    stops = [stop for each in found if (stop := each.stop) is not None]
    if stops:
        raise BehindError("\n".join(dict.fromkeys(stops)))
    return found


def accept(office: "Office", looks: Sequence[Look]) -> None:
    """Remember what these looks found, so that nothing stops or asks again because of it."""
    with closing(Records(office.issuing.records)) as store:
        for each in looks:
            facts = {
                **_where(office),
                "roots": [unknown.root.hex() for unknown in each.batches],
                "missing": each.missing,
                "absent": len(each.absent),
            }
            store.trail.add(ACCEPTED, each.domain, **facts)
            chain = office.registry_settings.info.chain_id
            store.transactions.note_settled(chain, each.key, each.counted, explained=False)


def look(office: "Office", domain: str | None = None) -> list[Look]:
    """What records, archive, key and registry say of each institution; errors as `check`."""
    key, archive = _signer(office), FolderArchive(office.archive_folder)
    with _opened_at(office.issuing.records) as store:
        recorded: Mapping[str, Sequence[Batch]] = _recorded(store)
        domains = [domain] if domain is not None else sorted({*recorded, *archive.domains()})
        sent = _sent(office, key) if domain is None or domains else 0
        if not domains and sent:  # both may be lost: the registry knows for whom the key registers
            domains = institutions_of(office, [key])
            recorded = dict.fromkeys(domains, ())
        counted = {
            each: int(office.registry.institution(each)["batches"]) if domain or each in recorded else 0
            for each in domains
        }
        return [_look(office, store, archive, each, key, sent, counted[each]) for each in domains]


def _look(
    office: "Office", store: Records | None, archive: FolderArchive, domain: str, key: str, sent: int, registered: int
) -> Look:
    stored = set(archive.roots(domain))
    batches = [each for each in _recorded(store).get(domain, []) if each.root is not None]
    recorded = {each.root for each in batches if each.state is not BatchState.CANCELLED}
    info = office.registry_settings.info
    here = {
        each.root
        for each in batches
        if each.state in _REGISTERED and (each.chain_id, each.registry) == (info.chain_id, info.address)
    }
    there = dict(_there(office, domain, sorted((stored | {each.root for each in batches if each.root}) - here)))
    # What others published counts as known, except to new records whose key has sent before: these may be lost ones.
    held = here | ({*there} if recorded or not sent else set())
    return Look(
        domain,
        key,
        str(archive.path),
        registered,
        bool(recorded),
        tuple(_ours(there, key, recorded)),
        _unknown_places(store, info.chain_id, key, sent),
        sent,
        max(0, registered - len(held)),
        tuple(_absent(batches, archive, domain, stored)),
        _accepted(office, store, domain),
    )


def _there(office: "Office", domain: str, roots: Sequence[bytes]) -> Iterator[tuple[bytes, Mapping[str, Any]]]:
    """Those of these roots that the registry has, with its records."""
    for start in range(0, len(roots), _AT_ONCE):
        part = roots[start : start + _AT_ONCE]
        for root, record in zip(part, office.registry.batches(domain, part), strict=True):
            if record["issuedAt"]:
                yield root, record


def _ours(there: Mapping[bytes, Mapping[str, Any]], key: str, recorded: set[bytes | None]) -> Iterator[Unknown]:
    for root, record in sorted(there.items(), key=lambda each: (each[1]["issuedAt"], each[0])):
        mine = checksummed(record["signer"]) == key and not record["adopted"] and record["counts"]
        if mine and root not in recorded:
            yield Unknown(root, record["issuedAt"], record["size"])


def _absent(batches: Sequence[Batch], archive: FolderArchive, domain: str, stored: set[bytes]) -> Iterator[bytes]:
    for each in batches:
        lacks = each.root is not None and each.state is BatchState.DELIVERED and each.root not in stored
        if lacks and each.root and not batch_path(archive.path, domain, each.root).exists():  # it may have come since
            yield each.root


def _unknown_places(store: Records | None, chain_id: int, key: str, sent: int) -> tuple[int, ...]:
    """The key's places that the records do not know, after what is settled, else after the first that they know.

    What a key did before it had records, as where it was funded or authorised others, is no reason to stop.
    """
    if store is None or not sent:
        return ()
    known = store.transactions.places(chain_id, key)
    first = store.transactions.settled(chain_id, key) or min(known, default=sent)
    return tuple(each for each in range(first, sent) if each not in known)


def _sent(office: "Office", key: str) -> int:
    """How many transactions of the key are mined; 0 where others send what it signs, as many others may use theirs.

    Raises:
        NodeUnusableError: no node says it.
    """
    if office.issuing.relay_key is not None:
        return 0
    settings = office.registry_settings
    counts = transaction_counts(connect_to_any(settings.nodes, settings.info.chain_id), key, "latest")
    if not counts:
        raise NodeUnusableError("No node says how many transactions the key has sent. Try again.")
    return max(counts)


def _signer(office: "Office") -> str:
    """The address that registers batches; a keystore states it, so most are not opened for that."""
    place = office.issuing.signer_key
    stated = place.address if place.file is None else stated_address(place.file)
    return checksummed(stated or str(open_signer(place, office.passphrases).address))


def institutions_of(office: "Office", keys: Sequence[str]) -> list[str]:
    """The institutions whose signer or admin one of these keys is or was, by the registry alone.

    Raises:
        RegistryUnavailableError: it gave no trustworthy answer.
    """
    named = [str(each["domain"]) for each in office.registry.institutions()]
    return [each for each in named if any(office.registry.key(each, key)["authorisedAt"] for key in keys)]


def lost_hint(place: Place) -> str | None:
    """What to say where records hold no batch and the archive does; no node is asked. None where that is not so."""
    with _opened_at(place.records) as store:
        if _recorded(store):
            return None
    count = 0 if place.archive is None else len(list(FolderArchive(place.archive).batches()))
    if not count:
        return None
    return f"The archive {place.archive} holds {_batches(count)}. If the records were lost, type: sanad rebuild"


def _opened_at(place: RecordsPlace) -> Any:
    store = open_existing(place)
    return nullcontext() if store is None else closing(store)


def _recorded(store: Records | None) -> dict[str, list[Batch]]:
    found: dict[str, list[Batch]] = {}
    for batch in () if store is None else store.batches():
        found.setdefault(batch.domain, []).append(batch)
    return found


def _accepted(office: "Office", store: Records | None, domain: str) -> Accepted:
    """What was accepted for this registry; the newest word counts, and roots stay accepted."""
    entries = [] if store is None else store.trail.those_that(ACCEPTED)
    facts = [each.facts for each in entries if each.domain == domain and _where(office).items() <= each.facts.items()]
    if not facts:
        return Accepted()
    roots = frozenset(bytes.fromhex(root) for each in facts for root in each["roots"])
    return Accepted(roots, facts[-1]["missing"], facts[-1]["absent"])


def _where(office: "Office") -> dict[str, Any]:
    info = office.registry_settings.info
    return {"chain_id": info.chain_id, "registry": info.address}


def _batches(count: int) -> str:
    return "1 batch" if count == 1 else f"{count:,} batches"


def _transactions(places: Sequence[int]) -> str:
    shown = ", ".join(map(str, places[:_SHOWN])) + (" …" if len(places) > _SHOWN else "")
    return f"1 transaction (place {shown})" if len(places) == 1 else f"{len(places):,} transactions (places {shown})"
