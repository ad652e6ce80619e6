"""An institution's office on a test chain: its folder, its keys, its sanad.toml, and the commands on it."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account

from deploy.cli import main
from deploy.registry_contract import accredit, authorise
from issuer.keys.pkcs8 import Cost, encrypted_pem
from tests.chain_fixtures import Deployed

DOMAIN = "darya-university.example"
ORIGIN = "http://127.0.0.1:8000"
PASSPHRASE = "open sesame, little door"  # of keys that live for one test
ROSTER = """Student Number,Name,Grade
1,Ayesha Siddiqui,A
2,فاطمہ نور,A-
3,Zoë Fernandes,B
4,Ömer Ansari,B+
5,Hira Iqbal,A
"""


_ASKING = (
    *("revoke", "replace", "correct", "remove", "distrust", "withdraw", "adopt", "transfer", "suspend", "reanchor"),
    *("registry transfer", "registry replace-admin", "registry rename", "registry distrust"),
)


def answered(words: Sequence[str]) -> list[str]:
    """A command's words, with --yes where it would ask somebody."""
    asks = words[0] in _ASKING or " ".join(words[:2]) in _ASKING
    return [*words, "--yes"] if asks and "--yes" not in words else list(words)


@dataclass(frozen=True)
class Office:
    """Where an institution works."""

    folder: Path
    deployed: Deployed
    domain: str

    @property
    def config(self) -> Path:
        return self.folder / "sanad.toml"

    @property
    def pdfs(self) -> list[Path]:
        return sorted((self.folder / "certificates").glob("*.pdf"))

    @property
    def envelopes(self) -> list[Path]:
        return sorted((self.folder / "certificates").glob("*.json"))

    def run(self, *words: str, **environment: str) -> Result:
        """One `sanad` command, its exit code and its output; what asks before sending is answered with --yes."""
        return CliRunner().invoke(main, answered(words), env=environment)

    def issue(self, roster: str = ROSTER, out: str = "certificates", *more: str, code: str = "BC-301") -> Result:
        """`sanad issue` for a class."""
        (self.folder / "roster.csv").write_text(roster)
        sample = (resources.files("issuer") / "samples" / "course.toml").read_text()
        sample = sample.replace(DOMAIN, self.domain).replace("BC-301", code)
        (self.folder / "course.toml").write_text(sample)
        words = ["issue", str(self.folder / "roster.csv"), "--course", str(self.folder / "course.toml")]
        return self.run(*words, "--out", str(self.folder / out), "--config", str(self.config), *more)

    def verdicts(self, *inputs: object) -> list[dict[str, Any]]:
        """`sanad verify --json` for anything."""
        result = self.run("verify", "--json", "--config", str(self.config), *map(str, inputs))
        answers = json.loads(result.stdout)
        assert isinstance(answers, list)
        return answers

    def verdict(self, data: bytes) -> str:
        """The one word for a file of these bytes; `unreadable` where it carries no certificate."""
        path = self.folder / "judged"
        path.write_bytes(data)
        return str(self.verdicts(path)[0]["verdict"] or "unreadable")


def open_office(deployed: Deployed, folder: Path, domain: str = DOMAIN) -> Office:
    """A new institution on a registry, with a professor who may sign; `deployed.signer` is the professor."""
    folder.mkdir(parents=True, exist_ok=True)
    accredit(deployed.sender(deployed.programme), deployed.address, domain, "Darya University", deployed.admin.address)
    authorise(deployed.sender(deployed.admin), deployed.address, domain, deployed.signer.address)
    keystore = Account.encrypt(deployed.signer.key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
    (folder / "professor.json").write_text(json.dumps(keystore))
    (folder / "passphrase").write_text(PASSPHRASE + "\n")
    institution_key(folder / "institution.pem")
    (folder / "sanad.toml").write_text(settings(deployed))
    return Office(folder, deployed, domain)


def institution_key(path: Path) -> None:
    """A key file that opens at once, as the keystores beside it do: guessing is no danger to a test's key."""
    path.write_bytes(encrypted_pem(Ed25519PrivateKey.generate(), PASSPHRASE, Cost(1 << 10, 8, 1)))


def school_keys(office: Office) -> None:
    """Put the keys of admin and programme beside the professor's, and name them in the settings."""
    for name in ("admin", "programme"):
        keystore = Account.encrypt(getattr(office.deployed, name).key, PASSPHRASE, kdf="pbkdf2", iterations=1000)
        (office.folder / f"{name}.json").write_text(json.dumps(keystore))
    more = 'admin_key = "admin.json"\n\n[programme]\nowner_key = "programme.json"\npassphrase_file = "passphrase"\n'
    office.config.write_text(office.config.read_text() + more)


def settings(deployed: Deployed, node: str | None = None, address: str | None = None) -> str:
    """A sanad.toml for a deployed registry."""
    return f"""
[verifier]
origin = "{ORIGIN}"
archive = "archive"
trust_local = true

[[registry]]
programme = "National Educators Programme"
network = "{deployed.chain.name}"
chain_id = {deployed.chain.chain_id}
address = "{address or deployed.address}"
nodes = ["{node or deployed.chain.url}"]
agreement = 1
test = true
max_age_seconds = 120

[issuer]
data = "data"
signer_key = "professor.json"
institution_key = "institution.pem"
passphrase_file = "passphrase"
"""


assert "SANAD_PASSPHRASE" not in os.environ
