"""An institution that has issued to two classes."""

from contextlib import closing
from pathlib import Path

import pytest

from issuer.office.records_place import Place, place_of
from issuer.records import Kept, Records
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office

COURSE = "Foundations of Blockchain and Digital Trust"
ROSTER = """Student Number,Name,Father Name,Grade,Email,Date
BSCS-2026-0147,Ayesha Siddiqui,Karim Siddiqui,A,ayesha@students.example,2026-06-30
BSCS-2026-0148,فاطمہ نور,,A-,fatima@students.example,2026-06-30
BSCS-2026-0149,Zoë Fernandes,,B,,2026-06-30
BSCS-2026-0150,Ayesha Khan,,B+,khan@students.example,2026-06-30
"""
SECOND = """Student Number,Name,Grade
BSCS-2026-0147,Ayesha Siddiqui,B
"""


@pytest.fixture(scope="module")
def office(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Read only: tests that change something open their own."""
    return issued_office(embedded_chain, tmp_path_factory.mktemp("find") / "office")


def issued_office(chain: ChainNode, folder: Path) -> Office:
    made = open_office(deploy_on(chain), folder)
    first = made.issue(ROSTER)
    assert first.exit_code == 0, first.output
    second = made.issue(SECOND, "second", code="SE-101")
    assert second.exit_code == 0, second.output
    return made


@pytest.fixture(scope="module")
def place(office: Office) -> Place:
    return place_of(office.config)


@pytest.fixture(scope="module")
def ayesha(place: Place) -> Kept:
    """Of the first class."""
    with closing(Records(place.records)) as store:
        (kept,) = store.certificates.at(
            store.certificates.places(lambda lines: ["Karim" in row for _, row, _ in lines])
        )
        return kept
