"""Which passphrase opens the key that somebody names by --key."""

from pathlib import Path

import pytest

from issuer.keys.files import Passphrases
from issuer.office.key_choice import KeyChoice, chosen_key
from issuer.settings import load_key_settings

_SETTINGS = """
[issuer]
signer_key = "keys/professor.json"
admin_key = "keys/admin.json"
institution_key = "keys/institution.pem"
passphrase_file = "keys/passphrase"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sanad.toml").write_text(_SETTINGS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("key", [None, "keys/admin.json", "./keys/../keys/professor.json"])
def test_a_key_of_the_settings_opens_as_they_say(folder: Path, key: str | None) -> None:
    configured = load_key_settings(folder / "sanad.toml", "issuer", "signer_key")
    _, passphrases = chosen_key(KeyChoice(key), configured, "[issuer] signer_key")
    assert passphrases.file == folder / "keys/passphrase"


@pytest.mark.parametrize("key", ["keys/colleague.json", "http://127.0.0.1:9000#0x" + "1" * 40])
def test_another_key_has_its_own_passphrase(folder: Path, key: str) -> None:
    configured = load_key_settings(folder / "sanad.toml", "issuer", "signer_key")
    own = Passphrases(folder / "own")
    assert chosen_key(KeyChoice(key), configured, "[issuer] signer_key")[1].file is None
    assert chosen_key(KeyChoice("keys/admin.json", own), configured, "[issuer] signer_key")[1].file == own.file
