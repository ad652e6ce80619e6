"""Carries corrections out: issues the corrected certificates, replaces the old ones, sends the letters.

Each step is in the records before the next begins, so a run that is cut off goes on where it stopped: the draft of a
corrected certificate is noted together with what it corrects (issuer/records/corrections.py), and so nobody gets two.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from issuer.batches.drafting import Wanted
from issuer.batches.filenames import free_folder
from issuer.batches.issuing import ENDED, Issuer, check_class
from issuer.course.kept_course import kept_course
from issuer.errors import ActError
from issuer.office.correcting import REASON, Correction, Plan, Planner, ahead
from issuer.office.key_choice import KeyChoice
from issuer.office.office import SIGNER, Office
from issuer.office.performing import Report, perform
from issuer.records import Batch, BatchState, Records
from issuer.registry.act import Act
from issuer.registry.reasons import code_of
from issuer.registry.repeating import parts
from issuer.sending import Cost
from verifier.core.codes import short_code
from verifier.core.verdict import Outcome

_SIGNER = KeyChoice()
_FOLDER = "corrected"


@dataclass(frozen=True)
class Costs:
    """What corrections would cost."""

    issuing: list[Cost] = field(default_factory=list)
    replacing: list[Cost] = field(default_factory=list)

    @property
    def gas(self) -> int:
        """All of it."""
        return sum(each.gas for each in (*self.issuing, *self.replacing))

    @property
    def wei(self) -> int:
        """All of it, at most."""
        return sum(each.wei for each in (*self.issuing, *self.replacing))


def costs(office: Office, issuer: Issuer, planner: Planner, plan: Plan) -> Costs:
    """What is still to be issued and replaced, priced; every guard is asked, and every sheet can be drawn.

    Raises:
        IssuerError: it cannot be done; nothing was sent.
    """
    found = Costs()
    for batch, group in plan.fresh.items():
        wanted = _wanted(office, issuer, batch, group, Path())
        check_class(wanted.course, wanted.rows)
        found.issuing.append(issuer.cost(wanted.course.institution.domain, len(group)))
        for part in parts(group):
            cost = planner.act_of(part).cost()
            found.replacing.extend([] if cost is None else [cost])
    return found


def issue_corrected(office: Office, issuer: Issuer, plan: Plan, out: Path | None = None) -> list[Batch]:
    """Finish the batches that were begun, and issue what is not begun; all of them, delivered.

    Raises:
        BegunError: one is begun and not finished; the same command or `sanad resume` goes on.
        IssuerError: with what is wrong.
    """
    found = [issuer.store.batch(id_) for id_ in plan.begun]
    found = [batch if batch.state in ENDED else issuer.finish(batch) for batch in found]
    for number, (batch, group) in enumerate(plan.fresh.items()):
        folder = out or _beside(Path(issuer.store.batch(batch).out))
        folder = free_folder(folder) if out is None or number else folder
        found.append(issuer.issue_class(_wanted(office, issuer, batch, group, folder)))
    return found


def replace_olds(office: Office, store: Records, batch: Batch, choice: KeyChoice = _SIGNER) -> Report:
    """Replace everything that a delivered batch corrects, and note it; what was done before is not done again.

    Raises:
        ActError: a corrected certificate is not valid, so the old one stays as it is.
        IssuerError: the key, the registry or the node cannot be used.
    """
    report = perform(office, _acts(office, store, batch, choice))
    if report.error is None:
        store.corrections.close(batch)
    return report


def replace_pending(office: Office, store: Records, tell: Callable[[Batch, Report], None]) -> None:
    """Replace what delivered batches correct and what was not replaced yet, with the signer's key.

    Args:
        office: the office.
        store: its records.
        tell: gets each batch; errors as `replace_olds` are in its report.
    """
    for batch in store.corrections.pending():
        if batch.state is BatchState.DELIVERED:
            tell(batch, _tried(office, store, batch))


def ways(store: Records, batch: Batch) -> list[str]:
    """What to type to replace a batch's olds with another key."""
    hashes = store.hashes(batch.id)
    return [
        f"sanad replace {short_code(old)} {short_code(hashes[position])} --reason {REASON} --key ADMIN"
        for position, old in store.corrections.of(batch.id).items()
        if position in hashes
    ]


def _tried(office: Office, store: Records, batch: Batch) -> Report:
    try:
        return replace_olds(office, store, batch)
    except ActError as error:
        return Report(error=error)


def _wanted(office: Office, issuer: Issuer, batch: str, group: Sequence[Correction], out: Path) -> Wanted:
    """The class of one batch's corrections, with the course description that was kept with it."""
    folder = office.issuing.data / "batches" / batch / "course"
    origin = office.settings.origin or issuer.store.batch(batch).origin
    rows = [replace(each.row, number=each.asked_in or number) for number, each in enumerate(group, 1)]
    corrects = {position: each.old.hash for position, each in enumerate(group)}
    again = frozenset(row.number for row in rows)
    return Wanted(folder / "course.toml", kept_course(folder).with_origin(origin), rows, out, again, corrects)


def _beside(folder: Path) -> Path:
    """Where corrections of what is in a folder go; those of corrections lie beside them."""
    return (folder.parent if folder.name.partition("-")[0] == _FOLDER else folder) / _FOLDER


def _acts(office: Office, store: Records, batch: Batch, choice: KeyChoice) -> list[Act]:
    _check_issued(office, store, batch)
    acts = office.institution(batch.domain, choice, SIGNER)
    return [
        acts.correct_certificates(root, part, code_of(REASON))
        for root, pairs in _pairs(store, batch).items()
        for part in map(dict, parts(pairs.items()))
    ]


def _pairs(store: Records, batch: Batch) -> dict[bytes, dict[bytes, bytes]]:
    """By the root of their batch, the olds and what comes instead; people erased since are left out."""
    hashes = store.hashes(batch.id)
    found: dict[bytes, dict[bytes, bytes]] = {}
    for position, old in store.corrections.of(batch.id).items():
        before = store.batch_of(old)
        if position in hashes and before is not None and before.root is not None:
            found.setdefault(before.root, {})[old] = hashes[position]
    return found


def _check_issued(office: Office, store: Records, batch: Batch) -> None:
    """No certificate is taken back before the one in its place is good."""
    verifier, hashes = office.settings.verifier(), store.hashes(batch.id)
    for draft in store.drafts(batch.id):
        hash_ = hashes[draft.position]
        outcome = verifier.check_hash(hash_).outcome
        good = outcome in (Outcome.VALID, Outcome.EXPIRED) or (outcome is Outcome.PENDING and ahead(draft.row))
        if not good:
            raise ActError(
                f"The corrected certificate {short_code(hash_)}, {draft.row.name}, is {outcome.value}, so the old one "
                "was not replaced. Type the same command again, or: sanad resume"
            )
