"""The figures as tables: for people, for spreadsheet programs, and as plain data."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from issuer.office.figures import COLUMNS, Figures, Line, University, added
from issuer.office.figures_courses import Taught
from issuer.office.targets import Reached

UNKNOWN = "course not known here"
NO_TERM = "no term"
NOT_ASKED = "?"
_COUNTS = ("Proved", "Good", "Revoked", "Replaced", "Withdrawn", "Distrusted")
CSV_COLUMNS = (
    *("domain", "university", "course", "term", "month", "proved", "good", "revoked", "replaced", "withdrawn"),
    *("distrusted", "claimed_not_proved"),
)
EXPLAINED = (
    "Proved: in a genuine batch file that the registry has on record and counts. Good: proved, and not revoked, "
    "replaced or withdrawn.",
    "Distrusted: the university distrusts who registered them; they are not among those proved.",
    "Claimed, not proved: what signers said when they registered batches of which no file is here.",
    "Authorised educators: those on whose certificates keys may issue, each once. Educators who are certified and whom "
    "no university has authorised are not counted: the registry does not list them.",
)


@dataclass(frozen=True)
class FiguresTable:
    """A table: texts on the left, numbers on the right."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    texts: int
    """How many of the columns are texts."""


def tables(figures: Figures, targets: Sequence[Reached] = ()) -> list[FiguresTable]:
    """All tables for people, in the order of what matters."""
    made = [_universities(figures), _claims(figures)]
    if targets:
        made.insert(0, _targets(targets))
    made.append(_by(figures, "By course", ("Course",), lambda _each, taught, _month: (_course(taught),)))
    made.append(_by(figures, "By term", ("Term",), lambda _each, taught, _month: (_term(taught),)))
    made.append(_by(figures, "By month", ("Month (UTC)",), lambda _each, _taught, month: (month,)))
    return [table for table in made if table.rows]


def detailed(figures: Figures) -> FiguresTable:
    """A row for each course, term and month of each university."""
    headings = ("University", "Course", "Term", "Month (UTC)")
    key = lambda each, taught, month: (each.name, _course(taught), _term(taught), month)  # noqa: E731
    return _by(figures, "In detail", headings, key)


def csv_rows(figures: Figures) -> list[dict[str, Any]]:
    """The finest rows; what is claimed and not proved is in a row of its own for each university."""
    rows = []
    for each in figures.universities:
        for (taught, month), line in sorted(each.lines.items(), key=lambda found: _order(found[0])):
            place = {"course": _course(taught), "term": None if taught is None else taught.term or "", "month": month}
            rows.append(_who(each) | place | _numbers(line))
        if each.claimed != 0 or not each.lines:
            nothing = Line() if each.asked else each.total
            rows.append(_who(each) | _numbers(nothing) | {"claimed_not_proved": _number(each.claimed)})
    return rows


def figures_data(figures: Figures, targets: Sequence[Reached] = ()) -> dict[str, Any]:
    """All of it as plain data; null is what could not be asked."""
    info = figures.registry
    return {
        "programme": info.programme,
        "network": info.network,
        "chain_id": info.chain_id,
        "registry": info.address,
        "test": info.test,
        "as_of": figures.as_of,
        "complete": figures.complete,
        "could_not_be_asked": figures.troubles,
        "batch_files_not_on_record": figures.strange,
        "total": _data(figures.total) | _total(figures),
        "targets": [
            {
                "domain": each.target.domain,
                "what": each.target.what,
                "target": each.target.wanted,
                "reached": each.reached,
                "percent": each.percent,
            }
            for each in targets
        ],
        "universities": [_university_data(each) for each in figures.universities],
    }


def _total(figures: Figures) -> dict[str, Any]:
    return {
        "universities": len(figures.universities),
        "batches": added(each.batches for each in figures.universities),
        "course_not_known": added(each.unknown for each in figures.universities),
        "claimed_not_proved": added(each.claimed for each in figures.universities),
        "batches_without_file": added(each.unseen for each in figures.universities),
        "signers": added(each.signers for each in figures.universities),
        "educators": figures.educators,
    }


