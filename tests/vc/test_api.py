"""The VC API over https, as its callers meet it."""

import json
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from deploy.cli import main
from issuer.keys.files import new_institution_key
from issuer.vc_api.app import BODY_BYTES, Service, create_app
from issuer.vc_api.issuing import Signatory
from tests.vc.conftest import DID, KEY, MULTIKEY, Api, Node, presentation, sign, unsigned
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.data_integrity import JCS, RDFC, check_proof

ISSUE = {suite: f"/{suite}/credentials/issue" for suite in (RDFC, JCS)}
MODEL = "https://www.w3.org/TR/vc-data-model#"
TOKEN = {"Authorization": "Bearer let-me-in-0123456789"}


def problem(answer: requests.Response, status: int) -> Node:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    told: Node = answer.json()
    assert told["status"] == status
    return told


def test_what_is_offered(api: Api) -> None:
    answer = requests.get(api.url + "/", verify=str(api.certificate), timeout=20)
    assert answer.json() == {
        "issuer": DID,
        "token": False,
        "endpoints": {"issue": ISSUE, "verify": "/credentials/verify", "verifyPresentation": "/presentations/verify"},
    }


@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_issued_and_verified(api: Api, suite: str) -> None:
    issued = api.post(ISSUE[suite], {"credential": unsigned(), "options": {}})
    assert issued.status_code == 201
    credential = issued.json()["verifiableCredential"]
    assert {key: value for key, value in credential.items() if key != "proof"} == unsigned()
    assert credential["proof"]["cryptosuite"] == suite
    assert credential["proof"]["created"] == "2026-11-18T11:00:00Z"
    answer = api.post("/credentials/verify", {"verifiableCredential": credential, "options": {}})
    assert answer.status_code == 200
    assert answer.json() == {
        "verified": True,
        "document": credential,
        "mediaType": "application/vc",
        "controller": DID,
        "warnings": ["It was not checked whether its issuer has revoked it since."],
        "errors": [],
    }


def test_the_usual_suite_and_a_named_one(api: Api) -> None:
    for options, suite in ({}, RDFC), ({"cryptosuite": JCS}, JCS):
        answer = api.post("/credentials/issue", {"credential": unsigned(), "options": options})
        assert answer.json()["verifiableCredential"]["proof"]["cryptosuite"] == suite
    told = problem(api.post(ISSUE[RDFC], {"credential": unsigned(), "options": {"cryptosuite": JCS}}), 400)
    assert told["detail"] == "Nothing is signed with eddsa-jcs-2022 here, only with eddsa-rdfc-2022."
    problem(api.post("/ecdsa-rdfc-2019/credentials/issue", {"credential": unsigned()}), 400)


@pytest.mark.parametrize("issuer", [None, {"name": "Example College"}])
def test_an_issuer_is_filled_in(api: Api, issuer: Any) -> None:
    credential = unsigned()
    credential.pop("issuer")
    if issuer:
        credential["issuer"] = issuer
    found = api.post("/credentials/issue", {"credential": credential}).json()["verifiableCredential"]["issuer"]
    assert found == ({"id": DID, **issuer} if issuer else DID)


def test_the_context_of_the_standards_examples_is_there(api: Api) -> None:
    examples = "https://www.w3.org/ns/credentials/examples/v2"
    credential = unsigned()
    credential["@context"] = [CREDENTIALS_V2, examples]
    credential["credentialSubject"] = {"id": "did:example:subject", "alumniOf": {"name": "Example University"}}
    signed = api.post("/credentials/issue", {"credential": credential}).json()["verifiableCredential"]
    assert api.post("/credentials/verify", {"verifiableCredential": signed}).json()["verified"] is True
    signed["credentialSubject"]["degree"] = "Doctor"
    assert api.post("/credentials/verify", {"verifiableCredential": signed}).json()["verified"] is False


