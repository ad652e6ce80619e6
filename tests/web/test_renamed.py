"""A certificate of an institution that is called otherwise now: both names are shown, and the verdict is the same."""

import dataclasses
import json

from tests.journey.office import Office, school_keys
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