def _university_data(each: University) -> dict[str, Any]:
    return {
        **_who(each),
        "suspended": each.suspended,
        **_data(each.total),
        "batches": each.batches,
        "course_not_known": each.unknown,
        "claimed_not_proved": each.claimed,
        "batches_without_file": each.unseen,
        "signers": each.signers,
        "educators": _len(each),
        "lines": [
            {
                "course": None if taught is None else taught.course,
                "term": None if taught is None else taught.term,
                "month": month,
                **_data(line),
            }
            for (taught, month), line in sorted(each.lines.items(), key=lambda found: _order(found[0]))
        ],
    }


def _targets(targets: Sequence[Reached]) -> FiguresTable:
    rows = [
        (
            each.name,
            each.target.what,
            _shown(each.target.wanted),
            _shown(each.reached),
            NOT_ASKED if each.percent is None else f"{each.percent:,} %",
        )
        for each in targets
    ]
    return FiguresTable("Targets", ("Of", "What", "Target", "Reached", "Share"), rows, 2)


def _universities(figures: Figures) -> FiguresTable:
    rows = [
        (each.name + (" (suspended)" if each.suspended else ""), *_counts(each.total)) for each in figures.universities
    ]
    if len(rows) > 1:
        rows.append(("All", *_counts(figures.total)))
    return FiguresTable("By university", ("University", *_COUNTS), rows, 1)


def _claims(figures: Figures) -> FiguresTable:
    headings = (
        "University",
        "Domain",
        "Proved",
        "Claimed, not proved",
        "Batches without file",
        "Signers",
        "Authorised educators",
    )
    rows = [
        (each.name, each.domain, *map(_shown, (each.total.proved, each.claimed, each.unseen, each.signers, _len(each))))
        for each in figures.universities
    ]
    if len(rows) > 1:
        total = _total(figures)
        names = ("claimed_not_proved", "batches_without_file", "signers", "educators")
        rows.append(("All", "", _shown(figures.total.proved), *(_shown(total[name]) for name in names)))
    return FiguresTable("Claims, signers, educators", headings, rows, 2)


def _len(each: University) -> int | None:
    return None if each.educators is None else len(each.educators)


def _by(
    figures: Figures, title: str, headings: tuple[str, ...], key: Callable[[University, Taught | None, str], Any]
) -> FiguresTable:
    found = figures.by(key)
    rows = [(*place, *_counts(line)) for place, line in sorted(found.items(), key=lambda each: _last(each[0]))]
    return FiguresTable(title, (*headings, *_COUNTS), rows, len(headings))


def _last(place: Iterable[str]) -> tuple[tuple[bool, str], ...]:
    """What is not known comes last."""
    return tuple((text == UNKNOWN, text) for text in place)


def _order(place: tuple[Taught | None, str]) -> tuple[bool, str, str, str]:
    taught, month = place
    return taught is None, taught.course if taught else "", (taught.term or "") if taught else "", month


def _course(taught: Taught | None) -> str:
    return UNKNOWN if taught is None else taught.course


def _term(taught: Taught | None) -> str:
    return UNKNOWN if taught is None else taught.term or NO_TERM


def _counts(line: Line) -> tuple[str, ...]:
    numbers = (line.proved, line.good, line.revoked, line.replaced, line.withdrawn, line.distrusted)
    return tuple(map(_shown, numbers))


def _shown(number: int | None) -> str:
    return NOT_ASKED if number is None else f"{number:,}"


def _who(each: University) -> dict[str, Any]:
    return {"domain": each.domain, "university": each.name}


def _data(line: Line) -> dict[str, int | None]:
    return {name: getattr(line, name) for name in COLUMNS} | {"good": line.good}


def _numbers(line: Line) -> dict[str, Any]:
    return {name: _number(value) for name, value in _data(line).items()}


def _number(value: int | None) -> Any:
    return NOT_ASKED if value is None else value
