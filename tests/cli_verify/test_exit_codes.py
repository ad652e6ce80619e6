import json
from pathlib import Path

import pytest

from tests.cli_verify.conftest import Run
from tests.doubles import MAINNET
from tests.scenes import Scenes
from verifier.answers.answer import Answer
from verifier.commands import verify as cli
from verifier.core.codes import check_character
from verifier.core.hashes import to_hex
from verifier.core.verifier import Verifier

NOT_HELD = "ZZZZZZZZZZZ" + check_character("ZZZZZZZZZZZ")


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        (["valid.pdf"], 0),
        (["valid.pdf", "envelope.pdf", "urdu.pdf"], 0),
        (["altered.pdf"], 1),
        (["unknown.pdf"], 1),
        (["revoked.pdf"], 1),
        (["replaced.pdf"], 1),
        (["withdrawn.pdf"], 1),
        (["distrusted.pdf"], 1),
        (["expired.pdf"], 1),
        (["not final.pdf"], 3),
        (["not yet valid.pdf"], 3),
        (["valid.pdf", "not final.pdf"], 3),
        (["valid.pdf", "not final.pdf", "revoked.pdf"], 1),
        (["photo.jpg"], 2),
        (["photo.jpg", "missing.pdf", "ABCD-EFGH-JKMN"], 2),
        (["valid.pdf", "photo.jpg"], 3),
        (["valid.pdf", "missing.pdf"], 3),
        (["revoked.pdf", "photo.jpg"], 1),
        ([NOT_HELD], 3),
        ([], 2),
        (["--nonsense"], 2),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_exit_codes(run: Run, inputs: list[str], code: int, form: list[str]) -> None:
    result = run(*form, *inputs)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output


def test_bad_news_wins_over_a_registry_that_is_down(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    scenes = Scenes(MAINNET)
    scenes.registry.problem = "None of the 3 nodes answered."
    monkeypatch.setattr(cli, "_open", lambda config, ask_domains: scenes.verifier)
    assert run("valid.pdf").exit_code == 3
    assert run("valid.pdf", "revoked.pdf").exit_code == 3
    assert run("valid.pdf", "altered.pdf").exit_code == 1
    assert run(to_hex(scenes.certificates["valid"].hash)).exit_code == 3


def test_a_fault_of_ours_is_never_taken_for_a_verdict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    good = cli.check_input

    def faulty(verifier: Verifier, text: str) -> Answer:
        if text == "urdu.pdf":
            raise ZeroDivisionError("by accident")
        return good(verifier, text)

    monkeypatch.setattr(cli, "check_input", faulty)
    result = run("urdu.pdf", "valid.pdf")
    assert result.exit_code == 3
    assert "Something went wrong in this verifier." in result.stdout
    assert "ZeroDivisionError: by accident." in result.stdout
    assert "This certificate is valid." in result.stdout
    assert run("urdu.pdf", "revoked.pdf").exit_code == 1


def test_an_interruption_is_never_taken_for_a_verdict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_print_text", interrupted)
    assert run("valid.pdf").exit_code == 130


def test_json_is_an_array_with_an_object_for_each_input_in_order(run: Run) -> None:
    inputs = ["valid.pdf", "photo.jpg", "revoked.pdf", "missing.pdf"]
    answers = json.loads(run("--json", *inputs).stdout)
    assert [answer["input"] for answer in answers] == inputs
    assert [answer["verdict"] for answer in answers] == ["valid", None, "revoked", None]
    assert [answer["problem"] for answer in answers] == [None, "unreadable", None, "no-file"]
    for answer in answers:
        assert {"input", "hash", "commitment", "verdict", "problem", "headline", "steps"} <= answer.keys()


def test_json_of_nothing_readable_is_still_json(run: Run) -> None:
    result = run("--json", "photo.jpg")
    assert json.loads(result.stdout)[0]["problem"] == "unreadable"


def test_five_hundred_files_print_nothing_on_standard_error(run: Run, folder: Path) -> None:
    result = run("--short", *["valid.pdf"] * 500)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "500 inputs: 500 valid."
