"""`sanad trail`: what became of acts, also of those whose run ended too early; filters and exports."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from issuer.office.office import open_office
from issuer.office.trail import NEVER, REVERTED, UNKNOWN, Filter, acts_in, chosen, trail_of
from issuer.records import AttemptState, Records
from issuer.records.trail import process_user
from issuer.sending import Pricing, Sender, StoredLedger, connect
from tests.chain_fixtures import deploy_on, running_anvil
from tests.journey.office import Office, school_keys, settings
from tests.journey.office import open_office as open_school


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A programme and an admin that have sent some acts, and a class."""
    folder = tmp_path_factory.mktemp("trail")
    with running_anvil(folder / "log") as chain:
        from deploy.demo import DevelopmentNode

        node = DevelopmentNode(chain.url)
        node.tick()
        school = open_school(deploy_on(chain), folder / "office")
        school_keys(school)
        assert school.issue().exit_code == 0
        run(school, "suspend", school.domain)
        run(school, "reinstate", school.domain)
        run(school, "revoke", hash_of(school, 0), "--reason", "other")
        yield school
        node.close()


def hash_of(school: Office, index: int) -> str:
    return str(school.verdicts(school.envelopes[index])[0]["hash"])


def run(school: Office, *words: str, code: int = 0) -> str:
    result = school.run(*words, "--config", str(school.config))
    assert result.exit_code == code, result.output
    return result.output


def listed(school: Office, *words: str, code: int = 0) -> list[dict[str, Any]]:
    result = school.run("trail", "--json", *words, "--config", str(school.config))
    assert result.exit_code == code, result.output
    data = json.loads(result.stdout)
    assert data["sanad_trail"] == 1
    acts = data["acts"]
    assert isinstance(acts, list)
    return acts


def test_what_was_sent_is_listed_newest_last(school: Office) -> None:
    acts = listed(school)
    assert [each["act"] for each in acts] == ["issue", "suspend", "reinstate", "revoke"]
    assert {each["outcome"] for each in acts} == {"done"}
    assert {each["who"] for each in acts} == {process_user()}
    assert {each["institution"] for each in acts} == {school.domain}
    assert [each["function"] for each in acts] == ["issue", "suspend", "reinstate", "revoke"]
    root = json.loads(school.envelopes[0].read_bytes())["root"]
    assert acts[0]["batches"] == [root]
    assert acts[0]["arguments"]["root"] == root
    assert acts[3]["certificates"] == [hash_of(school, 0)]
    assert "Siddiqui" not in json.dumps(acts)
    lines = run(school, "trail").splitlines()
    assert f"  revoke  {school.domain}  done" in [line[20:] for line in lines if not line.startswith(" ")]


def test_filters(school: Office) -> None:
    root = json.loads(school.envelopes[0].read_bytes())["root"]
    (batch,) = json.loads(school.run("batches", "--json", "--config", str(school.config)).stdout)
    short = school.verdicts(school.envelopes[0])[0]["short_code"]
    cases: dict[tuple[str, ...], list[str]] = {
        ("--act", "suspend"): ["suspend"],
        ("--act", "Reinstate"): ["reinstate"],
        ("--batch", root[:10]): ["issue"],
        ("--batch", batch["batch"][:8]): ["issue"],
        ("--certificate", hash_of(school, 0)): ["issue", "revoke"],
        ("--certificate", short): ["issue", "revoke"],
        ("--certificate", hash_of(school, 1)): ["issue"],
        ("--institution", school.domain): ["issue", "suspend", "reinstate", "revoke"],
        ("--since", "2020-01-01"): ["issue", "suspend", "reinstate", "revoke"],
    }
    for words, wanted in cases.items():
        assert [each["act"] for each in listed(school, *words)] == wanted, words
    assert listed(school, "--institution", "nobody.example", code=1) == []
    assert listed(school, "--since", "2100-01-01", code=1) == []
    assert "It has: issue, reinstate, revoke, suspend." in run(school, "trail", "--act", "sispend", code=1)
    assert "is not a time" in run(school, "trail", "--since", "yesterday", code=2)
    assert "has no time zone" in run(school, "trail", "--since", "2026-01-01T10:00:00", code=2)
    assert run(school, "trail", "--certificate", "no code", code=2)


def test_csv(school: Office) -> None:
    rows = list(csv.DictReader(io.StringIO(run(school, "trail", "--csv"))))
    assert [row["act"] for row in rows] == ["issue", "suspend", "reinstate", "revoke"]
    assert rows[3]["certificates"] == hash_of(school, 0)
    assert rows[3]["transaction"].startswith("0x")
    assert "Give either" in run(school, "trail", "--csv", "--json", code=2)


