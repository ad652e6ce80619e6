"""The embedded chain answers as a node does, to anybody who speaks JSON-RPC."""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3

from deploy.chain_server import ChainServer
from deploy.embedded_chain import GAS_PRICE
from deploy.errors import PortBusyError
from tests.chain.batches import issued
from tests.chain_fixtures import ChainNode, deploy_on
from verifier.core.hashes import institution_id


@pytest.fixture(scope="module")
def owner() -> LocalAccount:
    return Account.create()


@pytest.fixture(scope="module")
def server(owner: LocalAccount) -> Iterator[ChainServer]:
    with ChainServer([owner.address], port=0) as server:
        yield server


def post(url: str, body: object) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=10) as response:
        return json.load(response)


def ask(server: ChainServer, method: str, *parameters: object) -> Any:
    return post(server.url, {"jsonrpc": "2.0", "id": 7, "method": method, "params": list(parameters)})


def result(server: ChainServer, method: str, *parameters: object) -> Any:
    answer = ask(server, method, *parameters)
    assert "error" not in answer, answer
    return answer["result"]


def error(server: ChainServer, method: str, *parameters: object) -> tuple[int, str]:
    problem = ask(server, method, *parameters)["error"]
    return problem["code"], problem["message"]


def transfer(account: LocalAccount, nonce: int, **more: object) -> str:
    fields = {"to": account.address, "value": 1, "gas": 21_000, "gasPrice": GAS_PRICE, "nonce": nonce, "chainId": 1337}
    return Web3.to_hex(account.sign_transaction({**fields, **more}).raw_transaction)


def next_nonce(server: ChainServer, account: LocalAccount) -> int:
    return int(result(server, "eth_getTransactionCount", account.address, "pending"), 16)


def test_plain_questions(server: ChainServer, owner: LocalAccount) -> None:
    assert ask(server, "eth_chainId") == {"jsonrpc": "2.0", "id": 7, "result": "0x539"}
    assert result(server, "net_version") == "1337"
    assert result(server, "web3_clientVersion").startswith("SanadEmbeddedChain/")
    assert result(server, "eth_gasPrice") == result(server, "eth_maxPriorityFeePerGas") == hex(GAS_PRICE)
    assert int(result(server, "eth_getBalance", owner.address, "latest"), 16) > 10**20
    assert result(server, "eth_getCode", owner.address, "latest") == "0x"
    assert result(server, "eth_getStorageAt", owner.address, "0x0", "latest") == "0x" + "00" * 32
    assert result(server, "eth_syncing") is False
    history = result(server, "eth_feeHistory", "0x2", "latest", [50])
    assert set(history["baseFeePerGas"]) == {"0x0"}
    assert len(history["baseFeePerGas"]) == len(history["reward"]) + 1


def test_block_time_is_real_time_and_what_is_written_becomes_final(server: ChainServer, owner: LocalAccount) -> None:
    for _ in range(5):  # more than one in a second: the chain's clock does not run ahead
        result(server, "eth_sendRawTransaction", transfer(owner, next_nonce(server, owner)))
    block = result(server, "eth_getBlockByNumber", "latest", False)
    assert abs(time.time() - int(block["timestamp"], 16)) <= 2
    time.sleep(1.05)
    finalized = result(server, "eth_getBlockByNumber", "finalized", False)
    assert int(finalized["timestamp"], 16) > int(block["timestamp"], 16)
    assert abs(time.time() - int(finalized["timestamp"], 16)) <= 2


def test_an_unwatched_chain_mines_nothing_and_is_up_to_date_when_asked(server: ChainServer) -> None:
    before = int(result(server, "eth_blockNumber"), 16)
    time.sleep(2.1)
    assert int(result(server, "eth_blockNumber"), 16) == before + 1


def test_old_blocks_keep_their_state(server: ChainServer, owner: LocalAccount) -> None:
    nonce = next_nonce(server, owner)
    number = result(server, "eth_blockNumber")
    result(server, "eth_sendRawTransaction", transfer(owner, nonce))
    assert int(result(server, "eth_getTransactionCount", owner.address, number), 16) == nonce
    assert result(server, "eth_getBlockByNumber", "0xffffff", False) is None
    assert error(server, "eth_getBalance", owner.address, "0xffffff") == (-32000, "header not found")


def test_refusals_are_in_the_words_of_real_nodes(server: ChainServer, owner: LocalAccount) -> None:
    poor, nonce = Account.create(), next_nonce(server, owner)
    raw = transfer(owner, nonce)
    result(server, "eth_sendRawTransaction", raw)
    refused = {
        raw: "already known",
        transfer(owner, 0, value=2): "nonce too low",
        transfer(owner, nonce + 5): "nonce too high",
        transfer(owner, nonce + 1, gasPrice=1): "transaction gas price below minimum",
        transfer(poor, 0): "insufficient funds for gas * price + value",
        transfer(owner, nonce + 1, chainId=97): "invalid chain id for signer",
        transfer(owner, nonce + 1, gas=10**9): "exceeds block gas limit",
        transfer(owner, nonce + 1, gas=20_000): "intrinsic gas too low",
        transfer(owner, nonce + 1, data="0x" + "11" * 140_000): "oversized data",
    }
    for sent, told in refused.items():
        code, message = error(server, "eth_sendRawTransaction", sent)
        assert code == -32000
        assert told in message
    assert error(server, "eth_sendRawTransaction", "0x02abcd")[0] == -32602


