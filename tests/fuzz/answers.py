"""Registry answers as a broken or lying node might give them, and when one of them may make a certificate valid."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from random import Random
from typing import Any

from tests.fuzz.world import WITHDRAWN
from tests.vectors.samples import DOMAIN
from tests.vectors.verdicts import GOOD, ISSUED, NOBODY, NOTHING, NOW, REVOKED, SIGNER
from verifier.core.hashes import ZERO, institution_id, sha256
from verifier.core.merkle import leaf, root_from_path
from verifier.core.registry import SENTINEL, Record, RegistryInfo

NUMBERS = (
    0, 1, -1, 2, 3, 6, 7, 255, 256, 2**31, 2**32 - 1, 2**32, 2**40 - 1, 2**40, 2**63, 2**64 - 1, 2**64, 10**30,
    NOW, NOW - 1, NOW + 1, ISSUED, ISSUED - 1, ISSUED + 1, 253_402_300_799, 253_402_300_800, -62_135_596_800,
    -62_135_596_801, 1_782_820_800, 1_782_820_799, 10**18,
)  # fmt: skip
TEXTS = (
    "", NOBODY, SIGNER, "0x", DOMAIN, "college.example", "University.Example", "localhost", "a" * 300, "{name}", "{",
    "%s", "\0", "\u202egnp", "<b>", "\ud800", "0x" + "zz" * 20, "did:web:university.example",
)  # fmt: skip
HASHES = (
    ZERO, SENTINEL, b"\xff" * 32, sha256(b"x"), institution_id(DOMAIN), institution_id("college.example"),
)  # fmt: skip
_EDUCATOR = {
    "certifier": institution_id("college.example"), "certifier_domain": "college.example", "certifier_name": "College",
    "educator_commitment": sha256(b"educator"),
}  # fmt: skip
BASES = (
    *(GOOD,) * 8,
    NOTHING,
    replace(GOOD, **REVOKED),
    replace(GOOD, **{**REVOKED, "replacement": sha256(b"new")}),
    replace(GOOD, **WITHDRAWN),
    replace(GOOD, counts=False, distrusted_since=1, good=False),
    replace(GOOD, adopted=True, signer_authorised=False),
    replace(GOOD, **_EDUCATOR),
)
"""Answers without contradiction, of which some fields are changed."""
_FROM, _UNTIL = 1_782_820_800, 1_814_356_800
"""The dates of the samples: 2026-06-30 and, for the batch of one, 2027-06-30, both at 12:00 UTC."""


class OddRegistry:
    """Gives one odd answer to whatever it is asked; keeps it, with what was asked."""

    def __init__(self, random: Random, number: int = 1) -> None:
        self.info = RegistryInfo(f"Programme {number}", "test", 97, "0x" + "00" * 20, True)
        self._changes = _changes(random)
        self._base = random.choice(BASES)
        self._counts = {random.choice((DOMAIN, *TEXTS)): random.choice(NUMBERS) for _ in range(random.randint(0, 3))}
        self._echoes = random.random() < 0.95
        self.answered: list[tuple[Record, str, int, bytes]] = []
        """Answer, domain, index and root of each question."""

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        root = root_from_path(leaf(index, commitment, sheet), path)
        asked = {"root": root, "institution": institution_id(domain)} if self._echoes else {}
        record = replace(self._base, **(asked | self._changes))
        self.answered.append((record, domain, index, root))
        return record

    def batch_counts(self) -> Mapping[str, int]:
        return self._counts

    def may_be_valid(self, until: bool) -> bool:
        """Whether one of the answers allows `valid`, by what SPEC.md asks at the least; `until`: it has an end date."""
        return any(_allows(*each, until) for each in self.answered)


def _allows(record: Record, domain: str, index: int, root: bytes, until: bool) -> bool:
    about = record.sentinel == SENTINEL and record.root == root and record.institution == institution_id(domain)
    stands = record.accredited and record.counts and not record.withdrawn_at and not record.reason
    timely = 0 < record.issued_at < record.finalized_time and record.block_time >= _FROM
    return about and stands and timely and index < record.size and (not until or record.block_time <= _UNTIL)


@cache
def _kinds() -> dict[str, str]:
    return {field.name: getattr(field.type, "__name__", str(field.type)) for field in fields(Record)}


def _changes(random: Random) -> dict[str, Any]:
    kinds = _kinds()
    chosen = random.sample(sorted(kinds), random.choice((0, 1, 1, 2, 3, 5, 9, len(kinds))))
    return {name: _value(random, kinds[name], getattr(GOOD, name)) for name in chosen}


def _value(random: Random, kind: str, good: Any) -> Any:
    """Something of a field's type; a type that is not known here keeps its good value."""
    choices: Mapping[str, tuple[Any, ...]] = {
        "bool": (True, False),
        "int": (*NUMBERS, good, random.randrange(2**40)),
        "str": (*TEXTS, good),
        "bytes": (*HASHES, good, random.randbytes(32)),
    }
    return random.choice(choices.get(kind, (good,)))
