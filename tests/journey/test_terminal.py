"""What a professor sees of a class in a window of 80 columns, Urdu names among the others."""

import os
import sys
from pathlib import Path

import pytest

from issuer.batches.judging import Checked
from issuer.commands.terminal import MOST_ROWS, print_certificates, progress_bars
from verifier.core.verdict import Check, Outcome, State, Step, Verdict

ORIGIN = "https://verify.darya-university.example"
NAMES = ("Ayesha Siddiqui", "مہرین اقبال Mehreen Iqbal", "O[red]man :smile:")


def checked(name: str, number: int = 1, outcome: Outcome | None = None) -> Checked:
    steps = (Step(Check.UNREVOKED, State.FAILED, "For a reason.", outcome=outcome),) if outcome else ()
    verdict = Verdict(steps, number.to_bytes(32), bytes(32))
    return Checked(name, Path(f"/out/{number:03d}-{name.replace(' ', '-')}.pdf"), number.to_bytes(32), verdict)


def test_a_narrow_window_breaks_no_link(capsys: pytest.CaptureFixture[str]) -> None:
    print_certificates([checked(name, number) for number, name in enumerate(NAMES)], ORIGIN, width=80)
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split() == ["Name", "Verdict", "Short", "code", "File"]
    assert len(lines) == 6
    assert {line[:42] for line in lines[1::2]} == {f"  {ORIGIN}/c/"[:42]}
    assert all(len(line) == 2 + len(ORIGIN) + 3 + 43 for line in lines[1::2])
    assert len({line.index("valid") for line in lines[::2]}) == 1
    assert lines[4].startswith("O[red]man :smile:")


def test_a_wide_window_has_it_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_certificates([checked(name) for name in NAMES], ORIGIN)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert (
        lines[1]
        == f"Ayesha Siddiqui            valid    0000-0000-0000  {ORIGIN}/c/{'A' * 42}E  001-Ayesha-Siddiqui.pdf"
    )


def test_what_is_not_valid_comes_first_in_a_large_class(capsys: pytest.CaptureFixture[str]) -> None:
    whole = [checked("Ali", number) for number in range(MOST_ROWS)]
    print_certificates([*whole, checked("Zara", 999, Outcome.REVOKED)], ORIGIN)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("Zara  revoked")
    assert lines[-3:] == ["… and 1 more; --json has all.", "1 of 201 is not valid:", "  999-Zara.pdf: For a reason."]


def test_why_is_said_once_and_not_checked_is_not_called_bad(capsys: pytest.CaptureFixture[str]) -> None:
    print_certificates(
        [
            checked("Ali", 1, Outcome.UNAVAILABLE),
            checked("Sara", 2, Outcome.UNAVAILABLE),
            checked("Zara", 3, Outcome.PENDING),
            checked("Hira", 4),
        ],
        ORIGIN,
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[5:] == [
        "1 of 4 is not valid yet:",
        "  003-Zara.pdf: For a reason.",
        "2 of 4 could not be checked now:",
        "  001-Ali.pdf and 1 more: For a reason.",
    ]


def test_a_file_that_is_gone_is_told_with_the_link_of_the_records(capsys: pytest.CaptureFixture[str]) -> None:
    gone = Checked("Ali", Path("/out/001-Ali.pdf"), bytes(32), None, "/out/001-Ali.pdf cannot be read: gone.")
    print_certificates([gone, checked("Hira", 4)], ORIGIN)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["Ali", "unreadable", "0000-0000-0000", f"{ORIGIN}/c/{'A' * 43}", "001-Ali.pdf"]
    assert lines[3:5] == ["1 of 2 is not valid:", "  001-Ali.pdf: /out/001-Ali.pdf cannot be read: gone."]
    assert lines[5].endswith("its link, short code and .json file are still valid.")


def test_bars_stay_on_standard_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress_bars() as progress:
            progress.stage("Signing", 2)
            progress.step(2)
            print("Ayesha Siddiqui")
            progress.stage("Delivering", 1)
        shown = ""
        while "Delivering" not in shown:  # a terminal gives what it has, in pieces
            shown += os.read(ours, 65536).decode()
    os.close(ours)
    assert capsys.readouterr().out == "Ayesha Siddiqui\n"
    assert "Signing" in shown
    assert "2/2" in shown
    assert shown.index("2/2") < shown.index("Delivering")
    assert "Ayesha" not in shown
