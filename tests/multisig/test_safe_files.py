"""A Safe as the registry's owner and as an institution's admin: its acts are written, executed, and recognised."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from deploy.demo import DevelopmentNode
from deploy.programme_acts import ProgrammeActs
from issuer.office.multisig import checksum
from issuer.office.trail import WRITTEN
from issuer.office.written_calls import BY_MULTISIG
from tests.chain_fixtures import deploy_on, running_anvil
from tests.journey.office import Office, open_office, school_keys, settings
from tests.multisig.safes import Safe, new_safe
from verifier.core.hashes import institution_id, to_hex

FRESH = "quetta.example.edu"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with a class; its admin and the registry's owner are keys still."""
    folder = tmp_path_factory.mktemp("multisig")
    with running_anvil(folder / "log") as chain:
        node = DevelopmentNode(chain.url)
        node.tick()
        school = open_office(deploy_on(chain), folder / "office")
        school_keys(school)
        assert school.issue().exit_code == 0
        yield school
        node.close()


@pytest.fixture(scope="module")
def owner(school: Office) -> Safe:
    """A Safe that took the registry over, by a file."""
    safe = new_safe(school.deployed.chain)
    done(school, "registry", "transfer", safe.address)
    executed(school, safe, "registry", "transfer", "--accept")
    assert json.loads(done(school, "registry", "show", "--json"))["owner"] == safe.address
    return safe


@pytest.fixture(scope="module")
def admin(school: Office) -> Safe:
    """A Safe that took the institution over, by a file."""
    safe = new_safe(school.deployed.chain)
    done(school, "transfer", school.domain, safe.address)
    executed(school, safe, "transfer", school.domain, "--accept")
    assert record(school)["admin"] == safe.address
    return safe


def record(school: Office, domain: str = "") -> dict[str, Any]:
    return school.deployed.record("institutionRecord", institution_id(domain or school.domain))


def key(school: Office, address: str) -> dict[str, Any]:
    return school.deployed.record("keyRecord", institution_id(school.domain), address)


def done(school: Office, *words: str) -> str:
    result = school.run(*words, "--config", str(school.config))
    assert result.exit_code == 0, result.output
    return result.output


def written(school: Office, *words: str) -> Path:
    """The file that a command writes for a Safe."""
    file = school.folder / f"safe-{len(list(school.folder.glob('safe-*')))}.json"
    output = done(school, *words, "--safe", str(file))
    assert f"Written to {file}" in output
    assert "Nothing was sent." in output
    return file


def executed(school: Office, safe: Safe, *words: str) -> dict[str, Any]:
    """Write, execute, and type it again: it is recognised, by the command and by the trail."""
    file = written(school, *words)
    batch = json.loads(file.read_text())
    assert isinstance(batch, dict)
    assert {each["outcome"] for each in of_file(school, batch)} == {WRITTEN}
    assert safe.execute(file)
    assert {each["outcome"] for each in of_file(school, batch)} == {BY_MULTISIG}
    again = done(school, *words, "--safe", str(school.folder / "unwritten.json"))
    assert "Already so." in again
    assert "Nothing is left to do, so no file was written." in again
    assert not (school.folder / "unwritten.json").exists()
    return batch


