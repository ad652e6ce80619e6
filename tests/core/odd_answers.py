"""Answers that no registry gives, drawn at random, and an oracle that knows `valid` on its own.

`python -m tests.core.odd_answers 100000 [SEED]` tries so many.
"""

import sys
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

from tests.vectors.samples import DOMAIN, class_of_five
from tests.vectors.verdicts import GOOD, ISSUED, NOBODY, NOTHING, NOW, SIGNER
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import ZERO, institution_id, sha256
from verifier.core.merkle import leaf, root_from_path
from verifier.core.registry import Record, RegistryInfo
from verifier.core.verdict import Outcome
from verifier.core.verifier import Verifier

ACADEMY = "academy.example"
_LAST = 253_402_300_799
_TIMES = (0, 1, 5, -1, ISSUED - 1, ISSUED, ISSUED + 1, NOW - 1, NOW, NOW + 1, 2**40 - 1, _LAST, _LAST + 1, 2**64 - 1)
_HASHES = (ZERO, sha256(b"x"), institution_id(ACADEMY), b"\xff" * 32)
_TEXTS = ("", ACADEMY, "Academy.example", "académie.example", "{time} %s {", "\u202e\x00", "x" * 300, "a.b.")
_ADDRESSES = (NOBODY, SIGNER)
_KINDS: dict[str, tuple[Any, ...]] = {
    "sentinel": (GOOD.sentinel, *_HASHES),
    "successor": _ADDRESSES,
    "successor_chain": (0, 56),
    "root": _HASHES,
    "institution": _HASHES,
    "institution_name": _TEXTS,
    "signer": _ADDRESSES,
    "size": (0, 1, 2, 5, 2**32 - 1, -1),
    "reason": (0, 1, 4, 6, 7, 255, -1),
    "revoked_by": _ADDRESSES,
    "withdrawn_by": (*(NOBODY,) * 9, SIGNER),
    "replacement": _HASHES,
    "certifier": _HASHES,
    "certifier_domain": _TEXTS,
    "certifier_name": _TEXTS,
    "educator_commitment": _HASHES,
    "finality_depth": (0, 240),
    "lone_node": ("", "A node {0}"),
    **dict.fromkeys(
        ("block_time", "issued_at", "withdrawn_at", "distrusted_since", "revoked_at", "finalized_time"), _TIMES
    ),
    **dict.fromkeys(
        ("accredited", "suspended", "adopted", "signer_authorised", "counts", "revoked_by_institution", "good"),
        (False, True),
    ),
}


class OddRegistry:
    """Answers one record to everything, about what was asked unless the record says otherwise."""

    def __init__(self, record: Record, changed: frozenset[str]) -> None:
        self.info = RegistryInfo("Programme", "test", 97, "0x" + "00" * 20, True)
        self._record, self._changed = record, changed
        self.answered: Record | None = None

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Any) -> Record:
        asked = {
            "root": root_from_path(leaf(index, commitment, sheet), path),
            "institution": institution_id(domain),
        }
        self.answered = replace(self._record, **{k: v for k, v in asked.items() if k not in self._changed})
        return self.answered

    def batch_counts(self) -> dict[str, int]:
        if self._record.block_number % 3 == 0:
            raise RegistryUnavailableError("down")
        return {"university.example": self._record.block_number % 2}


def drawn(random: Random) -> OddRegistry:
    """A registry whose answer differs from a good or an empty one in up to six fields."""
    changes = {name: random.choice(_KINDS[name]) for name in random.sample(sorted(_KINDS), random.randrange(7))}
    base = random.choice((GOOD, GOOD, GOOD, NOTHING, replace(GOOD, reason=1, revoked_at=NOW - 9)))
    return OddRegistry(replace(base, **changes, block_number=random.randrange(100)), frozenset(changes))


def may_be_valid(record: Record, root: bytes, domain: str, index: int) -> bool:
    """All conditions of `valid`, written down apart from the verifier."""
    known = record.sentinel == GOOD.sentinel and record.root == root and record.institution == institution_id(domain)
    times = (record.issued_at, record.distrusted_since)
    return (
        known
        and record.accredited
        and 0 < record.issued_at <= record.block_time <= _LAST
        and record.issued_at < record.finalized_time <= _LAST
        and min(times) >= 0
        and record.counts
        and not 0 < record.distrusted_since <= record.issued_at
        and index < record.size
        and (record.withdrawn_at, record.reason, record.revoked_at) == (0, 0, 0)
        and record.replacement == ZERO
        and (record.certifier == ZERO or record.certifier == institution_id(ACADEMY))
    )


def tried(seed: int, answers: int) -> Counter[Outcome]:
    """How often each verdict came; an assertion fails where one is `valid` that must not be."""
    random, five = Random(seed), class_of_five()
    envelope, seen = five.envelopes[2], Counter[Outcome]()
    files = (envelope.to_bytes(), five.sealed(2))
    for number in range(answers):
        registry = drawn(random)
        # A quick stand-in for canonicalising: the signature decides nothing.
        verdict = Verifier([registry], canonicalise=lambda _: "").check_file(files[number % 2])
        seen[verdict.outcome] += 1
        assert all(step.sentence for step in verdict.steps)
        if verdict.outcome is Outcome.VALID:
            assert registry.answered is not None
            assert may_be_valid(registry.answered, envelope.root, DOMAIN, envelope.index), registry.answered
    return seen


if __name__ == "__main__":
    print(tried(int(sys.argv[2]) if len(sys.argv) > 2 else 1, int(sys.argv[1])))
