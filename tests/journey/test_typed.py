"""What people type: an address without a check sum is asked about, a domain that is nobody's is said to be that."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from eth_account import Account

from deploy.cli import main
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office, school_keys

KEY = str(Account.create().address)
LOWER, UPPER = KEY.lower(), "0x" + KEY[2:].upper()
WRONG = "0x" + "".join(each.swapcase() if each.isalpha() else each for each in KEY[2:])
NEAR = "darja-university.example"
TYPED: dict[str, tuple[str, ...]] = {
    "authorise": ("authorise", "{domain}", "{key}"),
    "remove": ("remove", "{domain}", "{key}"),
    "distrust": ("distrust", "{domain}", "{key}"),
    "lift": ("distrust", "{domain}", "{key}", "--lift"),
    "certify": ("certify", "{domain}", "{key}", "0x" + "11" * 32),
    "transfer": ("transfer", "{domain}", "{key}"),
    "accredit": ("accredit", "quetta.example.edu", "University of Quetta", "{key}"),
    "fund": ("fund", "{key}", "--up-to", "0.01"),
    "registry transfer": ("registry", "transfer", "{key}"),
    "replace-admin": ("registry", "replace-admin", "{domain}", "{key}"),
    "deploy": ("deploy", "--network", "local", "--owner", "{key}"),
}


@pytest.fixture(scope="module")
def school(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Nothing in this module is sent, so one office does for all."""
    school = open_office(deploy_on(embedded_chain), tmp_path_factory.mktemp("typed") / "office")
    school_keys(school)
    return school


def typed(school: Office, words: Sequence[str], key: str, *more: str, answer: str = "") -> Result:
    filled = [word.format(domain=school.domain, key=key) for word in words]
    return CliRunner().invoke(main, [*filled, *more, "--config", str(school.config)], input=answer)


@pytest.mark.parametrize("name", TYPED)
def test_an_address_without_a_check_sum_is_asked_about(
    school: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in (LOWER, UPPER):
        alone = typed(school, TYPED[name], key)
        assert alone.exit_code == 2
        assert f"{key} has no check sum, so a typing error in it could not be noticed." in alone.stderr
        assert f"write it as {KEY}, or say --yes. Nothing was sent." in alone.stderr
    monkeypatch.setattr("issuer.commands.acting.at_terminal", lambda: True)
    refused = typed(school, TYPED[name], LOWER, answer="n\n")
    assert refused.exit_code == 2
    assert f"With its check sum it is {KEY}." in refused.stderr
    assert "You answered no. Nothing was sent." in refused.stderr
    for key in (KEY, LOWER):
        assert "check sum" not in typed(school, TYPED[name], key, "--dry-run").stderr
    wrong = typed(school, TYPED[name], WRONG, "--yes", "--dry-run")
    assert wrong.exit_code == 2
    assert "is there a typing error?" in wrong.stderr or name == "deploy"


def test_yes_answers_for_a_script(school: Office) -> None:
    assert typed(school, TYPED["authorise"], LOWER, "--yes").exit_code == 0
    assert "Already so" in typed(school, TYPED["authorise"], KEY).output
    assert typed(school, TYPED["remove"], UPPER, "--yes").exit_code == 0


def test_a_remote_signers_address_with_a_typing_error_is_refused(school: Office) -> None:
    result = typed(school, ("suspend", "{domain}", "--key", f"http://127.0.0.1:9#{WRONG}"), KEY, "--dry-run")
    assert result.exit_code == 2
    assert f"{WRONG} has a wrong check sum: there is a typing error in it." in result.stderr


OF_DOMAINS: dict[str, tuple[str, ...]] = {
    "authorise": ("authorise", NEAR, KEY),
    "remove": ("remove", NEAR, KEY, "--yes"),
    "distrust": ("distrust", NEAR, KEY, "--yes"),
    "withdraw": ("withdraw", NEAR, "0x" + "11" * 32, "--yes"),
    "adopt": ("adopt", NEAR, "0x" + "11" * 32, "--yes"),
    "certify": ("certify", NEAR, KEY, "--undo"),
    "transfer": ("transfer", NEAR, KEY, "--yes"),
    "suspend": ("suspend", NEAR, "--yes"),
    "reinstate": ("reinstate", NEAR),
    "rename": ("registry", "rename", NEAR, "Name", "--yes"),
    "permit": ("registry", "permit-certifying", NEAR),
    "replace-admin": ("registry", "replace-admin", NEAR, KEY, "--yes"),
    "keys": ("registry", "keys", NEAR),
    "signers": ("registry", "signers", NEAR),
    "report": ("report", NEAR),
    "did": ("did", NEAR),
}


@pytest.mark.parametrize("name", OF_DOMAINS)
def test_a_domain_that_is_nobodys_is_said_to_be_that(school: Office, name: str) -> None:
    school.deployed.chain.finalize()
    result = typed(school, OF_DOMAINS[name], KEY)
    assert result.exit_code == 2, result.output
    assert f"{NEAR} is not accredited in th" in result.stderr
    assert f"Did you mean {school.domain}?" in result.stderr
    assert "Traceback" not in result.output


def test_a_certifier_that_is_nobodys_is_said_to_be_that(school: Office) -> None:
    result = typed(school, ("authorise", "{domain}", "{key}", "--certifier", NEAR), KEY)
    assert result.exit_code == 2
    assert (
        f"{NEAR} is not accredited in this registry, so it has certified nobody. Did you mean {school.domain}? "
        "Compare --certifier."
    ) in result.stderr


def test_a_class_of_an_institution_that_is_not_accredited_is_not_issued(school: Office, tmp_path: Path) -> None:
    stranger = Office(school.folder, school.deployed, NEAR)
    result = stranger.issue()
    assert result.exit_code == 2, result.output
    told = " ".join(result.stderr.split())
    assert f"{NEAR} is not accredited in the registry {school.deployed.address}. Did you mean {school.domain}?" in told
    assert "Compare it with [institution] domain in course.toml" in told
    assert not list(tmp_path.iterdir())
    assert json.loads(school.run("batches", "--json", "--config", str(school.config)).stdout) == []
