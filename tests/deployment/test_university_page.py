"""docs/university.md, every command of it, in its order; the programme and the professor's signer are at hand."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from eth_account import Account

from deploy.registry_contract import accredit
from issuer.keys.files import address_named
from tests.chain_fixtures import ChainNode, Deployed, deploy_on
from tests.journey.office import DOMAIN, settings
from tests.keys.remote import remote_signer
from tests.printed import blocks, environment, outside, page, typed
from tests.quick import quick_sanad

PAGE = page("university.md")
COMMANDS = [block.text for block in blocks(PAGE)]


@dataclass(frozen=True)
class Office:
    """Whoever sets up the office: a folder, and a shell that finds `sanad`."""

    top: Path
    programs: Path

    @property
    def folder(self) -> Path:
        return self.top / "darya-university"

    def run(self, commands: str) -> str:
        """What commands print; they have to succeed."""
        given = environment(self.top)
        given["PATH"] = os.pathsep.join([str(self.programs), given["PATH"]])
        done = typed(commands, self.folder if self.folder.exists() else self.top, given)
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        assert "Traceback" not in done.stdout
        return done.stdout


def programme(deployed: Deployed, folder: Path) -> None:
    """What the programme does when it hears the addresses: it accredits, funds, and sends the registry's lines."""
    admin, office = (address_named(str(folder / "keys" / f"{name}.json")) for name in ("admin", "office"))
    accredit(deployed.sender(deployed.programme), deployed.address, DOMAIN, "Darya University", admin)
    deployed.chain.fund(admin, office)
    (folder / "sanad.toml").write_text(settings(deployed).partition("[issuer]")[0])


@pytest.fixture(scope="module")
def walked(embedded_chain: ChainNode, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, list[str]]]:
    """The whole page, and what each of its blocks printed."""
    deployed, professor, printed = deploy_on(embedded_chain), Account.create(), []
    with (
        remote_signer(professor) as url,
        quick_sanad(tmp_path_factory.mktemp("quick")) as programs,
    ):
        office = Office(tmp_path_factory.mktemp("university"), programs)
        for commands in COMMANDS:
            if "professor=" in commands:
                (office.folder / "professor-signer").write_text(f"{url}#{professor.address}\n")
            printed.append(office.run(commands))
            if "sanad key list" in commands:
                programme(deployed, office.folder)
        yield office, printed


def test_every_command_works_and_every_certificate_is_valid(walked: tuple[Office, list[str]]) -> None:
    office, printed = walked
    assert "2 inputs: 2 valid." in printed[2]
    assert "2 inputs: 2 valid." in printed[-1], "what a professor issued stays valid after they left"
    assert "Darya University" in printed[1]
    assert len(list(office.folder.glob("certificates*/*.pdf"))) == 6
    assert not list(office.folder.glob("certificates-202/*.pdf"))
    keys = office.run("sanad registry keys darya-university.example")
    assert signer_of(office.folder) in keys


def test_the_signer_of_each_class_is_who_the_page_says(walked: tuple[Office, list[str]]) -> None:
    office, _ = walked
    wanted = {
        "certificates": address_named(str(office.folder / "keys" / "office.json")),
        "certificates-102": address_named(str(office.folder / "keys" / "colleague.json")),
        "certificates-201": signer_of(office.folder),
    }
    for name, address in wanted.items():
        told = office.run(f"sanad verify --json {name}/*.pdf")
        assert address.lower() in told.lower(), name


def test_each_key_has_a_passphrase_of_its_own_and_the_professor_none_of_the_university_s(
    walked: tuple[Office, list[str]],
) -> None:
    folder = walked[0].folder
    words = [path.read_text() for path in (folder / "passphrases").iterdir()]
    assert len(set(words)) == len(words) == 4
    assert {path.stat().st_mode & 0o777 for path in (folder / "passphrases").iterdir()} == {0o600}
    assert "professor.json" not in {path.name for path in folder.rglob("*")}


def test_every_line_of_the_page_that_names_a_command_is_run() -> None:
    assert not re.findall(r"^\s*(?:\$ )?sanad .*$", outside(PAGE), re.MULTILINE)
    assert "```" not in outside(PAGE)


def signer_of(folder: Path) -> str:
    """The professor's address, as the office noted it."""
    return (folder / "professor-signer").read_text().strip().partition("#")[2]
