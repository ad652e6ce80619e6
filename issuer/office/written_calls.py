"""What an act calls, in bytes and in words, and what was written of it for a multisig."""

from typing import Any

from web3 import Web3

from issuer.records import Entry, Records
from issuer.registry.act import Act

SETTLED = "settled"
"""What an entry of the trail is called that says what became of another one."""
BY_MULTISIG = "written for a multisig, done since"


def in_words(act: Act) -> str:
    """An act in one line."""
    facts = "; ".join(f"{name}: {value}" for name, value in act.facts.items() if name != "signed by")
    registry = f" In the registry {act.registry}." if act.registry is not None else ""
    return f"{act.name}: {facts}.{registry}"


def call_of(act: Act) -> dict[str, str]:
    """Where an act goes, how many wei go with it, and its bytes; nothing is asked of a node."""
    prices = {"gas": 1, "maxFeePerGas": 1, "maxPriorityFeePerGas": 1, "nonce": 0}
    fields: Any = {**prices, "chainId": act.sender.chain_id, "from": act.sender.address, "value": 0}
    built: Any = act.call.build_transaction(fields)
    data = built["data"]
    text = data if isinstance(data, str) else Web3.to_hex(data)
    return {"to": str(built["to"]), "value": str(int(built["value"])), "data": text}


def complete(store: Records, act: Act) -> None:
    """Note of an act that the registry has that what was written for it is done."""
    to, data = (call_of(act)[name] for name in ("to", "data"))  # coins are done: none are left to be sent
    for entry in _waiting(store):
        written = entry.facts["call"]
        if (entry.did, written["to"], written["data"]) == (act.name, to, data):
            store.trail.add(SETTLED, entry.domain, entry=entry.number, outcome=BY_MULTISIG)


def _waiting(store: Records) -> list[Entry]:
    entries = store.trail.entries()
    settled = {entry.facts.get("entry") for entry in entries if entry.did == SETTLED}
    return [entry for entry in entries if "multisig" in entry.facts and entry.number not in settled]
