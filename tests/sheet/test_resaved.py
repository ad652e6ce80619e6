"""What websites, programs and printers make of a certificate: a changed copy, or plainly none.

Real programs save a real certificate anew. None of it is ever called valid, none is an error, and wherever the
attachment was kept, what was issued is said.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser

from issuer.sheet.template import SheetTemplate
from tests.browser.opening import chromium
from tests.doubles import FakeRegistry, batch, credential, sealed
from tests.sheet.samples import ALL, RICH
from verifier.answers.answer import check_bytes, words_of
from verifier.answers.wording import Problem, Tone
from verifier.core.verdict import Outcome
from verifier.core.verifier import Verifier

NAME = "محمد عبدالرحمٰن چوہدری"
ISSUED = f"Changed copy. What was issued reads: {NAME}, Teaching with Data, 2026-06-30."
LOST = "This PDF carries no certificate: printing to PDF, scanning and some websites leave it out."
KEEPING = (
    "qpdf --linearize {old} {new}",
    "qpdf --object-streams=generate --recompress-flate --compression-level=9 {old} {new}",
    "qpdf --qdf {old} {new}",
    "qpdf --stream-data=uncompress {old} {new}",
    "qpdf --pages {old} 1 -- {old} {new}",
    "qpdf --optimize-images --remove-unreferenced-resources=yes {old} {new}",
    "qpdf --rotate=90 {old} {new}",
    "mutool clean {old} {new}",
    "mutool clean -ggggz {old} {new}",
    "mutool clean -d {old} {new}",
    "gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -sOutputFile={new} {old}",
)
LOSING = (
    "qpdf --empty --pages {old} 1 -- {new}",
    "pdftocairo -pdf {old} {new}",
    "gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfimage24 -r72 -sOutputFile={new} {old}",
)


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    (envelope,) = batch([credential(NAME)], [_sheet()])
    registry = FakeRegistry()
    registry.register(envelope.root, 1)
    return Verifier([registry])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = _sheet()
    (envelope,) = batch([credential(NAME)], [page])
    path = tmp_path_factory.mktemp("original") / "certificate.pdf"
    path.write_bytes(sealed(envelope, page))
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def _sheet() -> bytes:
    return SheetTemplate(RICH).draw(ALL["urdu"])


def _saved_anew(command: str, old: Path, new: Path) -> bytes:
    words = [word.format(old=old, new=new) for word in command.split()]
    run = subprocess.run(
        words, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(new.parent)}
    )
    assert run.returncode in (0, 3), run.stderr  # 3: qpdf's warnings
    return new.read_bytes()


def _is_a_changed_copy(verifier: Verifier, data: bytes) -> bool:
    answer = check_bytes(verifier, data)
    words = words_of(answer)
    assert answer.verdict is not None
    assert answer.verdict.outcome is Outcome.ALTERED
    return (words.tone, str(words.headline)) == (Tone.CHANGED, ISSUED)


def test_the_original_is_valid(verifier: Verifier, original: Path) -> None:
    assert verifier.check_file(original.read_bytes()).outcome is Outcome.VALID


@pytest.mark.parametrize("command", KEEPING)
def test_a_program_that_keeps_what_is_attached_makes_a_changed_copy(
    command: str, verifier: Verifier, original: Path, tmp_path: Path
) -> None:
    assert _is_a_changed_copy(verifier, _saved_anew(command, original, tmp_path / "new.pdf"))


@pytest.mark.parametrize("command", LOSING)
def test_a_program_that_drops_it_leaves_no_certificate(
    command: str, verifier: Verifier, original: Path, tmp_path: Path
) -> None:
    answer = check_bytes(verifier, _saved_anew(command, original, tmp_path / "new.pdf"))
    assert (answer.problem, str(answer.detail)) == (Problem.UNREADABLE, LOST)


def test_a_locked_copy_is_called_locked(verifier: Verifier, original: Path, tmp_path: Path) -> None:
    command = "qpdf --encrypt user owner 256 -- {old} {new}"
    answer = check_bytes(verifier, _saved_anew(command, original, tmp_path / "new.pdf"))
    assert answer.problem is Problem.UNREADABLE
    assert str(answer.detail).startswith("This PDF is locked with a password")


def test_pdfium_makes_a_changed_copy(verifier: Verifier, original: Path, tmp_path: Path) -> None:
    pypdfium2.PdfDocument(original).save(tmp_path / "new.pdf")
    assert _is_a_changed_copy(verifier, (tmp_path / "new.pdf").read_bytes())


def test_what_transfers_do_to_bytes_makes_a_changed_copy(verifier: Verifier, original: Path) -> None:
    data = original.read_bytes()
    for changed in (data + b"\n", data + b"\r\n", b"\n" + data, data + bytes(512), data[:-1], data[:-200]):
        assert _is_a_changed_copy(verifier, changed)


def test_attached_to_another_pdf_it_is_a_changed_copy(verifier: Verifier, original: Path, tmp_path: Path) -> None:
    cover = tmp_path / "cover.pdf"
    subprocess.run(["qpdf", "--empty", "--pages", str(original), "1", "--", str(cover)], check=True)
    command = f"qpdf --add-attachment {original} -- {{old}} {{new}}"
    data = _saved_anew(command, cover, tmp_path / "new.pdf")
    assert b"sanad" not in data, "it is compressed"
    assert _is_a_changed_copy(verifier, data)


def test_printed_by_a_browser_it_carries_no_certificate(
    browser: Browser, verifier: Verifier, original: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "certificate.png"
    pypdfium2.PdfDocument(original)[0].render().to_pil().save(picture)
    page = browser.new_page()
    page.goto(picture.as_uri())
    page.pdf(path=tmp_path / "printed.pdf")
    page.close()
    answer = check_bytes(verifier, (tmp_path / "printed.pdf").read_bytes())
    assert (answer.problem, str(answer.detail)) == (Problem.UNREADABLE, LOST)
    assert check_bytes(verifier, picture.read_bytes()).problem is Problem.UNREADABLE


def test_every_program_is_here() -> None:
    programs = {command.split()[0] for command in (*KEEPING, *LOSING)}
    assert {name for name in programs if shutil.which(name) is None} == set()