def test_nothing_sent_is_said(tmp_path: Path, school: Office) -> None:
    config = tmp_path / "sanad.toml"
    config.write_text(settings(school.deployed).partition("[issuer]")[0])
    result = school.run("trail", "--config", str(config))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing was sent to a registry from here yet." in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_programmes_machine_keeps_its_acts_and_is_no_issuer(tmp_path: Path, school: Office) -> None:
    """Without [issuer]: its records are made for the trail, and nobody takes them for a class's."""
    config = tmp_path / "sanad.toml"
    words = ("--config", str(config), "--key", str(school.folder / "programme.json"))
    words += ("--passphrase-file", str(school.folder / "passphrase"))
    config.write_text(settings(school.deployed).partition("[issuer]")[0])
    assert school.run("suspend", school.domain, *words).exit_code == 0
    assert school.run("reinstate", school.domain, *words).exit_code == 0
    office = open_office(config)
    assert [one.act for one in trail_of(office)] == ["suspend", "reinstate"]
    assert (tmp_path / "data" / "records.sqlite").stat().st_mode & 0o077 == 0
    with office.records() as store:
        assert store is None
    assert json.loads(school.run("batches", "--json", "--config", str(config)).stdout) == []


def sender_of(school: Office) -> Sender:
    chain = school.deployed.chain
    return Sender(connect(chain.url, chain.chain_id), school.deployed.admin, Pricing())


def test_an_act_whose_run_was_killed_is_completed_later(tmp_path: Path, school: Office) -> None:
    """Signed, kept and sent; then the machine stopped."""
    config = tmp_path / "sanad.toml"
    config.write_text(settings(school.deployed))
    office, sender = open_office(config), sender_of(school)
    act = open_office(school.config)
    with closing(Records(tmp_path / "data" / "records.sqlite")) as store:
        ledger = StoredLedger(store, sender.chain_id, sender.address, None, "authorise")
        acts = act.institution(school.domain, choice_of(school))
        ledger.keep(sender.sign(acts.authorise(school.deployed.stranger.address).call))
        (attempt,) = ledger.attempts()
        assert acts_in(store) == [], "nobody knows yet that it left the machine"
        ledger.note(attempt.hash, AttemptState.SENT, sent="2026-11-26T20:00:00Z")
        (before,) = acts_in(store)
        assert (before.outcome, before.who, before.number) == (UNKNOWN, None, None)
        assert (before.function, before.registry) == ("authorise", school.deployed.address)
        sender.send(attempt.raw)
        (offline,) = trail_of(office, offline=True)
        assert offline.outcome == UNKNOWN
        (after,) = trail_of(office)
        assert (after.outcome, after.transaction, after.institution) == ("done", attempt.hash, None)
        assert after.block


def choice_of(school: Office) -> Any:
    from issuer.keys.files import Passphrases
    from issuer.office.key_choice import KeyChoice

    return KeyChoice(str(school.folder / "admin.json"), Passphrases(school.folder / "passphrase"))


OUTCOMES = {
    "reverted": ({"state": AttemptState.MINED, "receipt": {"status": 0}}, REVERTED),
    "mined": ({"state": AttemptState.MINED, "receipt": {"status": 1}, "block": 7}, "done"),
    "sent": ({"state": AttemptState.SENT}, UNKNOWN),
    "dropped": ({"state": AttemptState.DROPPED}, NEVER),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_became_of_it(tmp_path: Path, school: Office, name: str) -> None:
    sender = sender_of(school)
    fields, wanted = OUTCOMES[name]
    with closing(Records(tmp_path / "records.sqlite")) as store:
        ledger = StoredLedger(store, sender.chain_id, sender.address, None, "lift distrust")
        acts = open_office(school.config).institution(school.domain, choice_of(school))
        ledger.keep(sender.sign(acts.lift_distrust(school.deployed.stranger.address).call))
        (attempt,) = ledger.attempts()
        ledger.went_out()
        ledger.went_out()
        store.transactions.note(attempt.hash, **fields)
        (found,) = acts_in(store)
        assert (found.outcome, found.act, found.transaction) == (wanted, "lift distrust", attempt.hash)


def test_entries_of_earlier_versions_stay_readable(tmp_path: Path) -> None:
    with closing(Records(tmp_path / "records.sqlite")) as store:
        hash_, certificate = "0x" + "ab" * 32, "0x" + "cd" * 32
        store.trail.add("revoke", "lahore.example.edu.pk", transaction=hash_, certificate=certificate)
        (found,) = acts_in(store)
        assert (found.act, found.transaction, found.outcome) == ("revoke", hash_, "done")
        assert found.certificates == [certificate]
        assert chosen([found], Filter(certificate=certificate)) == [found]


def test_a_deployment_is_in_the_trail(tmp_path: Path, school: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the programme's first act, before there is a registry to name."""
    monkeypatch.chdir(tmp_path)
    chain = school.deployed.chain
    Path("sanad.toml").write_text(f'[networks.{chain.name}]\nnodes = ["{chain.url}"]\nagreement = 1\n')
    words = ("deploy", "--network", chain.name, "--key", str(school.folder / "programme.json"), "--plain")
    words += ("--passphrase-file", str(school.folder / "passphrase"), "--programme", "P", "--yes")
    for _ in range(2):
        result = school.run(*words)
        assert result.exit_code == 0, result.output
    (found,) = json.loads(school.run("trail", "--json").stdout)["acts"]
    assert (found["act"], found["outcome"], found["chain_id"]) == ("deploy", "done", chain.chain_id)
    assert found["registry"] in Path("sanad.toml").read_text()
    assert found["key"] == school.deployed.programme.address
    assert found["block"]
