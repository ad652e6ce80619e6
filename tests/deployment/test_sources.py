"""Sources are checked by Sourcify and Etherscan; what each says, and fails to say, is told as it is."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from deploy.deployment import sources
from deploy.deployment.records import Deployed
from deploy.deployment.source_service import Patience
from deploy.deployment.sources import Outcome, check_sources, etherscan_key
from deploy.errors import SourceError
from deploy.registry_contract import registry_artifact
from tests.deployment.conftest import Programme
from tests.deployment.source_services import Answer, Etherscan, Request, Service, Sourcify, service
from verifier.chain.networks import Network, network

QUICK = Patience(request=5, between=0.01, total=2)
ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
OWNER = "0x00000000000000000000000000000000000000aB"
DEPLOYED = Deployed("bsc-testnet", 97, ADDRESS, OWNER, 1, "createx", OWNER, "0xfe", 5, 6, "0.8", "ab")
KEY = "KEY-4711"


def net(sourcify: str | None = None, etherscan: str | None = None) -> Network:
    known = network("bsc-testnet")
    return Network(known.name, known.chain, sourcify=sourcify, etherscan=etherscan)


def ask_sourcify(answers: Any) -> tuple[Outcome, Service]:
    with service(answers) as made:
        (outcome,) = check_sources(net(sourcify=made.url), DEPLOYED, None, QUICK)
    return outcome, made


def ask_etherscan(answers: Any, key: str = KEY) -> tuple[Outcome, Service]:
    with service(answers) as made:
        (outcome,) = check_sources(net(etherscan=f"{made.url}/v2/api"), DEPLOYED, key, QUICK)
    assert key not in outcome.text
    return outcome, made


def test_sourcify_gets_the_committed_source_and_says_that_it_matches() -> None:
    outcome, made = ask_sourcify(Sourcify())
    assert (outcome.problem, outcome.pending) == (False, False)
    assert outcome.text == "source and metadata match the code on the chain, byte for byte."
    asked = [(one.method, one.path) for one in made.asked]
    assert asked == [
        ("GET", f"/v2/contract/97/{ADDRESS}"),
        ("POST", f"/v2/verify/97/{ADDRESS}"),
        *[("GET", "/v2/verify/0f6bb8a4")] * 2,
    ]
    request = made.asked[1].json
    text = json.dumps(request["stdJsonInput"], indent=1, ensure_ascii=False) + "\n"
    assert hashlib.sha256(text.encode()).hexdigest() == registry_artifact()["standardJsonSha256"]
    assert request["compilerVersion"] == registry_artifact()["solc"]
    assert request["contractIdentifier"] == "src/SanadRegistry.sol:SanadRegistry"
    assert request["creationTransactionHash"] == "0xfe"


def failing(code: int, custom: str, message: str) -> Sourcify:
    return Sourcify(refuse=(code, {"customCode": custom, "message": message, "errorId": "1"}))


@pytest.mark.parametrize(
    ("answers", "text", "problem", "pending"),
    [
        (Sourcify(known="exact_match"), "byte for byte", False, False),
        (Sourcify(match="match"), "its metadata does not", False, False),
        (Sourcify(match=None), "Sourcify finds that the source does not match the code on the chain.", True, False),
        (Sourcify(throttled=3), "byte for byte", False, False),
        (Sourcify(throttled=10**6), "is asked too often at the moment; run the command again", False, True),
        (Sourcify(pending=10**6), "is still at work; run the command again in a while.", False, True),
        (Sourcify(known="match", refuse=(409, {"customCode": "already_verified"})), "metadata does not", False, False),
        (failing(404, "unsupported_chain", "The chain 97 is not supported."), "The chain 97 is not", True, False),
        (failing(400, "invalid_parameter", "compilerVersion"), "does not take the source: compilerVer", True, False),
        (failing(500, "internal_error", ""), "does not take the source: internal_error", True, False),
        (failing(429, "duplicate_verification_request", "twice"), "is still at work", False, True),
        (
            Sourcify(error={"customCode": "no_match", "message": "The bytecodes don't match."}),
            "does not take the source: The bytecodes don't match.",
            True,
            False,
        ),
        (Sourcify(known="match", error={"customCode": "already_verified"}), "its metadata does not", False, False),
    ],
)
def test_what_sourcify_says_is_told(answers: Any, text: str, problem: bool, pending: bool) -> None:
    outcome, _ = ask_sourcify(answers)
    assert text in outcome.text
    assert (outcome.problem, outcome.pending) == (problem, pending)


def test_a_job_that_another_run_handed_in_is_waited_for() -> None:
    duplicate = failing(429, "duplicate_verification_request", "twice")
    questions: list[Request] = []

    def answers(request: Request) -> Answer:
        questions.append(request)
        duplicate.known = "exact_match" if len(questions) > 4 else None
        return duplicate(request)

    outcome, _ = ask_sourcify(answers)
    assert "byte for byte" in outcome.text
    assert len([one for one in questions if one.method == "POST"]) == 1


@pytest.mark.parametrize("body", [b"<!doctype html>", b"[]", b"", b"[" * 10_000, b"x" * 1_100_000])
def test_what_is_no_answer_is_told(body: bytes) -> None:
    outcome, _ = ask_sourcify(lambda _: (200, body))
    assert outcome.text == "Sourcify answered something that cannot be understood (HTTP 200)."
    assert outcome.problem


def test_a_service_that_is_not_there() -> None:
    (outcome,) = check_sources(net(sourcify="http://127.0.0.1:1"), DEPLOYED, None, QUICK)
    assert outcome.text == "Sourcify cannot be reached (ConnectionError). Try again."


def test_etherscan_gets_what_it_wants_and_says_that_it_matches() -> None:
    outcome, made = ask_etherscan(Etherscan())
    assert outcome == Outcome("Etherscan", "the source matches the code on the chain.")
    submitted, *questions = made.asked
    assert (submitted.path, submitted.query) == ("/v2/api", {"chainid": "97"})
    form = submitted.form
    assert form["codeformat"] == "solidity-standard-json-input"
    assert form["contractname"] == "src/SanadRegistry.sol:SanadRegistry"
    assert form["compilerversion"] == "v" + registry_artifact()["solc"]
    assert form["contractaddress"] == ADDRESS
    assert form["constructorArguements"] == form["constructorArguments"] == OWNER[2:].lower().rjust(64, "0")
    digest = hashlib.sha256(form["sourceCode"].encode()).hexdigest()
    assert digest == registry_artifact()["standardJsonSha256"]
    assert [(one.query["chainid"], one.query["action"]) for one in questions] == [("97", "checkverifystatus")] * 2


@pytest.mark.parametrize(
    ("answers", "text", "problem", "pending"),
    [
        (Etherscan(refuse="Contract source code already verified"), "the source matches", False, False),
        (Etherscan(results=["Pending in queue", "Already Verified"]), "the source matches", False, False),
        (Etherscan(unseen=2), "the source matches", False, False),
        (Etherscan(unseen=10**6), "does not see the contract yet; run the command again", False, True),
        (Etherscan(throttled=2), "the source matches", False, False),
        (Etherscan(throttled=10**6), "is asked too often at the moment", False, True),
        (Etherscan(results=["Pending in queue"] * 10**4), "is still at work", False, True),
        (Etherscan(results=["Fail - Unable to verify"]), "does not match the code on the chain: Fail", True, False),
        (Etherscan(refuse="Missing or unsupported chainid"), "does not take the source: Missing or uns", True, False),
    ],
)
def test_what_etherscan_says_is_told(answers: Any, text: str, problem: bool, pending: bool) -> None:
    outcome, _ = ask_etherscan(answers)
    assert text in outcome.text
    assert (outcome.problem, outcome.pending) == (problem, pending)


def test_the_key_is_shown_nowhere() -> None:
    outcome, _ = ask_etherscan(Etherscan(), key="a-wrong-key")
    assert outcome.text == "Etherscan does not take the source: Invalid API Key (#err2)|…"


def test_the_key_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ETHERSCAN_API_KEY", raising=False)
    assert etherscan_key(None) is None
    monkeypatch.setenv("ETHERSCAN_API_KEY", "from the environment")
    assert etherscan_key(None) == "from the environment"
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert etherscan_key(tmp_path / "key") == KEY
    (tmp_path / "key").write_text("\n")
    with pytest.raises(SourceError, match="is empty"):
        etherscan_key(tmp_path / "key")
    with pytest.raises(SourceError, match="cannot be read"):
        etherscan_key(tmp_path / "none")


def test_without_a_key_or_a_service_it_is_said() -> None:
    (outcome,) = check_sources(net(etherscan="http://127.0.0.1:1"), DEPLOYED, None, QUICK)
    assert outcome.text == "not asked: it needs an API key, in ETHERSCAN_API_KEY or a file."
    (outcome,) = check_sources(net(), DEPLOYED, None, QUICK)
    assert "no service is known" in outcome.text


def test_the_command_has_the_source_checked(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "Patience", lambda: QUICK)
    with service(Sourcify(throttled=10**6)) as sourcify, service(Etherscan()) as etherscan:
        programme.environment |= {
            "SANAD_BSC_TESTNET_SOURCIFY": sourcify.url,
            "SANAD_BSC_TESTNET_ETHERSCAN": etherscan.url,
            "ETHERSCAN_API_KEY": KEY,
        }
        told = programme.deploy("--verify-source", code=3)
        assert [(one["service"], one["pending"]) for one in told["sources"]] == [
            ("Sourcify", True),
            ("Etherscan", False),
        ]
        sourcify.answer = Sourcify(match=None)
        assert not programme.deploy("--verify-source", code=2)["sources"][0]["pending"]
        sourcify.answer, etherscan.answer = Sourcify(), Etherscan()
        result = programme.run("deploy", "--network", "bsc-testnet", "--verify-source")
    assert result.exit_code == 0
    assert "  Sourcify: source and metadata match" in result.output
    assert KEY not in result.output
