"""Every act of the table of acts leaves exactly one entry when it is sent, and none when it is not."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from issuer.office.performing import Report, perform
from issuer.office.trail import DONE as IS_DONE
from issuer.office.trail import ActSent, trail_of
from issuer.records.trail import process_user
from issuer.registry.act import Act
from tests.chain.acts_world import World, build, class_of
from tests.chain.test_acts import DONE, KEYS, OF_KEYS, OF_THE_PROGRAMME
from tests.chain_fixtures import running_anvil

Making = Callable[[World], Act]
_BOTH = {"institution": OF_KEYS, "programme": OF_THE_PROGRAMME}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("trail")
    with running_anvil(folder / "log") as chain:
        yield build(chain, folder)


TABLES = {f"{whose}: {name}": row for whose, table in _BOTH.items() for name, row in table.items()}


def _made(make: Callable[[World, str], Act], key: str, world: World) -> Act:
    return make(world, key)


def _sent_ones() -> dict[str, Making]:
    """Every act of the tables, by the first key that may; and those on certificates and batches."""
    found = {}
    for name, (make, wanted) in TABLES.items():
        able = [key for key in KEYS if wanted.get(key, wanted["*"]) == DONE]
        if able:
            found[name] = partial(_made, make, able[0])
    own = lambda world: world.batch("signer", "own")  # noqa: E731
    found["issue"] = lambda w: w.writer("signer").registering(w.deployed.institution, class_of().root, 2)
    found["revoke a certificate"] = lambda w: w.acts("signer").revoke_certificate(own(w).root, own(w).hashes[0], 3)
    found["replace a certificate"] = lambda w: w.acts("signer").replace_certificate(own(w).root, *own(w).hashes, 4)
    found["correct"] = lambda w: w.acts("admin").correct_certificates(own(w).root, dict([own(w).hashes]), 4)
    found["withdraw"] = lambda w: w.acts("admin").withdraw(own(w).root)
    found["reinstate a batch"] = lambda w: w.acts("admin").reinstate_batch(w.batches["withdrawn"].root)
    found["adopt"] = lambda w: w.acts("admin").adopt({w.batches["uncounted"].root: 2})
    return found


SENT = _sent_ones()


@contextmanager
def trial(world: World) -> Iterator[None]:
    """Whatever is done within it never happened, and no records of it are left."""
    with world.trial():
        yield
    shutil.rmtree(world.folder / "data", ignore_errors=True)


def run(world: World, act: Act, dry_run: bool = False) -> tuple[Report, list[ActSent]]:
    """Perform one act; the entries that came with it."""
    office = world.office()
    before = len(trail_of(office, offline=True))
    report = perform(office, [act], dry_run=dry_run)
    return report, trail_of(office, offline=True)[before:]


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_leaves_one_entry_and_only_then(world: World, name: str) -> None:
    with trial(world):
        act = SENT[name](world)
        assert run(world, act, dry_run=True)[1] == []
        report, entries = run(world, act)
        assert report.error is None, report.error
        (entry,) = entries
        done = report.performed[0].done
        assert done is not None
        assert (entry.act, entry.outcome, entry.transaction) == (act.name, IS_DONE, done.transaction)
        assert (entry.block, entry.gas_used) == (done.block, done.gas_used)
        assert (entry.chain_id, entry.registry) == (world.deployed.chain.chain_id, world.deployed.address)
        assert entry.key == entry.sent_by == act.sender.address
        assert entry.who == process_user()
        assert entry.institution == act.facts.get("institution", entry.institution)
        again, none = run(world, act)
        assert again.performed[0].already
        assert none == []


@pytest.mark.parametrize("name", [name for name, row in TABLES.items() if row[1].get("stranger") != DONE])
def test_what_is_refused_or_done_already_leaves_none(world: World, name: str) -> None:
    """A stranger may do none of these."""
    with trial(world):
        report, entries = run(world, TABLES[name][0](world, "stranger"))
        assert report.error is not None or report.performed[0].already
        assert entries == []
