"""From `sanad issue` to badges in the hands of students: drawn, published, baked, handed in again."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import DOMAIN, ORIGIN, Office, open_office
from verifier.core.codes import link
from verifier.core.credential import course_uuid
from verifier.core.reading import read_file


@pytest.fixture(scope="module")
def office(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("badges"))
    result = made.issue()
    assert result.exit_code == 0, result.output
    return made


def test_the_courses_pictures_are_published_and_name_no_student(office: Office) -> None:
    files = sorted((office.folder / "archive" / "courses").rglob("*.png"))
    assert [path.relative_to(office.folder / "archive" / "courses").parts[0] for path in files] == [DOMAIN, DOMAIN]
    assert [path.name for path in files] == ["badge.png", "card.png"]
    for path in files:
        assert not [kind for kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf") if kind in path.read_bytes()]


def test_the_credential_names_where_its_badge_is_served(office: Office) -> None:
    envelope = read_file(office.pdfs[0].read_bytes()).envelope
    assert envelope is not None
    image = envelope.credential["credentialSubject"]["achievement"]["image"]
    assert image == {"id": f"{ORIGIN}/badges/{DOMAIN}/{course_uuid(envelope.credential)}.png", "type": "Image"}


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_badges_are_written_and_verify(office: Office, tmp_path: Path, kind: str) -> None:
    words = [*map(str, office.pdfs[:2]), *(["--svg"] if kind == "svg" else [])]
    result = office.run("badge", *words, "--out", str(tmp_path / "badges"), "--config", str(office.config))
    assert result.exit_code == 0, result.output
    badges = sorted((tmp_path / "badges").iterdir())
    assert [path.name for path in badges] == [f"{path.stem}.{kind}" for path in office.pdfs[:2]]
    assert [each["verdict"] for each in office.verdicts(*badges)] == ["valid", "valid"]


def test_one_badge_may_be_a_file_of_any_name(office: Office, tmp_path: Path) -> None:
    one, where = str(office.pdfs[0]), ["--config", str(office.config)]
    for name in ("mine.png", "mine.SVG"):
        assert office.run("badge", one, "--out", str(tmp_path / name), *where).exit_code == 0
    assert (tmp_path / "mine.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "mine.SVG").read_bytes()
    several = office.run("badge", one, str(office.pdfs[1]), "--out", str(tmp_path / "all.png"), *where)
    assert several.exit_code == 2
    assert "all.png is one file, and there are 2 certificates. Give --out a folder." in several.stderr


def test_a_short_code_and_an_image_of_ones_own_do_too(office: Office, tmp_path: Path) -> None:
    code = str(office.verdicts(office.pdfs[0])[0]["short_code"])
    Image.new("RGB", (30, 20), "navy").save(tmp_path / "own.png")
    words = ["badge", code, "--image", str(tmp_path / "own.png"), "--out", str(tmp_path)]
    result = office.run(*words, "--config", str(office.config))
    assert result.exit_code == 0, result.output
    data = (tmp_path / f"badge-{code}.png").read_bytes()
    assert Image.open(io.BytesIO(data)).size == (30, 20)
    assert office.verdict(data) == "valid"


def test_a_link_is_read_as_it_was_pasted(office: Office, tmp_path: Path) -> None:
    hash_ = bytes.fromhex(str(office.verdicts(office.pdfs[0])[0]["hash"])[2:])
    words = ["badge", f"<{link(ORIGIN, hash_)}>.", "--out", str(tmp_path), "--config", str(office.config)]
    result = office.run(*words)
    assert result.exit_code == 0, result.output
    assert len(list(tmp_path.glob("badge-*.png"))) == 1


def test_what_stands_in_the_way_is_told(office: Office, tmp_path: Path) -> None:
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(office.pdfs[0].read_bytes() + b"\n")
    no_picture = tmp_path / "no.png"
    no_picture.write_bytes(b"GIF89a")
    for words, sentence in (
        (
            (str(altered),),
            "altered.pdf is not as it was issued; no badge is made of it. It came from this certificate: ",
        ),
        ((str(altered),), "Ayesha Siddiqui (1), Foundations of Blockchain and Digital Trust, "),
        (("nobody.pdf",), "There is no file nobody.pdf, and it is not a link, hash or short code."),
        (("0x" + "00" * 32,), "The archive has no certificate for 0x00"),
        ((str(office.pdfs[0]), "--image", str(no_picture)), "The picture is not a PNG."),
        ((str(office.pdfs[0]), "--image", "none.png"), "none.png: No such file or directory."),
    ):
        result = office.run("badge", *words, "--out", str(tmp_path / "out"), "--config", str(office.config))
        assert result.exit_code == 2, result.output
        assert sentence in re.sub(r"\s+", " ", result.output)
