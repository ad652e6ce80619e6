from pathlib import Path

import pytest

from verifier.errors import SettingsError
from verifier.web.wsgi import application

REGISTRY = """
[[registry]]
programme = "National Educators Programme"
network = "bsc-testnet"
chain_id = 97
address = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
nodes = ["http://127.0.0.1:1"]
test = true
"""


def test_the_application_follows_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "sanad.toml"
    settings.write_text('[verifier]\norigin = "https://verify.example.org"\n' + REGISTRY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    response = application().test_client().get("/")
    assert response.status_code == 200
    assert "Test network" in response.get_data(as_text=True)
    assert "Strict-Transport-Security" in response.headers


def test_production_has_to_know_its_origin(tmp_path: Path) -> None:
    settings = tmp_path / "sanad.toml"
    settings.write_text(REGISTRY, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"sanad\.toml: \[verifier\] needs an origin"):
        application(settings)
