"""What a programme is asked and told before it sends what cannot be taken back."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from eth_account import Account

from tests.journey.office import PASSPHRASE, Office
from tests.journey.school import act, refused, root, verdict
from verifier.core.envelope import parse_envelope
from verifier.core.hashes import commitment, institution_id

FRESH = "quetta.example.edu"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits there."""
    for commands in ("deploy.commands.programme", "issuer.commands.acting"):
        monkeypatch.setattr(f"{commands}.at_terminal", lambda: True)


def typed(school: Office, answer: str, *words: str) -> Result:
    from click.testing import CliRunner

    from deploy.cli import main

    return CliRunner().invoke(main, [*words, "--config", str(school.config)], input=answer)


def accredited(school: Office, domain: str) -> bool:
    record = school.deployed.record("institutionRecord", institution_id(domain))
    return bool(record["accreditedAt"])


@pytest.mark.usefixtures("terminal")
def test_a_domain_is_typed_twice(embedded_school: Office) -> None:
    school = embedded_school
    words = ("accredit", FRESH, "University of Quetta", school.deployed.admin.address)
    result = typed(school, "queta.example.edu\n", *words)
    assert result.exit_code == 2
    assert f"University of Quetta will issue as {FRESH}, permanently. Its website is https://{FRESH}/." in result.output
    assert f"'queta.example.edu' is not '{FRESH}'. Nothing was sent." in result.output
    assert not accredited(school, FRESH)
    assert typed(school, "", *words, "--dry-run").exit_code == 0
    assert not accredited(school, FRESH)
    assert typed(school, f"{FRESH}\n", *words).exit_code == 0
    assert accredited(school, FRESH)
    assert "Already so" in typed(school, "", *words).output
    other = ("accredit", f"www.{FRESH}", "University of Quetta", school.deployed.admin.address)
    assert typed(school, "", *other, "--yes").exit_code == 0


def test_every_key_that_an_institution_had_is_listed(embedded_school: Office) -> None:
    """Also one that a thief authorised and removed again."""
    school, stolen = embedded_school, Account.create().address
    act(school, "authorise", school.domain, stolen)
    act(school, "remove", school.domain, stolen)
    act(school, "distrust", school.domain, stolen, "--since", "2020-01-01T00:00:00Z")
    school.deployed.chain.finalize()
    words = ("registry", "keys", school.domain, "--config", str(school.config))
    lines = school.run(*words).output.splitlines()
    assert [line.split()[0] for line in lines] == [
        *(school.deployed.admin.address, school.deployed.signer.address, stolen)
    ]
    assert [line.partition("Z  ")[2] for line in lines] == [
        *("admin", "signer", "was signer, distrusted since 2020-01-01T00:00:00Z")
    ]
    told = json.loads(school.run(*words, "--json").output)
    assert (told[2]["signer"], told[2]["distrusted_since"]) == (False, "2020-01-01T00:00:00Z")
    nowhere = school.run("registry", "keys", "nowhere.example", "--config", str(school.config))
    assert nowhere.output == "Error: nowhere.example is not accredited in this registry.\n"


def test_names_are_looked_at_before_they_are_sent(embedded_school: Office) -> None:
    school = embedded_school
    admin = school.deployed.admin.address
    assert "U+000A (a control character)" in refused(school, "accredit", FRESH + ".pk", "Uni\nversity", admin)
    assert "U+202E" in refused(school, "registry", "rename", school.domain, "\u202eUniversity")
    assert "has no letter" in refused(school, "registry", "rename", school.domain, " ")


@pytest.mark.usefixtures("terminal")
def test_what_counts_again_with_a_new_admin_is_said_before_it_is_sent(school: Office) -> None:
    deployed, signer = school.deployed, school.deployed.signer.address
    words = ("registry", "replace-admin", school.domain, signer)
    act(school, "distrust", school.domain, signer, "--since", "2020-01-01T00:00:00Z")
    assert verdict(school) == "untrusted"
    facts = act(school, *words, "--dry-run")[0]["facts"]
    assert facts["distrusted since"] == "2020-01-01T00:00:00Z, by the institution: that is lifted"
    assert facts["counts again"].startswith("all that this key wrote since then, revocations too")
    assert facts[f"counts again: batch {root(school)}"].startswith("5 certificates, ")
    result = typed(school, "n\n", *words)
    assert result.exit_code == 2
    assert "You answered no. Nothing was sent." in result.output
    assert "Put this key in the admin's place?" in result.output
    assert verdict(school) == "untrusted"
    assert typed(school, "y\n", *words).exit_code == 0
    assert verdict(school) == "valid"
    fresh = Account.create().address
    assert "counts again" not in act(school, "registry", "replace-admin", school.domain, fresh, "--yes")[0]["facts"]
    record = deployed.record("institutionRecord", institution_id(school.domain))
    assert record["admin"] == fresh


