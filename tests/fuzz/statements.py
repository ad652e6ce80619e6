"""What domains and status lists say, spoilt: step 10 changes no verdict, and no spoilt list says "not revoked"."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

from tests.fuzz.drawn import date_text
from tests.fuzz.mutations import CHANGES, edit
from tests.fuzz.world import World
from tests.vectors.samples import DOMAIN, key
from tests.vectors.status_lists import NOW, PLACES, Case
from verifier.core.canonical import canonical, parse
from verifier.core.domain_keys import DomainAnswer, Statement, read_did_document, read_txt_records
from verifier.core.errors import DomainStatementError, SanadError
from verifier.core.limits import LIMITS
from verifier.core.multikey import ed25519_multikey
from verifier.core.sentence import Sentence
from verifier.core.status_list import is_revoked

_NOW = datetime.fromisoformat(NOW).astimezone(UTC)


class OddDomain:
    """A domain whose did.json and TXT records are spoilt, or not."""

    def __init__(self, random: Random, world: World) -> None:
        self._answer = _answer(random, world)

    def look_up(self, domain: str) -> DomainAnswer | None:
        return self._answer

    def document(self, did: str) -> Mapping[str, Any]:
        raise DomainStatementError("It is not asked.")

    def status_list(self, url: str) -> Mapping[str, Any]:
        raise DomainStatementError("It is not asked.")


def _answer(random: Random, world: World) -> DomainAnswer | None:
    if random.random() < 0.03:
        return None
    said: list[Statement] = []
    problems: list[Sentence] = []
    for read in (lambda: read_did_document(_did_json(random, world), DOMAIN), lambda: read_txt_records(_texts(random))):
        try:
            found = read()
        except DomainStatementError as error:
            problems.append(error.sentence)
        else:
            said += [found] if found is not None else []
    return DomainAnswer(tuple(said), tuple(problems))


def _did_json(random: Random, world: World) -> bytes:
    did = f"did:web:{random.choice((DOMAIN, DOMAIN, DOMAIN, 'college.example'))}"
    methods: list[Any] = []
    for _ in range(random.randint(0, 3)):
        multikey = random.choice((_multikey(), _multikey("another"), "", "z6Mk", None))
        identifier = random.choice((f"{did}#a", "#a", "#b", f"{did}#{multikey}", None, 1))
        dates = random.sample(("validFrom", "validUntil", "expires", "revoked"), random.choice((0, 0, 1, 2)))
        methods.append({"id": identifier, "publicKeyMultibase": multikey} | {name: date_text(random) for name in dates})
    listed = [random.choice((each["id"], each)) for each in methods]
    registry = random.choice(("eip155:97:0x" + "00" * 20, "EIP155:97:0x" + "00" * 20, "eip155:56:0x1", 1))
    service = {"type": random.choice(("SanadRegistry", "X")), "serviceEndpoint": {"registry": registry}}
    document = {"id": did, "verificationMethod": methods, "assertionMethod": listed, "service": [service]}
    if random.random() < 0.3:
        edit(random, document)
    data = json.dumps(document).encode("utf-8", "surrogatepass")
    return random.choice(CHANGES)(random, world, data) if random.random() < 0.2 else data


def _texts(random: Random) -> list[str]:
    def tag() -> str:
        value = random.choice((_multikey(), _multikey("another"), str(date_text(random)), "", "eip155:97:0x0"))
        return random.choice(("key=", "until=", "revoked=", "registry=", " key = ", "KEY=", "x", "")) + value

    heads = ("v=sanad1", "v=sanad1 ", "v=sanad2", " v=sanad1", "v=sanad11", "V=sanad1")
    return [
        ";".join([random.choice(heads), f"key={_multikey()}", *(tag() for _ in range(random.randint(0, 4)))])
        for _ in range(random.randint(0, 3))
    ]


@cache
def _multikey(seed: str = "institution") -> str:
    return ed25519_multikey(key(seed).public_key().public_bytes_raw())


def list_case(random: Random, world: World) -> str:
    """A status list, spoilt or not.

    Raises:
        AssertionError: it says something of a list that nobody signed, or the wrong thing.
    """
    place = random.choice((*PLACES, 1, 10, 500))
    data = json.loads(json.dumps(_lists()[random.randrange(2)]))
    credential, listed = data["credential"], data["listed"]
    credential["credentialStatus"]["statusListIndex"] = str(place)
    spoilt = random.choice((b"", b"list", b"bytes", b"entry"))
    if spoilt == b"list":
        edit(random, listed)
    elif spoilt == b"entry":
        edit(random, credential["credentialStatus"])
    text = canonical_or_json(listed)
    if spoilt == b"bytes":
        text = random.choice(CHANGES)(random, world, text)
    with suppress(SanadError):
        read = parse(text, LIMITS.status_list_bytes)
        told = is_revoked(credential, read, _NOW)  # type: ignore[arg-type]
        assert canonical(read) in {canonical(each["listed"]) for each in _lists()}, "a list that nobody signed"
        named = credential["credentialStatus"]["statusListIndex"]
        assert told == (int(named) in PLACES), f"place {named}: the wrong answer"
        return "list read"
    return "list refused"


def canonical_or_json(value: Any) -> bytes:
    """The bytes of a JSON value, canonical where it has such."""
    try:
        return canonical(value)
    except SanadError:
        return json.dumps(value).encode("utf-8", "surrogatepass")


@cache
def _lists() -> list[dict[str, Any]]:
    """A credential and its genuine list, signed over JSON: two versions."""
    found = []
    for created in ("2026-06-30T12:00:00Z", "2026-06-30T13:00:00Z"):
        data = Case("a", "b", "not revoked", suite="eddsa-jcs-2022", proof={"created": created}).data()
        found.append({"credential": data["credential"], "listed": json.loads(_given(data))})
    return found


def _given(data: dict[str, Any]) -> bytes:
    import base64

    return base64.b64decode(data["input"])
