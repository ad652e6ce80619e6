"""The interface that the packages carry is the contract's own."""

import dataclasses
import json

import pytest

from deploy.packaged_abi import ROOT, copies
from verifier.chain.contract_calls import Witness, read_verify, read_witness, view
from verifier.core.registry import SENTINEL, Record


@pytest.mark.parametrize("path", copies(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_copy_is_the_artifact(path: object) -> None:
    assert path.read_text(encoding="utf-8") == copies()[path], "run: python -m deploy.packaged_abi"


def test_the_answer_of_verify_has_the_fields_of_a_record_in_order() -> None:
    answer = next(
        each for each in json.loads(copies()[ROOT / "verifier" / "registry_abi.json"]) if each["name"] == "verify"
    )
    zero = {"bytes32": bytes(32), "address": "0x" + "00" * 20, "bool": False, "string": ""}
    from eth_abi.abi import encode

    types = [part["type"] for part in answer["outputs"][0]["components"]]
    encoded = encode([f"({','.join(types)})"], [tuple(zero.get(kind, 0) for kind in types)])
    fields = [field.name for field in dataclasses.fields(Record)]
    # The last three are the reader's: the agreed finalized time, how it was had, and whether one node alone said so.
    assert [*read_verify(encoded), "finalized_time", "finality_depth", "lone_node"] == fields
    none = encode(["bytes32", "uint64", "uint64", "(uint8,uint40,address,bool,bytes32)[]"], [SENTINEL, 7, 8, []])
    assert read_witness(none) == view("batchRecords").witness(none) == Witness(SENTINEL, 7, 8)


def test_the_verifier_starts_without_web3() -> None:
    import subprocess
    import sys

    program = (
        "import sys, verifier.settings, verifier.chain.registry; print('web3' in sys.modules, 'eth_abi' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
