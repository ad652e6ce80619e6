"""What an office is told while a class or an act is on its way through nodes that refuse, lag or are too old."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from issuer.records import Records
from issuer.sending import connect
from tests.chain import bad_node
from tests.chain.bad_node import BadNode, Exchange, Spoil
from tests.journey.office import Office

SEND = "eth_sendRawTransaction"
POLICY = "sender is on\x07 our list"


@contextmanager
def through(office: Office, spoil: Spoil) -> Iterator[BadNode]:
    """The office's node spoils what passes."""
    before = office.config.read_text()
    with BadNode(office.deployed.chain.url, spoil) as node:
        office.config.write_text(before.replace(office.deployed.chain.url, node.url))
        try:
            yield node
        finally:
            office.config.write_text(before)


def refusing(words: str) -> Spoil:
    return lambda exchange: exchange.error(-32000, words) if exchange.method == SEND else None


def test_a_refusal_is_shown_at_once_in_the_list_and_in_the_end(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = embedded_office
    config = ("--config", str(office.config))
    with through(office, refusing(POLICY)) as node:
        result = office.issue()
        name = node.url.removeprefix("http://")
        assert node.seen.count(SEND) == 3
    assert result.exit_code == 3, result.output
    shown, end = result.stderr.split(f'{name} refuses the transaction: "sender is on our list".')
    assert "Registering the batch in one transaction" in shown
    assert re.search(f'What became of transaction 0x.* is not known yet. {name} says "sender is on our list"', end)
    assert "Continue with: sanad resume" in end
    (listed,) = json.loads(office.run("batches", "--json", *config).stdout)
    assert f'{name} says "sender is on our list"' in listed["waits_for"]
    assert "sender is on our list" in " ".join(office.run("batches", *config).stdout.split())
    assert office.run("resume", *config).exit_code == 0
    (listed,) = json.loads(office.run("batches", "--json", *config).stdout)
    assert (listed["state"], len(listed["attempts"])) == ("delivered", 1)


def test_an_act_that_no_node_ever_took_ends_with_2_and_one_that_may_be_on_its_way_with_3(school: Office) -> None:
    words = ["revoke", str(school.envelopes[0]), "--reason", "other", "--config", str(school.config)]
    hash_ = school.verdicts(school.envelopes[0])[0]["hash"]
    words[1] = hash_
    with through(school, refusing("insufficient funds for gas * price + value")):
        result = school.run(*words)
    assert result.exit_code == 2, result.output
    assert 'it says "insufficient funds for gas * price + value", so the key has too few coins' in result.stderr
    with through(school, refusing(POLICY)):
        result = school.run(*words)
    assert result.exit_code == 3, result.output
    assert 'says "sender is on our list"' in result.stderr
    assert school.run(*words).exit_code == 0
    assert school.verdicts(hash_)[0]["verdict"] == "revoked"


def test_an_office_whose_node_lags_is_not_told_of_another_program(embedded_office: Office) -> None:
    assert embedded_office.issue().exit_code == 0

    def lagging(exchange: Exchange) -> None:
        if exchange.method == "eth_getTransactionCount" and exchange.request["params"][1] != "finalized":
            exchange.result(hex(int(exchange.ask()["result"], 16) - 1))

    with through(embedded_office, lagging):
        result = embedded_office.issue(out="second", code="BC-302")
    assert result.exit_code == 0, result.output
    assert "The nodes lag: they count 0 transactions of the key" in result.stderr
    assert "another program" not in result.output.lower()


def test_a_node_without_final_blocks_is_told_before_anything_is_issued(embedded_office: Office) -> None:
    with through(embedded_office, bad_node.no_finalized):
        result = embedded_office.issue()
    assert result.exit_code == 2, result.output
    assert "does not say which block is final (the tag finalized)" in result.stderr
    assert "Look at nodes in sanad.toml. Nothing was issued." in result.stderr


def test_a_node_that_is_asked_too_often_is_waited_for_and_said(embedded_office: Office) -> None:
    left = ["eth_estimateGas", "eth_gasPrice"]

    def busy(exchange: Exchange) -> None:
        if exchange.method in left:
            left.remove(exchange.method)
            exchange.error(-32005, "limit exceeded")

    with through(embedded_office, busy) as node:
        result = embedded_office.issue()
    assert result.exit_code == 0, result.output
    told = f"{node.url.removeprefix('http://')} is asked too often at the moment. Waiting"
    assert result.stderr.count(told) == 2
    assert left == []


def test_an_empty_place_is_filled_by_resume(embedded_office: Office) -> None:
    """The professor's key was used at a place that the nodes never heard of again."""
    office = embedded_office
    web3 = connect(office.deployed.chain.url, office.deployed.chain.chain_id)
    place = web3.eth.get_transaction_count(office.deployed.signer.address)

    def one_more(exchange: Exchange) -> None:
        """The other program's transaction is there while ours is signed, and gone when ours arrives."""
        if exchange.method == "eth_getTransactionCount" and node.seen.count(SEND) == 0:
            exchange.result(hex(place + 1))

    with through(office, one_more) as node, pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuer.sending.sender.Sender.__init__.__defaults__", (None, 4.0, 0.5, 20.0))
        result = office.issue()
    assert result.exit_code == 3, result.output
    told = (
        f"Place {place} of the key {office.deployed.signer.address} is empty, and ours, place {place + 1}, waits behind"
    )
    assert told in result.stderr
    config = ("--config", str(office.config))
    assert told in " ".join(json.loads(office.run("batches", "--json", *config).stdout)[0]["waits_for"].split())
    result = office.run("resume", "--fill-gaps", *config)
    assert result.exit_code == 0, result.output
    assert f"Filled with empty transactions: place {place}." in result.stderr
    assert "go with --fill-gaps" in office.run("resume", "--key", "k.json", *config).stderr
    assert "No place is empty." in office.run("resume", "--fill-gaps", *config).stderr
    assert web3.eth.get_transaction_count(office.deployed.signer.address) == place + 2
    with closing(Records(office.folder / "data" / "records.sqlite")) as store:
        assert any(entry.did == "fill" and entry.facts["act"]["place"] == str(place) for entry in store.trail.entries())


def test_an_act_whose_receipt_no_node_shows_is_done_and_was_sent(embedded_school: Office) -> None:
    """The node took it, hung up, and has no receipts: nobody says that nothing was sent."""
    office = embedded_school
    assert office.issue().exit_code == 0
    hash_ = office.verdicts(office.envelopes[0])[0]["hash"]

    def spoil(exchange: Exchange) -> None:
        if exchange.method == SEND:
            exchange.ask()
            bad_node.hang_up(exchange)
        elif exchange.method == "eth_getTransactionReceipt":
            exchange.result(None)

    words = ("revoke", hash_, "--reason", "other", "--config", str(office.config))
    with through(office, spoil):
        result = office.run(*words)
    assert result.exit_code == 0, result.output
    (hash_,) = re.findall(r"Done. Transaction (0x\S+) was sent for it; no node shows its receipt yet", result.output)
    assert "nothing was sent" not in result.output
    with closing(Records(office.folder / "data" / "records.sqlite")) as store:
        assert [each.facts["transaction"] for each in store.trail.entries() if each.did == "revoke"] == [hash_]
    assert "Already so; nothing was sent" in office.run(*words).output
    assert connect(office.deployed.chain.url, office.deployed.chain.chain_id).eth.get_transaction(hash_)["blockNumber"]


def test_what_a_batch_waits_for_is_one_sentence_after_another(embedded_office: Office) -> None:
    with through(embedded_office, refusing("replacement transaction underpriced")):
        assert embedded_office.issue().exit_code == 3
    (listed,) = json.loads(embedded_office.run("batches", "--json", "--config", str(embedded_office.config)).stdout)
    assert ".." not in listed["waits_for"]
    assert "wait until it is mined. Of its transaction" in listed["waits_for"]
