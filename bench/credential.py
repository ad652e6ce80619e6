"""Signed credentials per second on one core: `python bench/credential.py [seconds]`.

Drafted, canonicalised by the batch's template and signed with `eddsa-rdfc-2022`, as `sanad issue` does it; beside it
the slow way, which expands every credential as JSON-LD, and `eddsa-jcs-2022`.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import issuer
from issuer.course.course import load_course
from issuer.credential.credential import draft_credential, sign_credential
from issuer.credential.identity import STATUS_LIST_LENGTH, DraftIdentity
from issuer.credential.quads_template import QuadsTemplates
from issuer.roster import Row
from verifier.core.data_integrity import JCS, RDFC
from verifier.core.linked_data import Canonicalise, canonical_quads

FLOOR = 4_000
"""Signed credentials a second that the template has to give."""
BLOCK = 200
SAMPLES = Path(issuer.__file__).parent / "samples"
DRAFTED = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
COURSE = load_course(SAMPLES / "course.toml")
ROW = Row(number=2, name="", student_number="DU-2026-000000", father_name="گل زمان", grade="A-")


def sign_one(number: int, suite: str, canonicalise: Canonicalise) -> None:
    """Draft and sign the credential of the student with this number; every second name is in Urdu."""
    name = f"فاطمہ نور {number}" if number % 2 else f"Ayesha Siddiqui {number}"
    row = replace(ROW, number=number, name=name, student_number=f"DU-2026-{number:06d}")
    uuids, place = (str(UUID(int=number)), str(UUID(int=number << 64))), ("0" * 32, number % STATUS_LIST_LENGTH)
    identity = DraftIdentity(*uuids, *place, f"{number:032x}", DRAFTED)
    sign_credential(draft_credential(COURSE, row, identity), KEY, DRAFTED, suite, canonicalise)


def per_second(sign: Callable[[int], None], numbers: Iterator[int], seconds: float) -> float:
    """How many a second `sign` makes, in its best block: other work on the machine only ever takes away."""
    sign(next(numbers))
    best, end = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        started, count = time.process_time(), 0
        while count < BLOCK and time.perf_counter() < end:
            sign(next(numbers))
            count += 1
        best = max(best, count / (time.process_time() - started))
    return best


def main() -> int:
    """Print the rates and their ratio; 1 below the floor."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    numbers = iter(range(1, 10**9))
    templates = QuadsTemplates()
    slow = per_second(lambda number: sign_one(number, RDFC, canonical_quads), numbers, seconds)
    fast = per_second(lambda number: sign_one(number, RDFC, templates), numbers, seconds)
    jcs = per_second(lambda number: sign_one(number, JCS, templates), numbers, seconds)
    print(f"eddsa-rdfc-2022 the slow way {slow:7,.0f} signed credentials a second of one core")
    print(f"eddsa-rdfc-2022 by template  {fast:7,.0f}, {fast / slow:.0f} times as fast; at least {FLOOR:,} are wanted")
    print(f"eddsa-jcs-2022               {jcs:7,.0f}")
    return 0 if fast >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
