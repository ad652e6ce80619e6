"""What is counted as proved, what only as claimed, and what is said where nothing could be asked."""

import os
from pathlib import Path

import pytest

from issuer.errors import ActError
from issuer.office.figures import Line
from issuer.office.figures_courses import Taught
from issuer.office.figures_files import BatchFiles
from issuer.office.figures_tables import csv_rows, figures_data
from tests.report.world import DOMAIN, JULY, JUNE, OTHER, SIGNER, Programme, key
from verifier.archive_folder import batch_path, envelope_path
from verifier.core.hashes import ZERO
from verifier.core.registry import NO_ADDRESS


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    (tmp_path / "batches").mkdir()
    return Programme(tmp_path)


def total(programme: Programme) -> Line:
    return programme.figures().total


def test_by_course_term_and_month(programme: Programme) -> None:
    certificate = programme.certificate
    programme.batch([certificate(), certificate("Algebra", None)])
    programme.batch([certificate(), certificate("Logic"), certificate(stored=False)], issuedAt=JULY)
    programme.batch([certificate("منطق")], OTHER)
    figures = programme.figures()
    assert {place: line.proved for place, line in figures.universities[0].lines.items()} == {
        (Taught("Algebra", "Fall 2026"), "2026-06"): 1,
        (Taught("Algebra"), "2026-06"): 1,
        (Taught("Algebra", "Fall 2026"), "2026-07"): 1,
        (Taught("Logic", "Fall 2026"), "2026-07"): 1,
        (None, "2026-07"): 1,
    }
    assert figures.universities[0].unknown == 1
    assert figures.total == Line(proved=6)
    assert figures.complete
    assert programme.figures(OTHER).total == Line(proved=1)


@pytest.mark.parametrize(
    ("record", "line", "claimed"),
    [
        ({}, Line(proved=2), 0),
        ({"size": 1000}, Line(proved=2), 998),
        ({"size": 1}, Line(proved=1), 0),
        ({"withdrawnAt": JULY}, Line(proved=2, withdrawn=2), 0),
        ({"counts": False}, Line(distrusted=2), 0),
        ({"counts": False, "withdrawnAt": JULY}, Line(distrusted=2), 0),
        ({"adopted": True}, Line(proved=2), 0),
    ],
)
def test_what_the_registry_says_of_a_batch(
    programme: Programme, record: dict[str, object], line: Line, claimed: int
) -> None:
    programme.batch([programme.certificate(), programme.certificate()], **record)
    assert total(programme) == line
    assert programme.figures().universities[0].claimed == claimed


def test_a_claim_without_a_file_proves_nothing(programme: Programme) -> None:
    programme.batch([programme.certificate()], file=False, size=80_000)
    university = programme.figures().universities[0]
    assert (university.total, university.claimed, university.unseen) == (Line(), 80_000, 1)
    (row,) = [each for each in csv_rows(programme.figures()) if each["domain"] == DOMAIN]
    assert (row["proved"], row["claimed_not_proved"]) == (0, 80_000)


def test_a_file_that_is_not_registered_proves_nothing(programme: Programme) -> None:
    root = programme.batch([programme.certificate()] * 3)
    del programme.registry.records[DOMAIN][root]
    assert total(programme) == Line()
    assert programme.figures().strange == 1
    programme.batch([programme.certificate()], OTHER)
    del programme.registry.records[OTHER]
    assert programme.figures().strange == 2, "of an institution that is not in this registry"


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "renamed", "moved"])
def test_a_file_that_is_not_genuine_proves_nothing_and_is_named(programme: Programme, damage: str) -> None:
    root = programme.batch([programme.certificate(), programme.certificate()])
    path = batch_path(programme.folder, DOMAIN, root)
    data = path.read_bytes()
    if damage == "renamed":
        path = path.rename(path.with_name(f"{os.urandom(32).hex()}.sanad"))
    elif damage == "moved":
        path = batch_path(programme.folder, OTHER, root)
        path.parent.mkdir()
        batch_path(programme.folder, DOMAIN, root).rename(path)
    else:
        path.write_bytes({"flipped": data[:-1] + bytes([data[-1] ^ 1]), "cut": data[:-1], "empty": b""}[damage])
    figures = programme.figures()
    assert (figures.total, figures.universities[0].claimed) == (Line(), 2)
    (sentence,) = BatchFiles([programme.folder]).damaged
    assert f"{path} proves nothing" in sentence


def test_a_certificate_in_two_batches_or_two_archives_counts_once(programme: Programme, tmp_path: Path) -> None:
    one, two = programme.certificate(), programme.certificate()
    programme.batch([one, two])
    programme.batch([one], issuedAt=JULY)
    programme.batch([two], counts=False, issuedAt=JUNE - 1)
    assert total(programme) == Line(proved=2)
    other = Programme(tmp_path / "other", programme.registry)
    other.batch([other.certificate("Logic")])
    figures = programme.figures(archives=[other.folder, programme.folder])
    assert figures.total.proved == 3
    assert (Taught("Logic", "Fall 2026"), "2026-06") in figures.universities[0].lines


