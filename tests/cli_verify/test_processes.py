"""The commands as real processes, with real settings and no doubles."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

SETTINGS = """
[[registry]]
programme = "National Educators Programme"
network = "bsc-testnet"
chain_id = 97
address = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
nodes = ["http://127.0.0.1:1"]
test = true
"""


def _command(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", f"from verifier.commands.{name} import {name}; {name}()", *arguments]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


@pytest.fixture
def settled(folder: Path) -> Path:
    (folder / "sanad.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _import_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.delenv("SANAD_CONFIG", raising=False)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_registry_that_cannot_be_reached_is_unavailable_and_never_bad(settled: Path) -> None:
    result = _run(*_command("verify", "--json", "valid.pdf"))
    assert (result.returncode, result.stderr) == (3, "")
    (answer,) = json.loads(result.stdout)
    assert answer["verdict"] == "unavailable"
    assert answer["test_network"].startswith("Test network")


def test_a_narrow_encoding_ends_nothing(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    result = _run(*_command("verify", "urdu.pdf"))
    assert result.returncode == 3
    assert "COULD NOT CHECK  urdu.pdf" in result.stdout


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_reader_that_goes_away_is_never_taken_for_a_verdict(settled: Path, form: list[str]) -> None:
    command = _command("verify", *form, *["altered beyond recognition.pdf"] * 1000)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_settings_that_are_missing_are_one_sentence(folder: Path) -> None:
    for command in ("verify", "serve"):
        result = _run(*_command(command, *(["valid.pdf"] if command == "verify" else [])))
        assert result.returncode == 2
        assert result.stderr.startswith("Error: There is no sanad.toml here.")
        assert "Traceback" not in result.stderr


def test_the_commands_load_nothing_heavy_and_nothing_of_the_issuer(settled: Path) -> None:
    listing = "import sys; print(*sorted(sys.modules))"
    loaded = _run(sys.executable, "-c", f"import verifier.commands.verify; {listing}").stdout.split()
    for heavy in ("web3", "pyld", "flask", "requests", "cryptography", "pyoxigraph"):
        assert heavy not in loaded
    call = "verify(['altered beyond recognition.pdf'])"
    code = f"from verifier.commands.verify import verify\ntry:\n {call}\nexcept SystemExit:\n {listing}"
    loaded = _run(sys.executable, "-c", code).stdout.split()
    assert "verifier.core.verifier" in loaded
    for foreign in ("issuer", "deploy", "flask", "web3", "pyld"):
        assert foreign not in loaded


def test_serve_serves_until_it_is_interrupted(settled: Path) -> None:
    port = _free_port()
    command = _command("serve", "--port", str(port))
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            _walk(process, port)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=10)
    assert process.returncode == 0


def _walk(process: "subprocess.Popen[str]", port: int) -> None:
    assert process.stderr is not None
    assert process.stderr.readline() == f"The verifier is at http://127.0.0.1:{port} until Ctrl-C.\n"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as response:
        assert b"Is this certificate genuine?" in response.read()
    _refused_in_words(port)
    busy = _run(*_command("serve", "--port", str(port)))
    assert busy.returncode == 2
    assert re.fullmatch(
        rf"Error: Port {port} on 127.0.0.1 cannot be used: Address already in use\. Give another with --port\.\n",
        busy.stderr,
    )


def _refused_in_words(port: int) -> None:
    """A real client that sends far too much gets the words, not a broken connection."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", data=bytes(20_000_000), method="POST")
    request.add_header("Content-Type", "multipart/form-data; boundary=x")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 413
    assert b"This file is too large to be a certificate." in refused.value.read()
    refused.value.close()
