"""The programme's and the institution's commands, as a person types them, and what verdicts make of them."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from eth_account import Account

from deploy.registry_contract import deploy_registry
from tests.journey.office import PASSPHRASE, Office
from tests.journey.school import act, refused, root, verdict
from verifier.core.hashes import institution_id


def test_a_dry_run_shows_the_cost_and_sends_nothing(school: Office) -> None:
    key = Account.create().address
    told = act(school, "authorise", school.domain, key, "--dry-run")
    assert (told[0]["transaction"], told[0]["stood_already"]) == (None, False)
    assert told[0]["gas"] > 21_000
    result = school.run("authorise", school.domain, key, "--dry-run", "--config", str(school.config))
    assert "Dry run: up to" in result.output
    assert act(school, "authorise", school.domain, key)[0]["transaction"] is not None


def test_a_revocation_is_shown_before_it_is_final(school: Office) -> None:
    hash_ = school.verdicts(school.pdfs[0])[0]["hash"]
    words = ("revoke", hash_, "--reason", "other", "--config", str(school.config))
    told = json.loads(school.run(*words, "--dry-run", "--json").stdout)
    assert (told["dry_run"], told["stood_already"], told["transaction"]) == (True, False, None)
    assert told["gas"] > 50_000
    shown = school.run(*words, "--dry-run").output
    assert "To be taken back  Ayesha Siddiqui" in shown
    assert "Dry run: up to" in shown
    assert verdict(school) == "valid"
    assert school.run(*words).exit_code == 0
    assert "Already so; nothing was sent." in school.run(*words, "--dry-run").output
    assert f"{hash_[2:]} was revoked already." in school.run(*words).output


def test_doing_it_again_sends_nothing(school: Office) -> None:
    key = Account.create().address
    assert act(school, "authorise", school.domain, key)[0]["transaction"]
    again = act(school, "authorise", school.domain, key)[0]
    assert (again["transaction"], again["stood_already"]) == (None, True)
    assert act(school, "remove", school.domain, key)[0]["transaction"]


def test_a_removed_signer_issues_no_more_and_what_it_issued_stands(school: Office) -> None:
    act(school, "remove", school.domain, school.deployed.signer.address)
    assert verdict(school) == "valid"
    result = school.issue(out="more", code="BC-302")
    assert result.exit_code == 2
    assert "is not an authorised signer of the institution" in result.output


def test_suspended_and_reinstated(school: Office) -> None:
    act(school, "suspend", school.domain)
    assert verdict(school) == "valid"
    assert "suspended" in school.issue(out="more", code="BC-302").output
    act(school, "reinstate", school.domain)
    assert school.issue(out="more", code="BC-302").exit_code == 0


def test_withdrawn_and_reinstated(school: Office) -> None:
    act(school, "withdraw", school.domain, root(school))
    assert verdict(school) == "untrusted"
    told = school.verdicts(school.pdfs[0])[0]
    assert (told["withdrawn_at"] is None, told["withdrawn_by"]) == (False, school.deployed.admin.address)
    act(school, "withdraw", school.domain, root(school), "--undo")
    assert school.verdicts(school.pdfs[0])[0]["withdrawn_by"] is None
    assert verdict(school) == "valid"


def test_distrusted_and_the_honest_batch_kept(school: Office) -> None:
    key, since = school.deployed.signer.address, "2020-01-01T00:00:00Z"
    first = json.loads(school.run("verify", "--json", "--config", str(school.config), str(school.pdfs[1])).stdout)[0]
    assert school.run("revoke", first["hash"], "--reason", "misconduct", "--config", str(school.config)).exit_code == 0
    dry = school.run("distrust", school.domain, key, "--since", since, "--dry-run", "--config", str(school.config))
    assert "ceases to count: batch " + root(school) in dry.output
    assert "in our records" in dry.output
    assert verdict(school) == "valid"
    act(school, "distrust", school.domain, key, "--since", since)
    assert verdict(school) == "untrusted"
    act(school, "distrust", school.domain, key, "--lift")
    assert verdict(school) == "valid"
    result = school.run(
        "distrust", school.domain, key, "--since", since, "--keep-recorded", "--config", str(school.config)
    )
    assert result.exit_code == 0, result.output
    assert verdict(school) == "valid"
    assert "registered it again" in school.verdicts(school.pdfs[0])[0]["steps"][2]["sentence"]
    assert verdict(school, 1) == "revoked"


def test_cut_off_after_the_distrust_nothing_that_was_revoked_comes_back(
    school: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from issuer.errors import NodeUnusableError
    from issuer.registry.act import Act

    words = ("distrust", school.domain, school.deployed.signer.address, "--since", "2020-01-01T00:00:00Z")
    words += ("--keep-recorded", "--config", str(school.config))
    revoked = school.verdicts(school.pdfs[1])[0]["hash"]
    school.run("revoke", revoked, "--reason", "misconduct", "--config", str(school.config))
    perform, performed = Act.perform, []

    def cut_off(act: Act, *arguments: Any) -> Any:
        if "distrust" in performed:
            raise NodeUnusableError("The node went away.")
        performed.append(act.name)
        return perform(act, *arguments)

    monkeypatch.setattr(Act, "perform", cut_off)
    assert school.run(*words).exit_code == 2
    assert verdict(school) == "untrusted"
    monkeypatch.setattr(Act, "perform", perform)
    assert school.run(*words).exit_code == 0
    assert [verdict(school, place) for place in (0, 1)] == ["valid", "revoked"]


def test_kept_after_a_distrust_in_haste_nothing_that_was_revoked_comes_back(school: Office) -> None:
    words = ("distrust", school.domain, school.deployed.signer.address, "--since", "2020-01-01T00:00:00Z")
    revoked = school.verdicts(school.pdfs[1])[0]["hash"]
    school.run("revoke", revoked, "--reason", "misconduct", "--config", str(school.config))
    told = act(school, *words, "--dry-run")[0]["facts"]
    assert f"ceases to count: batch {root(school)}, 5 certificates" in told["consequence 1"]
    assert told["consequence 2"].startswith("ceases to count: revocation of commitment 0x")
    haste = school.run(*words, "--config", str(school.config))
    assert (
        "To keep honest ones in the institution's own name: --keep-recorded, or --keep ROOT for each." in haste.output
    )
    assert verdict(school) == "untrusted"
    (school.folder / "data").rename(school.folder / "elsewhere")
    assert "kept now, revoked certificates would come back." in refused(school, *words, "--keep", root(school))
    (school.folder / "elsewhere").rename(school.folder / "data")
    dry = school.run(*words, "--keep-recorded", "--dry-run", "--config", str(school.config))
    assert dry.output.endswith("Then adopted in the institution's own name: 1 of these batches.\n")
    act(school, *words, "--keep-recorded")
    assert [verdict(school, place) for place in (0, 1)] == ["valid", "revoked"]


def test_every_refusal_of_the_registry_has_its_sentence() -> None:
    from issuer.sending.revert_reasons import _SENTENCES, _errors

    unseen = {"InvalidShortString", "StringTooLong"}  # of its constructor
    assert {entry["name"] for entry in _errors().values()} - unseen <= set(_SENTENCES)


def test_distrust_without_a_moment_begins_now_by_the_chains_clock(school: Office) -> None:
    """Which trails this machine's: the registry refuses a moment that the chain has not reached."""
    deployed = school.deployed
    deployed.chain.finalize()
    told = act(school, "distrust", school.domain, deployed.signer.address)
    record = deployed.record("keyRecord", institution_id(school.domain), deployed.signer.address)
    block = deployed.chain.web3.eth.get_transaction_receipt(told[0]["transaction"])["blockNumber"]
    assert record["distrustedSince"] <= deployed.chain.web3.eth.get_block(block - 1)["timestamp"]
    assert verdict(school) == "valid"


