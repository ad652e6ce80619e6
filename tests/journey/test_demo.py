"""`sanad demo` as a process of its own, in an empty folder: what a newcomer sees, and what goes wrong."""

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from eth_account import Account

from deploy import demo
from deploy.demo import DevelopmentNode
from deploy.errors import DemoError
from tests.chain.bad_node import BadNode, Exchange
from tests.chain_fixtures import running_anvil
from tests.credential.test_shape import VALIDATOR

SANAD = [sys.executable, "-c", "from deploy.cli import main; main()"]
FREE = ("--port", "0", "--chain-port", "0")


def sanad(folder: Path, *words: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*SANAD, *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False, **more
    )


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Path, dict[str, Any], "subprocess.Popen[str]"]]:
    """A demonstration that serves until it is told to end."""
    process = subprocess.Popen(
        [*SANAD, "demo", "--json", *FREE], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if line == "}\n":
            break
    yield tmp_path, json.loads("".join(lines)), process
    if process.poll() is None:
        process.kill()
    process.communicate()


def get(url: str, data: bytes | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.read().decode()


def wait_for(url: str) -> tuple[int, str]:
    deadline = time.monotonic() + 30
    while True:
        try:
            return get(url)
        except OSError:
            assert time.monotonic() < deadline, "the verifier does not serve"
            time.sleep(0.1)


def test_once_prints_a_table_of_valid_certificates(tmp_path: Path) -> None:
    done = sanad(tmp_path, "demo", "--once", *FREE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" valid ") == 40
    assert "40 certificates in one transaction" in done.stdout
    assert len(list((tmp_path / "sanad-demo" / "certificates").glob("*.pdf"))) == 40
    assert "Traceback" not in done.stderr
    envelopes = sorted((tmp_path / "sanad-demo" / "certificates").glob("*.json"))
    assert len(envelopes) == 40
    for path in envelopes:  # each as the Open Badges schema asks
        VALIDATOR.validate(json.loads(path.read_text("utf-8"))["credential"])


def test_it_serves_the_verifier_and_the_chain_and_ends_on_ctrl_c(running: Any) -> None:
    folder, told, process = running
    certificate = told["certificates"][0]
    assert {"registry", "chain_id", "root", "transaction", "gas_used", "seconds", "certificates"} == told.keys()
    assert {"name", "hash", "short_code", "verdict", "link", "file"} == certificate.keys()
    assert told["gas_used"] <= 57_000
    assert {each["verdict"] for each in told["certificates"]} == {"valid"}

    status, page = wait_for(certificate["link"])
    assert status == 200
    assert certificate["name"] in page
    origin = certificate["link"].split("/c/")[0]
    _, answer = get(f"{origin}/api/v1/certificates/{certificate['hash']}")
    assert json.loads(answer)["verdict"] == "valid"
    settings = (folder / "sanad-demo" / "sanad.toml").read_text()
    node = settings.split('nodes = ["')[1].split('"')[0]
    _, answer = get(node, b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}')
    assert int(json.loads(answer)["result"], 16) == told["chain_id"]

    # Other commands find the demonstration in the folder and read the same chain.
    done = sanad(folder, "verify", certificate["file"], certificate["link"])
    assert done.returncode == 0, done.stdout + done.stderr
    done = sanad(folder, "revoke", certificate["hash"], "--reason", "data-error", "--yes")
    assert done.returncode == 0, done.stderr
    assert sanad(folder, "verify", certificate["file"]).returncode == 1

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def test_public_url_stands_in_the_links(tmp_path: Path) -> None:
    told = json.loads(
        sanad(tmp_path, "demo", "--once", "--json", "--public-url", "https://verify.example/", *FREE).stdout
    )
    assert all(each["link"].startswith("https://verify.example/c/") for each in told["certificates"])


def refused(done: "subprocess.CompletedProcess[str]", *sentence: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for part in sentence:
        assert part in done.stderr


@pytest.mark.parametrize("option", ["--port", "--chain-port"])
def test_a_busy_port_is_told_and_nothing_is_left(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = sanad(tmp_path, "demo", "--once", *FREE, option, port)
    refused(done, port, "Address already in use")
    assert list(tmp_path.iterdir()) == []


def test_once_needs_no_port_that_others_use(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        for port in (8000, 8545):  # whether by us or by somebody else, they are taken
            with contextlib.suppress(OSError):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
        done = sanad(tmp_path, "demo", "--once", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["certificates"][0]["link"].startswith("http://127.0.0.1:8000/c/")


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    refused(sanad(tmp_path, "demo", "--once", "--out", "mine", *FREE), "mine was not written by sanad demo")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(sanad(tmp_path, "demo", "--once", "--out", "file/demo", *FREE), "file/demo cannot be written")


def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    def no_large_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = sanad(tmp_path, "demo", "--once", *FREE, preexec_fn=no_large_files, env=environment)
    refused(done, "cannot be")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--roster", "nowhere.csv"), "nowhere.csv"),
        (("--course", "nowhere.toml"), "nowhere.toml"),
        (("--node", "http://127.0.0.1:9"), "The node does not answer"),
    ],
)
def test_wrong_wishes_are_told_and_nothing_is_left(tmp_path: Path, words: tuple[str, str], sentence: str) -> None:
    refused(sanad(tmp_path, "demo", "--once", *FREE, *words), sentence)
    assert list(tmp_path.iterdir()) == []


def test_on_a_node_with_a_block_time_it_waits_for_its_own_coins(tmp_path: Path) -> None:
    """A block each second, whatever is asked; and none on demand."""

    def own_pace(exchange: Exchange) -> None:
        if exchange.method == "evm_mine":
            exchange.error(-32601, "no such method")

    with running_anvil(tmp_path / "log", "--block-time", "1") as chain, BadNode(chain.url, own_pace) as node:
        done = sanad(tmp_path, "demo", "--once", "--json", "--node", node.url, *FREE)
    assert done.returncode == 0, done.stderr
    assert {each["verdict"] for each in json.loads(done.stdout)["certificates"]} == {"valid"}


def test_a_node_that_never_mines_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "_FUNDING_SECONDS", 0.5)
    with (
        running_anvil(tmp_path / "log", "--no-mining") as chain,
        contextlib.closing(DevelopmentNode(chain.url)) as node,
        pytest.raises(DemoError, match=r"no block has that yet\. Does it mine"),
    ):
        node.fund(SimpleNamespace(**dict.fromkeys(("programme", "admin", "professor"), Account.create())))


def test_on_a_development_node(tmp_path: Path, anvil: Any) -> None:
    done = sanad(tmp_path, "demo", "--once", "--json", "--node", anvil.url, *FREE)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["chain_id"] == 97
    assert {each["verdict"] for each in told["certificates"]} == {"valid"}
