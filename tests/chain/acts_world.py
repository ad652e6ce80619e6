"""A registry with every kind of key and every kind of batch on it, on a node that goes back to where it was."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from deploy.programme_acts import ProgrammeActs
from deploy.registry_contract import accredit, authorise, deploy_registry
from issuer.keys.files import Passphrases
from issuer.office.key_choice import KeyChoice
from issuer.office.office import Office, open_office
from issuer.registry.institution import InstitutionActs
from issuer.registry.writer import RegistryWriter
from tests.chain.batches import SmallBatch
from tests.chain_fixtures import ChainNode, Deployed, deploy_on
from verifier.core.hashes import commitment
from verifier.core.registry import Record

KEYS = ("signer", "other", "removed", "distrusted", "admin", "former", "programme", "stranger")
"""The batch's signer, another one, one that was removed, one that is distrusted, the admin, one that was admin and is a
signer, the registry's owner, and somebody with coins and no rights."""
OWNERS = ("signer", "other", "removed", "distrusted", "former")
_PASSPHRASE = "open sesame"


@dataclass(frozen=True)
class Class:
    """A registered batch whose certificates' hashes are known."""

    hashes: tuple[bytes, ...]
    small: SmallBatch

    @property
    def root(self) -> bytes:
        return self.small.root


def class_of(size: int = 2) -> Class:
    hashes = tuple(os.urandom(32) for _ in range(size))
    return Class(hashes, SmallBatch(tuple((commitment(each), os.urandom(32)) for each in hashes)))


