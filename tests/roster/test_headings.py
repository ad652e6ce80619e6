"""Headings: known ones, mapped ones, unknown ones, merged ones, and titles above them."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import issuer
from issuer.course.course import CourseProblem, RosterHeadings, course_from, load_course
from issuer.errors import CourseError, RosterErrors
from issuer.roster import ReadOptions, read_roster
from issuer.roster.columns import mapped_by_hand
from tests.roster.rosters import book, names, problems, whole, write, xlsx

SAMPLES = Path(issuer.__file__).parent / "samples"
UNKNOWN = "No such column is known. If it is not wanted on certificates, say --map "


def by_hand(*words: str) -> ReadOptions:
    return ReadOptions(columns=tuple(map(mapped_by_hand, words)))


def test_headings_are_mapped_by_hand(tmp_path: Path) -> None:
    file = write(tmp_path, "Learner;Remarks;Vater\nAli;late;Gul\n")
    (row,) = read_roster(file, options=by_hand("Learner=name", "remarks=ignore", "vater = Father_Name")).rows
    assert (row.name, row.father_name) == ("Ali", "Gul")
    assert problems(file) == [
        (
            1,
            None,
            "Learner, Remarks, Vater",
            f"The first row should name the columns, one of them name: {COLUMNS}. "
            'Change its heading to name, or say which column it is: --map "Learner=name".',
        )
    ]


def test_a_map_wins_over_what_a_heading_means(tmp_path: Path) -> None:
    file = write(tmp_path, "Name,Student\nP. Hall,Ali\n")
    assert names(read_roster(file, options=by_hand("Name=ignore"))) == ["Ali"]


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("Learner", "--map 'Learner' is not understood; write --map \"Column heading=name\"."),
        ("=name", "--map '=name' is not understood; write --map \"Column heading=name\"."),
        ("Learner=nmae", "'Learner' is mapped to 'nmae', which is not a column. Did you mean name?"),
    ],
)
def test_maps_that_are_not_understood(tmp_path: Path, word: str, advice: str) -> None:
    with pytest.raises(RosterErrors) as caught:
        read_roster(write(tmp_path, "name\nAli\n"), options=by_hand(word))
    assert str(caught.value) == advice


def test_a_map_of_a_heading_that_is_not_there(tmp_path: Path) -> None:
    advice = "This is mapped by --map, and no column has this heading. The headings are: name, Roll."
    assert problems(write(tmp_path, "name,Roll\nAli,1\n"), by_hand("Learner Name=name")) == [
        (1, None, "Learner Name", advice)
    ]


def test_every_unknown_column_is_told(tmp_path: Path) -> None:
    assert problems(write(tmp_path, "name,Remarks,gradde,Student\nAli,,A,\n,,B,\n")) == [
        (1, "Remarks", None, f'{UNKNOWN}"Remarks=ignore".'),
        (1, "gradde", None, f'{UNKNOWN}"gradde=ignore". If it is the grade, say --map "gradde=grade".'),
        (1, "Student", None, "This means the same as name; keep one of the two."),
        (3, "name", None, "The name is missing; write it as it should be on the certificate."),
    ]


def test_the_course_says_what_headings_mean(tmp_path: Path) -> None:
    headings = RosterHeadings((("Learner", "name"), ("Remarks", "ignore")))
    course = replace(load_course(SAMPLES / "course.toml"), roster=headings)
    assert names(read_roster(write(tmp_path, "Learner,Remarks\nAli,late\n"), course)) == ["Ali"]
    assert names(read_roster(write(tmp_path, "Learner\nAli\n"), course)) == ["Ali"], "what is not there is no problem"
    file = write(tmp_path, "Learner,Remarks\nAli,Sana\n")
    assert names(read_roster(file, course, by_hand("Learner=ignore", "Remarks=name"))) == ["Sana"]


def test_the_courses_map_is_read_and_checked() -> None:
    sample = (SAMPLES / "course.toml").read_text(encoding="utf-8")
    document = tomllib.loads(sample.replace("# columns = ", "columns = "))
    assert course_from(document, SAMPLES).roster.columns == (("Learner", "name"), ("Remarks", "ignore"))
    document["roster"]["columns"]["Learner"] = "nmae"
    with pytest.raises(CourseError) as caught:
        course_from(document, SAMPLES)
    (problem,) = caught.value.problems
    assert isinstance(problem, CourseProblem)
    assert problem.advice == "Learner is mapped to 'nmae', which is not a column. Did you mean name?"


def test_titles_above_the_header(tmp_path: Path) -> None:
    lines = [["Darya University"], [], ["Class list", "Fall 2026"], ["S.No", "Name", "Grade"], [1, "Ali", "A"]]
    (row,) = read_roster(write(tmp_path, xlsx(book(lines)), "class.xlsx")).rows
    assert (row.number, row.name, row.grade) == (5, "Ali", "A")


def test_merged_headings_and_cells_are_told(tmp_path: Path) -> None:
    made = book([["Name", "Roll No", None], ["Ali", 1], ["Sana", 2], ["Omar", 3]])
    made.active.merge_cells("B1:C1")
    assert problems(write(tmp_path, xlsx(made), "class.xlsx")) == [
        (
            1,
            None,
            "B1:C1",
            "These cells are merged; unmerge them and give each column its own heading, in one row.",
        )
    ]
    made = book([["Name", "Grade", "Serial"], ["Ali", "A", 1], ["Sana", None, 2], ["Omar", "B", 3]])
    made.active.merge_cells("B2:B3")
    assert problems(write(tmp_path, xlsx(made), "class.xlsx")) == [
        (2, None, "B2:B3", "These cells are merged; unmerge them and write the value into each row.")
    ]


def test_merged_titles_and_unread_cells_stand_in_nobodys_way(tmp_path: Path) -> None:
    made = book([["Darya University", None], ["Name", "No"], ["Ali", 1], ["Sana", None]])
    made.active.merge_cells("A1:B1")
    made.active.merge_cells("B3:B4")
    assert names(read_roster(write(tmp_path, xlsx(made), "class.xlsx"))) == ["Ali", "Sana"]


def test_too_many_columns(tmp_path: Path) -> None:
    header = ",".join(["name", *("x" for _ in range(250))])
    assert whole(write(tmp_path, f"{header}\nAli\n")) == "The header has 251 columns; at most 200 are read."


COLUMNS = "name, student_number, father_name, national_id, grade, credits, hours, term, email, date"
