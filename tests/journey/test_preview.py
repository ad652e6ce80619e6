"""`sanad preview`: any row, any design, no keys, and nobody can take it for a certificate."""

from importlib import resources
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result

from deploy.cli import main
from verifier.core.errors import UnreadableError
from verifier.core.reading import read_file
from verifier.core.seal import read_trailer

SAMPLES = resources.files("issuer") / "samples"


def preview(*words: str) -> Result:
    course = ["--course", str(SAMPLES / "course.toml")]
    return CliRunner().invoke(main, ["preview", str(SAMPLES / "roster.csv"), *course, *words])


def text(path: Path) -> str:
    return str(pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range())


@pytest.mark.parametrize("design", ["formal", "modern", "bilingual"])
def test_a_specimen_says_that_it_is_none(tmp_path: Path, design: str) -> None:
    out = tmp_path / "p.pdf"
    result = preview("--name", "zainab", "--design", design, "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "Row 5, Zainab Baloch" in result.output
    assert "Zainab Baloch" in text(out)
    assert "SPECIMEN" in text(out)
    assert read_trailer(out.read_bytes()).root
    with pytest.raises(UnreadableError):
        read_file(out.read_bytes())


def test_the_courses_pictures_are_drawn_where_they_are_asked_for(tmp_path: Path) -> None:
    result = preview("--out", str(tmp_path / "p.pdf"), "--pictures", str(tmp_path / "pictures"))
    assert result.exit_code == 0, result.output
    assert [path.name for path in sorted((tmp_path / "pictures").iterdir())] == ["badge.png", "card.png"]
    assert "The course's card:" in result.output
    result = preview("--out", str(tmp_path / "p.pdf"), "--pictures", "/dev/null/x")
    assert result.exit_code == 2
    assert "/dev/null/x cannot be written: Not a directory." in result.output


def test_any_row_is_drawn(tmp_path: Path) -> None:
    out = tmp_path / "p.pdf"
    assert preview("--row", "4", "--out", str(out)).exit_code == 0
    assert "فاطمہ نور" in text(out)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--row", "99"), "The roster has no row 99; its rows go from 2 to 41."),
        (("--name", "Nobody"), "The roster has no student called 'Nobody'"),
        (("--design", "gothic"), "There is no design 'gothic'. The designs are formal, modern, bilingual."),
        (("--out", "/dev/null/p.pdf"), "/dev/null/p.pdf cannot be written"),
    ],
)
def test_what_is_wrong_is_told(
    words: tuple[str, str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = preview(*words)
    assert result.exit_code == 2
    assert sentence in result.output
    assert list(tmp_path.iterdir()) == []
