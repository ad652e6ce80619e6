"""A Safe as the registry's owner and as an institution's admin: its acts are written, executed, and recognised."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from deploy.demo import DevelopmentNode
from issuer.office.multisig import checksum
from issuer.office.trail import WRITTEN
from issuer.office.written_calls import BY_MULTISIG
from tests.chain_fixtures import deploy_on, running_anvil
from tests.journey.office import Office, open_office, school_keys
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
    again = done(school, *words, "--safe", str(school.folder / "unwritten.json"))
    assert "Already so." in again
    assert "Nothing is left to do, so no file was written." in again
    assert not (school.folder / "unwritten.json").exists()
    assert {each["outcome"] for each in of_file(school, batch)} == {BY_MULTISIG}
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
