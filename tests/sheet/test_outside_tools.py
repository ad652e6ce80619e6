"""What other people's software says of sheets and of sealed files."""

import io
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.pdfgen.canvas import Canvas

from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES
from tests.sheet.samples import ALL, BARE, PLAIN, RICH
from tests.verapdf import validate
from verifier.core.seal import seal

INSIDE = b'{"sanad":1}'


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sheets")
    rich = {design: SheetTemplate(replace(RICH, design=design)) for design in DESIGN_NAMES}
    sheets = {name: rich["formal"].draw(fields) for name, fields in ALL.items()}
    for design, template in rich.items():
        plain = SheetTemplate(replace(PLAIN, design=design))
        sheets |= {f"{design}-mixed": template.draw(ALL["mixed"]), f"{design}-plain": plain.draw(BARE)}
    urdu = SheetTemplate(replace(RICH, design="bilingual", language="ur-PK"))
    sheets["document-in-urdu"] = urdu.draw(ALL["mixed"])
    sheets |= {f"sealed-{name}": sheet + seal(sheet, INSIDE) for name, sheet in sheets.items()}
    for design in DESIGN_NAMES:
        sheets[f"specimen-{design}"] = SheetTemplate(replace(RICH, design=design, specimen=True)).draw(ALL["mixed"])
    paths = {name: folder / f"{name}.pdf" for name in sheets}
    for name, path in paths.items():
        path.write_bytes(sheets[name])
    return paths