def test_revoked_and_replaced_by_whoever_has_the_say(programme: Programme) -> None:
    one, two, three, adopted = (programme.certificate() for _ in range(4))
    withdrawn = programme.certificate()
    programme.batch([one, two, three])
    programme.batch([adopted], adopted=True)
    programme.batch([withdrawn], withdrawnAt=JULY)
    revoked = programme.registry.revoked
    revoked |= {(SIGNER, one): ZERO, (SIGNER, two): three, (SIGNER, adopted): ZERO, (SIGNER, withdrawn): ZERO}
    assert total(programme) == Line(proved=5, revoked=1, replaced=1, withdrawn=1)
    assert total(programme).good == 2
    revoked[NO_ADDRESS, adopted] = ZERO
    assert total(programme).revoked == 2


def test_revocations_are_asked_in_chunks_and_not_where_there_are_none(programme: Programme) -> None:
    for _ in range(5):
        programme.batch([os.urandom(32) for _ in range(90)])
    assert total(programme).proved == 450
    assert programme.registry.asked == []
    programme.registry.revoked["nobody", ZERO] = ZERO
    programme.figures(DOMAIN)
    assert programme.registry.asked == [200, 200, 50]


def test_an_envelope_that_lies_about_the_course_is_not_believed(programme: Programme) -> None:
    programme.batch([programme.certificate(), programme.certificate()])
    path = next((programme.folder / "envelopes").rglob("*.json"))
    path.write_bytes(path.read_bytes().replace(b"Algebra", b"Zoology"))
    assert set(programme.figures().by(lambda _each, taught, _month: taught)) == {Taught("Algebra", "Fall 2026"), None}


def test_an_envelope_that_cannot_be_read_leaves_the_course_unknown(programme: Programme) -> None:
    programme.batch([programme.certificate() for _ in range(3)])
    paths = sorted((programme.folder / "envelopes").rglob("*.json"))
    paths[0].write_bytes(b"")
    paths[1].unlink()
    envelope_path(programme.folder, os.urandom(32)).mkdir(parents=True)
    figures = programme.figures()
    assert (figures.total.proved, figures.universities[0].unknown) == (3, 2)


def test_educators_and_signers(programme: Programme) -> None:
    first, second = os.urandom(32), os.urandom(32)
    programme.registry.signers = {
        DOMAIN: [key(), key(first), key(second, authorised=False), key(second, distrusted=JUNE)],
        OTHER: [key(first), key(second)],
    }
    figures = programme.figures()
    assert [each.signers for each in figures.universities] == [2, 2]
    assert [len(each.educators or ()) for each in figures.universities] == [1, 2]
    assert figures.educators == 2


@pytest.mark.parametrize(
    ("question", "proved", "good", "claimed", "educators"),
    [
        ("batches", None, None, None, 0),
        ("revocations", 2, None, 0, 0),
        ("keys", 2, 2, 0, None),
    ],
)
def test_what_could_not_be_asked_is_no_zero(
    programme: Programme,
    question: str,
    proved: int | None,
    good: int | None,
    claimed: int | None,
    educators: int | None,
) -> None:
    programme.batch([programme.certificate(), programme.certificate()])
    programme.registry.revoked["nobody", ZERO] = ZERO
    programme.registry.silent = {(question, DOMAIN)}
    figures = programme.figures()
    data = figures_data(figures)
    for told in (data["total"], data["universities"][0]):
        assert (told["proved"], told["good"], told["claimed_not_proved"]) == (proved, good, claimed)
        assert told["educators"] == educators
    assert not figures.complete
    assert f"The {question} of University of Lahore ({DOMAIN}) could not be asked." in figures.troubles[0]
    assert (figures.universities[1].total, figures.universities[1].claimed) == (Line(), 0)
    if question != "keys":
        rows = [row for row in csv_rows(figures) if row["domain"] == DOMAIN]
        assert rows
        assert {row["good"] for row in rows} == {"?"}


def test_a_registry_that_fell_silent_is_not_asked_for_ever(programme: Programme) -> None:
    for domain in (DOMAIN, OTHER):
        programme.batch([programme.certificate()], domain)
        programme.registry.silent |= {("keys", domain), ("batches", domain)}
    troubles = programme.figures().troubles
    assert [("did not answer before" in each) for each in troubles] == [False, False, True, True]


def test_an_archive_that_is_not_there_is_no_empty_one(programme: Programme, tmp_path: Path) -> None:
    figures = programme.figures(archives=[tmp_path / "nowhere"])
    assert figures.troubles == [f"There is no archive {tmp_path / 'nowhere'}."]
    with pytest.raises(ActError, match=r"stranger\.example is not accredited"):
        programme.figures("stranger.example")
