"""What a domain's statements make of step 10 (SPEC.md section 13)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.vectors.publications import DID, MULTIKEY, OLD, REGISTRY

Node = dict[str, Any]
SIGNED, SECOND_BEFORE, SECOND_AFTER = "2026-06-30T12:00:00Z", "2026-06-30T11:59:59Z", "2026-06-30T12:00:01Z"
NANOSECOND_AFTER = "2026-06-30T12:00:00.000000001Z"
REGISTERED, AT_REGISTERED, AFTER_REGISTERED = 1_782_907_200, "2026-07-01T12:00:00Z", "2026-07-01T12:00:01Z"
OURS, OTHER = REGISTRY.lower(), "eip155:56:0x" + "0d" * 20


@dataclass(frozen=True)
class Case:
    """One vector: what the two ways say, what the certificate says, and how step 10 ends."""

    name: str
    note: str
    state: str
    said: list[Node] = field(default_factory=list)
    unchecked: bool = False
    signed: Node = field(default_factory=lambda: {"created": SIGNED})
    record: Node | None = field(default_factory=lambda: {"issued_at": REGISTERED, "adopted": False})

    def data(self) -> Node:
        """The vector, as its file has it."""
        proof: Node = {"verificationMethod": f"{DID}#{MULTIKEY}"}
        return {
            "note": self.note,
            "statements": self.said,
            "unchecked": self.unchecked,
            "proof": proof | self.signed,
            "record": self.record,
            "registry": None if self.record is None else OURS,
            "state": self.state,
        }


def _says(*keys: Node, registries: tuple[str, ...] = ()) -> Node:
    return {"keys": list(keys), "registries": list(registries)}


def _key(until: str | None = None, revoked: str | None = None, key: str = MULTIKEY) -> Node:
    return {"key": key, "until": until, "revoked": revoked}


def cases() -> Iterator[Case]:
    """Every vector."""
    plain, other = _says(_key()), _says(_key(key=OLD))
    yield Case("listed", "the key is listed", "passed", [plain])
    yield Case("other-keys", "other keys are listed", "failed", [other])
    yield Case("one-of-two-ways", "one way lists it, the other lists another key", "passed", [other, plain])
    yield Case("nothing", "nothing is published", "note")
    yield Case("no-keys", "something is published, and no key", "note", [_says(registries=(OURS,))])
    yield Case("unchecked", "neither way could be read", "could not check", unchecked=True)
    yield Case("unchecked-listed", "one way could not be checked, the other lists it", "passed", [plain], True)
    yield Case("unchecked-other", "one way could not be checked, the other lists others", "failed", [other], True)
    yield from _revoked()
    yield from _ended()
    yield from _registries()


def _revoked() -> Iterator[Case]:
    before, later = _says(_key(revoked=AT_REGISTERED)), _says(_key(revoked=AFTER_REGISTERED))
    yield Case("revoked", "revoked in the second of the record", "failed", [before])
    yield Case("revoked-later", "revoked a second after the record", "note", [later])
    yield Case("revoked-in-one-way", "one way says since when, the other nothing", "failed", [_says(_key()), before])
    yield Case("revoked-earliest", "two ways say since when: the earlier one counts", "failed", [later, before])
    adopted = {"issued_at": REGISTERED, "adopted": True}
    since = _says(_key(revoked=SECOND_AFTER))
    note = "revoked before the batch was adopted, after it was signed"
    yield Case("revoked-adopted", note, "note", [since], record=adopted)
    signed = _says(_key(revoked=SIGNED))
    yield Case("revoked-adopted-signed", "adopted, and signed when revoked", "failed", [signed], record=adopted)
    yield Case("revoked-no-record", "no record, and signed when revoked", "failed", [signed], record=None)
    yield Case("revoked-no-record-before", "no record, and signed before", "note", [since], record=None)
    yield Case("revoked-no-time", "no record and no time of signing", "failed", [since], signed={}, record=None)


def _ended() -> Iterator[Case]:
    ended = _says(_key(until=SECOND_BEFORE))
    yield Case("ended", "its end was a second before it signed", "failed", [ended])
    yield Case("ended-then", "its end is when it signed", "passed", [_says(_key(until=SIGNED))])
    end = _says(_key(until=SIGNED))
    yield Case(
        "ended-nanosecond", "signed a nanosecond after its end", "failed", [end], signed={"created": NANOSECOND_AFTER}
    )
    yield Case("ended-in-one-way", "one way gives it an end, the other none", "passed", [ended, _says(_key())])
    yield Case("ended-in-both", "both ways give it an end before it signed", "failed", [ended, ended])
    yield Case("ended-twice-listed", "listed twice in one way, once without an end", "passed",
               [_says(_key(until=SECOND_BEFORE), _key())])  # fmt: skip
    yield Case("ended-no-time", "an end, and no time of signing", "passed", [ended], signed={})
    yield Case(
        "ended-time-unreadable",
        "an end, and a time of signing that is null",
        "passed",
        [ended],
        signed={"created": None},
    )
    both = _says(_key(until=SECOND_BEFORE, revoked=AFTER_REGISTERED))
    yield Case("ended-and-revoked-later", "an end before it signed, revoked later", "failed", [both])


def _registries() -> Iterator[Case]:
    other, both = _says(_key(), registries=(OTHER,)), _says(_key(), registries=(OTHER, OURS))
    yield Case("registry", "the registry that answered is among those that are named", "passed", [both])
    yield Case("registry-other", "only another registry is named", "note", [other])
    named = _says(registries=(OURS,))
    yield Case("registry-in-one-way", "one way names another, the other way ours", "passed", [other, named])
    yield Case("registry-none", "another is named, and none answered", "passed", [other], record=None)
    revoked = _says(_key(revoked=AT_REGISTERED), registries=(OTHER,))
    yield Case("registry-other-revoked", "revoked comes first", "failed", [revoked])
