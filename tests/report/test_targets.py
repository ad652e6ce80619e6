"""Targets from a file, and how much of each is reached."""

from pathlib import Path

import pytest

from issuer.errors import RosterErrors
from issuer.office.targets import Target, reached, read_targets, strangers
from tests.report.world import DOMAIN, OTHER, Programme, key


def read(folder: Path, text: str) -> list[Target]:
    file = folder / "targets.csv"
    file.write_text(text, encoding="utf-8")
    return read_targets(file)


def test_of_the_programme_and_of_each_university(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.batch([programme.certificate() for _ in range(3)])
    programme.registry.signers = {DOMAIN: [key(b"e" * 32)], OTHER: [key(b"e" * 32)]}
    text = f'جامعہ,اساتذہ,طلبہ,جامعات\nall,300,"۸۰٬۰۰۰",20\n{DOMAIN},2,4,\nnew.example,,10,\n'
    found = reached(read(tmp_path, text), programme.figures())
    assert [(each.name, each.target.what, each.target.wanted, each.reached, each.percent) for each in found] == [
        ("all", "educators", 300, 1, 0),
        ("all", "students", 80_000, 3, 0),
        ("all", "universities", 20, 2, 10),
        ("University of Lahore", "educators", 2, 1, 50),
        ("University of Lahore", "students", 4, 3, 75),
        ("new.example (not accredited)", "students", 10, 0, 0),
    ]


def test_of_universities_that_are_named_only_their_targets_are_shown(tmp_path: Path) -> None:
    """The others were not counted: they would be said to have reached nothing, or not to be accredited."""
    programme = Programme(tmp_path)
    programme.batch([programme.certificate()])
    text = f"domain,students,universities\nall,8,20\n{DOMAIN},2,\n{OTHER},3,\n"
    found = reached(read(tmp_path, text), programme.figures(DOMAIN))
    assert [(each.target.domain, each.reached) for each in found] == [(DOMAIN, 1)]


def test_a_mistyped_domain_is_said_to_be_none_and_what_may_be_meant(tmp_path: Path) -> None:
    targets = read(tmp_path, f"domain,students\n{DOMAIN}.pk,8\n{DOMAIN},2\nall,3\n")
    told = f"{DOMAIN}.pk is not accredited in this registry. Did you mean {DOMAIN}"
    (sentence,) = strangers(targets, Programme(tmp_path).figures())
    assert sentence.startswith(told)


def test_what_could_not_be_asked_reaches_nothing_known(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    programme.batch([programme.certificate()])
    programme.registry.silent = {("batches", DOMAIN), ("keys", DOMAIN)}
    found = reached(read(tmp_path, f"domain,educators,students\nall,3,8\n{DOMAIN},1,2\n"), programme.figures())
    assert [(each.reached, each.percent) for each in found] == [(None, None)] * 4


@pytest.mark.parametrize(
    ("text", "row", "column", "advice"),
    [
        ("domain,students\nall,many\n", 2, "students", "Write a whole number above 0: 80,000."),
        ("domain,students\nall,0\n", 2, "students", "Write a whole number above 0: 80,000."),
        ("domain,students\nall,-5\n", 2, "students", "Write a whole number above 0: 80,000."),
        ("domain,students\nall,5\nALL,6\n", 3, "domain", "Row 2 has the same. Keep one of the two."),
        ("domain,students\nhttps://x,5\n", 2, "domain", 'Write a university\'s domain, or "all"'),
        ("domain,students,universities\na.example,5,3\n", 2, "universities", 'This belongs into the row "all" alone.'),
        ("domain,students\nall,\n", 2, None, "There is no target in this row."),
        ("students\n5\n", 1, None, "A column domain is missing."),
        ("domain,studnets\nall,5\n", 1, "studnets", "Did you mean students?"),
    ],
)
def test_a_wrong_target_is_named(tmp_path: Path, text: str, row: int, column: str | None, advice: str) -> None:
    with pytest.raises(RosterErrors) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (row, column)
    assert advice in problem.advice
