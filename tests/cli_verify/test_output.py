import json
import re
from pathlib import Path

from tests.cli_verify.conftest import Run
from tests.scenes import LONG_NAME, URDU_NAME, Scenes
from tests.vectors.pictures import presentation
from verifier.answers.visible_text import visible
from verifier.core.hashes import to_hex


def test_the_verdict_stands_first_then_certificate_and_steps(run: Run, scenes: Scenes) -> None:
    lines = run("valid.pdf").stdout.splitlines()
    assert lines[0] == "VALID  valid.pdf"
    assert lines[1] == "  This certificate is valid."
    text = "\n".join(lines)
    assert re.search(r"Awarded to +Ayesha Khan\n", text)
    assert re.search(r"Institution +University of Lahore \(Sample\) \(lahore.example.edu.pk\)\n", text)
    assert to_hex(scenes.certificates["valid"].hash) in text
    steps = re.findall(r"^ +(\d+)  (\S) (passed|skipped) +(.+)$", text, re.MULTILINE)
    assert [int(number) for number, *_ in steps] == list(range(1, 12))
    assert steps[1][3] == "The seal holds: sheet and certificate are those that were issued together."


def test_nothing_but_text_goes_into_a_pipe(run: Run) -> None:
    result = run("valid.pdf", "revoked.pdf", "long.pdf", "urdu.pdf")
    assert "\x1b" not in result.stdout
    assert LONG_NAME in result.stdout
    assert URDU_NAME in result.stdout
    assert result.stdout.splitlines()[-1] == "4 inputs: 3 valid, 1 revoked."


def test_altered_files_show_what_was_registered(run: Run) -> None:
    text = run("altered, revoked.pdf").stdout
    assert text.startswith("ALTERED  altered, revoked.pdf\n  This file is not the one that was issued.\n")
    assert "The certificate registered under this code says:" in text
    assert "Of that certificate: This certificate has been revoked." in text


def test_a_changed_copy_says_first_what_was_issued(run: Run) -> None:
    result = run("altered.pdf")
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "CHANGED COPY  altered.pdf\n"
        "  Changed copy. What was issued reads: Ayesha Khan, Teaching with Data, A+, 2026-06-30.\n"
        "  Compare every word of the file with this, or open the original.\n"
    )
    assert "has neither revoked nor withdrawn it." in result.stdout
    assert "This certificate is valid." not in result.stdout


def test_among_many_a_changed_copy_is_altered(run: Run) -> None:
    assert run("--short", "altered.pdf", "valid.pdf").stdout.splitlines() == [
        "ALTERED  altered.pdf",
        "VALID  valid.pdf",
        "2 inputs: 1 altered, 1 valid.",
    ]


def test_a_presentation_has_an_answer_for_each_credential(run: Run, tmp_path: Path, scenes: Scenes) -> None:
    path = tmp_path / "two.json"
    path.write_bytes(presentation([scenes.certificates[name].credential for name in ("valid", "revoked")]))
    result = run("--short", str(path))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"VALID  {path}, 1 of 2",
        f"REVOKED  {path}, 2 of 2",
        "2 inputs: 1 valid, 1 revoked.",
    ]
    assert [each["verdict"] for each in json.loads(run("--json", str(path)).stdout)] == ["valid", "revoked"]


def test_replaced_certificates_name_the_newer_one(run: Run, scenes: Scenes) -> None:
    assert f"The newer certificate: {to_hex(scenes.certificates['newer'].hash)}" in run("replaced.pdf").stdout


def test_unconfirmed_fields_are_called_so(run: Run) -> None:
    assert "This is what it says; it is not confirmed." in run("unknown.pdf").stdout


def test_short_output_is_a_line_for_each_input(run: Run) -> None:
    assert run("--short", "valid.pdf", "photo.jpg").stdout.splitlines() == [
        "VALID  valid.pdf",
        "NO CERTIFICATE FOUND  photo.jpg",
        "2 inputs: 1 valid, 1 no certificate found.",
    ]


def test_names_cannot_steer_the_terminal(run: Run) -> None:
    text = run("hostile.pdf").stdout
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "{reason} %(x)s \ufffd[31mred\ufffd" in text
    assert "<script>alert(1)</script>" in text
    assert visible("a\nb\tc\x9b") == "a\ufffdb\ufffdc\ufffd"


def test_help_tells_the_exit_codes(run: Run) -> None:
    text = run("--help").stdout
    for code in "0123":
        assert re.search(rf"^ +{code}  \w", text, re.MULTILINE)
