"""A programme's targets from a list, and how much of each is reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from issuer.errors import RosterErrors
from issuer.office.figures import Figures, University
from issuer.registry.guards import not_accredited
from issuer.roster.cells import western
from issuer.roster.lists import Listed, ListKind, doubled, read_list
from issuer.roster.model import ReadOptions, RosterProblem
from verifier.core.domain import is_domain

TARGETS = ListKind(
    "targets",
    {
        "domain": (
            *("university", "institution", "website", "web site", "who", "for"),
            *("جامعہ", "یونیورسٹی", "ادارہ", "ڈومین", "ویب سائٹ"),
        ),
        "educators": ("educator", "teachers", "professors", "اساتذہ", "معلمین"),
        "students": ("student", "certificates", "learners", "طلبہ", "طلباء", "اسناد"),
        "universities": ("institutions", "جامعات", "یونیورسٹیاں", "ادارے"),
    },
    ("domain",),
)
WHAT = ("educators", "students", "universities")
_OVERALL = ("all", "overall", "programme", "total", "*", "کل")


@dataclass(frozen=True)
class Target:
    """What is to be reached, of the whole programme or of one university."""

    domain: str | None
    """None: of the whole programme."""
    what: str
    """One of `WHAT`; students are counted by certificates that are good."""
    wanted: int


@dataclass(frozen=True)
class Reached:
    """A target, and what is reached of it."""

    target: Target
    name: str
    reached: int | None
    """None where it could not be asked."""

    @property
    def percent(self) -> int | None:
        """Of the target, rounded down."""
        return None if self.reached is None else self.reached * 100 // self.target.wanted


def read_targets(path: Path) -> list[Target]:
    """Read a list of targets, CSV or XLSX: a row for each university, and one with `all` for the programme.

    Raises:
        RosterErrors: with everything that is wrong.
    """
    rows, problems = read_list(path, TARGETS, ReadOptions())
    problems += doubled(rows, "domain", "Row {row} has the same. Keep one of the two.", str.lower)
    found = []
    for row in rows:
        domain = row["domain"]
        overall = domain.casefold() in _OVERALL
        if not overall and not is_domain(domain):
            problems.append(row.problem("domain", 'Write a university\'s domain, or "all" for the whole programme.'))
        if not overall and row["universities"]:
            problems.append(row.problem("universities", 'This belongs into the row "all" alone.'))
        numbers = list(_numbers(row, problems))
        if not any(row[what] for what in WHAT):
            problems.append(row.problem(None, "There is no target in this row. Fill one in, or leave the row out."))
        found += [Target(None if overall else domain, what, wanted) for what, wanted in numbers]
    if problems:
        raise RosterErrors(sorted(problems, key=lambda each: each.row or 0))
    return found


def reached(targets: list[Target], figures: Figures) -> list[Reached]:
    """How much of each target is reached; without the targets of what was not counted this time."""
    by_domain = {each.domain: each for each in figures.universities}
    whole = len(by_domain) == len(figures.accredited)
    found = []
    for target in targets:
        if target.domain is None:
            found += [Reached(target, "all", _overall(target.what, figures))] if whole else []
        elif (university := by_domain.get(target.domain)) is not None:
            found.append(Reached(target, university.name, _of(target.what, university)))
        elif target.domain not in figures.accredited:
            found.append(Reached(target, f"{target.domain} (not accredited)", 0))
    return found


def strangers(targets: list[Target], figures: Figures) -> list[str]:
    """Of each domain with a target that is not accredited, the sentence that says so."""
    domains = dict.fromkeys(target.domain for target in targets if target.domain is not None)
    return [not_accredited(domain, figures.accredited) for domain in domains if domain not in figures.accredited]


def _numbers(row: Listed, problems: list[RosterProblem]) -> Iterator[tuple[str, int]]:
    for what in WHAT:
        if not row[what]:
            continue
        digits = western(row[what]).replace(",", "").replace("٬", "").replace(" ", "")
        if digits.isascii() and digits.isdigit() and 0 < int(digits) < 10**12:
            yield what, int(digits)
        else:
            problems.append(row.problem(what, "Write a whole number above 0: 80,000."))


def _overall(what: str, figures: Figures) -> int | None:
    if what == "educators":
        return figures.educators
    return len(figures.universities) if what == "universities" else figures.total.good


def _of(what: str, university: University) -> int | None:
    if what == "educators":
        return None if university.educators is None else len(university.educators)
    return university.total.good
