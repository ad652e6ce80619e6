"""Step 10: what a domain says, and what that is worth for one certificate (SPEC.md section 13)."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.vectors.publications import DID, DOMAIN, MULTIKEY, OLD, REGISTRY, document, method
from tests.vectors.verdicts import GOOD
from verifier.core.domain_keys import DomainAnswer, Statement, confirmed, read_did_document, read_txt_records
from verifier.core.errors import DomainStatementError
from verifier.core.registry import Record, RegistryInfo
from verifier.core.sentence import Sentence

CREATED = "2026-06-30T12:00:00Z"
SECONDS = 1_782_820_800
"""The same, since 1970."""
DOWN = "unavailable"
_OTHER = "eip155:97:0x" + "ab" * 20
_SERVICE = {"id": "#r", "type": "SanadRegistry", "serviceEndpoint": {"registry": REGISTRY}}


@dataclass(frozen=True)
class Case:
    """One vector."""

    name: str
    note: str
    step: str
    did: bytes | str | None = None
    """did.json; `unavailable`; None: it does not exist."""
    txt: Sequence[str] | str | None = None
    created: Any = CREATED
    issued_at: int | None = SECONDS + 60
    """None: no registry holds it."""
    adopted: bool = False
    registry: str | None = REGISTRY

    def data(self) -> dict[str, Any]:
        """The vector, as its file has it."""
        did = base64.b64encode(self.did).decode() if isinstance(self.did, bytes) else self.did
        return {
            "note": self.note,
            "key": MULTIKEY,
            "created": self.created,
            "record": None if self.issued_at is None else {"issued_at": self.issued_at, "adopted": self.adopted},
            "registry": self.registry,
            "did": did,
            "txt": self.txt,
            "step": self.step,
        }


def cases() -> Iterator[Case]:
    """Every row of the table, at its edges."""
    yield from _confirmed()
    yield from _ended()
    yield from _revoked()
    yield from _silent()


def _confirmed() -> Iterator[Case]:
    own, record = document(method()), f"v=sanad1; key={MULTIKEY}"
    yield Case("did", "the key is listed in did.json", "passed", own)
    yield Case("txt", "the key is listed in DNS", "passed", None, [record])
    yield Case("both", "in both ways", "passed", own, [record])
    yield Case("did-and-down", "in one way, the other could not be asked", "passed", own, DOWN)
    yield Case("down-and-txt", "the other way about", "passed", DOWN, [record])
    yield Case("unusable-and-txt", "one way is unusable", "passed", b"{", [record])
    yield Case("not-held", "no registry holds it", "passed", own, issued_at=None, registry=None)
    yield Case("registry", "the registry that answered is named", "passed", document(method(), service=[_SERVICE]))
    named = f"v=sanad1; registry={REGISTRY.upper()}"
    yield Case("registry-capitals", "in capitals, in the other way", "passed", own, [named])
    other = f"v=sanad1; registry={_OTHER}"
    yield Case("registry-other", "another registry is named", "note", own, [other])
    yield Case("registry-among", "among others", "passed", document(method(), service=[_SERVICE]), [other])
    yield Case("registry-none", "none answered", "passed", own, [other], issued_at=None, registry=None)
    yield Case("others-key", "another key is listed", "failed", document(method(OLD)))
    yield Case("others-key-and-down", "another key, and the other way is silent", "failed", document(method(OLD)), DOWN)
    yield Case(
        "others-and-own", "another key in one way, the key in the other", "passed", document(method(OLD)), [record]
    )


def _ended() -> Iterator[Case]:
    for name, until, step in (
        ("at", CREATED, "passed"),
        ("before", "2026-06-30T11:59:59.999999999Z", "failed"),
        ("after", "2026-06-30T12:00:00.000000001Z", "passed"),
    ):
        yield Case(
            f"ended-{name}", f"the key ended {name} the time of signing", step, document(method(validUntil=until))
        )
    early = "2026-01-01T00:00:00Z"
    yield Case("ended-expires", "by expires", "failed", document(method(expires=early)))
    ended = document(method(validUntil=early))
    yield Case("ended-once", "ended in one way alone", "passed", ended, [f"v=sanad1; key={MULTIKEY}"])
    yield Case(
        "ended-twice",
        "ended in both ways",
        "failed",
        ended,
        [f"v=sanad1; key={MULTIKEY}; until={CREATED[:10]}T11:00:00Z"],
    )
    yield Case("ended-unsigned", "the proof has no time", "passed", ended, created=None)
    yield Case("ended-unreadable", "the proof's time cannot be read", "passed", ended, created="soon")
    yield Case(
        "valid-from-later",
        "used since later than the signature",
        "passed",
        document(method(validFrom="2027-01-01T00:00:00Z")),
    )


def _revoked() -> Iterator[Case]:
    def at(seconds: int, nanoseconds: int = 0) -> bytes:
        return document(method(revoked=f"2026-06-30T12:{seconds // 60:02}:{seconds % 60:02}.{nanoseconds:09}Z"))

    yield Case("revoked-before", "distrusted before it was registered", "failed", at(59))
    yield Case("revoked-at", "in the very second", "failed", at(60))
    yield Case("revoked-after", "a nanosecond later", "note", at(60, 1))
    yield Case("revoked-signed", "after signing, before registering", "failed", at(30))
    yield Case("revoked-adopted", "an adopted batch: the time of signing counts", "note", at(30), adopted=True)
    yield Case("revoked-adopted-before", "an adopted batch, signed in that second", "failed", at(0), adopted=True)
    yield Case(
        "revoked-not-held", "no record: the time of signing counts", "note", at(30), issued_at=None, registry=None
    )
    yield Case(
        "revoked-no-time",
        "no record, and no time of signing",
        "failed",
        at(30),
        created=None,
        issued_at=None,
        registry=None,
    )
    yield Case(
        "revoked-unread",
        "no record, and a time that cannot be read",
        "failed",
        at(30),
        created="soon",
        issued_at=None,
        registry=None,
    )
    sooner = f"v=sanad1; key={MULTIKEY}; revoked=2026-06-30T12:00:10Z"
    yield Case("revoked-sooner", "the earlier of two counts", "failed", at(100), [sooner])
    later = document(method(revoked="2027-01-01T00:00:00Z", validUntil="2026-01-01T00:00:00Z"))
    yield Case("revoked-and-ended", "ended before, distrusted later", "failed", later)
    other = document(method(revoked="2027-01-01T00:00:00Z"))
    yield Case(
        "revoked-registry",
        "confirmed for that time, another registry named",
        "note",
        other,
        [f"v=sanad1; registry={_OTHER}"],
    )
    yield Case("revoked-other", "another key is distrusted", "passed", document(method(OLD, revoked=CREATED), method()))


def _silent() -> Iterator[Case]:
    none = document()
    yield Case("nothing", "nothing is published", "note")
    yield Case("no-keys", "a did.json without keys, no records", "note", none)
    yield Case("foreign", "records of others alone", "note", None, ["v=spf1 -all"])
    yield Case("down", "neither way answers", "could not check", DOWN, DOWN)
    yield Case("down-alone", "one way does not, the other says nothing", "could not check", DOWN)
    yield Case("no-keys-down", "a did.json without keys, DNS does not answer", "could not check", none, DOWN)
    yield Case("unusable", "a did.json of another", "could not check", document(method(), id=DID + ".example"))
    yield Case("unusable-date", "a date that cannot be read", "could not check", document(method(revoked="soon")))
    yield Case(
        "unusable-txt",
        "a record that cannot be read",
        "could not check",
        None,
        [f"v=sanad1; key={MULTIKEY}; until=soon"],
    )


def judged(vector: Mapping[str, Any]) -> str:
    """The state of step 10, as our verifier sees it."""
    found = (
        _read(vector["did"], lambda did: read_did_document(base64.b64decode(did), DOMAIN)),
        _read(vector["txt"], read_txt_records),
    )
    statements = tuple(each for each in found if isinstance(each, Statement))
    problems = tuple(each for each in found if isinstance(each, Sentence))
    proof = {"verificationMethod": f"{DID}#{vector['key']}", "created": vector["created"]}
    record, info = _record(vector["record"]), None
    if vector["registry"] is not None:
        _, chain, address = vector["registry"].split(":")
        info = RegistryInfo("Programme", "test", int(chain), address, True)
    credential = {"proof": {name: value for name, value in proof.items() if value is not None}}
    return confirmed(credential, DOMAIN, DomainAnswer(statements, problems), record, info).state.value


def _read(published: Any, read: Callable[[Any], Statement | None]) -> Statement | Sentence | None:
    if published is None or published == DOWN:
        return None if published is None else Sentence("It does not answer.")
    try:
        return read(published)
    except DomainStatementError as error:
        return error.sentence


def _record(said: Mapping[str, Any] | None) -> Record | None:
    return None if said is None else Record(**(vars(GOOD) | dict(said)))