def test_what_ceases_to_count_of_a_former_admin_is_said_before_it_is_sent(school: Office) -> None:
    """As the institution's own distrust says it: revocations, withdrawals and adoptions by that key, and no others."""
    admin = school.deployed.admin.address
    words = ("registry", "distrust", school.domain, admin, "--since", "2020-01-01T00:00:00Z")
    key = ("--key", str(school.folder / "admin.json"), "--passphrase-file", str(school.folder / "passphrase"))
    told = school.run(
        "revoke", str(school.envelopes[0]), "--reason", "other", "--yes", *key, "--config", str(school.config)
    )
    assert told.exit_code == 0, told.output
    act(school, "withdraw", school.domain, root(school), "--yes")
    act(school, "registry", "replace-admin", school.domain, Account.create().address, "--yes")
    facts = act(school, *words, "--dry-run")[0]["facts"]
    said = [fact for name, fact in facts.items() if name.startswith("consequence")]
    assert [fact.partition(", ")[0] for fact in said] == [
        f"ceases to count: the withdrawal of batch {root(school)}",
        f"ceases to count: revocation of commitment 0x{commitment_of(school.envelopes[0])}",
    ]
    later = (*words[:-1], "2020-01-02T00:00:00Z")
    (school.folder / "archive").rename(school.folder / "elsewhere")
    result = school.run(*later, "--dry-run", "--config", str(school.config))
    assert "Nothing that is known here ceases to count." in result.output
    assert "1 more batch of the institution is on record, of which no file is here." in result.output
    (school.folder / "elsewhere").rename(school.folder / "archive")
    act(school, *words, "--yes")
    assert verdict(school) == "valid"


def commitment_of(envelope: Path) -> str:
    return commitment(parse_envelope(envelope.read_bytes()).hash).hex()


def test_only_the_programme_distrusts_a_former_admin_and_says_the_way(embedded_school: Office) -> None:
    school, fresh = embedded_school, Account.create()
    admin, signer = school.deployed.admin.address, school.deployed.signer.address
    since = ("--since", "2020-01-01T00:00:00Z")
    words = ("registry", "distrust", school.domain)
    assert f"with sanad registry replace-admin {school.domain} and the new key's address. Nothing was sent." in refused(
        school, *words, admin, *since
    )
    assert f"the institution's admin distrusts it, with sanad distrust {school.domain} {signer} and" in refused(
        school, *words, signer, *since
    )
    assert "Give either --since TIME, or --lift." in refused(school, *words, admin)
    assert "'soon' is not a time" in refused(school, *words, admin, "--since", "soon")
    school.deployed.chain.fund(fresh.address)
    act(school, "registry", "replace-admin", school.domain, fresh.address, "--yes")
    keystore = Account.encrypt(fresh.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
    (school.folder / "fresh.json").write_text(json.dumps(keystore))
    key = ("--key", str(school.folder / "fresh.json"), "--passphrase-file", str(school.folder / "passphrase"))
    own = ("distrust", school.domain, admin, *key)
    way = f"only the programme can distrust it: sanad registry distrust {school.domain} {admin} --since TIME"
    assert way in refused(school, *own, *since)
    told = typed(school, "n\n", *words, admin, *since)
    assert told.exit_code == 2
    assert "Nothing that is known here ceases to count." in told.output
    facts = act(school, *words, admin, *since, "--yes")[0]["facts"]
    assert (facts["former admin"], facts["since"]) == (admin, "2020-01-01T00:00:00Z")
    assert act(school, *words, admin, *since, "--yes")[0]["stood_already"]
    assert f"sanad distrust {school.domain} {admin} --keep-recorded" in refused(school, *own, *since)
    assert act(school, *own, "--keep-recorded", "--yes") == []
    act(school, *words, admin, "--lift", "--yes")
    record = school.deployed.record("keyRecord", institution_id(school.domain), admin)
    assert record["distrustedSince"] == 0