@pytest.mark.parametrize(
    ("context", "more"),
    [
        ({"@vocab": "vocab#"}, {"degree": "Doctor"}),
        ({"degree": "_:d"}, {"degree": "Doctor"}),
        ({"until": "https://www.w3.org/2018/credentials#validUntil"}, {"until": "2020-01-01T00:00:00Z"}),
        ({}, {"_:degree": "Doctor"}),
        ({}, {"https://www.w3.org/2018/credentials#validUntil": "2020-01-01T00:00:00Z"}),
        ({"@vocab": "_:"}, {"degree": "Doctor"}),
    ],
)
def test_what_nobody_signed_or_reads_is_not_verified(api: Api, context: Node, more: Node) -> None:
    credential = unsigned()
    signed = api.post("/credentials/issue", {"credential": credential}).json()["verifiableCredential"]
    signed["@context"].append(context)
    told = api.post("/credentials/verify", {"verifiableCredential": signed | more}).json()
    assert told["verified"] is not True
    assert problem(
        api.post("/credentials/issue", {"credential": credential | {"@context": signed["@context"]} | more}), 400
    )


def broken(change: Callable[[Node], Any]) -> Node:
    credential = unsigned()
    change(credential)
    return credential


REFUSED = {
    "another's name": (lambda c: c["issuer"].update(id="did:web:harvard.example"), "#/issuer", "in another's name"),
    "a null issuer": (lambda c: c.update(issuer=None), "#/issuer", "neither a URL nor"),
    "a proof already": (lambda c: c.update(proof=sign(c)["proof"]), "#/proof", "It carries a proof already"),
    "an id that is none": (lambda c: c.update(id="x"), "#/id", "not a single URL"),
    "an undefined term": (lambda c: c.update(more="x"), None, "'more' that no context defines"),
    "an undefined type": (lambda c: c["type"].append("More"), None, "type 'More' is not absolute"),
    "a term made anew": (
        lambda c: c["@context"].append({"VerifiableCredential": "urn:x"}),
        None,
        "tried to redefine a protected term",
    ),
    "an unknown context": (lambda c: c["@context"].append("https://x.example/c"), None, "is not among those"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_what_is_not_signed(api: Api, case: str, suite: str) -> None:
    change, pointer, text = REFUSED[case]
    told = problem(api.post(ISSUE[suite], {"credential": broken(change)}), 400)
    assert told["type"].startswith((MODEL, "https://w3id.org/security#"))
    assert told.get("pointer") == pointer
    assert text in told["detail"]
    assert told["errors"][0]["detail"] == told["detail"]


def test_false_and_unchecked_are_told_apart(api: Api) -> None:
    changed = sign(unsigned())
    changed["name"] = "Another"
    told = problem(api.post("/credentials/verify", {"verifiableCredential": changed}), 400)
    assert (told["type"], told["verified"]) == (MODEL + "CRYPTOGRAPHIC_SECURITY_ERROR", False)
    elsewhere = sign(unsigned("did:web:uni.example"), verificationMethod=f"did:web:uni.example#{MULTIKEY}")
    told = problem(api.post("/credentials/verify", {"verifiableCredential": elsewhere}), 422)
    assert (told["verified"], told["errors"][0]["checked"]) == (None, False)
    assert "whose key it is could not be checked" in told["detail"]


@pytest.mark.parametrize("value", [None, "ey..", 5, [], {}])
def test_what_is_no_credential(api: Api, value: Any) -> None:
    assert problem(api.post("/credentials/verify", {"verifiableCredential": value}), 400)["verified"] is False
    assert problem(api.post("/presentations/verify", {"verifiablePresentation": value}), 400)["verified"] is False
    problem(api.post("/credentials/issue", {"credential": value}), 400)


def test_presentations(api: Api) -> None:
    asked = {"challenge": "c-1", "domain": "verifier.example"}
    credential = api.post(ISSUE[RDFC], {"credential": unsigned()}).json()["verifiableCredential"]
    signed = sign(presentation(credential), proofPurpose="authentication", **asked)
    answer = api.post("/presentations/verify", {"verifiablePresentation": signed, "options": asked})
    assert (answer.status_code, answer.json()["verified"], answer.json()["controller"]) == (200, True, DID)
    for options, kind in (
        ({**asked, "challenge": "c-2"}, "INVALID_CHALLENGE_ERROR"),
        ({**asked, "domain": "x.example"}, "INVALID_DOMAIN_ERROR"),
        ({}, "INVALID_CHALLENGE_ERROR"),
    ):
        body = {"verifiablePresentation": signed, "options": options}
        assert problem(api.post("/presentations/verify", body), 400)["type"].endswith("#" + kind)
    told = problem(
        api.post("/presentations/verify", {"verifiablePresentation": signed, "options": {"challenge": 5}}), 400
    )
    assert told["detail"] == "Challenge and domain are texts."
    assert problem(api.post("/presentations/verify", {"verifiablePresentation": presentation()}), 400)


RAW = {
    "no JSON": (b"{", "application/json", 400, "This is not well-formed JSON (RFC 8259)."),
    "a list": (b"[]", "application/json", 400, "The request is not a JSON object."),
    "a key twice": (b'{"a":1,"a":2}', "application/json", 400, "The key 'a' stands twice in one object."),
    "another type": (b"a=b", "application/x-www-form-urlencoded", 400, "Send JSON, with the content type"),
    "too much": (b" " * (BODY_BYTES + 1), "application/json", 413, "data value transmitted exceeds"),
}


@pytest.mark.parametrize("case", RAW)
def test_requests_that_are_none(api: Api, case: str) -> None:
    data, kind, status, text = RAW[case]
    for path in ("/credentials/issue", "/credentials/verify", "/presentations/verify"):
        answer = requests.post(
            api.url + path, data=data, headers={"Content-Type": kind}, verify=str(api.certificate), timeout=20
        )
        assert text in problem(answer, status)["detail"]


def test_paths_and_methods(api: Api) -> None:
    problem(api.post("/credentials", {}), 404)
    answer = requests.get(api.url + "/credentials/verify", verify=str(api.certificate), timeout=20)
    problem(answer, 405)
    assert "POST" in answer.headers["Allow"]


class TestAnInstitutionsKey:
    def test_signs_for_nobody_without_the_token(self, office: Api) -> None:
        body = {"credential": unsigned("did:web:uni.example")}
        for headers in ({}, {"Authorization": "Bearer let-me-in-012345678"}, {"Authorization": "Basic x"}):
            for path in ("/credentials/issue", ISSUE[RDFC], ISSUE[JCS]):
                answer = office.post(path, body, headers=headers)
                assert problem(answer, 401)["detail"].startswith("Issuing needs the token")
                assert answer.headers["WWW-Authenticate"] == "Bearer"

    def test_signs_for_those_who_bring_it_and_in_its_own_name_alone(self, office: Api) -> None:
        answer = office.post(ISSUE[RDFC], {"credential": unsigned("did:web:uni.example")}, headers=TOKEN)
        assert answer.status_code == 201
        signed = answer.json()["verifiableCredential"]
        assert signed["proof"]["verificationMethod"] == f"did:web:uni.example#{MULTIKEY}"
        secured = {key: value for key, value in signed.items() if key != "proof"}
        from verifier.vc.checking import lenient_quads

        check_proof(secured, signed["proof"], KEY.public_key().public_bytes_raw(), lenient_quads)
        problem(office.post(ISSUE[RDFC], {"credential": unsigned(DID)}, headers=TOKEN), 400)

    def test_is_never_put_behind_an_open_door(self) -> None:
        for signatory in (Signatory(KEY, "uni.example"), Signatory(KEY)):
            with pytest.raises(ValueError, match="only a trial key may sign for callers without a token"):
                create_app(Service(signatory))


def test_a_silent_caller_holds_up_nobody(api: Api) -> None:
    port = int(api.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)):
        assert requests.get(api.url + "/", verify=str(api.certificate), timeout=5).status_code == 200


def test_plain_http_is_not_spoken(api: Api) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(api.url.replace("https", "http"), timeout=5)


def test_a_certificate_that_nobody_vouches_for_is_refused_by_callers(api: Api) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(api.url, timeout=5)


class TestTheCommand:
    def run(self, *arguments: str) -> str:
        answer = CliRunner().invoke(main, ["serve", "vc-api", *arguments])
        assert answer.exit_code == 2
        return answer.output

    def test_a_given_key_needs_a_token(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SANAD_PASSPHRASE", "x")
        key = tmp_path / "institution.pem"
        new_institution_key(key, "x")
        assert "it would sign for anybody who asks. Give a token" in self.run("--key", str(key))
        assert "it would sign for anybody who asks" in self.run("--key", str(key), "--domain", "uni.example")
        token = tmp_path / "token"
        token.write_text("short\n")
        assert "does not hold a token" in self.run("--key", str(key), "--token-file", str(token))
        assert "cannot be read" in self.run("--key", str(key), "--token-file", str(tmp_path / "none"))

    def test_what_cannot_be(self, tmp_path: Path) -> None:
        assert "A trial key speaks for no domain" in self.run("--domain", "uni.example")
        assert "is not a domain in lower case" in self.run("--domain", "Uni.example")
        assert "go together" in self.run("--tls-key", str(tmp_path / "key.pem"))
        (tmp_path / "a.pem").write_text("x")
        pair = ("--tls-certificate", str(tmp_path / "a.pem"), "--tls-key", str(tmp_path / "a.pem"))
        assert "are not a certificate and its unencrypted key" in self.run(*pair)
        missing = ("--tls-certificate", str(tmp_path / "b.pem"), "--tls-key", str(tmp_path / "a.pem"))
        assert "b.pem cannot be read" in self.run(*missing)
        assert "No such file" in self.run("--context", f"https://x.example/c={tmp_path / 'none'}")
        (tmp_path / "list.json").write_text("[]")
        assert "a file with the JSON object" in self.run("--context", f"https://x.example/c={tmp_path / 'list.json'}")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            assert "cannot be used: Address already in use" in self.run("--port", str(taken.getsockname()[1]))

    def test_options_before_the_word_are_not_lost_in_silence(self) -> None:
        answer = CliRunner().invoke(main, ["serve", "--port", "9000", "vc-api"])
        assert answer.exit_code == 2
        assert "Options go after the word: sanad serve vc-api --port" in answer.output

    def test_serve_alone_is_what_it_was(self, tmp_path: Path) -> None:
        answer = CliRunner().invoke(main, ["serve", "--config", str(tmp_path / "none.toml")])
        assert answer.exit_code == 2
        assert "none.toml" in answer.output


@pytest.mark.parametrize("given", [True, False])
def test_a_process_with_a_given_or_a_self_signed_certificate(
    tmp_path: Path, given: bool, sanad_serving: Callable[..., Node]
) -> None:
    from issuer.vc_api import tls

    certificate = tmp_path / "certificate.pem"
    arguments = ["--certificate-out", str(certificate)]
    if given:
        key = tls.ec.generate_private_key(tls.ec.SECP256R1())
        made = tls._certificate("127.0.0.1", key)
        certificate.write_bytes(made.public_bytes(tls.serialization.Encoding.PEM))
        (tmp_path / "key.pem").write_bytes(
            key.private_bytes(
                tls.serialization.Encoding.PEM,
                tls.serialization.PrivateFormat.PKCS8,
                tls.serialization.NoEncryption(),
            )
        )
        arguments = ["--tls-certificate", str(certificate), "--tls-key", str(tmp_path / "key.pem")]
    said = sanad_serving("vc-api", "--port", "0", *arguments)
    assert said["issuer"].startswith("did:key:z6Mk")
    assert said["issuer"] != DID
    shown = ssl.get_server_certificate(("127.0.0.1", int(said["url"].rpartition(":")[2])))
    assert shown.strip() == certificate.read_text().strip()
    body = {"credential": {**unsigned(), "issuer": said["issuer"]}}
    answer = requests.post(said["url"] + ISSUE[RDFC], json=body, verify=str(certificate), timeout=20)
    assert answer.status_code == 201
    checked = {"verifiableCredential": answer.json()["verifiableCredential"]}
    answer = requests.post(said["url"] + "/credentials/verify", json=checked, verify=str(certificate), timeout=20)
    assert json.loads(answer.text)["controller"] == said["issuer"]