def test_verapdf_finds_pdf_a_3b_in_all_and_faults_where_there_are_some(files: dict[str, Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    sheet = files["sealed-latin"].read_bytes()
    broken.write_bytes(sheet.replace(b"/AFRelationship/Data", b"/Bfrelationship/Data"))
    bare = tmp_path / "bare.pdf"
    canvas = Canvas(str(bare))
    canvas.drawString(100, 100, "no font embedded")
    canvas.save()
    nonsense = tmp_path / "nonsense.pdf"
    nonsense.write_bytes(b"%PDF-1.7\n")
    found = validate([*files.values(), broken, bare, nonsense])
    assert {path.name: rules for path, rules in found.items() if path in files.values() and rules} == {}
    assert [rule for rule in found[broken] if rule.startswith("6.8-3 ")]
    assert [rule for rule in found[bare] if rule.startswith("6.2.11.4.1-1 ")]
    assert found[nonsense][0].startswith("unreadable: ")


def complaints(command: str, path: Path) -> str:
    run = subprocess.run([*command.split(), str(path)], capture_output=True, text=True, check=False)
    return run.stderr if run.returncode == 0 else f"exit {run.returncode}: {run.stdout}{run.stderr}"


READERS = (
    "qpdf --check",
    "qpdf --json",
    "mutool info",
    "mutool show -g",
    "pdftotext -q",
    "pdffonts",
    "pdfimages -list",
)


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("name", ["urdu", "sealed-urdu", "sealed-mixed", "specimen-formal"])
def test_tools_are_silent(command: str, name: str, files: dict[str, Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"  # pdftotext writes beside it
    copy.write_bytes(files[name].read_bytes())
    assert complaints(command, copy) == ""


@pytest.mark.parametrize(
    "command", ["pdfinfo", "pdfdetach -list", "gs -q -dPDFSTOPONWARNING -dNOPAUSE -dBATCH -sDEVICE=nullpage"]
)
@pytest.mark.parametrize("name", ["sealed-urdu", "specimen-bilingual"])
def test_tools_that_follow_the_names_are_silent_once_sealed(command: str, name: str, files: dict[str, Path]) -> None:
    assert complaints(command, files[name]) == ""


def test_the_strictest_reader_opens_all(files: dict[str, Path]) -> None:
    for name, path in files.items():
        reader = PdfFileReader(io.BytesIO(path.read_bytes()), strict=True)
        assert reader.xrefs.total_revisions == (2 if name.startswith("sealed-") else 1)
        assert reader.root["/Pages"]["/Count"] == 1


def by_qpdf(path: Path) -> bytes:
    return run("qpdf", "--show-attachment=certificate.json", path)


def by_mutool(path: Path) -> bytes:
    return run("mutool", "show", "-b", path, "trailer/Root/Names/EmbeddedFiles/Names/2/EF/F")


def by_pdfdetach(path: Path) -> bytes:
    out = path.with_suffix(".attached")
    run("pdfdetach", "-savefile", "certificate.json", "-o", out, path)
    return out.read_bytes()


def by_pdfium(path: Path) -> bytes:
    document = pypdfium2.PdfDocument(path)
    assert document.count_attachments() == 1
    attached = document.get_attachment(0)
    assert attached.get_name() == "certificate.json"
    return bytes(attached.get_data())


def by_pyhanko(path: Path) -> bytes:
    root = PdfFileReader(io.BytesIO(path.read_bytes()), strict=True).root
    assert len(root["/AF"]) == 1
    associated = root["/AF"][0]
    assert associated["/AFRelationship"] == "/Data"
    return bytes(associated["/EF"]["/UF"].data)


def run(*command: str | Path) -> bytes:
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize("reader", [by_qpdf, by_mutool, by_pdfdetach, by_pdfium, by_pyhanko])
@pytest.mark.parametrize("name", ["sealed-urdu", "sealed-bilingual-plain"])
def test_every_reader_takes_the_envelope_out_as_it_was_put_in(
    reader: Callable[[Path], bytes], name: str, files: dict[str, Path]
) -> None:
    assert reader(files[name]) == INSIDE


def test_document_says_title_author_and_language(files: dict[str, Path]) -> None:
    run = subprocess.run(["pdfinfo", str(files["sealed-urdu"])], capture_output=True, text=True, check=True)
    assert "Certificate of Completion: محمد بلال احمد, Foundations of Machine Learning" in run.stdout
    assert "National University of Modern Languages" in run.stdout
    assert "(A4)" in run.stdout
    assert b"/Lang(en)" in files["urdu"].read_bytes()


def test_latin_text_can_be_copied_out(files: dict[str, Path]) -> None:
    run = subprocess.run(["pdftotext", "-raw", str(files["latin"]), "-"], capture_output=True, text=True, check=True)
    for text in ("Muhammad Bilal Ahmed", "Father’s name: Ahmed Raza Khan", "NUML-2026-0417", "3f9a" * 16,
                 "type the code 7QK3-M9TA-2XHV at verify.numl.example, or drop this file there."):  # fmt: skip
        assert text in run.stdout


def test_verapdf_finds_pdf_ua_1_in_all(files: dict[str, Path]) -> None:
    found = validate(files.values(), "PDFUA_1")
    assert {path.name: rules for path, rules in found.items() if rules} == {}


def by_pdftotext(path: Path) -> str:
    run = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    return "".join(letter for letter in run.stdout if letter not in "\u202a\u202b\u202c")  # poppler's embeddings


def by_pdfium_text(path: Path) -> str:
    return str(pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()).replace("\r\n", "\n")


COPIED = ("محمد بلال احمد", "احمد رضا خان", "قومی جامعہ برائے جدید زبانیں", "عَبْدُ ٱلرَّحْمٰن", "لاءالہ", "Ọlọ́runfẹ́mi")


@pytest.mark.parametrize("reader", [by_pdftotext, by_pdfium_text])
@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_names_are_copied_in_reading_order(reader: Callable[[Path], str], design: str, tmp_path: Path) -> None:
    template = SheetTemplate(replace(RICH, design=design))
    for index, name in enumerate(COPIED):
        path = tmp_path / f"{index}.pdf"
        path.write_bytes(template.draw(replace(ALL["urdu"], recipient=name)))
        told = unicodedata.normalize("NFC", reader(path))
        assert unicodedata.normalize("NFC", name) in told
        assert "قومی جامعہ برائے جدید زبانیں" in told


def test_pdfium_finds_an_urdu_name(files: dict[str, Path]) -> None:
    page = pypdfium2.PdfDocument(files["urdu"])[0].get_textpage()
    assert page.search("محمد بلال احمد").get_next() is not None
    assert page.search("محمود بلال").get_next() is None


def test_tags_tell_urdu_in_reading_order_with_its_language(files: dict[str, Path]) -> None:
    told = "محمد بلال احمد".encode("utf-16-be").hex().upper().encode()
    assert b"/ActualText<FEFF" + told + b">/Lang(ur)" in files["urdu"].read_bytes()
