"""What would change nothing is told before it is sent, and what would be lost is told before it is lost."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from deploy.registry_contract import accredit, authorise, deploy_registry
from tests.journey.office import PASSPHRASE, Office
from tests.journey.school import act, refused, root
from tests.journey.test_adopting import revoke, verdicts
from verifier.core.hashes import commitment, from_hex

NOWHERE = "http://127.0.0.1:9"
"""Nobody listens there."""


def colleague(school: Office) -> tuple[str, ...]:
    """The options by which another signer of the institution acts."""
    deployed, key = school.deployed, Account.create()
    authorise(deployed.sender(deployed.admin), deployed.address, school.domain, key.address)
    deployed.chain.fund(key.address)
    return as_key(school, key, "colleague")


def as_key(school: Office, key: LocalAccount, name: str) -> tuple[str, ...]:
    keystore = Account.encrypt(key.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
    (school.folder / f"{name}.json").write_text(json.dumps(keystore))
    return "--key", str(school.folder / f"{name}.json"), "--passphrase-file", str(school.folder / "passphrase")


def hash_of(school: Office, pdf: Path) -> str:
    return str(school.verdicts(pdf)[0]["hash"])


def another(school: Office) -> str:
    """One more certificate, to replace another by."""
    assert school.issue("Student Number,Name\n9,Ayesha A. Siddiqui\n", "second").exit_code == 0
    return hash_of(school, next((school.folder / "second").glob("*.pdf")))


def test_a_signer_does_not_revoke_what_another_one_registered(school: Office) -> None:
    """The registry takes it, and it changes nothing: it was told as done."""
    key, old, new = colleague(school), hash_of(school, school.pdfs[0]), another(school)
    sentence = f"The batch was registered by {school.deployed.signer.address}, and 0x"
    for words in (("revoke", old, "--reason", "misconduct"), ("replace", old, new, "--even-so")):
        for more in ((), ("--dry-run",)):
            told = refused(school, *words, *key, *more)
            assert sentence in told
            assert f"or with the admin's: sanad {words[0]} … --key ADMIN. Nothing was sent." in told
    assert set(verdicts(school)) == {"valid"}


def test_a_former_admin_who_is_still_a_signer_revokes_in_its_own_batches_alone(school: Office) -> None:
    deployed, fresh = school.deployed, Account.create()
    deployed.chain.fund(fresh.address)
    old = as_key(school, deployed.admin, "admin")
    act(school, "authorise", school.domain, deployed.admin.address)
    act(school, "transfer", school.domain, fresh.address)
    act(school, "transfer", school.domain, "--accept", *as_key(school, fresh, "fresh"))
    told = refused(school, "revoke", hash_of(school, school.pdfs[0]), "--reason", "misconduct", *old)
    assert f"{deployed.admin.address} is not the institution's admin" in told
    assert "Only the institution's admin may do this" in refused(school, "withdraw", school.domain, root(school), *old)


def test_what_is_revoked_is_not_replaced_any_more(school: Office) -> None:
    """It was sent, changed nothing, and was asked about for two minutes."""
    new = another(school)
    revoked = revoke(school, 1)
    assert f"{revoked[2:]} is revoked already, and that is final. Nothing was sent." in refused(
        school, "replace", revoked, new, "--even-so"
    )
    old = hash_of(school, school.pdfs[0])
    assert act(school, "replace", old, new, "--even-so")[0]["transaction"]
    assert act(school, "replace", old, new, "--even-so")[0]["stood_already"]
    other = hash_of(school, school.pdfs[2])
    assert "is replaced by another certificate already" in refused(school, "replace", old, other, "--even-so")


def test_a_distrust_that_ends_our_own_revocations_says_how_they_are_kept(school: Office) -> None:
    chain = school.deployed.chain
    chain.finalize()
    since = chain.web3.eth.get_block("latest")["timestamp"] + 1
    while chain.web3.eth.get_block("latest")["timestamp"] < since:
        time.sleep(0.1)
        chain.finalize()
    revoke(school, 1)
    moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = ("distrust", school.domain, school.deployed.signer.address, "--since", moment)
    told = school.run(*words, "--dry-run", "--config", str(school.config)).output
    assert "Certificates that our own records revoked are good again then. To repeat it: --keep-recorded." in told
    told = school.run(*words, "--keep-recorded", "--config", str(school.config)).output
    assert "good again then" not in told
    assert verdicts(school) == ["valid", "revoked", "valid", "valid", "valid"]


def test_a_dry_run_in_json_names_what_is_adopted_then(school: Office) -> None:
    words = ("distrust", school.domain, school.deployed.signer.address, "--since", "2020-01-01T00:00:00Z")
    (told,) = act(school, *words, "--keep-recorded", "--dry-run")
    assert told["facts"]["then adopted 1"] == f"batch {root(school)}"
    assert "then adopted 1" not in act(school, *words, "--dry-run")[0]["facts"]


@pytest.fixture
def moved(school: Office) -> Office:
    """With a new registry in the settings, and the old one, where all stands, beside it."""
    deployed, text = school.deployed, school.config.read_text()
    new = deploy_registry(deployed.sender(deployed.programme)).address
    accredit(deployed.sender(deployed.programme), new, school.domain, "Darya University", deployed.admin.address)
    table = text[text.index("[[registry]]") : text.index("[issuer]")]
    old = table.replace("test = true", "test = true\nretired = true")
    school.config.write_text(text.replace(table, old + table.replace(deployed.address, new)))
    return school


def test_adopted_into_another_registry_nothing_that_was_revoked_or_withdrawn_comes_back(moved: Office) -> None:
    deployed, batch = moved.deployed, root(moved)
    there = commitment(from_hex(hash_of(moved, moved.pdfs[0])))
    deployed.revoke(deployed.signer, [there], 3, moved.domain)  # from another machine
    at_old = ("--registry", deployed.address)
    act(moved, "withdraw", moved.domain, batch, *at_old)
    deployed.chain.finalize()
    told = act(moved, "adopt", moved.domain, batch)
    assert [each["act"] for each in told] == ["revoke", "withdraw", "adopt"]
    assert verdicts(moved) == ["revoked"] + ["untrusted"] * 4
    act(moved, "withdraw", moved.domain, batch, "--undo")
    assert verdicts(moved) == ["revoked"] + ["valid"] * 4


def test_a_silent_registry_does_not_pass_for_an_empty_one(moved: Office) -> None:
    text = moved.config.read_text()
    moved.config.write_text(text.replace(moved.deployed.chain.url, NOWHERE, 1))
    told = refused(moved, "adopt", moved.domain, root(moved))
    assert f"Whether these batches are registered in {moved.deployed.address} (" in told
    assert "sanad reanchor --old-is-dead" in told
    done = act(moved, "adopt", moved.domain, root(moved), "--without-records")
    assert [each["act"] for each in done] == ["adopt"]