def test_distrust_from_now_on_touches_nothing_older(school: Office) -> None:
    time.sleep(1.1)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    act(school, "distrust", school.domain, school.deployed.signer.address, "--since", now)
    assert verdict(school) == "valid"


def test_a_certificate_is_replaced_and_leads_to_the_new_one(school: Office) -> None:
    roster = "Student Number,Name\n9,Ayesha A. Siddiqui\n"
    assert school.issue(roster, "second").exit_code == 0
    new = json.loads((next((school.folder / "second").glob("*.json"))).read_bytes())
    old_hash = school.verdicts(school.pdfs[0])[0]["hash"]
    new_hash = school.verdicts(next((school.folder / "second").glob("*.pdf")))[0]["hash"]
    told = refused(school, "replace", old_hash, new_hash)
    assert "The two certificates are of different students: Ayesha Siddiqui" in told
    assert "If that is meant: --even-so." in told
    assert act(school, "replace", old_hash, new_hash, "--even-so")[0]["transaction"]
    school.deployed.chain.finalize()
    answer = school.verdicts(school.pdfs[0])[0]
    assert answer["verdict"] == "replaced"
    assert new_hash in json.dumps(answer)
    assert new["sanad"] == 1
    assert "hold the certificate" in refused(school, "replace", "00" * 32, new_hash)


