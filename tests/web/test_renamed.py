"""A certificate of an institution that is called otherwise now: both names are shown, and the verdict is the same."""

import dataclasses
import json
from pathlib import Path

from tests.chain_fixtures import deploy_on
from tests.journey.office import Office, school_keys, settings
from verifier.answers.remarks import renamed
from verifier.settings import load_settings
from verifier.web import create_app

PRINTED, NOW = "Darya University", "Darya University of Technology"


def test_both_names_are_shown_and_the_verdict_is_the_same(embedded_office: Office) -> None:
    office, config = embedded_office, ("--config", str(embedded_office.config))
    school_keys(office)
    assert office.issue().exit_code == 0
    (before,) = office.verdicts(office.pdfs[0])
    assert before["remarks"] == []
    assert office.run("registry", "rename", office.domain, NOW, *config).exit_code == 0
    office.deployed.chain.finalize()
    (after,) = office.verdicts(office.pdfs[0])
    printed = after["certificate"]["institution"]
    note = f"The certificate was issued under the name {printed}. The institution is now called {NOW}."
    assert (after["verdict"], before["verdict"]) == ("valid", "valid")
    assert after["institution"]["name"] == NOW
    assert after["remarks"] == [note]
    assert f"Please note: {note}" in " ".join(office.run("verify", str(office.pdfs[0]), *config).stdout.split())
    client = create_app(load_settings(office.config).verifier(), "http://127.0.0.1:8000").test_client()
    page = client.get(after_path(after), follow_redirects=True).get_data(as_text=True)
    assert "Please note" in page
    assert page.count(NOW) >= 2
    assert printed in page
    assert json.loads(client.get(f"/api/v1/certificates/{after['hash']}").data)["remarks"] == [note]
    verdict = load_settings(office.config).verifier().check_file(office.pdfs[0].read_bytes())
    assert verdict.record is not None
    for name, noted in ((printed, False), (f" {printed.upper()} ", False), ("", False), (f"{printed} (new)", True)):
        record = dataclasses.replace(verdict.record, institution_name=name)
        assert (renamed(dataclasses.replace(verdict, record=record)) is not None) is noted, name
    assert renamed(dataclasses.replace(verdict, record=None)) is None
    assert renamed(dataclasses.replace(verdict, credential=None)) is None


def after_path(answer: dict[str, object]) -> str:
    found = answer["hash"]
    assert isinstance(found, str)
    return "/c/" + found.removeprefix("0x")


def test_an_institution_that_is_not_accredited_is_said_to_be_that(embedded_office: Office, tmp_path: Path) -> None:
    """Its certificate is unknown, as before, and the reason is not left to be guessed."""
    office = embedded_office
    assert office.issue().exit_code == 0
    elsewhere, config = deploy_on(office.deployed.chain), tmp_path / "sanad.toml"
    office.deployed.chain.finalize()
    config.write_text(settings(elsewhere).partition("[issuer]")[0])
    result = office.run("verify", "--json", str(office.pdfs[0]), "--config", str(config))
    (answer,) = json.loads(result.stdout)
    note = (
        f"{office.domain} is not accredited: no programme that this verifier trusts knows an institution of that name."
    )
    assert (answer["verdict"], result.exit_code) == ("unavailable", 3), "it may be too new for that registry"
    assert note in answer["remarks"]
    assert note in " ".join(office.run("verify", str(office.pdfs[0]), "--config", str(config)).stdout.split())
    client = create_app(load_settings(config).verifier(), "http://127.0.0.1:8000").test_client()
    with office.pdfs[0].open("rb") as file:
        page = client.post("/", data={"file": (file, "a.pdf")}, follow_redirects=True).get_data(as_text=True)
    assert "no programme that this verifier trusts knows an institution of that name" in page
    assert elsewhere.registry().batch_counts(), "the registry itself has an institution"
