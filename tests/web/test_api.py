import json
from io import BytesIO
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from tests.scenes import Scenes
from tests.vectors.pictures import itxt, png, svg
from verifier.commands import verify as cli
from verifier.core.hashes import to_base64url, to_hex

PLAIN = ("input", "checked_at")
"""What differs between two answers to the same question."""


def _without_circumstances(data: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in data.items() if key not in PLAIN}
    if kept.get("registered"):
        kept["registered"] = _without_circumstances(kept["registered"])
    return kept


def test_hex_and_base64url_get_the_same_answer(client: FlaskClient, scenes: Scenes) -> None:
    envelope = scenes.certificates["valid"]
    answers = []
    for text in (to_hex(envelope.hash), envelope.hash.hex(), to_base64url(envelope.hash)):
        response = client.get(f"/api/v1/certificates/{text}")
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.json is not None
        assert response.json["input"] == text
        answers.append(_without_circumstances(response.json))
    assert answers[0] == answers[1] == answers[2]
    answer = answers[0]
    assert answer["verdict"] == "valid"
    assert answer["hash"] == to_hex(envelope.hash)
    assert answer["commitment"] == to_hex(envelope.commitment)
    assert answer["certificate"]["recipient"] == "Ayesha Khan"
    assert answer["certificate"]["awarded"] == "2026-06-30"
    assert answer["institution"] == {"name": "University of Lahore (Sample)", "domain": "lahore.example.edu.pk"}
    assert answer["registry"]["chain_id"] == 56
    assert answer["registration"]["at"] == "2026-11-17T11:06:40Z"
    assert [step["number"] for step in answer["steps"]] == list(range(1, 12))
    assert answer["steps"][0].keys() == {"number", "name", "state", "sentence"}
    assert answer["revocation"] is answer["replacement"] is answer["registered"] is answer["problem"] is None


def test_a_hash_is_read_as_people_paste_it_and_never_chosen_among(client: FlaskClient, scenes: Scenes) -> None:
    one, other = (to_base64url(scenes.certificates[name].hash) for name in ("valid", "revoked"))
    response = client.get(f"/api/v1/certificates/{one}.")
    assert response.json is not None
    assert response.json["hash"] == to_hex(scenes.certificates["valid"].hash)
    for text, detail in (
        (f"{one} {other}", "This text contains 2 different links or codes."),
        ("0123-4567-89AM.", "This is a short code."),
        ("\u0131" + one[1:], "This is not a link, a certificate hash or a short code."),
    ):
        response = client.get(f"/api/v1/certificates/{text}")
        assert response.status_code == 400
        assert response.json is not None
        assert response.json["problem"] == "not-a-code"
        assert response.json["explanation"].startswith(detail)


def test_bad_news_is_an_answer(client: FlaskClient, scenes: Scenes) -> None:
    response = client.get(f"/api/v1/certificates/{to_hex(scenes.certificates['replaced'].hash)}")
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["verdict"] == "replaced"
    assert response.json["revocation"]["reason"] == "error in its data"
    assert response.json["replacement"]["hash"] == to_hex(scenes.certificates["newer"].hash)


def test_could_not_check_is_told_by_status_and_body(down_client: FlaskClient, scenes: Scenes) -> None:
    hash_ = to_hex(scenes.certificates["valid"].hash)
    by_hash = down_client.get(f"/api/v1/certificates/{hash_}")
    by_file = down_client.post("/api/v1/verify", data=scenes.files["valid"])
    for response in (by_hash, by_file):
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "60"
        assert response.json is not None
        assert response.json["verdict"] == "unavailable"


@pytest.mark.parametrize("text", ["1234", "XXXX-XXXX-XXXX", "0000-0000-0000", "zz" * 32])
def test_what_is_no_hash_is_a_400(client: FlaskClient, text: str) -> None:
    response = client.get(f"/api/v1/certificates/{text}")
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["verdict"] is None
    assert response.json["problem"] == "not-a-code"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_altered_files_carry_the_registered_certificates_verdict(client: FlaskClient, scenes: Scenes) -> None:
    response = client.post("/api/v1/verify", data=scenes.files["altered, revoked"])
    assert response.json is not None
    assert (response.status_code, response.json["verdict"], response.json["hash"]) == (200, "altered", None)
    assert response.json["registered"]["verdict"] == "revoked"
    assert response.json["registered"]["certificate"]["recipient"] == "Ayesha Khan"


