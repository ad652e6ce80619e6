"""A batch as it is drafted, and transactions as they are signed."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from issuer.credential.identity import draw_identities, draw_indexes
from issuer.records import Batch, BatchState, Draft
from issuer.roster import Row
from issuer.sending import Signed

DOMAIN = "lahore.example.edu.pk"
LIST = "1f0a4e529d5a1e2c947b3d4f608a21c9"
COURSE = "urn:uuid:6a6f0f6a-8d2f-4a43-bd3a-0d7c83f3a2c1"
KEY = Account.from_key("0x" + "11" * 32)


def batch(size: int = 3, **fields: Any) -> Batch:
    known = {
        "id": str(uuid.uuid4()),
        "domain": DOMAIN,
        "course": "Blockchain",
        "origin": "https://verify.example",
        "out": "certificates",
        "drafted": "2026-11-25T10:00:00Z",
        "size": size,
        "state": BatchState.DRAFTED,
    }
    return Batch(**{**known, **fields})


def drafts(
    size: int = 3, first: int = 1, taken: frozenset[int] = frozenset(), again: int = 0, status_list: str = LIST
) -> list[Draft]:
    moment = datetime(2026, 11, 25, 10, tzinfo=UTC)
    rows = [Row(at + 2, f"فاطمہ {first + at}", str(first + at), date=date(2026, 6, 30)) for at in range(size)]
    places = [(status_list, index) for index in draw_indexes(size, taken)]
    return [
        Draft(at, COURSE, f"number {row.student_number}", identity, row, again)
        for at, (identity, row) in enumerate(zip(draw_identities(places, moment), rows, strict=True))
    ]


def signed(nonce: int = 0, fee: int = 10**8, key: LocalAccount = KEY, data: bytes = b"\x01") -> Signed:
    filled = {"chainId": 97, "nonce": nonce, "gas": 60_000, "to": "0x" + "22" * 20, "value": 0, "data": data}
    done = key.sign_transaction({**filled, "maxFeePerGas": fee, "maxPriorityFeePerGas": fee})
    return Signed("0x" + bytes(done.hash).hex(), bytes(done.raw_transaction))
