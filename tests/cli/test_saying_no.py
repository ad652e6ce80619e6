"""Somebody who is asked, and says no: refused as where nobody can be asked, and told that nothing was done."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.commands.demo import _ask_to_lose
from deploy.errors import DemoError
from issuer.commands.acting import How, confirm
from issuer.commands.custody import _ask_to_erase
from verifier.commands.opening import CommandError


def _act() -> None:
    confirm(["revoke Ayesha Khan"], "Revoke this certificate permanently?", False, How(None, None, None, False, False))


@pytest.mark.parametrize(
    ("ask", "nothing"),
    [
        (_act, "Nothing was sent."),
        (lambda: _ask_to_erase("Ayesha Khan", False), "Nothing was erased."),
        (lambda: _ask_to_lose(Path("sanad-demo"), False), "Nothing was deleted."),
    ],
)
def test_no_is_an_answer(ask: Callable[[], None], nothing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.commands.demo.loss", lambda _folder: "40 certificates")
    with CliRunner().isolation(input="n\n"):
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        with pytest.raises((CommandError, DemoError)) as ended:
            ask()
    assert str(ended.value) == f"You answered no. {nothing}"