def test_a_revert_carries_its_data(embedded_chain: ChainNode) -> None:
    deployed = deploy_on(embedded_chain)
    call = {"from": deployed.stranger.address, "to": deployed.address, "data": "0x79ba5097"}  # acceptOwnership()
    for method in ("eth_call", "eth_estimateGas"):
        problem = post(embedded_chain.url, {"jsonrpc": "2.0", "id": 1, "method": method, "params": [call]})["error"]
        assert (problem["code"], problem["message"]) == (3, "execution reverted")
        assert problem["data"].startswith("0x118cdaa7")  # OwnableUnauthorizedAccount(address)


def test_blocks_transactions_and_receipts_have_all_that_a_real_node_gives(
    embedded_chain: ChainNode, anvil: ChainNode
) -> None:
    ours, theirs = (_written(chain) for chain in (embedded_chain, anvil))
    # What only anvil adds, or what belongs to blobs and to forks that BNB Smart Chain does not have.
    extra = {"blobGasUsed", "blobGasPrice", "authorizationList", "blockTimestamp", "yParity", "maxFeePerBlobGas"}
    for part, mine in ours.items():
        assert set(theirs[part]) - extra <= set(mine), part
    shapes = {key: type(value) for key, value in theirs["receipt"].items() if key not in extra and value is not None}
    assert {key: type(ours["receipt"][key]) for key in shapes} == shapes


def _written(chain: ChainNode) -> dict[str, Any]:
    deployed = deploy_on(chain)
    batch = issued(deployed)
    number = chain.ask("eth_blockNumber")
    while not (block := chain.ask("eth_getBlockByNumber", number, False))["transactions"]:
        number = hex(int(number, 16) - 1)
    hash_ = block["transactions"][-1]
    receipt = chain.ask("eth_getTransactionReceipt", hash_)
    assert batch.root.hex() in json.dumps(receipt["logs"])
    assert receipt["logs"][0]["topics"][1] == "0x" + institution_id(deployed.domain).hex()
    transaction = chain.ask("eth_getTransactionByHash", hash_)
    assert chain.ask("eth_getBlockByHash", block["hash"], False) == block
    return {"block": block, "transaction": transaction, "receipt": receipt, "log": receipt["logs"][0]}


def test_batches_and_errors_of_the_protocol(server: ChainServer) -> None:
    one = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}
    answers = post(server.url, [one, {**one, "id": 2, "method": "eth_mine"}, 5])
    assert [answer.get("id") for answer in answers] == [1, 2, None]
    assert answers[0]["result"] == "0x539"
    assert [answer["error"]["code"] for answer in answers[1:]] == [-32601, -32600]
    assert post(server.url, b"{")["error"]["code"] == -32700
    assert post(server.url, b"[" * 100_000)["error"]["code"] == -32700
    assert post(server.url, [])["error"]["code"] == -32600
    assert post(server.url, [one] * 1001)["error"]["code"] == -32600
    for parameters in ([], ["0x0", "latest", 3], [5], ["0xzz"], [None], ["0x" + "00" * 20, "soon"], [{}], {"a": 1}):
        body = {**one, "method": "eth_getBalance", "params": parameters}
        assert post(server.url, body)["error"]["code"] == -32602


def test_a_browser_on_another_page_may_ask(server: ChainServer) -> None:
    preflight = urllib.request.Request(server.url, method="OPTIONS", headers={"Origin": "http://127.0.0.1:8000"})
    with urllib.request.urlopen(preflight, timeout=5) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Access-Control-Allow-Headers"] == "Content-Type"
    with urllib.request.urlopen(server.url, timeout=5) as response:
        assert b"POST JSON-RPC here" in response.read()
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_body_without_measure_is_refused(server: ChainServer) -> None:
    request = urllib.request.Request(server.url, b"x", {"Content-Length": "3000000"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=5)
    assert caught.value.code == 413
    caught.value.close()


def test_many_ask_at_once(server: ChainServer, owner: LocalAccount) -> None:
    answers: list[Any] = []

    def work() -> None:
        for _ in range(20):
            answers.append(result(server, "eth_getBalance", owner.address, "latest"))
            answers.append(result(server, "eth_getBlockByNumber", "latest", True)["number"])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        result(server, "eth_sendRawTransaction", transfer(owner, next_nonce(server, owner)))
    for thread in threads:
        thread.join()
    assert len(answers) == 8 * 40


def test_a_busy_port_is_one_sentence(server: ChainServer) -> None:
    port = int(server.url.rpartition(":")[2])
    told = rf"The chain cannot listen on 127\.0\.0\.1:{port} \(Address already in use\): stop what listens there, or"
    with pytest.raises(PortBusyError, match=told):
        ChainServer([], port=port)


def test_closing_ends_every_thread_and_connection(owner: LocalAccount) -> None:
    before = set(threading.enumerate())
    with ChainServer([owner.address], port=0) as server:
        chain = ChainNode("local", server.url, 1337, Web3(Web3.HTTPProvider(server.url)))
        assert chain.ask("eth_chainId") == "0x539"
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before
    with pytest.raises(OSError, match=r"refused|reset"):
        urllib.request.urlopen(server.url, timeout=1)


def test_it_starts_quickly() -> None:
    program = (
        "import time\n"
        "from deploy.chain_server import ChainServer\n"
        "with ChainServer(['0x' + '11' * 20], port=0): print(time.process_time())"
    )
    seconds = [
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout) for _ in range(2)
    ]
    assert min(seconds) < 2.5
