"""The embedded chain in a file: it goes on where it was, whenever and however its process ended."""

import contextlib
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from eth_account import Account
from web3 import HTTPProvider, Web3

from deploy.chain_server import ChainServer
from deploy.chain_store import ChainStore, is_in_use
from deploy.embedded_chain import GAS_PRICE, EmbeddedChain
from deploy.errors import ChainStoreError, RpcError

KEY = "0x" + "17" * 32
ACCOUNT = Account.from_key(KEY)
SENDING = f"""
import sys
from pathlib import Path
from eth_account import Account
from deploy.chain_store import ChainStore
from deploy.embedded_chain import GAS_PRICE, EmbeddedChain
account = Account.from_key("{KEY}")
chain = EmbeddedChain([account.address], store=ChainStore(Path(sys.argv[1])))
sender = bytes.fromhex(account.address[2:])
nonce = chain.state(chain.head.number).get_nonce(sender)
print("open", flush=True)
while True:
    fields = dict(to=account.address, value=1, gas=21_000, gasPrice=GAS_PRICE, nonce=nonce, chainId=1337)
    chain.send(bytes(account.sign_transaction(fields).raw_transaction))
    nonce += 1
    print(nonce, chain.head.hash.hex(), chain.head.number, flush=True)
"""


def send(chain: EmbeddedChain, nonce: int) -> bytes:
    fields = {"to": ACCOUNT.address, "value": 1, "gas": 21_000, "gasPrice": GAS_PRICE, "nonce": nonce, "chainId": 1337}
    return chain.send(bytes(ACCOUNT.sign_transaction(fields).raw_transaction))


def test_it_goes_on_with_the_same_blocks(tmp_path: Path) -> None:
    file = tmp_path / "chain.sqlite"
    seen = []
    for run in range(3):
        with ChainServer([ACCOUNT.address], port=0, kept=file) as server:
            web3 = Web3(HTTPProvider(server.url))
            assert web3.eth.get_transaction_count(ACCOUNT.address) == 2 * run
            for block, transaction in seen:
                assert web3.eth.get_block(block["number"]) == block
                assert web3.eth.get_transaction_receipt(transaction)["blockHash"] == block["hash"]
            for more in range(2):
                transaction = send(server.chain, 2 * run + more)
            seen.append((web3.eth.get_block(server.chain.head.number), transaction))
    numbers = [block["number"] for block, _ in seen]
    times = [block["timestamp"] for block, _ in seen]
    assert numbers == sorted(set(numbers))
    assert times == sorted(times)


def test_killed_at_any_moment_it_holds_all_that_anybody_was_told(tmp_path: Path) -> None:
    file, chance, told = tmp_path / "chain.sqlite", random.Random(7), 0
    for _ in range(8):
        log = tmp_path / "log"
        with log.open("w") as output:
            process = subprocess.Popen([sys.executable, "-c", SENDING, str(file)], stdout=output)
            deadline = time.monotonic() + 60
            while "open" not in log.read_text() and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(chance.random() / 2)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        lines = re.findall(r"^(\d+) ([0-9a-f]{64}) (\d+)$", log.read_text(), re.MULTILINE)
        chain = EmbeddedChain([ACCOUNT.address], store=ChainStore(file))
        nonce = chain.state(chain.head.number).get_nonce(bytes.fromhex(ACCOUNT.address[2:]))
        assert nonce >= (int(lines[-1][0]) if lines else told)
        told = nonce
        for _nonce, hash_, number in lines:
            assert chain.block(int(number)).hash.hex() == hash_
        chain.close()
    assert told > 0


def test_one_chain_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "chain.sqlite"
    assert not is_in_use(file)
    with ChainServer([], port=0, kept=file):
        assert is_in_use(file)
        with pytest.raises(ChainStoreError, match="is in use: another sanad demo"):
            ChainServer([], port=0, kept=file)
    assert not is_in_use(file)


def test_what_cannot_be_read_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("no database at all, but long enough to look like one " * 40)
    with closing_database(tmp_path / "other") as other:
        other.execute("CREATE TABLE mine (words TEXT)")
    with closing_database(tmp_path / "empty chain") as empty:
        empty.execute("PRAGMA journal_mode=WAL")
        empty.execute("CREATE TABLE chain (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
        empty.execute("PRAGMA application_id=1396788804")
        empty.execute("PRAGMA user_version=1")
        empty.execute("INSERT INTO chain VALUES (x'00', x'00')")
    for name, said in (
        ("words", "cannot be used: file is not a database"),
        ("other", "is of another version"),
        ("empty chain", "cannot be continued"),
    ):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(ChainStoreError, match=said):
            ChainServer([], port=0, kept=tmp_path / name)
        assert (tmp_path / name).read_bytes() == before


def test_a_full_disk_is_told_to_whoever_sends(tmp_path: Path) -> None:
    store = ChainStore(tmp_path / "chain.sqlite")
    chain = EmbeddedChain([ACCOUNT.address], store=store)
    store._file.execute("PRAGMA max_page_count=1")
    with pytest.raises(ChainStoreError, match="full"):
        send_many(chain, 50)
    store._file.execute("PRAGMA max_page_count=1000000")
    with pytest.raises(RpcError, match="already known"):
        send(chain, 0)
    chain.catch_up()
    sent = chain.state(chain.head.number).get_nonce(bytes.fromhex(ACCOUNT.address[2:]))
    send(chain, sent)
    chain.close()
    again = EmbeddedChain([], store=ChainStore(tmp_path / "chain.sqlite"))
    assert again.state(again.head.number).get_nonce(bytes.fromhex(ACCOUNT.address[2:])) == sent + 1
    again.close()


def send_many(chain: EmbeddedChain, count: int) -> None:
    for nonce in range(count):
        send(chain, nonce)


def closing_database(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(path, isolation_level=None))