@dataclass
class World:
    """The keys by their kind, the batches by theirs, and the settings that name both registries."""

    deployed: Deployed
    folder: Path
    closed: str = ""
    """The address of a registry that names this one as its successor."""
    keys: dict[str, LocalAccount] = field(default_factory=dict)
    batches: dict[str, Class] = field(default_factory=dict)
    _opened: dict[tuple[str, bool], InstitutionActs] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return self.deployed.domain

    def office(self, batch: str = "") -> Office:
        """The office, acting on the registry that was left where the batch is one that moved."""
        which = self.closed if batch in ("moved", "left") else self.deployed.address
        return open_office(self.folder / "sanad.toml", which=which)

    def acts(self, key: str, batch: str = "") -> InstitutionActs:
        """As the office gives them; a key is unlocked once."""
        place = key, batch in ("moved", "left")
        if place not in self._opened:
            self._opened[place] = self.office(batch).institution(self.domain, self.choice(key))
        return self._opened[place]

    def programme(self, key: str) -> ProgrammeActs:
        return ProgrammeActs(self.deployed.sender(self.keys[key]), self.deployed.address)

    def writer(self, key: str, address: str = "") -> RegistryWriter:
        return RegistryWriter(self.deployed.sender(self.keys[key]), address or self.deployed.address)

    def choice(self, key: str) -> KeyChoice:
        return KeyChoice(str(self.folder / f"{key}.json"), Passphrases(self.folder / "passphrase"))

    def batch(self, key: str, kind: str) -> Class:
        return self.batches[f"{key}'s" if kind == "own" else kind]

    def seen(self, batch: Class, index: int = 0) -> Record:
        """What verifiers see of a certificate, in the registry that they trust."""
        registry = self.deployed.registry(max_age=100_000)  # nothing is mined between the trials
        registry.refresh()
        return batch.small.verify(registry, self.domain, index)

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever is done within it never happened."""
        chain = self.deployed.chain
        snapshot = chain.ask("evm_snapshot")
        yield
        assert chain.ask("evm_revert", snapshot)


def build(chain: ChainNode, folder: Path) -> World:
    """Every key with what it did, the oldest first."""
    deployed = deploy_on(chain)
    world = World(deployed, folder)
    world.keys = {name: Account.create() for name in KEYS}
    world.keys |= {name: getattr(deployed, name) for name in ("signer", "admin", "programme", "stranger")}
    chain.fund(*(key.address for key in world.keys.values()))
    _write_settings(world)
    _become_admin_in_turn(world)
    for name in OWNERS[1:]:
        authorise(deployed.sender(deployed.admin), deployed.address, deployed.domain, world.keys[name].address)
    for name in OWNERS:
        world.batches[f"{name}'s"] = registered(world, name)
    world.batches |= {kind: registered(world, "signer") for kind in ("another's", "withdrawn", "revoked")}
    world.batches["uncounted"] = registered(world, "distrusted")
    admin = world.acts("admin")
    admin.withdraw(world.batches["withdrawn"].root).perform()
    world.batches["adopted"] = class_of()
    admin.adopt({world.batches["adopted"].root: 2}).perform()
    _revoke_one(world)
    _leave_another_registry(world)
    admin.remove(world.keys["removed"].address).perform()
    _distrust_later(world, admin)
    world.programme("programme").permit_certifying(deployed.domain, True).perform()
    admin.transfer(world.keys["other"].address).perform()
    world.programme("programme").transfer(world.keys["stranger"].address).perform()
    return world


def registered(world: World, key: str, address: str = "") -> Class:
    batch = class_of()
    world.writer(key, address).issue(world.deployed.institution, batch.root, len(batch.hashes))
    return batch


def _become_admin_in_turn(world: World) -> None:
    """`former` holds the office between."""
    deployed, former = world.deployed, world.keys["former"].address
    world.programme("programme").replace_admin(deployed.domain, former).perform()
    world.programme("programme").replace_admin(deployed.domain, deployed.admin.address).perform()


def _revoke_one(world: World) -> None:
    batch = world.batches["revoked"]
    world.acts("signer").revoke_certificate(batch.root, batch.hashes[0], 3).perform()


def _leave_another_registry(world: World) -> None:
    """One batch was moved from there to here, another one was left behind; then it was closed."""
    deployed, owner = world.deployed, world.deployed.sender(world.deployed.programme)
    accredit(owner, world.closed, deployed.domain, "Moved", deployed.admin.address)
    authorise(deployed.sender(deployed.admin), world.closed, deployed.domain, deployed.signer.address)
    world.batches["moved"] = registered(world, "signer", world.closed)
    world.batches["left"] = registered(world, "signer", world.closed)
    world.acts("admin").adopt({world.batches["moved"].root: 2}).perform()
    ProgrammeActs(owner, world.closed).name_successor(deployed.chain.chain_id, deployed.address).perform()


def _distrust_later(world: World, admin: InstitutionActs) -> None:
    """The key is distrusted since after its own batch; `uncounted` comes to lie after that moment."""
    batch, chain = world.batches["uncounted"], world.deployed.chain
    chain.ask("anvil_mine", "0x2", "0x2")
    since = admin.now()
    again = class_of()
    world.writer("distrusted").issue(world.deployed.institution, again.root, 2)
    world.batches["uncounted"] = again
    assert batch.root != again.root
    admin.distrust(world.keys["distrusted"].address, since).perform()


def _write_settings(world: World) -> None:
    deployed = world.deployed
    world.closed = deploy_registry(deployed.sender(deployed.programme)).address
    tables = [_table(deployed, deployed.address), _table(deployed, world.closed) + "retired = true\n"]
    (world.folder / "sanad.toml").write_text('[verifier]\norigin = "http://127.0.0.1:8000"\n' + "".join(tables))
    (world.folder / "passphrase").write_text(_PASSPHRASE)
    for name, key in world.keys.items():
        keystore = Account.encrypt(key.key, _PASSPHRASE, kdf="pbkdf2", iterations=1000)
        (world.folder / f"{name}.json").write_text(json.dumps(keystore))


def _table(deployed: Deployed, address: str) -> str:
    return f"""
[[registry]]
programme = "National Educators Programme"
network = "{deployed.chain.name}"
chain_id = {deployed.chain.chain_id}
address = "{address}"
nodes = ["{deployed.chain.url}"]
agreement = 1
test = true
max_age_seconds = 100000
"""
