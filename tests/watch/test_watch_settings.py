"""The [watch] table: every mistake told at once."""

from pathlib import Path

import pytest

from issuer.errors import WatchError
from issuer.watch.settings import WatchSettings, load_watch_settings


def load(tmp_path: Path, text: str) -> WatchSettings:
    (tmp_path / "sanad.toml").write_text(f"[watch]\n{text}\n")
    return load_watch_settings(tmp_path / "sanad.toml")


def test_nothing_is_required(tmp_path: Path) -> None:
    assert load(tmp_path, "") == WatchSettings()


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('hook = "x"', "hook is not known. Did you mean webhook?"),
        ('webhook = "http://elsewhere.example"', "webhook must be https://"),
        ('mail = ["nobody"]', "mail must be a list of e-mail addresses."),
        ('keys = ["0x12"]', "keys must be a list of addresses of 0x and 40 hex digits."),
        ("every_seconds = 1", "every_seconds must be a whole number from 5 to 86400."),
        ('webhook_secret_file = "gone"', "webhook_secret_file names 'gone', which cannot be read."),
    ],
)
def test_mistakes_are_told(tmp_path: Path, table: str, told: str) -> None:
    with pytest.raises(WatchError) as caught:
        load(tmp_path, table)
    assert told in str(caught.value)
