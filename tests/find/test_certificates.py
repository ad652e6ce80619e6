"""Whatever names a certificate leads to it; what names none, or several, is told and nothing is chosen."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from issuer.errors import (
    AlteredFileError,
    ErasedCertificateError,
    NamingError,
    SeveralCertificatesError,
    UnknownCertificateError,
)
from issuer.office.certificates import Source, certificate_meant, certificates_meant
from issuer.office.records_place import Place, place_of
from issuer.records import BatchState, Kept
from issuer.records.certificates import CertificateRecords
from issuer.records.place import in_file
from tests.chain_fixtures import ChainNode
from tests.find.conftest import COURSE, issued_office
from tests.journey.office import DOMAIN, ORIGIN, Office
from verifier.core.codes import link, short_code
from verifier.core.hashes import to_base64url


@pytest.fixture
def badge(office: Office, tmp_path: Path) -> Path:
    result = office.run("badge", str(office.pdfs[0]), "--out", str(tmp_path / "b.svg"), "--config", str(office.config))
    assert result.exit_code == 0, result.output
    return tmp_path / "b.svg"


def ways(office: Office, hash_: bytes, badge: Path) -> list[str]:
    return [
        *(str(office.pdfs[0]), str(office.envelopes[0]), str(badge)),
        *(hash_.hex(), "0x" + hash_.hex(), to_base64url(hash_), short_code(hash_), short_code(hash_).lower()),
        *(link(ORIGIN, hash_), f"see <{link('https://elsewhere.example', hash_)}>."),
    ]


def without_records(place: Place, tmp_path: Path) -> Place:
    return replace(place, records=in_file(tmp_path / "none.sqlite"))


def test_every_way_leads_to_what_the_records_say(office: Office, place: Place, ayesha: Kept, badge: Path) -> None:
    assert ayesha.hash is not None
    for text in ways(office, ayesha.hash, badge):
        meant = certificate_meant(place, text)
        assert (meant.hash, meant.source, meant.batch) == (ayesha.hash, Source.RECORDS, ayesha.batch), text
    assert (meant.name, meant.student_number, meant.father_name) == (
        "Ayesha Siddiqui",
        "BSCS-2026-0147",
        "Karim Siddiqui",
    )
    assert (meant.course, meant.awarded) == (COURSE, date(2026, 6, 30))
    assert (meant.domain, meant.email, meant.row) == (DOMAIN, "ayesha@students.example", 2)
    assert (meant.link, meant.short_code) == (link(ORIGIN, ayesha.hash), short_code(ayesha.hash))
    assert meant.file == office.pdfs[0]
    assert (meant.state, meant.index) == (BatchState.DELIVERED, 0)
    code = short_code(ayesha.hash)
    assert str(meant) == f"Ayesha Siddiqui (BSCS-2026-0147), {COURSE}, 2026-06-30, {code}"


@pytest.mark.parametrize("archive", [True, False])
def test_without_records_the_archive_says_it_or_the_file(
    office: Office, place: Place, ayesha: Kept, badge: Path, tmp_path: Path, archive: bool
) -> None:
    assert ayesha.hash is not None
    bare = without_records(place if archive else replace(place, archive=None), tmp_path)
    texts = ways(office, ayesha.hash, badge) if archive else [str(office.pdfs[0]), str(office.envelopes[0])]
    for text in texts:
        meant = certificate_meant(bare, text)
        assert (meant.hash, meant.source) == (ayesha.hash, Source.ARCHIVE if archive else Source.FILE)
    assert (meant.name, meant.course, meant.awarded) == (
        "Ayesha Siddiqui",
        COURSE,
        date(2026, 6, 30),
    )
    assert (meant.domain, meant.link, meant.batch) == (DOMAIN, link(ORIGIN, ayesha.hash), None)
    assert meant.root is not None
    if not archive:
        with pytest.raises(UnknownCertificateError, match=r"Neither the records \(there are none\) nor the archive"):
            certificate_meant(bare, short_code(ayesha.hash))


def test_without_an_archive_the_records_say_it(place: Place, ayesha: Kept) -> None:
    assert ayesha.hash is not None
    bare = replace(place, archive=None)
    for text in (short_code(ayesha.hash), ayesha.hash.hex()):
        assert certificate_meant(bare, text).name == "Ayesha Siddiqui"


@pytest.mark.parametrize(
    ("name", "number", "found"),
    [
        ("khan", None, "Ayesha Khan"),
        ("KHAN ayesha", None, "Ayesha Khan"),
        ("zoe", None, "Zoë Fernandes"),
        ("فاطمه", None, "فاطمہ نور"),
        ("نُور", None, "فاطمہ نور"),
        (None, "bscs-2026-0150", "Ayesha Khan"),
        (None, "BSCS-2026-۰۱۴۹", "Zoë Fernandes"),
        ("ayesha", "BSCS-2026-0150", "Ayesha Khan"),
    ],
)
def test_a_name_or_number_among_the_records(place: Place, name: str | None, number: str | None, found: str) -> None:
    assert certificate_meant(place, None, name, number).name == found


def test_several_are_listed_and_none_is_chosen(place: Place) -> None:
    with pytest.raises(SeveralCertificatesError) as error:
        certificate_meant(place, None, None, "BSCS-2026-0147")
    assert len(error.value.found) == 2
    head, *lines = str(error.value).splitlines()
    assert head == (
        "--number 'BSCS-2026-0147' names 2 certificates. Give the file, link, hash or short code of one of them:"
    )
    assert all(
        re.fullmatch(r"  Ayesha Siddiqui \(BSCS-2026-0147\), .+, \d{4}-\d\d-\d\d, [0-9A-Z-]{14}", each)
        for each in lines
    )
    assert certificate_meant(place, error.value.found[0].short_code) == error.value.found[0]


def test_a_code_that_two_share_lists_both(place: Place, ayesha: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hashes with the same 55 bits cannot be found in a lifetime, so the records are made to have them."""
    assert ayesha.hash is not None
    other = replace(ayesha, hash=ayesha.hash[:7] + bytes(25))
    monkeypatch.setattr(CertificateRecords, "beginning", lambda _records, _prefix: [ayesha, other])
    with pytest.raises(SeveralCertificatesError, match=r"The code \S+ names 2 certificates") as error:
        certificate_meant(place, short_code(ayesha.hash))
    assert [meant.hash for meant in error.value.found] == [ayesha.hash, other.hash]


