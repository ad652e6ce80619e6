"""A professor without a coin: signs, and the service sends and pays."""

import json

from eth_account import Account

from deploy.registry_contract import authorise
from tests.journey.office import PASSPHRASE, Office
from verifier.core.hashes import institution_id


def poor_professor(office: Office) -> str:
    """Give the office another professor, who has no coins; the address."""
    professor = Account.create()
    deployed = office.deployed
    authorise(deployed.sender(deployed.admin), deployed.address, office.domain, professor.address)
    for name, account in (("professor", professor), ("service", deployed.stranger)):
        keystore = Account.encrypt(account.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
        (office.folder / f"{name}.json").write_text(json.dumps(keystore))
    return str(professor.address)


def test_a_class_is_refused_where_the_key_cannot_pay(embedded_office: Office) -> None:
    address = poor_professor(embedded_office)
    result = embedded_office.issue()
    assert result.exit_code == 2
    assert f"The key {address} has 0.000000 coins and needs up to 0.0000" in result.output
    assert (
        "These records hold no batch" in embedded_office.run("batches", "--config", str(embedded_office.config)).output
    )


def test_professors_sign_and_the_service_pays(embedded_office: Office) -> None:
    office, deployed = embedded_office, embedded_office.deployed
    address = poor_professor(office)
    office.config.write_text(office.config.read_text() + 'relay_key = "service.json"\n')
    before = deployed.chain.web3.eth.get_balance(deployed.stranger.address)
    result = office.issue(TWO, "certificates", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [one["verdict"] for one in told["certificates"]] == ["valid"] * 2
    record = deployed.record("batchRecord", institution_id(office.domain), bytes.fromhex(told["root"][2:]))
    assert (record["signer"], record["size"]) == (address, 2)
    revoked = office.run(
        "revoke", told["certificates"][0]["hash"], "--reason", "data-error", "--config", str(office.config)
    )
    assert revoked.exit_code == 0, revoked.output
    assert [one["verdict"] for one in office.verdicts(*office.pdfs)] == ["revoked", "valid"]
    again = office.issue(TWO, "again", "--again", "3", "--json")
    assert again.exit_code == 0, again.output
    old, new = told["certificates"][1], json.loads(again.stdout)["certificates"][0]
    words = ("--reason", "superseded", "--config", str(office.config))
    replaced = office.run("replace", old["hash"], new["hash"], *words)
    assert replaced.exit_code == 0, replaced.output
    assert "sent by" in replaced.output
    assert address in replaced.output
    assert office.verdicts(old["file"])[0]["verdict"] == "replaced"
    assert deployed.chain.web3.eth.get_balance(deployed.stranger.address) < before
    assert deployed.chain.web3.eth.get_balance(address) == 0


TWO = "Student Number,Name\n1,Ayesha Siddiqui\n2,فاطمہ نور\n"
