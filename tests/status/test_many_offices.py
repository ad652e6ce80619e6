"""Two offices of one university, each with certificates of its own: no place twice, and every list true after each act.

Forty certificates each here; `make chaos` does the same with seven hundred.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from issuer.publishing import status_lists
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import DOMAIN, Office, open_office, school_keys
from tests.postgres import postgres
from tests.status.test_offices import colleague
from tests.status.test_status_lists import sanad
from verifier.core.status_list import decode

__all__ = ["postgres"]


class University:
    """Two offices, everything that they issued, and what the lists are to say."""

    def __init__(self, one: Office, other: Office) -> None:
        self.one, self.other = one, other
        self.codes: dict[Office, list[str]] = {one: [], other: []}
        self.places: dict[str, tuple[str, int]] = {}
        self.roots: dict[str, str] = {}
        self.fallen: set[str] = set()
        school_keys(one)
        self.as_admin = ("--key", str(one.folder / "admin.json"), "--passphrase-file", str(one.folder / "passphrase"))

    def issue(self, office: Office, number: int, size: int) -> None:
        who = "A" if office is self.one else "B"
        rows = "".join(f"{who}{number}-{n},Student {who} {number} {n}\n" for n in range(size))
        out = f"class{number}"
        result = office.issue(f"Student Number,Name\n{rows}", out, code=f"{who}-{number}")
        assert result.exit_code == 0, result.output[-2000:]
        for path in sorted((office.folder / out).glob("*.json")):
            envelope = json.loads(path.read_bytes())
            entry = envelope["credential"]["credentialStatus"]
            self.places[str(path)] = entry["statusListCredential"], int(entry["statusListIndex"])
            self.roots[str(path)] = envelope["root"]
            self.codes[office].append(str(path))
        self.check()

    def revoke(self, office: Office, path: str, *more: str) -> None:
        sanad(office, "revoke", path, "--reason", "data-error", *more)
        self.fallen.add(path)
        self.check()

    def withdraw(self, office: Office, path: str) -> None:
        root = self.roots[path]
        sanad(office, "withdraw", DOMAIN, root, *self.as_admin)
        kept, self.fallen = self.fallen, self.fallen | {each for each, of in self.roots.items() if of == root}
        self.check()
        sanad(office, "withdraw", DOMAIN, root, "--undo", *self.as_admin)
        self.fallen = kept
        self.check()

    def check(self) -> None:
        """No place twice, and exactly those places are set whose certificates are no longer good."""
        assert len(set(self.places.values())) == len(self.places), "a place was given twice"
        wanted: dict[str, set[int]] = {url: set() for url, _ in self.places.values()}
        for path in self.fallen:
            url, index = self.places[path]
            wanted[url].add(index)
        for url, indexes in wanted.items():
            assert set(self.set_in(url)) == indexes, url

    def set_in(self, url: str) -> Iterator[int]:
        name = f"{url.rpartition('/')[2]}.json"
        (path,) = (self.one.folder / "archive" / "status" / DOMAIN).rglob(name)
        bits = decode(json.loads(path.read_bytes())["credentialSubject"]["encodedList"])
        for at, byte in enumerate(bits):
            for bit in range(8) if byte else ():
                if byte & (0x80 >> bit):
                    yield at * 8 + bit


def both_ways(one: Office, other: Office, size: int, classes: int) -> None:
    """Issue so many certificates each, in classes by turns, and revoke from both sides in both orders, interleaved."""
    university = University(one, other)
    each = size // classes
    for number in range(classes):
        for office in (one, other) if number % 2 else (other, one):
            university.issue(office, number, each)
    mine, theirs = university.codes[one], university.codes[other]
    university.revoke(one, mine[0])
    university.revoke(other, theirs[0])
    university.revoke(other, theirs[1])
    university.revoke(one, mine[1])
    university.revoke(one, theirs[each], *university.as_admin)  # each office the other's
    university.revoke(other, mine[each], *university.as_admin)
    university.withdraw(other, mine[-1])
    university.withdraw(one, theirs[-1])
    for office in (one, other, one):
        sanad(office, "status", "publish")
        university.check()
    at_once(university, mine[3], theirs[3])
    for office in (other, one):
        university.issue(office, classes, 3)
        university.revoke(office, university.codes[office][-1])
    sanad(other, "status", "publish", DOMAIN)
    university.check()


def at_once(university: University, mine: str, theirs: str) -> None:
    """Both revoke at the same moment, in processes of their own."""
    sanad_ = [sys.executable, "-c", "from deploy.cli import main; main()", "revoke"]
    runs = [
        subprocess.Popen(
            [*sanad_, path, "--reason", "data-error", "--yes", "--config", str(office.config)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for office, path in ((university.one, mine), (university.other, theirs))
    ]  # fmt: skip
    for run in runs:
        told, _ = run.communicate(timeout=120)
        assert run.returncode == 0, told
    university.fallen |= {mine, theirs}
    if "status publish" in told:
        sanad(university.one, "status", "publish")
    university.check()


def offices(chain: ChainNode, folder: Path, records: str | None) -> tuple[Office, Office]:
    """Two of them on a new registry; each with its own records, or both with those at a database's address."""
    one = open_office(deploy_on(chain), folder / "office")
    other = colleague(one)
    if records is not None:
        for office in (one, other):
            office.config.write_text(f'{office.config.read_text()}records = "{records}"\n')
    return one, other


@pytest.mark.parametrize("shared", [False, True], ids=["records of their own", "one PostgreSQL"])
def test_two_offices_give_no_place_twice_and_both_lists_are_true(
    embedded_chain: ChainNode, tmp_path: Path, request: pytest.FixtureRequest, shared: bool
) -> None:
    fresh: Callable[[], object] | None = request.getfixturevalue("postgres") if shared else None
    records = None if fresh is None else fresh().url.render_as_string(hide_password=False)  # type: ignore[attr-defined]
    one, other = offices(embedded_chain, tmp_path, records)
    both_ways(one, other, 40, classes=2)


def test_what_an_act_costs_does_not_grow_with_what_was_issued(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    bits = status_lists.Answers.bits

    def counted(answers: status_lists.Answers, places: list[object]) -> object:
        looked.append(len(places))
        return bits(answers, places)  # type: ignore[arg-type]

    monkeypatch.setattr(status_lists.Answers, "bits", counted)
    office = embedded_office
    school_keys(office)
    for code in ("BC-301", "BC-302", "BC-303"):
        assert office.issue(out=code, code=code).exit_code == 0
    paths = sorted((office.folder / "BC-302").glob("*.json"))
    sanad(office, "revoke", str(paths[0]), "--reason", "data-error")
    sanad(office, "withdraw", DOMAIN, json.loads(paths[1].read_bytes())["root"])
    (office.folder / "data").rename(office.folder / "lost")
    sanad(office, "batches", "--accept-missing", "--yes")
    sanad(office, "revoke", str(sorted((office.folder / "BC-303").glob("*.json"))[0]), "--reason", "data-error")
    sanad(office, "status", "publish", DOMAIN)
    assert looked == [5, 5, 5, 1, 5, 1, 15]
