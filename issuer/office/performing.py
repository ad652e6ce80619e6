"""Performs acts one after another: keeps them in the records, and carries out what follows from each.

Where an act fails, those before it are reported as done, and what follows from them is carried out.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field

from issuer.errors import IssuerError, NodeUnusableError
from issuer.office.office import Office
from issuer.office.records_place import acts_records, place_in
from issuer.office.status_lists import publish_after
from issuer.office.written_calls import complete
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.publishing.status_known import Concerned
from issuer.records import Records, open_existing
from issuer.registry.act import Act, Done, Effects
from issuer.sending import Cost, Ledger, Noted, StoredLedger, settle_open
from verifier.core.errors import SanadError


@dataclass(frozen=True)
class Performed:
    """An act, what it costs, and what was done."""

    act: Act
    cost: Cost | None
    """None where the registry had it already."""
    done: Done | None
    """None in a dry run."""

    @property
    def already(self) -> bool:
        """Whether nothing had to be sent."""
        return self.cost is None or (self.done is not None and self.done.transaction is None)


@dataclass(frozen=True)
class Listener:
    """Hears of each act before it is performed, and after."""

    begin: Callable[[Act], None] = lambda _act: None
    end: Callable[[Performed], None] = lambda _performed: None


SILENT = Listener()


@dataclass
class Report:
    """What became of several acts."""

    performed: list[Performed] = field(default_factory=list)
    failed: Act | None = None
    """The act that failed; None where all went well, or where what came between two acts failed."""
    error: IssuerError | SanadError | None = None
    troubles: list[str] = field(default_factory=list)
    """What should have followed and could not be done, and what to type."""
    letters: int = 0
    """Letters that do not go out any more."""


def perform(office: Office, acts: Iterable[Act], listener: Listener = SILENT, dry_run: bool = False) -> Report:
    """Do each act, or only ask what it would cost. The first failure ends it, and is in the report, not raised.

    Args:
        office: whose records keep the acts, and whose archive shows what follows from them.
        acts: in their order; each may depend on those before it.
        listener: hears of each.
        dry_run: send nothing.
    """
    report = Report()
    try:
        for act in acts:
            report.failed = act
            listener.begin(act)
            performed = _look(act) if dry_run else _do(office, act)
            report.performed.append(performed)
            listener.end(performed)
            report.failed = None
    except (IssuerError, SanadError) as error:
        report.error = error
    finally:  # also where somebody stops it between two acts
        if not dry_run:
            follow_up(office, report)
    return report


def _look(act: Act) -> Performed:
    return Performed(act, act.cost(), None)


def _do(office: Office, act: Act) -> Performed:
    cost = act.cost()
    if cost is None:
        _settle(office, act)
        return Performed(act, None, Done())
    with acts_records(office) as store:
        return Performed(act, cost, act.perform(_ledger(store, act)))


def _settle(office: Office, act: Act) -> None:
    """An act that the registry has already may be an earlier run's, whose outcome was not known then."""
    store = open_existing(place_in(office).records)
    if store is None:
        return
    with closing(store), suppress(NodeUnusableError):
        complete(store, act)
        settle_open(act.sender, store)


def _ledger(store: Records, act: Act) -> Ledger:
    """Keeps an act's attempts in the records: so a key has one writer, and what was done is known if the chain dies."""
    noted = Noted(act.facts.get("institution"), {"registry": act.registry, "act": _facts(act)})
    return StoredLedger(store, act.sender.chain_id, act.sender.address, None, act.name, noted)


def _facts(act: Act) -> dict[str, str]:
    return {name: value for name, value in act.facts.items() if name != "institution"}


def follow_up(office: Office, report: Report) -> None:
    """What belongs to the acts that the registry has now, no matter who brought them there."""
    effects = [each.act.effects for each in report.performed]
    for each in effects:
        try:
            _publish_pointers(office, each)
            report.letters += _withhold(office, each)
        except (IssuerError, SanadError) as error:
            report.troubles.append(f"The registry has it, but not all that follows was done. {error} Type it again.")
    if any(each.status for each in effects):
        revoked = [hash_ for each in effects for hash_ in each.certificates]
        block = max((each.done.block or 0 for each in report.performed if each.done is not None), default=0)
        if (trouble := publish_after(lambda: office, revoked, block, only=_places_of(effects))) is not None:
            report.troubles.append(trouble)


def _places_of(effects: list[Effects]) -> Concerned | None:
    """What the acts were about; None for those that may touch any certificate, as distrusting a key does."""
    touching = [each for each in effects if each.status]
    if not all(each.certificates or each.batches or each.reinstated for each in touching):
        return None
    certificates = frozenset(hash_ for each in touching for hash_ in each.certificates)
    return Concerned(certificates, frozenset(root for each in touching for root in (*each.batches, *each.reinstated)))


def _publish_pointers(office: Office, effects: Effects) -> None:
    for old, new in effects.pointers:
        ArchiveWriter(office.archive_folder).publish_replacement(old, new)


def _withhold(office: Office, effects: Effects) -> int:
    """Keep letters from going out with certificates that are no longer good; release those of reinstated batches."""
    if not (effects.certificates or effects.batches or effects.reinstated):
        return 0
    held = 0
    with office.records() as store:
        if store is None:
            return 0
        for batch in store.batches() if effects.reinstated else ():
            if batch.root in effects.reinstated:
                store.deliveries.release(batch.id, effects.why)
        for id_, wanted in _concerned(store, effects).items():
            held += store.deliveries.withhold(id_, _recipients(store, id_, wanted), effects.why)
    return held


def _concerned(store: Records, effects: Effects) -> dict[str, set[int]]:
    """By the batches that hold them, the positions of certificates that are no longer good."""
    found = {
        batch.id: set(store.hashes(batch.id))
        for batch in (store.batches() if effects.batches else ())
        if batch.root in effects.batches
    }
    for hash_ in effects.certificates:
        if (kept := store.batch_of(hash_)) is not None and (draft := store.draft_of(hash_)) is not None:
            found.setdefault(kept.id, set()).add(draft.position)
    return found


def _recipients(store: Records, batch: str, wanted: set[int]) -> Iterator[tuple[int, str]]:
    for draft in store.drafts(batch):
        if draft.position in wanted and draft.row.email:
            yield draft.position, draft.row.email
