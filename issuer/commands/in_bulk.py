"""What the commands that take a list (--from FILE) share: their options, what they show and ask, what became of it.

No logic here: issuer/office/in_bulk.py checks the rows, issuer/office/performing.py performs the acts.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from issuer.commands.acting import How, at_terminal
from issuer.commands.acting import perform as perform_acts
from issuer.commands.ending import reporting_problems
from issuer.commands.roster_options import file_options, read_options
from issuer.errors import UnresolvedError
from issuer.keys.files import without_check_sum
from issuer.office.in_bulk import Plan, Step
from issuer.office.performing import Listener, Performed, Report, perform
from issuer.roster.lists import Listed, ListKind, read_list
from issuer.roster.model import RosterProblem
from issuer.sending.waiting import waiting
from verifier.commands.opening import FILE, CommandError
from verifier.core.errors import RegistryUnavailableError

if TYPE_CHECKING:
    from issuer.office.office import Office

Function = TypeVar("Function", bound=Callable[..., Any])
Said = tuple[str | None, str | None, tuple[str, ...]]
"""What the options say of a file: sheet, encoding, what its headings mean."""
Planner = Callable[[Sequence[Listed], Sequence[RosterProblem]], Plan]


@dataclass(frozen=True)
class Acting:
    """On what, and how."""

    office: "Office"
    how: How
    yes: bool


def listing(function: Function) -> Function:
    """Give a command --from and what may be said of that file, as `file` and `said`."""

    @wraps(function)
    def run(*arguments: Any, sheet: str | None, encoding: str | None, mapped: tuple[str, ...], **more: Any) -> Any:
        return function(*arguments, said=(sheet, encoding, mapped), **more)

    from_ = click.option("--from", "file", type=FILE, help="A list, CSV or XLSX, one a row; asked about once.")
    return from_(file_options(run))  # type: ignore[return-value]


def one_or_list(file: Path | None, needed: Sequence[object], what: str, others: Sequence[object] = ()) -> None:
    """See that either what is needed is there, or a file.

    Raises:
        UsageError: both or neither.
    """
    if file is not None and any([*needed, *others]):
        raise click.UsageError("Give arguments for a single one, or --from a file that says all of it; not both.")
    if file is None and not all(needed):
        raise click.UsageError(f"Give {what}, or --from a file.")


def run_list(file: Path, kind: ListKind, said: Said, planner: Planner, verb: str, acting: Acting) -> None:
    """Read a list and check every row; show, ask and perform. Ends the program unless all of it is done."""
    how = acting.how
    with reporting_problems(how.as_json, "Nothing was sent.", kind.most):
        try:
            rows, problems = read_list(file, kind, read_options(*said, namesakes=False))
            with waiting(lambda: "Still asking the registry about every row. Nothing is sent yet."):
                plan = planner(rows, problems)
        except RegistryUnavailableError as error:
            click.echo(str(error), err=True)
            sys.exit(3)
        Bulk(plan, kind.what, verb).run(acting.office, acting.yes, how)


class Bulk:
    """A plan to be shown, asked about and performed.

    Args:
        plan: of all rows.
        what: what a row is, in the plural.
        verb: what is done, as a button says it: `Accredit`.
    """

    def __init__(self, plan: Plan, what: str, verb: str) -> None:
        self._plan, self._what, self._verb = plan, what, verb
        self._outcomes: dict[int, tuple[str, str | None]] = {row.row: ("already so", None) for row in plan.already}

    def run(self, office: "Office", yes: bool, how: How) -> None:
        """Show it, ask, do it; ends the program where not all of it was done."""
        asking = self._plan.due and not yes and how.sends
        for line in self._lines() if asking or not how.as_json else ():
            click.echo(line, err=how.as_json)
        if how.dry_run or not self._plan.due:
            if how.as_json:
                self._print_json(how, None)
            elif self._plan.due:
                click.echo("Dry run: nothing was sent.")
            return
        if how.safe is not None:  # its members are asked
            perform_acts([step.act for step in self._plan.due], office, how)
            return
        self._ask(yes)
        report = self._perform(office, how)
        if how.as_json:
            self._print_json(how, report)
        self._end(report)

    def _lines(self) -> Iterator[str]:
        for step in self._plan.steps:
            for row in step.rows:
                notes = ["already so"] if step.cost is None else ["no check sum"] if _unchecked(row) else []
                yield f"Row {row.row:>4}  {self._plan.lines[row.row]}" + "".join(f"  ({note})" for note in notes)
        due = sum(len(step.rows) for step in self._plan.due)
        if not due:
            yield f"All {len(self._plan.already):,} rows are already so; nothing was sent."
            return
        if unchecked := [str(row.row) for step in self._plan.due for row in step.rows if _unchecked(row)]:
            yield (
                f"Without a check sum, so that a typing error could not be noticed: the address in row "
                f"{', '.join(unchecked)}. Compare with where you have it from."
            )
        one = len(self._plan.due) == 1
        transactions = "1 transaction" if one else f"{len(self._plan.due):,} transactions"
        cost = self._plan.due[0].cost
        assert cost is not None
        yield (
            f"To do: {due:,} of {due + len(self._plan.already):,} rows, in {transactions}: up to {self._plan.gas:,} "
            f"gas, {self._plan.wei / 1e18:.6f} coins of {cost.balance / 1e18:.6f}."
        )

    def _ask(self, yes: bool) -> None:
        if yes:
            return
        if not at_terminal():
            raise CommandError("Nobody is there to be asked. Say --yes if that is meant. Nothing was sent.")
        due = sum(len(step.rows) for step in self._plan.due)
        typed = str(click.prompt(f"{self._verb} {due:,} {self._what}? Type how many", err=True)).strip()
        if typed.replace(",", "") != str(due):
            raise CommandError(f"You typed {typed}, and it is {due:,}. Nothing was sent.")

    def _perform(self, office: "Office", how: How) -> Report:
        steps = {id(step.act): step for step in self._plan.due}

        def ended(performed: Performed) -> None:
            self._note(steps[id(performed.act)], performed, how)

        try:
            return perform(office, [step.act for step in self._plan.due], Listener(end=ended))
        except KeyboardInterrupt:
            self._say_left("Stopped.")
            sys.exit(3)

    def _note(self, step: Step, performed: Performed, how: How) -> None:
        transaction = performed.done.transaction if performed.done is not None else None
        for row in step.rows:
            self._outcomes[row.row] = ("already so" if performed.already else "done", transaction)
            if not how.as_json:
                told = "already so" if performed.already else f"done: transaction {transaction}"
                click.echo(f"Row {row.row:>4}  {told}")

    def _end(self, report: Report) -> None:
        for trouble in report.troubles:
            click.echo(trouble, err=True)
        if report.error is None:
            return
        if not self._outcomes and not isinstance(report.error, UnresolvedError):
            raise report.error
        self._say_left(str(report.error))
        sys.exit(3)

    def _say_left(self, why: str) -> None:
        left = [row for step in self._plan.due for row in step.rows if row.row not in self._outcomes]
        rows = f"{len(left):,} rows are" if len(left) != 1 else "1 row is"
        first = f", from row {left[0].row} on" if left else ""
        click.echo(f"{why}\n{rows} not done{first}. Type the same command again: it goes on with these.", err=True)

    def _print_json(self, how: How, report: Report | None) -> None:
        data = {
            "dry_run": how.dry_run,
            "cost": {"gas": self._plan.gas, "wei": self._plan.wei, "transactions": len(self._plan.due)},
            "rows": [self._data(step, row, report) for step in self._plan.steps for row in step.rows],
            "error": None if report is None or report.error is None else str(report.error),
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))

    def _data(self, step: Step, row: Listed, report: Report | None) -> dict[str, Any]:
        left = "to do" if report is None else "not done"
        if report is not None and step.act is report.failed:
            left = "not known" if isinstance(report.error, UnresolvedError) else "failed"
        outcome, transaction = self._outcomes.get(row.row, (left, None))
        return {"row": row.row, "act": step.act.name, **row.values, "outcome": outcome, "transaction": transaction}


def _unchecked(row: Listed) -> bool:
    """Whether a row's address was typed without its check sum."""
    return any(without_check_sum(row[column]) is not None for column in ("key", "admin"))