def of_file(school: Office, batch: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of the newest file for this Safe."""
    acts = json.loads(done(school, "trail", "--json"))["acts"]
    mine = [each for each in acts if each["sent_by"] is None and each["key"] == batch["meta"]["createdFromSafeAddress"]]
    found = mine[-len(batch["transactions"]) :]
    assert len(found) == len(batch["transactions"])
    return found


NEW = Account.create().address
OF_OWNER = {
    "accredit": ("accredit", FRESH, "University of Quetta", NEW, "--yes"),
    "suspend": ("suspend", "{domain}"),
    "reinstate": ("reinstate", "{domain}"),
    "rename": ("registry", "rename", "{domain}", "Another Name"),
    "permit": ("registry", "permit-certifying", "{domain}"),
    "replace admin": ("registry", "replace-admin", FRESH, Account.create().address),
}
OF_ADMIN = {
    "authorise": ("authorise", "{domain}", NEW),
    "remove": ("remove", "{domain}", NEW),
    "distrust": ("distrust", "{domain}", NEW, "--since", "2020-01-01T00:00:00Z"),
    "lift": ("distrust", "{domain}", NEW, "--lift"),
    "certify": ("certify", "{domain}", NEW, "0x" + "11" * 32),
    "withdraw": ("withdraw", "{domain}", "{root}"),
    "reinstate batch": ("withdraw", "{domain}", "{root}", "--undo"),
    "revoke": ("revoke", "{first}", "--reason", "other"),
    "replace": ("replace", "{second}", "{third}", "--even-so"),
}


def filled(school: Office, words: tuple[str, ...]) -> list[str]:
    root = json.loads(school.envelopes[0].read_bytes())["root"]
    hashes = [each["hash"] for each in school.verdicts(*school.envelopes[:3])]
    named = dict(zip(("first", "second", "third"), hashes, strict=True))
    return [word.format(domain=school.domain, root=root, **named) for word in words]


@pytest.mark.parametrize("name", OF_OWNER)
def test_a_safe_as_the_registrys_owner(school: Office, owner: Safe, name: str) -> None:
    batch = executed(school, owner, *filled(school, OF_OWNER[name]))
    assert batch["transactions"][0]["to"] == school.deployed.address
    assert batch["meta"]["checksum"] == checksum(batch)


@pytest.mark.parametrize("name", OF_ADMIN)
def test_a_safe_as_an_institutions_admin(school: Office, owner: Safe, admin: Safe, name: str) -> None:
    assert owner.address != admin.address
    executed(school, admin, *filled(school, OF_ADMIN[name]))


def test_what_one_command_takes_is_one_file(school: Office, admin: Safe) -> None:
    """Distrusting a signer and keeping its class: the batch is adopted in the Safe's transaction that distrusts."""
    words = ["distrust", school.domain, school.deployed.signer.address, "--since", "2020-01-01T00:00:00Z"]
    batch = executed(school, admin, *words, "--keep-recorded")
    assert len(batch["transactions"]) > 1
    meaning = batch["meta"]["description"].splitlines()
    assert len(meaning) == len(batch["transactions"])
    assert meaning[-1].split(" ")[1] == "adopt:"
    root = json.loads(school.envelopes[0].read_bytes())["root"]
    found = school.deployed.record("batchRecord", institution_id(school.domain), bytes.fromhex(root[2:]))
    assert found["adopted"]
    assert found["counts"]
    assert key(school, school.deployed.signer.address)["distrustedSince"]
    assert to_hex(bytes.fromhex(root[2:])) in batch["meta"]["description"]


def test_the_watch_takes_none_of_it_for_a_thief(school: Office, admin: Safe) -> None:
    """The admin of these records executed it: keys, revocations, handing over."""
    school.deployed.chain.finalize()
    result = school.run("watch", "--once", "--config", str(school.config))
    assert result.exit_code == 0, (admin.address, result.output)
    assert "Nothing unexplained was found" in result.output


def test_the_programmes_watch_takes_none_of_it_for_a_thief(school: Office, owner: Safe) -> None:
    """What was written for the owner's Safe, and executed, is the programme's own."""
    words = ("watch", "--programme", "--once", "--json", "--config", str(school.config))
    school.deployed.chain.finalize()
    school.run(*words)
    executed(school, owner, "registry", "rename", school.domain, "University of the Safe")
    executed(school, owner, "accredit", "safe.example.edu", "Safe", Account.create().address, "--yes")
    school.deployed.chain.finalize()
    result = school.run(*words)
    assert "University of the Safe" not in result.output, result.output
    assert "safe.example.edu" not in result.output, result.output


def test_coins_come_from_the_safe(school: Office, owner: Safe) -> None:
    school.deployed.chain.fund(owner.address)
    poor = Account.create().address
    file = written(school, "fund", poor, "--up-to", "0.5")
    assert owner.execute(file)
    assert school.deployed.chain.web3.eth.get_balance(poor) == 5 * 10**17
    assert "Already so." in done(school, "fund", poor, "--up-to", "0.5", "--safe", str(school.folder / "more.json"))
    (entry,) = [
        each for each in json.loads(done(school, "trail", "--json"))["acts"] if each["facts"].get("key") == poor
    ]
    assert (entry["act"], entry["outcome"]) == ("fund", BY_MULTISIG)


def test_what_is_refused_writes_nothing(school: Office, owner: Safe, admin: Safe) -> None:
    file = school.folder / "refused.json"
    config = ("--config", str(school.config))
    cases = {
        ("authorise", "nobody.example", NEW): "nobody.example is not accredited in this registry",
        ("withdraw", school.domain, "0x" + "22" * 32): "has no batch",
        (
            "authorise",
            school.domain,
            NEW,
            "--certifier",
            "nobody.example",
        ): "nobody.example is not accredited in this registry, so it has certified nobody.",
        ("authorise", school.domain, NEW, "--key", "x.json"): "Give either --key or --safe",
        ("distrust", school.domain, NEW): "With --safe, say since when: --since 20",
        ("registry", "rename", school.domain, "\u202ename"): "U+202E",
    }
    for words, why in cases.items():
        result = school.run(*words, "--safe", str(file), *config)
        assert result.exit_code == 2, result.output
        assert why in result.output
    dry = done(school, "suspend", school.domain, "--safe", str(file), "--dry-run")
    assert f"Dry run: {file} was not written." in dry
    assert not file.exists()
    file.write_text("mine")
    result = school.run("suspend", school.domain, "--safe", str(file), *config)
    assert result.exit_code == 2
    assert "exists already. Name a new file with --safe. Nothing was written." in result.output
    assert file.read_text() == "mine"
    assert owner.address != admin.address


def test_an_owner_that_is_a_key_is_told_so(school: Office, tmp_path: Path) -> None:
    other = deploy_on(school.deployed.chain)
    config = tmp_path / "sanad.toml"
    config.write_text(settings(other).partition("[issuer]")[0])
    for words in (("suspend", other.domain), ("authorise", other.domain, NEW)):
        result = school.run(*words, "--safe", str(tmp_path / "file.json"), "--config", str(config))
        assert result.exit_code == 2
        assert "and is a key, not a multisig's contract: act with that key, without --safe." in result.output
    assert not (tmp_path / "data").exists(), "nothing was written"


def test_a_safe_names_the_successor(school: Office, tmp_path: Path) -> None:
    chain = school.deployed.chain
    old, new, safe = deploy_on(chain), deploy_on(chain), new_safe(chain)
    ProgrammeActs(old.sender(old.programme), old.address).transfer(safe.address).perform()
    config, accept, name = (tmp_path / each for each in ("sanad.toml", "accept.json", "successor.json"))
    tables = settings(new).partition("[issuer]")[0]
    tables += settings(old).partition("[issuer]")[0].partition("trust_local = true\n")[2]
    config.write_text(tables)
    options = ("--config", str(config))
    words = ("registry", "transfer", "--accept", "--registry", old.address, "--safe", str(accept))
    assert school.run(*words, *options).exit_code == 0
    assert safe.execute(accept)
    chain.finalize()
    words = ("reanchor", "--from", old.address, "--to", new.address, "--safe", str(name))
    assert "--safe goes with --name-successor" in school.run(*words, *options).output
    result = school.run(*words, "--name-successor", *options)
    assert result.exit_code == 0, result.output
    assert safe.execute(name)
    shown = school.run("registry", "show", "--registry", old.address, "--json", *options)
    assert json.loads(shown.stdout)["successor"] == new.address
    listed = json.loads(school.run("trail", "--json", *options).stdout)["acts"]
    assert [(each["act"], each["outcome"], each["registry"]) for each in listed] == [
        ("accept", BY_MULTISIG, old.address),
        ("name successor", BY_MULTISIG, old.address),
    ]


def test_a_list_is_written_for_a_safe_in_one_file(school: Office, owner: Safe, tmp_path: Path) -> None:
    domains = ["one.example.edu", "two.example.edu"]
    file, rows = tmp_path / "safe.json", tmp_path / "list.csv"
    lines = [f"{domain},University {domain},{Account.create().address}" for domain in domains]
    rows.write_text("\n".join(["domain,name,admin", *lines]))
    words = ("accredit", "--from", str(rows), "--safe", str(file))
    output = done(school, *words)
    assert "2 rows, in 2 transactions" in output
    assert f"Written to {file}" in output
    assert owner.execute(file)
    school.deployed.chain.finalize()
    assert all(record(school, domain)["accreditedAt"] for domain in domains)
    assert "All 2 rows are already so; nothing was sent." in done(school, *words)


def test_the_check_sum_is_the_transaction_builders() -> None:
    """Of a file that the builder itself wrote."""
    approve = {
        "to": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
        "value": "0",
        "data": None,
        "contractMethod": {
            "inputs": [
                {"internalType": "address", "name": "spender", "type": "address"},
                {"internalType": "uint256", "name": "value", "type": "uint256"},
            ],
            "name": "approve",
            "payable": False,
        },
        "contractInputsValues": {"spender": "0x474e5Ded6b5D078163BFB8F6dBa355C3aA5478C8", "value": "100000000000"},
    }
    meta = {
        "name": "Transactions Batch",
        "description": "",
        "txBuilderVersion": "1.18.2",
        "createdFromSafeAddress": "0xA77DE01e157f9f57C7c4A326eeE9C4874D0598b6",
        "createdFromOwnerAddress": "",
    }
    batch = {"version": "1.0", "chainId": "1", "createdAt": 1761326849944, "meta": meta, "transactions": [approve]}
    assert checksum(batch) == "0x8b5032f716845c8b08bab3d63dbd9ba92e056f3557793cd041e59b84e16aa989"
