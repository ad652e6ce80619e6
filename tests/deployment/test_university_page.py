"""docs/university.md, every command of it, in its order; the programme and the professor's signer are at hand."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_account import Account

from deploy.registry_contract import accredit
from issuer.keys.files import address_named
from tests.chain_fixtures import ChainNode, Deployed, deploy_on
from tests.journey.office import DOMAIN, settings
from tests.keys.remote import remote_signer
from tests.sources import ROOT

PAGE = (ROOT / "docs" / "university.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def run(folder: Path, commands: str) -> str:
    environment = {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    shell = ["bash", "-eu", "-o", "pipefail", "-c", commands]
    done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def programme(deployed: Deployed, folder: Path) -> None:
    """What the programme does when it hears the addresses: it accredits, funds, and sends the registry's lines."""
    admin, office = (address_named(str(folder / "keys" / f"{name}.json")) for name in ("admin", "office"))
    accredit(deployed.sender(deployed.programme), deployed.address, DOMAIN, "Darya University", admin)
    deployed.chain.fund(admin, office)
    (folder / "sanad.toml").write_text(settings(deployed).partition("[issuer]")[0])


@pytest.fixture(scope="module")
def walked(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    """The whole page, and what each of its blocks printed."""
    top, deployed, professor = tmp_path_factory.mktemp("university"), deploy_on(embedded_chain), Account.create()
    folder, printed = top, []
    with remote_signer(professor) as url:
        for commands in COMMANDS:
            if "professor=" in commands:
                (folder / "professor-signer").write_text(f"{url}#{professor.address}\n")
            printed.append(run(folder, commands))
            folder = top / "darya-university"
            if "sanad key list" in commands:
                programme(deployed, folder)
        yield folder, printed


def test_every_command_works_and_every_certificate_is_valid(walked: tuple[Path, list[str]]) -> None:
    folder, printed = walked
    assert "2 inputs: 2 valid." in printed[2]
    assert "2 inputs: 2 valid." in printed[-1], "what a professor issued stays valid after they left"
    assert "Darya University" in printed[1]
    assert len(list(folder.glob("certificates*/*.pdf"))) == 6
    assert not (folder / "certificates-202").exists() or not list((folder / "certificates-202").glob("*.pdf"))
    keys = run(folder, "sanad registry keys darya-university.example")
    signer = (folder / "professor-signer").read_text().strip().partition("#")[2]
    assert signer in keys


def test_the_signer_of_each_class_is_who_the_page_says(walked: tuple[Path, list[str]]) -> None:
    folder, _ = walked
    signer = (folder / "professor-signer").read_text().strip().partition("#")[2]
    wanted = {
        "certificates": address_named(str(folder / "keys" / "office.json")),
        "certificates-102": address_named(str(folder / "keys" / "colleague.json")),
        "certificates-201": signer,
    }
    for name, address in wanted.items():
        told = run(folder, f"sanad verify --json {name}/*.pdf")
        assert address.lower() in told.lower(), name


def test_each_key_has_a_passphrase_of_its_own_and_the_professor_none_of_the_university_s(
    walked: tuple[Path, list[str]],
) -> None:
    folder, _ = walked
    words = [path.read_text() for path in (folder / "passphrases").iterdir()]
    assert len(set(words)) == len(words) == 4
    assert {path.stat().st_mode & 0o777 for path in (folder / "passphrases").iterdir()} == {0o600}
    assert "professor.json" not in {path.name for path in folder.rglob("*")}


def test_every_line_of_the_page_that_names_a_command_is_run() -> None:
    outside = re.sub(r"^```sh\n.*?^```$", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert not re.findall(r"^\s*(?:\$ )?sanad .*$", outside, re.MULTILINE)
    assert "```" not in outside
