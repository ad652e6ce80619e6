"""The real CreateX on a test chain: its code as its authors' creation makes it, put where every chain has it.

The creation comes from npm's @nomicfoundation/ignition-core, which carries the transaction that they signed once for
all chains. That one pays 100 gwei, which would spoil a test chain's prices, so it is called instead of sent.
"""

import re
from functools import cache

import rlp

from deploy.deployment.factory import CREATEX
from tests.chain_fixtures import ChainNode
from tests.sources import ROOT

_FILE = ROOT / "tests/node/node_modules/@nomicfoundation/ignition-core/dist/src/internal/execution/strategy"
_AUTHOR = "0xeD456e05CaAb11d66C4c797dD6c1D6f9A7F352b5"
_DATA = 5
"""Which part of a transaction before EIP-1559 is its data."""
_code: list[object] = []


def put_createx(anvil: ChainNode) -> None:
    """Have CreateX where every chain has it; a fresh chain is asked once what its creation makes."""
    if not _code:
        _code.append(anvil.ask("eth_call", {"from": _AUTHOR, "data": _creation()}, "latest"))
    anvil.ask("anvil_setCode", CREATEX, _code[0])


@cache
def _creation() -> str:
    found = re.search(r'presignedTx = "0x([0-9a-f]+)"', (_FILE / "createx-artifact.js").read_text())
    assert found is not None
    return "0x" + rlp.decode(bytes.fromhex(found[1]))[_DATA].hex()
