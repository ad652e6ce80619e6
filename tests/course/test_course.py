"""course.toml: the sample, the defaults, and every mistake at once with what to do."""

import shutil
import tomllib
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from PIL import Image

import issuer
from issuer.course import fields as course_fields
from issuer.course.alignment import Alignment
from issuer.course.course import Appearance, Course, Expiry, Include, Wording, course_from, load_course
from issuer.course.kept_course import keep_course, kept_course
from issuer.errors import CourseError, ValueProblem

SAMPLE = Path(issuer.__file__).parent / "samples" / "course.toml"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def minimal() -> dict[str, Any]:
    return {
        "institution": {"name": "Uni", "domain": "uni.example"},
        "course": {"title": "T", "description": "D", "criteria": "C"},
        "professor": {"name": "P"},
        "verifier": {"origin": "https://verify.uni.example"},
    }


def problems(document: dict[str, Any], folder: Path = Path()) -> dict[str, str]:
    with pytest.raises(CourseError) as caught:
        course_from(document, folder)
    return {problem.field: problem.advice for problem in caught.value.problems}


def test_the_sample() -> None:
    course = load_course(SAMPLE)
    assert course.institution.domain == "darya-university.example"
    assert course.institution.name_urdu == "دریا یونیورسٹی"
    assert (course.credits, course.hours, course.code) == (3, 48, "BC-301")
    assert course.programme is not None
    assert course.expiry == Expiry()


def test_the_smallest_course_and_its_defaults() -> None:
    course = course_from(minimal(), Path())
    assert (course.award, course.grade, course.language) == ("CertificateOfCompletion", "LetterGrade", "en")
    assert (course.wording, course.expiry, course.include) == (Wording(), Expiry(), Include())
    assert (course.appearance, course.programme, course.institution.utc_offset) == (Appearance(), None, "Z")
    assert not course.include.email


def test_every_field_is_explained_in_the_sample() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    for name, section in get_type_hints(Course).items():
        kinds = [kind for kind in getattr(section, "__args__", (section,)) if is_dataclass(kind)]
        for item in fields(kinds[0]) if kinds else ():
            assert f"\n{item.name} = " in text or f"\n# {item.name} = " in text, f"[{name}] {item.name}"
        if not kinds:
            assert f"\n{name} = " in text or f"\n# {name} = " in text, f"[course] {name}"


def test_the_sample_shows_the_defaults_that_it_tells_of() -> None:
    written = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
    assert written["appearance"]["colour"] == Appearance().colour
    assert written["include"] == {"student_number": True, "father_name": True, "national_id": True, "email": False}
    english = {key: value for key, value in written["wording"].items() if not key.endswith("_urdu")}
    assert english == {key: getattr(Wording(), key) for key in english}


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    document = minimal()
    document["course"] |= {"title": 5, "descripton": "x", "credits": -1, "grade": "Marks", "language": "english"}
    document["institution"] |= {"name": "a\u202eb", "domain": "HTTPS://Uni", "logo": "no.png", "utc_offset": "+5"}
    document["profesor"] = {}
    del document["professor"]
    document["expiry"] = {"until": "2030-01-01", "years": 0}
    document["verifier"]["origin"] = "http://verify.uni.example"
    found = problems(document, tmp_path)
    assert found == {
        "profesor": "There is no such section. Did you mean professor?",
        "course.title": "Write a text in quotes.",
        "course.descripton": "There is no such field. Did you mean description?",
        "course.credits": "Write a number above 0 and up to 300, with at most two decimals and no quotes.",
        "course.grade": (
            "Write one of: GradePointAverage, LetterGrade, Percent, PerformanceLevel, RawScore, Result, ScaledScore."
        ),
        "course.language": "Write a language code: en, ur, en-GB.",
        "institution.name": "Take out the invisible character U+202E, right-to-left override.",
        "institution.domain": (
            "Write only the institution's domain, in lower case, letters, digits and hyphens (university.edu.pk): "
            "no https://, no path, no port; a domain in other letters as xn--…"
        ),
        "institution.logo": f"The file cannot be read (No such file or directory); paths are relative to {tmp_path}.",
        "institution.utc_offset": "Write the offset from UTC: +05:00 for Pakistan, Z for UTC.",
        "professor.name": "This is missing: write name in [professor].",
        "expiry.until": "Write a date as 2028-12-31, without quotes.",
        "expiry.years": "Write a whole number from 1 to 100, without quotes.",
        "expiry": "Keep one of until and years, not both.",
        "verifier.origin": "Write it with https://; plain http:// is for trials on a local address only.",
    }