def test_an_institution_is_accredited_and_handed_over(school: Office) -> None:
    deployed, fresh = school.deployed, Account.create()
    act(school, "accredit", "new.example.edu", "New University", deployed.admin.address, "--may-certify")
    data = json.loads(school.run("registry", "show", "--config", str(school.config), "--json").stdout)
    found = {each["domain"]: each for each in data["institutions"]}
    assert found["new.example.edu"]["may_certify"] is True
    assert found[school.domain]["certificates"] == 5
    assert (
        "New University (new.example.edu), accredited"
        in school.run("registry", "show", "--config", str(school.config)).output
    )
    deployed.chain.fund(fresh.address)
    act(school, "transfer", "new.example.edu", fresh.address)
    keystore = Account.encrypt(fresh.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
    (school.folder / "fresh.json").write_text(json.dumps(keystore))
    told = act(
        school, "transfer", "new.example.edu", "--accept", "--key", str(school.folder / "fresh.json"),
        "--passphrase-file", str(school.folder / "passphrase"),
    )  # fmt: skip
    assert told[0]["transaction"]
    record = deployed.record("institutionRecord", institution_id("new.example.edu"))
    assert record["admin"] == fresh.address


def test_an_institution_is_renamed_and_may_certify_later(school: Office) -> None:
    deployed = school.deployed
    assert "To change these: sanad registry rename, replace-admin, permit-certifying." in refused(
        school, "accredit", school.domain, "Darya University of Arts", deployed.admin.address
    )
    assert act(school, "registry", "rename", school.domain, "Darya University of Arts")[0]["transaction"]
    assert act(school, "registry", "rename", school.domain, "Darya University of Arts")[0]["stood_already"]
    deployed.chain.finalize()
    assert "Darya University of Arts" in school.verdicts(school.pdfs[0])[0]["steps"][2]["sentence"]

    certificate, key = school.verdicts(school.pdfs[2])[0]["hash"], Account.create().address
    assert "has not permitted" in refused(school, "certify", school.domain, key, certificate)
    assert act(school, "registry", "permit-certifying", school.domain)[0]["transaction"]
    assert act(school, "registry", "permit-certifying", school.domain)[0]["stood_already"]
    assert act(school, "certify", school.domain, key, certificate)[0]["transaction"]
    told = school.run("certify", school.domain, key, str(school.pdfs[2]), "--config", str(school.config))
    assert "The educator's certificate: Zoë Fernandes (3), " in told.output
    assert "Already so" in told.output
    elsewhere = school.run("certify", school.domain, key, "0x" + "ab" * 32, "--dry-run", "--config", str(school.config))
    assert (elsewhere.exit_code, "holds no certificate 0xabab" in elsewhere.output) == (0, True)
    assert act(school, "certify", school.domain, key, "--undo")[0]["transaction"]
    assert "The certifier has not certified the key" in refused(
        school, "authorise", school.domain, key, "--certifier", school.domain
    )
    assert act(school, "registry", "permit-certifying", school.domain, "--end")[0]["transaction"]
    assert "has not permitted" in refused(school, "certify", school.domain, key, certificate)
    assert "is not accredited" in refused(school, "registry", "rename", "nowhere.example", "Name")


def test_of_several_registries_one_is_named(school: Office) -> None:
    """While a registry is being left both are in the settings, and everybody goes on acting."""
    deployed, text = school.deployed, school.config.read_text()
    other = deploy_registry(deployed.sender(deployed.programme)).address
    table = text[text.index("[[registry]]") : text.index("[issuer]")].replace(deployed.address, other)
    school.config.write_text(text.replace("[issuer]", table + "[issuer]"))
    hash_ = school.verdicts(school.pdfs[0])[0]["hash"]
    told = refused(school, "suspend", school.domain)
    assert f"{deployed.address} (local), {other} (local). Say which one by --registry, or mark" in told
    assert "Say which one by --registry" in refused(school, "revoke", hash_, "--reason", "other")
    assert "means 2 of the registries" in refused(school, "suspend", school.domain, "--registry", "local")
    assert "means 0 of the registries" in refused(school, "suspend", school.domain, "--registry", "0x12")
    at_old = ("--registry", deployed.address.lower())
    assert act(school, "suspend", school.domain, *at_old)[0]["transaction"]
    assert act(school, "reinstate", school.domain, *at_old)[0]["transaction"]
    result = school.run("revoke", hash_, "--reason", "other", *at_old, "--config", str(school.config))
    assert result.exit_code == 0, result.output
    words = ("registry", "show", "--json", "--config", str(school.config), "--registry")
    assert json.loads(school.run(*words, other).stdout)["institutions"] == []
    assert json.loads(school.run(*words, deployed.address).stdout)["address"] == deployed.address


def test_the_admins_key_revokes_what_the_institution_adopted(school: Office) -> None:
    signer, long_ago = school.deployed.signer.address, "2020-01-01T00:00:00Z"
    act(school, "distrust", school.domain, signer, "--since", long_ago, "--keep", root(school))
    words = ("revoke", school.verdicts(school.pdfs[0])[0]["hash"], "--reason", "misconduct")
    assert "Act with the admin's key: sanad revoke … --key ADMIN. Nothing was sent." in refused(school, *words)
    admin = ("--key", str(school.folder / "admin.json"), "--passphrase-file", str(school.folder / "passphrase"))
    result = school.run(*words, *admin, "--config", str(school.config))
    assert result.exit_code == 0, result.output
    assert [verdict(school, place) for place in (0, 1)] == ["revoked", "valid"]


def test_what_is_handed_over_and_not_accepted_yet_is_shown(school: Office) -> None:
    nominee = school.deployed.stranger.address
    act(school, "transfer", school.domain, nominee)
    act(school, "registry", "transfer", nominee)
    text = school.run("registry", "show", "--config", str(school.config)).output
    assert f"handing over to {nominee}" in text
    assert f"nominee         {nominee}" in text
    act(school, "registry", "transfer", school.deployed.programme.address)  # others use this registry too


def test_an_educator_is_certified_and_authorised_on_that_word(school: Office) -> None:
    deployed, educator = school.deployed, Account.create()
    act(school, "accredit", "academy.example", "Academy", deployed.admin.address, "--may-certify")
    certificate = school.verdicts(school.pdfs[2])[0]["hash"]
    assert act(school, "certify", "academy.example", educator.address, certificate)[0]["transaction"]
    told = act(school, "authorise", school.domain, educator.address, "--certifier", "academy.example")
    assert told[0]["facts"]["on the word of"] == "academy.example"
    words = ("authorise", school.domain, educator.address, "--certifier", "academy.example")
    assert 'educator = "its hash or link"' in school.run(*words, "--config", str(school.config)).output
    mistyped = "0x" + "ab" * 32
    result = school.run(
        *("certify", "academy.example", educator.address, mistyped, "--dry-run", "--config", str(school.config))
    )
    assert f"Note: the archive here holds no certificate {mistyped}. Compare the hash." in result.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("authorise", "nowhere.example", "0x" + "11" * 20), "is not accredited in this registry"),
        (("authorise", "darya-university.example", "0x12"), "0x12 is neither an address"),
        (("accredit", "University", "Name", "0x" + "11" * 20), "is not a domain that can be accredited"),
        (("withdraw", "darya-university.example", "0x" + "ab" * 32), "has no batch"),
        (("distrust", "darya-university.example", "0x" + "11" * 20, "--since", "yesterday"), "is not a time"),
        (("distrust", "darya-university.example", "0x" + "11" * 20, "--since", "2099-01-01T00:00:00Z"), ""),
        (("suspend", "nowhere.example"), "is not accredited in this registry"),
        (("adopt", "darya-university.example", "0x" + "ab" * 32), "has no sound batch file"),
        (("certify", "darya-university.example", "0x" + "11" * 20), "Give either the educator's certificate"),
        (("transfer", "darya-university.example"), "Give either the nominee's address, or --accept."),
    ],
)
def test_wrong_words_are_told(school: Office, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(school, *words)


def test_the_wrong_key_is_told(school: Office) -> None:
    key = str(school.folder / "professor.json")
    text = refused(
        school, "suspend", school.domain, "--key", key, "--passphrase-file", str(school.folder / "passphrase")
    )
    assert "Only the programme, the registry's owner, may do this" in text


def test_an_address_that_is_no_signer_s_is_to_be_compared(school: Office) -> None:
    stranger = Account.create().address
    note = {"note": "no signer of this institution now: compare the address"}
    for words in (("remove", school.domain, stranger), ("distrust", school.domain, stranger, "--dry-run")):
        assert act(school, *words)[0]["facts"].items() >= note.items(), words
    signer = school.deployed.signer.address
    assert "note" not in act(school, "remove", school.domain, signer, "--dry-run")[0]["facts"]