def test_an_altered_pdf_says_which_certificate_it_came_from(office: Office, place: Place, tmp_path: Path) -> None:
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(office.pdfs[0].read_bytes() + b"\n")
    with pytest.raises(AlteredFileError) as error:
        certificate_meant(place, str(altered))
    assert f"{altered} is not the file that was issued: it was changed" in str(error.value)
    assert f"Ayesha Siddiqui (BSCS-2026-0147), {COURSE}, 2026-06-30" in str(error.value)
    assert str(error.value).splitlines()[-1].startswith("If that is the one that you mean, give its code: ")


def test_what_names_nothing_is_told(place: Place, tmp_path: Path) -> None:
    (tmp_path / "words.pdf").write_bytes(b"%PDF-1.7 nothing %%EOF")
    for text, kind, said in (
        ("nobody.pdf", NamingError, r"There is no file nobody\.pdf\."),
        (
            "nobody",
            NamingError,
            "There is no file nobody, and it is not a link, .* sanad find",
        ),
        (str(tmp_path / "words.pdf"), NamingError, "names no certificate. This PDF carries no certificate"),
        (
            "00" * 32,
            UnknownCertificateError,
            r"Neither the records \(.*\) nor the archive \(.*\) hold the certificate 00",
        ),
        (short_code(bytes(32)), UnknownCertificateError, "hold the certificate with the code 0000"),
        ("0000-0000-0001", NamingError, "^The code 0000-0000-0001 is mistyped"),
    ):
        with pytest.raises(kind, match=said):
            certificate_meant(place, text)
    with pytest.raises(UnknownCertificateError, match="have no certificate for --name 'Nobody'"):
        certificate_meant(place, None, "Nobody")
    with pytest.raises(UnknownCertificateError, match="There are no records yet"):
        certificate_meant(without_records(place, tmp_path), None, "Nobody")
    with pytest.raises(NamingError, match="Which certificate"):
        certificates_meant(place)
    with pytest.raises(NamingError, match="Name the certificate once"):
        certificate_meant(place, "0000-0000-0000", "Nobody")


def test_one_who_was_erased_is_not_found_by_name(embedded_chain: ChainNode, tmp_path: Path) -> None:
    own = issued_office(embedded_chain, tmp_path / "own")
    place, pdf = place_of(own.config), own.pdfs[3].read_bytes()
    hash_ = certificate_meant(place, None, "Khan").hash
    assert own.run("erase", hash_.hex(), "--yes", "--config", str(own.config)).exit_code == 0
    with pytest.raises(UnknownCertificateError):
        certificate_meant(place, None, "Khan")
    (tmp_path / "kept.pdf").write_bytes(pdf)
    for text in (hash_.hex(), str(tmp_path / "kept.pdf")):
        with pytest.raises(ErasedCertificateError, match="was erased on 20") as error:
            certificate_meant(place, text)
        assert error.value.hash == hash_