@pytest.mark.parametrize(("colour", "found"), [("#ffff00", "1.1"), ("#FFFFFF", "1.0"), ("#8a8a8a", "3.5")])
def test_a_colour_too_pale_for_letters_is_refused(colour: str, found: str) -> None:
    assert problems(minimal() | {"appearance": {"colour": colour, "second_colour": "#ffffff"}}) == {
        "appearance.colour": (
            f"It is too pale for letters on white paper (contrast {found} to 1, at least 4.5 to 1 is needed); "
            "write a darker one: #0b5d3b."
        )
    }


@pytest.mark.parametrize("colour", ["teal", "#12", "0b5d3b", "#gggggg", 5])
def test_a_colour_is_six_hex_digits(colour: object) -> None:
    advice = "Write a colour as # and six hex digits: #0b5d3b."
    assert problems(minimal() | {"appearance": {"colour": colour}}) == {"appearance.colour": advice}


def test_a_mistake_reads_as_field_value_and_advice() -> None:
    with pytest.raises(CourseError) as caught:
        course_from(minimal() | {"verifier": {"origin": "verify"}}, Path())
    assert str(caught.value) == (
        "verifier.origin = 'verify': Write scheme and host only, https://verify.university.edu.pk"
    )


def test_alignments_are_read_and_their_mistakes_told() -> None:
    good = {"name": "counting", "url": "https://uni.example/1", "kind": "CFItem"}
    read = course_from(minimal() | {"alignment": [good, good | {"url": "https://uni.example/2"}]}, Path()).alignment
    assert read == (Alignment("counting", "https://uni.example/1", kind="CFItem"), replace(read[0], url=read[1].url))
    assert problems(
        minimal() | {"alignment": [{"name": "x", "kind": "Skill"}, {"url": "uni", "nam": "y"}, good, good]}
    ) == {
        "alignment[1].url": "This is missing: write url in [alignment[1]].",
        "alignment[1].kind": "Write one of: CFItem, CFRubric, CFRubricCriterion, CFRubricCriterionLevel, CTDL, "
        "ceasn:Competency, ceterms:Credential.",
        "alignment[2].nam": "There is no such field. Did you mean name?",
        "alignment[2].name": "This is missing: write name in [alignment[2]].",
        "alignment[2].url": "Write a whole web address in ASCII, https://…",
        "alignment[3].url": "Two have this address; keep one of them.",
        "alignment[4].url": "Two have this address; keep one of them.",
    }
    for wrong in (good, [good | {"url": f"https://uni.example/{n}"} for n in range(21)]):
        advice = "Write each as its own section, [[alignment]], at most 20 of them."
        assert problems(minimal() | {"alignment": wrong}) == {"alignment": advice}


def test_the_picture_of_the_badge_is_an_address_or_the_verifiers_own() -> None:
    document = minimal()
    document["course"]["image"] = "badge"
    assert course_from(document, Path()).image == "badge"
    document["course"]["image"] = "bdage"
    assert problems(document) == {"course.image": 'Write a whole web address in ASCII, https://… or "badge".'}


def test_an_empty_description_misses_everything_that_is_required() -> None:
    assert set(problems({})) == {
        *("course.title", "course.description", "course.criteria", "institution.name", "institution.domain"),
        *("professor.name", "verifier.origin"),
    }


