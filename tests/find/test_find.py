"""`sanad find`: whoever remembers anything of a certificate finds it, with how it stands."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from issuer.commands import find as command
from issuer.office.finding import NOT_MADE, find
from issuer.office.records_place import Place, place_of
from issuer.office.standings import COULD_NOT_CHECK
from issuer.records import BatchState, Kept, Records
from issuer.text import folded
from tests.chain_fixtures import ChainNode
from tests.find.conftest import COURSE, issued_office
from tests.journey.office import ORIGIN, Office
from tests.store.samples import batch, drafts
from verifier.chain.registry import NodeRegistry
from verifier.core.codes import link, short_code


def found(office: Office, *words: str, code: int = 0) -> list[dict[str, Any]]:
    result = office.run("find", *words, "--json", "--config", str(office.config))
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["ayesha"], ["Ayesha Siddiqui", "Ayesha Siddiqui", "Ayesha Khan"]),
        (["KHAN", "aye"], ["Ayesha Khan"]),
        (["khan ayesha"], ["Ayesha Khan"]),
        (["Zoe"], ["Zoë Fernandes"]),
        (["ZOË", "fernandes"], ["Zoë Fernandes"]),
        (["فاطمة", "نُور"], ["فاطمہ نور"]),
        (["karim"], ["Ayesha Siddiqui"]),
        (["2026-0148"], ["فاطمہ نور"]),
        (["۰۱۴۹"], ["Zoë Fernandes"]),
        (["fatima@students"], ["فاطمہ نور"]),
        (["ayesha", "blockchain", "0150"], ["Ayesha Khan"]),
    ],
)
def test_all_words_are_found_wherever_they_stand(office: Office, words: list[str], names: list[str]) -> None:
    assert [each["name"] for each in found(office, "--offline", *words)] == names


def test_batch_code_hash_and_link(office: Office, ayesha: Kept) -> None:
    assert ayesha.hash is not None
    assert len(found(office, "--offline", ayesha.batch[:8])) == 4
    code = short_code(ayesha.hash)
    for words in ([code], code.split("-"), [ayesha.hash.hex()], [link(ORIGIN, ayesha.hash)], ["siddiqui", code]):
        assert [each["hash"] for each in found(office, "--offline", *words)] == ["0x" + ayesha.hash.hex()], words
    assert found(office, "--offline", "khan", code, code=1) == []


def test_what_is_said_of_one(office: Office, ayesha: Kept) -> None:
    assert ayesha.hash is not None
    (said,) = found(office, short_code(ayesha.hash))
    assert said["stands"] == "valid"
    assert (said["course"], said["awarded"], said["row"], said["state"]) == (COURSE, "2026-06-30", 2, "delivered")
    assert (said["link"], said["file"]) == (link(ORIGIN, ayesha.hash), str(office.pdfs[0]))
    assert (said["letter"], said["email"]) == (None, "ayesha@students.example")
    shown = office.run("find", "siddiqui", "karim", "--config", str(office.config))
    assert shown.stdout.splitlines()[:2] == [
        "Ayesha Siddiqui (BSCS-2026-0147): valid",
        f"  {COURSE}, 2026-06-30, {short_code(ayesha.hash)}",
    ]
    assert "no letter yet; the roster says ayesha@students.example" in shown.stdout


def test_words_of_a_course_are_found_by_their_beginnings_only(office: Office) -> None:
    assert len(found(office, "--offline", "block")) == 5
    assert found(office, "--offline", "chain", code=1) == []  # or Ali would find whole classes in qualitative methods


def test_exit_codes(office: Office, tmp_path: Path) -> None:
    nothing = office.run("find", "nobody", "--config", str(office.config))
    said = "Nothing was found for nobody. A shorter part of it may find more.\n"
    assert (nothing.exit_code, nothing.stdout) == (1, said)
    several = office.run("find", "nobody", "here", "--config", str(office.config))
    assert several.stdout == "Nothing was found for nobody here. Fewer words find more.\n"
    for words, said in (
        ([], "Find whom?"),
        (["a", "--json", "--csv"], "either --json or --csv"),
    ):
        result = office.run("find", *words, "--config", str(office.config))
        assert (result.exit_code, said in result.output) == (2, True), result.output
    missing = office.run("find", "a", "--config", str(tmp_path / "none.toml"))
    assert missing.exit_code == 2


def test_how_they_stand_is_asked_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    many = NodeRegistry.verify_many
    monkeypatch.setattr(NodeRegistry, "verify", lambda *_: pytest.fail("one question for one certificate"))

    def counted(registry: NodeRegistry, domain: str, queries: Any) -> Any:
        asked.append(len(queries))
        return many(registry, domain, queries)

    monkeypatch.setattr(NodeRegistry, "verify_many", counted)
    assert [hit.stands for hit in find(place, ["bscs"]).hits] == ["valid"] * 5
    assert asked == [5]


def test_revoked_unreachable_not_made_and_erased(embedded_chain: ChainNode, tmp_path: Path) -> None:
    own = issued_office(embedded_chain, tmp_path / "own")
    khan = found(own, "khan")[0]
    words = ["revoke", khan["hash"], "--reason", "misconduct", "--config", str(own.config)]
    if own.run(*words, "--yes").exit_code:
        assert own.run(*words).exit_code == 0
    assert [each["stands"] for each in found(own, "BSCS-2026-015")] == ["revoked"]

    with_store = Records(place_of(own.config).records)
    waiting = batch(1, domain=own.domain, course="Waiting", state=BatchState.DRAFTED)
    with_store.add_batch(waiting, drafts(1))
    with_store.close()
    (drafted,) = found(own, "waiting")
    assert (drafted["stands"], drafted["hash"], drafted["state"]) == (NOT_MADE, None, "drafted")
    assert "not issued yet" in own.run("find", "waiting", "--config", str(own.config)).stdout

    assert own.run("erase", "--name", "zoe", "--yes", "--config", str(own.config)).exit_code == 0
    assert found(own, "zoe", code=1) == []

    text = own.config.read_text()
    own.config.write_text(text.replace(own.deployed.chain.url, "http://127.0.0.1:9"))
    assert [each["stands"] for each in found(own, "khan")] == [COULD_NOT_CHECK]
    assert [each["stands"] for each in found(own, "khan", "--offline")] == [None]


def test_a_spreadsheet_computes_nothing_of_it(embedded_chain: ChainNode, tmp_path: Path) -> None:
    own = issued_office(embedded_chain, tmp_path / "own")
    store = Records(place_of(own.config).records)
    with_formula = batch(1, domain=own.domain, course='=HYPERLINK("http://evil.example")')
    store.add_batch(with_formula, drafts(1))
    store.close()
    result = own.run("find", "bscs", "--offline", "--csv", "--config", str(own.config))
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 5
    assert (rows[-1]["name"], rows[-1]["letter"]) == ("Ayesha Khan", "")
    result = own.run("find", "فاطمہ", "1", "--offline", "--csv", "--config", str(own.config))
    assert "'=HYPERLINK" in result.stdout
    assert all(not str(value).startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_a_terminal_shows_the_newest(
    place: Place, office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_WHOLE", 1)
    result = office.run("find", "bscs", "--offline", "--config", str(office.config))
    assert result.stdout.count("BSCS-") == 5  # nobody sits there: all of them
    assert " ".join(result.stdout.split()[:5]) == "Name Number Course Date Status"
    newest = find(place, ["bscs"], most=2, ask=False)
    assert (newest.total, len(newest.hits)) == (5, 2)
    command._print(newest, ["bscs"])
    assert "… and 3 more; more words find fewer, --csv or --json has all." in capsys.readouterr().out


def test_letters_that_are_written_in_several_ways_are_one() -> None:
    for one, other in (
        ("علي", "علی"),
        ("كريم", "کریم"),
        ("فاطمه", "فاطمہ"),
        ("مُحَمَّد", "محمد"),
        ("آمنہ", "امنہ"),
        ("۱۲۳", "123"),
        ("٤٥٦", "456"),
        ("Ömer ÇELİK", "omer celik"),
        ("Straße", "STRASSE"),
        ("\u200fنور\u200c", "نور"),
        ("O’Brien", "o'brien"),
        ("Noor‑ul–Ain", "noor-ul-ain"),
    ):
        assert folded(one) == folded(other), (one, other)
    assert folded("نور") != folded("نوری")
