"""`sanad watch` over a real chain: a stolen key is noticed, told everywhere once, and stopped by what is told."""

import json
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office, school_keys
from tests.mail.conftest import mail_server
from tests.watch.test_signing import receiver
from verifier.core.hashes import institution_id

SANAD = [sys.executable, "-c", "from deploy.cli import main; main()"]


@pytest.fixture
def office(embedded_chain: ChainNode, tmp_path: Path) -> Office:
    opened = open_office(deploy_on(embedded_chain), tmp_path / "office")
    school_keys(opened)
    assert opened.issue().exit_code == 0
    return opened


def watch(office: Office, code: int, *more: str) -> str:
    result = office.run("watch", "--once", "--config", str(office.config), *more)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout


def steal(office: Office, size: int = 12) -> bytes:
    root = secrets.token_bytes(32)
    office.deployed.writer(office.deployed.signer).issue(institution_id(office.domain), root, size)
    return root


@pytest.fixture
def hook() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    received: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(500 if len(received) == 1 else 204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", received
        server.shutdown()


def test_what_we_did_ourselves_is_explained(office: Office) -> None:
    assert "This was the first look" in watch(office, 0)
    assert watch(office, 0) == f"Everything under {office.domain} is explained by our records.\n"
    hash_ = office.verdicts(office.pdfs[0])[0]["hash"]
    config = ("--config", str(office.config))
    assert office.run("revoke", hash_, "--reason", "other", *config).exit_code == 0
    assert office.run("remove", office.domain, office.deployed.signer.address, *config).exit_code == 0
    assert office.run("authorise", office.domain, office.deployed.signer.address, *config).exit_code == 0
    root = json.loads(office.envelopes[0].read_bytes())["root"]
    assert office.run("withdraw", office.domain, root, *config).exit_code == 0
    assert watch(office, 0)


def test_a_stolen_key_is_noticed_and_stopped_by_the_command_that_is_told(office: Office) -> None:
    watch(office, 0)
    root = steal(office)
    (alert,) = map(json.loads, watch(office, 1, "--json").splitlines())
    assert f"1 batch, 0x{root.hex()} (12 certificates)" in alert["text"]
    record = office.deployed.registry().batch(office.domain, root)
    assert record["counts"]
    (command,) = [each for each in alert["commands"] if office.deployed.signer.address in each]
    stopped = office.run(*shlex.split(command)[1:])
    assert stopped.exit_code == 0, stopped.output
    assert not office.deployed.registry().batch(office.domain, root)["counts"]
    assert office.deployed.registry().batch(office.domain, root)["signer"] == record["signer"]


def test_a_strange_revocation_and_a_nominated_admin_are_noticed(office: Office) -> None:
    watch(office, 0)
    commitment = bytes.fromhex(office.verdicts(office.pdfs[0])[0]["commitment"][2:])
    office.deployed.revoke(office.deployed.signer, [commitment], 3, office.domain)
    told = watch(office, 1)
    assert f"0x{commitment.hex()} was revoked on" in told
    assert office.deployed.signer.address in told
    office.config.write_text(office.config.read_text().replace('data = "data"', 'data = "data2"'))
    assert f"0x{commitment.hex()}" in watch(office, 1)  # other records: told anew, and the archive explains the batch


def test_told_once_and_everywhere(
    office: Office, hook: tuple[str, list[tuple[dict[str, str], bytes]]], tmp_path: Path
) -> None:
    url, received = hook
    (office.folder / "secret").write_text("shared\n")
    with mail_server(tmp_path / "mail") as mail:
        more = f"""
[mail]
host = "127.0.0.1"
port = {mail.port}
security = "none"
sender = "watch@darya.example"

[watch]
mail = ["security@darya.example"]
webhook = "{url}"
webhook_secret_file = "secret"
"""
        office.config.write_text(office.config.read_text() + more)
        watch(office, 0)
        steal(office)
        assert watch(office, 1)  # the webhook fails, so that it alone is told again
        assert watch(office, 1) == ""
        assert watch(office, 1) == ""  # known by now, and still not explained
        assert [letter["Subject"] for letter in mail.received()] == [f"Sanad: 1 alert for {office.domain}"]
        assert "sanad distrust" in mail.received()[0].get_content()
    headers, body = received[1]
    assert len(received) == 2
    assert received[0][0]["webhook-id"] != headers["webhook-id"]
    assert receiver()(headers, body, b"shared", {})
    assert json.loads(body)["alerts"][0]["domain"] == office.domain


def test_a_registry_that_cannot_be_asked_is_no_all_clear(office: Office) -> None:
    office.config.write_text(office.config.read_text().replace(office.deployed.chain.url, "http://127.0.0.1:1"))
    assert watch(office, 3) == ""


def test_a_domain_that_is_not_in_the_registry_is_not_said_to_be_in_order(office: Office) -> None:
    office.config.write_text(office.config.read_text() + '[watch]\ndomains = ["dayra-university.example"]\n')
    result = office.run("watch", "--once", "--config", str(office.config))
    assert result.exit_code == 3, result.output
    assert "dayra-university.example is not accredited in the registry 0x" in result.stderr
    assert "is explained" not in result.output


def test_a_signal_ends_it_although_a_node_is_silent(office: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        office.config.write_text(office.config.read_text().replace(office.deployed.chain.url, url))
        command = [*SANAD, "watch", "--config", str(office.config)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr is not None
                assert "Watching" in process.stderr.readline()
                asked, _ = silent.accept()
                with asked:
                    process.send_signal(signal.SIGTERM)
                    began = time.monotonic()
                    assert process.wait(20) == 0
                    assert time.monotonic() - began < 10
            finally:
                process.kill()


def test_it_goes_on_watching_and_ends_when_told_to(office: Office) -> None:
    command = [*SANAD, "watch", "--every", "5", "--json", "--config", str(office.config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert "Watching darya-university.example every 5 seconds" in process.stderr.readline()
        memory = list((office.folder / "data" / "watch").rglob("*.json"))
        while not memory:
            memory = list((office.folder / "data" / "watch").rglob("*.json"))
        steal(office)
        assert "1 batch, 0x" in json.loads(process.stdout.readline())["text"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()
