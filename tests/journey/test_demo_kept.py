"""A second `sanad demo` continues the first: nothing that a person made there is ever lost without a word."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.chain_fixtures import running_anvil
from tests.journey.test_demo import FREE, SANAD, get, refused, sanad, wait_for

SMALL = "Student Number,Name\n9001,Ayesha Siddiqui\n9002,فاطمہ نور\n"
HAND = "Student Number,Name\n9100,Made By Hand\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration of two certificates, ended; tests take copies."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "small.csv").write_text(SMALL)
    first(folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "sanad-demo", tmp_path / "sanad-demo")
    return tmp_path


def first(folder: Path, *words: str) -> dict[str, Any]:
    (folder / "small.csv").write_text(SMALL)
    done = sanad(folder, "demo", "--once", "--json", "--roster", "small.csv", *FREE, *words)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def again(folder: Path, *words: str) -> dict[str, Any]:
    done = sanad(folder, "demo", "--once", "--json", *words)
    assert done.returncode == 0, done.stderr
    assert "Continuing in sanad-demo with" in done.stderr
    return dict(json.loads(done.stdout))


@contextmanager
def serving(folder: Path, *words: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """A demonstration that serves; the process, and the last line of what it says."""
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen([*SANAD, "demo", *words], cwd=folder, stdout=output, stderr=output, text=True)
        try:
            until(lambda: "Ctrl-C ends both" in log.read_text() or process.poll() is not None)
            yield process, log.read_text()
        finally:
            process.kill()
            process.wait()


def until(ready: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def until_there(path: Path, process: "subprocess.Popen[bytes]") -> None:
    until(lambda: path.exists() or process.poll() is not None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def test_it_goes_on_with_all_that_was_issued_and_its_links_work(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "small.csv").write_text(SMALL)
    (tmp_path / "hand.csv").write_text(HAND)
    with serving(tmp_path, "--roster", "small.csv", "--port", str(port), "--chain-port", "0") as (process, _):
        done = sanad(tmp_path, "issue", "hand.csv", "--course", "sanad-demo/course.toml", "--out", "mine", "--json")
        assert done.returncode == 0, done.stderr
        by_hand = json.loads(done.stdout)["certificates"][0]
        process.send_signal(signal.SIGKILL)

    with serving(tmp_path) as (process, said):
        assert f"Verifier: http://127.0.0.1:{port} " in said
        assert by_hand["link"].startswith(f"http://127.0.0.1:{port}/c/")
        _, page = wait_for(by_hand["link"])
        assert "Made By Hand" in page
        _, answer = get(f"http://127.0.0.1:{port}/api/v1/certificates/{by_hand['hash']}")
        assert json.loads(answer)["verdict"] == "valid"
        assert sanad(tmp_path, "verify", by_hand["file"]).returncode == 0
        assert sanad(tmp_path, "revoke", by_hand["hash"], "--reason", "data-error", "--yes").returncode in (0, 2)
        second = sanad(tmp_path, "demo", "--once")
        refused(second, "another sanad demo runs in this folder. End it first.")
        process.send_signal(signal.SIGINT)
        process.wait(20)

    with socket.create_server(("127.0.0.1", port)), serving(tmp_path) as (_, said):
        assert (
            f"because something else listens where it was. Links and QR codes still say http://127.0.0.1:{port}" in said
        )
    told = again(tmp_path)
    assert {each["name"] for each in told["certificates"]} == {"Ayesha Siddiqui", "فاطمہ نور", "Made By Hand"}
    assert {each["link"].split("/c/")[0] for each in told["certificates"]} == {f"http://127.0.0.1:{port}"}


def test_twice_once_changes_nothing_that_was_issued(folder: Path) -> None:
    keys = {path.name: path.read_bytes() for path in (folder / "sanad-demo" / "keys").iterdir()}
    one, two = again(folder), again(folder)
    assert one["registry"] == two["registry"]
    assert one["transaction"] is two["transaction"] is None
    assert [each["hash"] for each in one["certificates"]] == [each["hash"] for each in two["certificates"]]
    assert {each["verdict"] for each in two["certificates"]} == {"valid"}
    assert {path.name: path.read_bytes() for path in (folder / "sanad-demo" / "keys").iterdir()} == keys
    table = sanad(folder, "demo", "--once")
    assert "2 certificates of 1 class checked" in table.stdout


def test_what_a_person_wrote_into_the_settings_stays(folder: Path) -> None:
    settings = folder / "sanad-demo" / "sanad.toml"
    settings.write_text(settings.read_text() + '\n[mail]\nhost = "mail.example"\n# mine\n')
    before = settings.read_text()
    again(folder)
    node = before.split('nodes = ["')[1].split('"')[0]
    after = settings.read_text()
    assert after.replace(after.split('nodes = ["')[1].split('"')[0], node) == before


def test_one_more_class_is_issued_to_whoever_has_none(folder: Path) -> None:
    (folder / "more.csv").write_text(SMALL + "9003,Third Student\n")
    told = again(folder, "--roster", str(folder / "more.csv"))
    assert told["transaction"] is not None
    assert sorted(each["name"] for each in told["certificates"])[1:] == ["Third Student", "فاطمہ نور"]
    assert len(told["certificates"]) == 3
    assert [path.name for path in (folder / "sanad-demo" / "certificates-2").glob("*.pdf")] == ["001-Third-Student.pdf"]
    done = sanad(folder, "demo", "--once", "--roster", str(folder / "more.csv"))
    assert "Everybody in this class has this course's certificate already." in done.stderr
    (folder / "wrong.csv").write_text("Student Number,Name\n9004,\n")
    refused(sanad(folder, "demo", "--once", "--roster", "wrong.csv"), "Row 2")
    assert len(again(folder)["certificates"]) == 3


def test_fresh_asks_and_names_what_goes(folder: Path) -> None:
    demo = folder / "sanad-demo"
    (demo / "thesis.txt").write_text("years of work")
    done = sanad(folder, "demo", "--once", "--fresh", stdin=subprocess.DEVNULL)
    refused(done, "2 certificates of 1 class (the first of 20", "and what you put there: thesis.txt", "say --yes")
    assert (demo / "thesis.txt").exists()
    refused(sanad(folder, "demo", "--once", "--fresh", "--yes", "--roster", "nowhere.csv", *FREE), "nowhere.csv")
    assert (demo / "thesis.txt").exists()
    old = again(folder)
    new = first(folder, "--fresh", "--yes")
    assert new["registry"] != old["registry"]
    assert not (demo / "thesis.txt").exists()
    assert {path.name for path in folder.iterdir()} == {"sanad-demo", "small.csv"}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda demo: (demo / "chain.sqlite").write_bytes(b"not a database " * 99), "cannot be used"),
        (lambda demo: (demo / "chain.sqlite").unlink(), "its chain was not kept"),
        (lambda demo: (demo / "sanad.toml").write_text("# Written by sanad demo\n["), "is not TOML"),
        (lambda demo: shutil.rmtree(demo / "data"), "nothing was issued"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_deleted(
    folder: Path, spoil: Callable[[Path], object], said: str
) -> None:
    demo = folder / "sanad-demo"
    spoil(demo)
    kept = {path.relative_to(demo) for path in demo.rglob("*") if path.is_file()}
    done = sanad(folder, "demo", "--once", *FREE)
    refused(done, said, "sanad demo --fresh starts over; nothing was deleted.")
    assert kept <= {path.relative_to(demo) for path in demo.rglob("*") if path.is_file()}


def test_a_first_run_that_was_killed_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text(SMALL)
    demo = tmp_path / "sanad-demo"
    for sign in ("keys/passphrase", "sanad.toml", "archive/status"):
        process = subprocess.Popen(
            [*SANAD, "demo", "--once", "--roster", "small.csv", *FREE],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until_there(demo / sign, process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    done = sanad(tmp_path, "demo", "--once", "--json", "--roster", "small.csv", *FREE)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["certificates"]) == 2
    assert len(again(tmp_path)["certificates"]) == 2


def test_on_a_node_it_goes_on_while_the_node_does(tmp_path: Path) -> None:
    with running_anvil(tmp_path / "anvil") as node:
        first(tmp_path, "--node", node.url)
        told = again(tmp_path, "--node", node.url)
        assert {each["verdict"] for each in told["certificates"]} == {"valid"}
        refused(sanad(tmp_path, "demo", "--once", *FREE), "it ran on a node: name that with --node")
    with running_anvil(tmp_path / "anvil") as other:
        refused(
            sanad(tmp_path, "demo", "--once", "--node", other.url, *FREE), "does not have the registry of sanad-demo"
        )
