"""A silent registry that accredits the institution holds good news back, also after a restart."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.doubles import DOMAIN, INFO, FakeRegistry, batch, credential
from verifier.answers.remarks import remarks
from verifier.answers.report import verdict_data
from verifier.chain.remembering import Accreditations, remembering
from verifier.core.verdict import Check, Outcome, State
from verifier.core.verifier import Verifier
from verifier.settings import load_settings

OTHER = replace(INFO, programme="Another Programme", address="0x" + "ab" * 20)
SETTINGS = """
[[registry]]
programme = "One"
network = "bsc-testnet"
address = "0x5fbdb2315678afecb367f032d93f642f64180aa3"

[[registry]]
programme = "Two"
network = "bsc-testnet"
address = "0x5fbdb2315678afecb367f032d93f642f64180aa4"
"""


@pytest.fixture
def registries() -> tuple[FakeRegistry, FakeRegistry]:
    first, second = FakeRegistry(), FakeRegistry(OTHER)
    second.accredit()
    return first, second


def test_good_news_waits_for_a_silent_registry_that_accredits(
    registries: tuple[FakeRegistry, FakeRegistry], tmp_path: Path
) -> None:
    first, second = registries
    (envelope,) = batch([credential()])
    first.register(envelope.root, 1)
    verifier = Verifier(remembering(registries, tmp_path / "accredited.json"))
    assert verifier.check_file(envelope.to_bytes()).outcome is Outcome.VALID
    second.problem = "Down."
    for each in (verifier, Verifier(remembering(registries, tmp_path / "accredited.json"))):
        verdict = each.check_file(envelope.to_bytes())
        assert (verdict.outcome, verdict.reason) == (Outcome.UNAVAILABLE, verdict.steps[Check.ANCHORED.number - 1])
        assert f"Another Programme accredits {DOMAIN} too, and could not be asked: Down." in verdict.steps[2].sentence
    first.revoke(envelope.commitment)
    assert verifier.check_file(envelope.to_bytes()).outcome is Outcome.REVOKED


def test_any_other_silent_registry_is_a_prominent_note(
    registries: tuple[FakeRegistry, FakeRegistry], tmp_path: Path
) -> None:
    first, second = registries
    (envelope,) = batch([credential()])
    first.register(envelope.root, 1)
    second.problem = "Down."
    verdict = Verifier(remembering(registries, tmp_path / "none" / "accredited.json")).check_file(envelope.to_bytes())
    note = verdict.steps[2]
    assert (verdict.outcome, note.state) == (Outcome.VALID, State.NOTE)
    assert note.sentence.endswith("Another Programme could not be asked, so what it holds is not known: Down.")
    assert note.sentence in map(str, remarks(verdict))
    assert verdict_data(verdict, None, [], datetime.now(UTC))["remarks"] == [note.sentence]


def test_one_registry_alone_is_not_remembered(tmp_path: Path) -> None:
    registry = FakeRegistry()
    assert remembering([registry], tmp_path / "accredited.json") == [registry]


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, '{"a": 5}', '{"97 0x": [1]}', "\udcff"])
def test_a_file_that_cannot_be_read_is_no_memory(tmp_path: Path, text: str) -> None:
    path = tmp_path / "accredited.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    memory = Accreditations(path)
    assert not memory.has(INFO, DOMAIN)
    memory.note(INFO, {DOMAIN: True})
    assert Accreditations(path).has(INFO, DOMAIN)


def test_several_processes_keep_what_the_others_wrote(tmp_path: Path) -> None:
    path = tmp_path / "accredited.json"
    one, two = Accreditations(path), Accreditations(path)
    one.note(INFO, {DOMAIN: True})
    two.note(OTHER, {DOMAIN: True, "college.example": True})
    two.note(OTHER, {"college.example": False})
    assert json.loads(path.read_text()) == {
        f"97 {INFO.address.lower()}": [DOMAIN],
        f"97 {OTHER.address.lower()}": [DOMAIN],
    }


def test_the_settings_say_where_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "sanad.toml"
    path.write_text('[verifier]\naccredited = "kept/known.json"\n' + SETTINGS, encoding="utf-8")
    assert load_settings(path).accredited == tmp_path / "kept" / "known.json"
    path.write_text(SETTINGS, encoding="utf-8")
    assert load_settings(path).accredited == tmp_path / "accredited.json"


def test_processes_of_one_website_share_what_they_know(tmp_path: Path) -> None:
    one, two = (Accreditations(tmp_path / "accredited.json") for _ in range(2))
    one.note(INFO, {"a.example": True})
    two.note(INFO, {"b.example": True})
    one.note(OTHER, {"c.example": True})
    for each in (one, two, Accreditations(tmp_path / "accredited.json")):
        assert each.has(INFO, "a.example")
        assert each.has(INFO, "b.example")
        assert each.has(OTHER, "c.example")
        assert not each.has(OTHER, "a.example")


def test_what_a_registry_says_last_counts(tmp_path: Path) -> None:
    memory = Accreditations(tmp_path / "accredited.json")
    memory.note(INFO, {"a.example": True, "b.example": True})
    memory.note(INFO, {"a.example": False})
    for each in (memory, Accreditations(tmp_path / "accredited.json")):
        assert not each.has(INFO, "a.example")
        assert each.has(INFO, "b.example")