def test_a_section_is_a_section() -> None:
    advice = "Write it as a section, [institution], with its fields below."
    assert problems(minimal() | {"institution": "Uni"})["institution"] == advice


@pytest.mark.parametrize(
    "domain",
    ["uni.example", "a.b", "xn--mgbai9azgqp6j.xn--mgbai9a", "cs-2.uni.edu.pk", f"{'a' * 63}.example", "1.2.pk"],
)
def test_domains(domain: str) -> None:
    document = minimal()
    document["institution"]["domain"] = domain
    assert course_from(document, Path()).institution.domain == domain


@pytest.mark.parametrize(
    "domain",
    [
        *("uni", "Uni.example", "uni.example.", ".example", "uni..example", "-uni.example", "uni-.example", ""),
        *("https://uni.example", "uni.example:443", "uni.example/x", "جامعہ.example", "uni.1", "192.168.0.1"),
        *("uni_x.example", f"{'a' * 64}.example", ".".join(["a" * 60] * 5), "uni.example\n", " uni.example", 5, None),
    ],
)
def test_what_is_no_domain(domain: Any) -> None:
    document = minimal()
    document["institution"]["domain"] = domain
    assert list(problems(document)) == ["institution.domain"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://verify.uni.example", "https://verify.uni.example"),
        ("https://Verify.Uni.example/", "https://verify.uni.example"),
        ("https://verify.uni.example:8443", "https://verify.uni.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://192.168.1.7:8000", "http://192.168.1.7:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
    ],
)
def test_origins(written: str, kept: str) -> None:
    assert course_from(minimal(), Path()).with_origin(written).verifier.origin == kept


@pytest.mark.parametrize(
    "origin",
    [
        *(
            "",
            "verify.uni.example",
            "ftp://verify.uni.example",
            "https://",
            "https://u:p@uni.example",
            "https://x:99999",
        ),
        *("https://uni.example/c", "https://uni.example?x", "https://uni.example#x", "http://8.8.8.8", "https://a b.c"),
    ],
)
def test_what_is_no_origin(origin: str) -> None:
    with pytest.raises(CourseError, match=r"verifier\.origin"):
        course_from(minimal(), Path()).with_origin(origin)


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://uni.example/a%20b?x=1#y", True),
        ("http://uni.example", True),
        ("uni.example", False),
        ("https://uni.example/a b", False),
        ("https://uni.example/%zz", False),
        ("https://uni.example/<x>", False),
        ("https://جامعہ.example/", False),
        ("javascript:alert(1)", False),
        (5, False),
    ],
)
def test_addresses(url: Any, fits: bool) -> None:
    document = minimal()
    document["institution"]["url"] = url
    if fits:
        assert course_from(document, Path()).institution.url == url
    else:
        assert problems(document) == {"institution.url": "Write a whole web address in ASCII, https://…"}


@pytest.mark.parametrize(("written", "kept"), [(3, "3"), (3.0, "3"), (1.5, "1.5"), (0.25, "0.25")])
def test_numbers_have_one_form(written: float, kept: str) -> None:
    document = minimal()
    document["course"]["credits"] = written
    assert str(course_from(document, Path()).credits) == kept


@pytest.mark.parametrize("number", [0, -1, 301, 1.234, True, "3", float("nan"), float("inf")])
def test_what_is_no_number_of_credits(number: Any) -> None:
    document = minimal()
    document["course"]["credits"] = number
    assert list(problems(document)) == ["course.credits"]


def test_texts_are_tidied() -> None:
    document = minimal()
    document["course"] |= {"title": "  Cafe\u0301 \u00a0 science ", "description": "\n one \n\n two  x \n"}
    course = course_from(document, Path())
    assert (course.title, course.description) == ("Café science", "one\n\ntwo x")


def test_texts_have_limits() -> None:
    document = minimal()
    document["course"] |= {"title": "x" * 151, "criteria": " \n ", "tags": ["a"] * 21}
    assert problems(document) == {
        "course.title": "Write at most 150 characters; these are 151.",
        "course.criteria": "Write something, or leave the line out.",
        "course.tags": 'Write a list of at most 20 texts: ["blockchain", "education"].',
    }