def test_a_changed_copy_is_altered_and_says_first_what_was_issued(client: FlaskClient, scenes: Scenes) -> None:
    answer = client.post("/api/v1/verify", data=scenes.files["altered"]).json
    assert answer is not None
    assert (answer["verdict"], answer["hash"], answer["certificate"]) == ("altered", None, None)
    assert answer["headline"] == "Changed copy. What was issued reads: Ayesha Khan, Teaching with Data, A+, 2026-06-30."
    assert answer["registered"]["verdict"] == "valid"
    for data in (answer, answer["registered"]):
        assert "valid" not in " ".join(data[name] for name in ("headline", "explanation", "advice")).lower()


@pytest.mark.parametrize(
    ("file", "problem", "sentence"),
    [
        (b"PK\x03\x04certificate.pdf", "unreadable", "This is an archive of files. Unpack it"),
        (b"eyJhbGciOiJFZERTQSJ9.e30.c2ln", "other-system", "This is a credential in the form of a signed token (JWT)."),
        (png(itxt(b"[1]")), "unreadable", "This JSON carries no certificate."),
        (svg("1"), "unreadable", "This JSON carries no certificate."),
        (
            b'{"@context":[],"credentialSubject":{},"proof":{"type":"MerkleProof2019"}}',
            "other-system",
            "This is a Blockcerts certificate.",
        ),
    ],
)
def test_a_file_without_a_certificate_is_told_what_it_is(
    client: FlaskClient, file: bytes, problem: str, sentence: str
) -> None:
    response = client.post("/api/v1/verify", data=file)
    assert response.json is not None
    assert (response.status_code, response.json["problem"]) == (422, problem)
    assert response.json["explanation"].startswith(sentence)


def test_raw_body_and_form_get_the_same_answer(client: FlaskClient, scenes: Scenes) -> None:
    raw = client.post("/api/v1/verify", data=scenes.files["valid"], content_type="application/pdf").json
    form = client.post("/api/v1/verify", data={"file": (BytesIO(scenes.files["valid"]), "x.pdf")}).json
    assert raw is not None
    assert form is not None
    assert (raw["input"], form["input"]) == (None, "x.pdf")
    assert _without_circumstances(raw) == _without_circumstances(form)


def test_a_body_in_form_encoding_is_a_file_like_any_other(client: FlaskClient, scenes: Scenes) -> None:
    form = "application/x-www-form-urlencoded"
    response = client.post("/api/v1/verify", data=scenes.files["envelope"], content_type=form)
    assert response.json is not None
    assert response.json["verdict"] == "valid"


def test_unreadable_and_missing_files_have_their_status(client: FlaskClient) -> None:
    unreadable = client.post("/api/v1/verify", data=b"%PDF-1.4")
    assert unreadable.json is not None
    assert (unreadable.status_code, unreadable.json["problem"]) == (422, "unreadable")
    missing = client.post("/api/v1/verify")
    assert missing.json is not None
    assert (missing.status_code, missing.json["problem"]) == (400, "nothing")


def test_the_command_line_says_the_same(
    client: FlaskClient, scenes: Scenes, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_open", lambda config, ask_domains: scenes.verifier)
    for number, data in enumerate(scenes.files.values()):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(data)
        printed = json.loads(CliRunner().invoke(cli.verify, ["--json", str(path)]).stdout)
        answered = client.post("/api/v1/verify", data=data).json
        assert answered is not None
        assert _without_circumstances(printed[0]) == _without_circumstances(answered)


def test_errors_under_the_api_are_json(client: FlaskClient) -> None:
    for response, status, problem in (
        (client.get("/api/v1/nothing"), 404, "no-page"),
        (client.get("/api/v1/verify"), 405, "not-allowed"),
        (client.delete("/api/v1/certificates/x"), 405, "not-allowed"),
    ):
        assert response.status_code == status
        assert response.json is not None
        assert response.json["problem"] == problem
    assert "POST" in client.get("/api/v1/verify").headers["Allow"]
