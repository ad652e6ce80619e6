"""Faults of the world around: nodes, other programs with the same key, the disk, the database, the clock."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from issuer.records import Records
from issuer.records.place import by_url
from tests.chain import bad_node
from tests.chain.bad_node import BadNode, Exchange
from tests.chaos import watching
from tests.chaos.flaky_database import Door
from tests.chaos.world import Ran, Trial, World
from tests.postgres import start_postgres, url_of
from tests.status.test_many_offices import both_ways, offices

SEND = "eth_sendRawTransaction"
_DAY = 86_400


def reply_lost(world: World) -> None:
    """the node takes the transaction and its reply is lost"""
    for spoil in (bad_node.gateway_error, bad_node.hang_up, bad_node.throttled_rpc):
        trial, sent = world.trial(), []

        def at_sending(exchange: Exchange, spoil: Any = spoil, sent: list[Any] = sent) -> None:
            if exchange.method == SEND:
                sent.append(exchange.request["params"][0])
                exchange.ask()
                spoil(exchange)

        with BadNode(world.chain.url, at_sending) as node, world.through(node):
            assert trial.issue().code == 0, trial.runs
        assert len(set(sent)) == 1  # the same bytes, however often
        trial.come_through()


def forgotten(world: World) -> None:
    """the node says that it took the transaction, and forgets it"""
    trial, left = world.trial(), [1]

    def once(exchange: Exchange) -> None:
        if exchange.method == SEND and left:
            left.pop()
            exchange.result("0x" + "ab" * 32)

    with BadNode(world.chain.url, once) as node, world.through(node):
        assert trial.issue().code == 0, trial.runs
    trial.come_through()


def node_down(world: World) -> None:
    """the node is down for a minute, from the sending on"""
    trial, since = world.trial(), []

    def down(exchange: Exchange) -> None:
        if exchange.method == SEND and not since:
            since.append(time.monotonic())
            exchange.ask()
        if since and time.monotonic() < since[0] + world.minute:
            bad_node.hang_up(exchange)

    with BadNode(world.chain.url, down) as node, world.through(node):
        assert trial.issue().code in (0, 3), trial.runs
        trial.come_through()


def nonce_stolen(world: World) -> None:
    """another program with the same key takes the nonce"""
    trial, left = world.trial(), [1]

    def steal(exchange: Exchange) -> None:
        if exchange.method == SEND and left:
            left.pop()
            _foreign(world)
            _wait(lambda: not _pending(world))

    with BadNode(world.chain.url, steal) as node, world.through(node):
        assert trial.issue().code in (0, 3), trial.runs
    trial.come_through()


def stuck(world: World) -> None:
    """the price of gas rises above what was offered, and stays there"""
    trial, offered = world.trial(), []

    def note(exchange: Exchange) -> None:
        if exchange.method == SEND:
            from issuer.records.raw_transaction import facts_of

            facts = facts_of(bytes.fromhex(exchange.request["params"][0][2:]))
            assert facts is not None
            offered.append(facts.max_fee)
            if len(offered) == 1:
                world.miner.base_fee = facts.max_fee * 21 // 20

    try:
        with BadNode(world.chain.url, note) as node, world.through(node):
            assert trial.issue().code in (0, 3), trial.runs
            trial.come_through()
    finally:
        world.miner.base_fee = None
    assert max(offered) * 8 >= offered[0] * 9, offered  # 12.5 % more


def reorganised(world: World) -> None:
    """the chain is reorganised after the transaction was mined"""
    trial = world.trial()
    with _running(world, trial) as ran, world.miner.rests():
        _wait(lambda: _pending(world))
        world.chain.ask("evm_mine")
        _wait(lambda: world.record()["batches"] > world.expected)
        world.chain.ask("anvil_reorg", 1, [])
        assert world.record()["batches"] == world.expected
    assert ran.result().code in (0, 3), trial.runs
    trial.come_through()


def final_on_one(world: World) -> None:
    """one of two nodes calls final what a reorganisation then undoes"""
    trial = world.trial()

    def hasty(exchange: Exchange) -> None:
        if exchange.method == "eth_getBlockByNumber" and exchange.request["params"][0] == "finalized":
            block = exchange.forward({**exchange.request, "params": ["latest", False]})["result"]
            exchange.result({**block, "timestamp": hex(int(block["timestamp"], 16) + 5)})

    with BadNode(world.chain.url) as honest, BadNode(world.chain.url, hasty) as other:
        with (
            world.through(honest, other, agreement=2),
            _running(world, trial) as ran,
            world.miner.rests(),
        ):
            _wait(lambda: _pending(world))
            world.chain.ask("evm_mine")
            _wait(lambda: world.record()["batches"] > world.expected)
            time.sleep(2)
            assert not trial.out.exists() or not list(trial.out.glob("*.pdf"))
            world.chain.ask("anvil_reorg", 1, [])
        assert ran.result().code in (0, 3), trial.runs
    trial.come_through()


def undone_after_delivery(world: World) -> None:
    """the only node called it final and it was delivered; then the chain loses it"""
    trial = world.trial()
    before = world.chain.ask("evm_snapshot")  # anvil's own reorganisations reach back only some blocks
    assert trial.issue().code == 0, trial.runs
    with world.miner.rests():
        world.chain.ask("evm_revert", before)
        assert world.record()["batches"] == world.expected
    assert trial.sanad("resume").code == 0, trial.runs
    trial.check()


def disk_full(world: World) -> None:
    """the disk is full while files and records are written"""
    for largest in (20_000, 100_000, 180_000, 400_000):
        trial = world.trial()
        ran = trial.issue(largest_file=largest)
        assert ran.code in (0, 1, 2, 3), ran
        assert "Traceback" not in ran.errors, ran
        begun = [one for one in world.batches() if one.out == str(trial.out) and one.state != "delivered"]
        assert (ran.code == 3) == bool(begun), (ran, begun)
        assert not begun or "Continue with: sanad resume" in ran.errors, ran
        trial.come_through()


def twice_at_once(world: World) -> None:
    """two runs issue the same roster at once"""
    one = world.trial()
    other = Trial(world, one.number, world.second)
    other.mark = "b"
    with ThreadPoolExecutor(2) as pool:
        ends = [each.result() for each in [pool.submit(one.issue), pool.submit(other.issue)]]
    assert sorted(end.code or 0 for end in ends) in ([0, 0], [0, 3]), ends
    loser = next((end for end in ends if end.code == 3), None)
    assert loser is None or "every certificate was begun already. Type: sanad resume" in loser.output, loser
    one.come_through()


def two_of_one_key(world: World) -> None:
    """two batches of one key at once"""
    one, other = world.trial(), world.trial(world.second)
    with ThreadPoolExecutor(2) as pool:
        ends = [each.result() for each in [pool.submit(one.issue), pool.submit(other.issue)]]
    assert [end.code for end in ends] == [0, 0], ends
    world.expected += 1  # checked one after the other, both are there
    one.check_files()
    other.come_through()


def clock_jumps(world: World) -> None:
    """the clock jumps a day forth and back"""
    for seconds in (_DAY, -_DAY):
        trial = world.trial()
        ran = trial.issue(clock=seconds)
        assert ran.code in (0, 1, 2, 3), ran
        assert "Traceback" not in ran.errors, ran
        trial.come_through()


def database_gone(world: World) -> None:
    """the database is gone for ten seconds, again and again"""
    with tempfile.TemporaryDirectory() as folder, start_postgres(Path(folder)) as server:
        (place,) = Path(folder).glob(".s.PGSQL.*[0-9]")
        with Door(str(place)) as door:
            world.records = by_url(url_of(server, "postgres"))
            text = (world.office.folder / "sanad.toml").read_text()
            url = f"postgresql+psycopg://postgres@127.0.0.1:{door.port}/postgres"
            (world.office.folder / "postgres.toml").write_text(f'{text}records = "{url}"\n')
            world.config_name = "postgres.toml"
            try:
                _shut_again_and_again(world, door)
            finally:
                world.config_name, world.records = "sanad.toml", None


def _shut_again_and_again(world: World, door: Door) -> None:
    for after in (0.5, 1.5, 2.5):
        trial = world.trial()
        with _running(world, trial) as ran:
            time.sleep(after)
            door.shut()
            time.sleep(world.minute / 6)
            door.open()
        assert ran.result().code in (0, 2, 3), trial.runs
        assert "Traceback" not in ran.result().errors, trial.runs
        trial.come_through()


def two_offices(world: World) -> None:
    """two offices of one university, seven hundred certificates each"""
    with tempfile.TemporaryDirectory() as folder, start_postgres(Path(folder) / "postgres") as server:
        for name, records in (("own", None), ("shared", url_of(server, "postgres"))):
            (Path(folder) / name).mkdir()
            both_ways(*offices(world.chain, Path(folder) / name, records), size=700, classes=4)


def watch_killed(world: World) -> None:
    """the watch is killed at each point and at lines by chance, with records in SQLite"""
    _kill_watch(world, "killed.toml", None)


def watch_killed_postgres(world: World) -> None:
    """the watch is killed at each point and at lines by chance, with records in PostgreSQL"""
    with tempfile.TemporaryDirectory() as folder, start_postgres(Path(folder)) as server:
        url = url_of(server, "postgres")
        Records(by_url(url)).close()
        _kill_watch(world, "killed-postgres.toml", url)


def _kill_watch(world: World, name: str, records: str | None) -> None:
    config, domain = world.office.folder / name, world.office.domain
    with watching.hook() as heard:
        text = (world.office.folder / "sanad.toml").read_text()
        config.write_text(watching.settings(text, heard, domain, records))
        killing = watching.Killing(world.deployed, domain, config, world.zygote, heard)
        lines = [place for place in killing.lines() if place[0].startswith(("issuer/watch", "issuer/disk"))]
        by_chance = [{"line": list(place)} for place in random.choices(lines, k=watching.BY_CHANCE)]
        assert killing.survive([*watching.POINTS, *by_chance]) >= len(watching.POINTS)
    world.expected = world.record()["batches"]


SCENARIOS: tuple[Callable[[World], None], ...] = (
    *(reply_lost, forgotten, node_down, nonce_stolen, stuck, reorganised, final_on_one, undone_after_delivery),
    *(disk_full, database_gone, twice_at_once, two_of_one_key, clock_jumps, two_offices),
    *(watch_killed, watch_killed_postgres),
)
SHORT: tuple[Callable[[World], None], ...] = (nonce_stolen, reorganised, undone_after_delivery, twice_at_once)


@contextmanager
def _running(world: World, trial: Trial) -> Iterator["Future[Ran]"]:
    """A class that is being issued meanwhile; it ends before the context does."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(trial.issue)


def _foreign(world: World) -> None:
    """Another program sends with the professor's key."""
    signer, web3 = world.deployed.signer, world.chain.web3
    fields = {"to": signer.address, "value": 1, "gas": 21_000, "chainId": world.chain.chain_id}
    price = {"maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**10}
    nonce = web3.eth.get_transaction_count(signer.address)
    web3.eth.send_raw_transaction(signer.sign_transaction({**fields, **price, "nonce": nonce}).raw_transaction)


def _pending(world: World) -> bool:
    """Whether the professor's key has a transaction that waits for a block."""
    count, key = world.chain.web3.eth.get_transaction_count, world.deployed.signer.address
    return count(key, "pending") > count(key, "latest")


def _wait(until: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)