def test_pictures_are_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PNG)
    (tmp_path / "photo.png").write_bytes(b"\xff\xd8\xff")
    text = SAMPLE.read_text(encoding="utf-8").replace("# logo =", "logo =")
    file = tmp_path / "course.toml"
    file.write_text(text, encoding="utf-8")
    assert load_course(file).institution.logo == tmp_path / "logo.png"
    file.write_text(text.replace('"logo.png"', '"photo.png"'), encoding="utf-8")
    with pytest.raises(CourseError, match=r"institution\.logo = 'photo\.png': The file is not a PNG"):
        load_course(file)
    file.write_text(text.replace('"logo.png"', '"logo.svg"'), encoding="utf-8")
    with pytest.raises(CourseError, match="Write the path of a PNG file"):
        load_course(file)


def test_expiry(tmp_path: Path) -> None:
    assert course_from(minimal() | {"expiry": {"years": 5}}, tmp_path).expiry == Expiry(years=5)
    until = {"expiry": {"until": date(2031, 12, 31)}}
    assert course_from(minimal() | until, tmp_path).expiry == Expiry(until=date(2031, 12, 31))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"[course\n", r"is not TOML: "),
        ("[course]\ntitle = 'é'".encode("cp1252"), r"is not UTF-8 \(byte 18\); save it as UTF-8\."),
        (b"a = 1\na = 2\n", r"is not TOML: "),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: bytes, text: str) -> None:
    file = tmp_path / "course.toml"
    file.write_bytes(content)
    with pytest.raises(CourseError, match=text):
        load_course(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be read: No such file or directory"):
        load_course(tmp_path / "course.toml")


def test_windows_files_are_read(tmp_path: Path) -> None:
    file = tmp_path / "course.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    assert load_course(file) == load_course(SAMPLE)


def test_every_check_gives_advice_and_never_fails_otherwise() -> None:
    values: list[Any] = [
        None,
        True,
        1,
        1.5,
        "",
        "x",
        "\0",
        [],
        ["x", 5],
        {},
        date(2026, 1, 1),
        float("nan"),
        "é" * 9999,
    ]
    checks = [item.metadata["check"] for item in fields(Course) if "check" in item.metadata]
    checks += [course_fields.day, course_fields.whole(9), course_fields.yes_or_no, course_fields.picture]
    for check in checks:
        for value in values:
            advice = advice_on(check, value)
            assert advice is None or advice[0].isupper()


def advice_on(check: course_fields.Check, value: Any) -> str | None:
    try:
        check(value)
    except ValueProblem as advice:
        return str(advice)
    return None


def test_a_kept_course_keeps_its_pictures_wherever_they_were(tmp_path: Path) -> None:
    """Two of the same name, in folders beside and below; the originals are gone afterwards."""
    home = tmp_path / "home"
    for folder, shade in ((home / "pictures", 10), (tmp_path / "elsewhere", 200)):
        folder.mkdir(parents=True)
        Image.new("L", (4, 4), shade).save(folder / "picture.png")
    text = SAMPLE.read_text("utf-8")
    text = text.replace('# logo = "logo.png"', 'logo = "pictures/picture.png"')
    text = text.replace('# signature = "signature.png"', 'signature = "../elsewhere/picture.png"')
    (home / "course.toml").write_text(text, "utf-8-sig")
    keep_course(home / "course.toml", load_course(home / "course.toml"), tmp_path / "kept")
    shutil.rmtree(home)
    shutil.rmtree(tmp_path / "elsewhere")
    course = kept_course(tmp_path / "kept")
    assert course.institution.logo
    assert course.professor.signature
    assert Image.open(course.institution.logo).getpixel((0, 0)) == 10
    assert Image.open(course.professor.signature).getpixel((0, 0)) == 200
    assert course.title == "Foundations of Blockchain and Digital Trust"
