"""What domains publish: did.json, TXT records and programme files (SPEC.md sections 13 and 14)."""

import json
from collections.abc import Iterator
from typing import Any

from tests.vectors.samples import base58, key

DOMAIN = "university.example"
DID = f"did:web:{DOMAIN}"
MULTIKEY = base58(b"\xed\x01" + key().public_key().public_bytes_raw())
OLD = base58(b"\xed\x01" + key("old").public_key().public_bytes_raw())
TIME = "2026-06-01T00:00:00Z"
REGISTRY = "eip155:97:0x5FbDB2315678afecb367f032d93F642f64180aa3"
Case = tuple[str, str, bytes]
Texts = tuple[str, str, list[str]]


def method(multikey: str = MULTIKEY, **more: Any) -> dict[str, Any]:
    """A verification method."""
    return {
        "id": f"{DID}#{multikey}",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": multikey,
    } | more


def document(*methods: dict[str, Any], **more: Any) -> bytes:
    """A did.json that lists these methods."""
    listed = [each["id"] for each in methods]
    value = {"id": DID, "verificationMethod": list(methods), "assertionMethod": listed} | more
    return json.dumps(value, ensure_ascii=False).encode()


def good_documents() -> Iterator[Case]:
    """Documents that say something, or nothing, and can be read."""
    yield "one-key", "one key", document(method())
    yield "two-keys", "an old key and the present one", document(method(OLD, validUntil=TIME), method())
    yield (
        "expires",
        "the earlier of expires and validUntil",
        document(method(validUntil="2027-01-01T00:00:00Z", expires=TIME)),
    )
    yield "revoked", "a key that is distrusted", document(method(revoked=TIME))
    yield "valid-from", "since when it was used says nothing", document(method(validFrom=TIME))
    yield "relative", "identifiers that begin with a hash sign", document(method(id="#key"), assertionMethod=["#key"])
    yield (
        "full-and-relative",
        "named in full, listed by its fragment",
        document(method(id=f"{DID}#k"), assertionMethod=["#k"]),
    )
    yield "embedded", "a method inside assertionMethod", document(assertionMethod=[method()])
    yield "not-listed", "a method that is not in assertionMethod", document(method(), assertionMethod=[])
    yield (
        "other-date-unread",
        "a date of a method that is not listed is not read",
        document(method(), method(OLD, validUntil="soon"), assertionMethod=[f"{DID}#{MULTIKEY}"]),
    )
    yield "empty-key", "an empty publicKeyMultibase is no key", document(method(publicKeyMultibase=""))
    yield "number-key", "a publicKeyMultibase that is no text is no key", document(method(publicKeyMultibase=7))
    yield (
        "listed-twice",
        "a reference that stands there twice",
        document(method(), assertionMethod=[f"{DID}#{MULTIKEY}"] * 2),
    )
    service = {"id": "#r", "type": "SanadRegistry", "serviceEndpoint": {"registry": REGISTRY}}
    yield "registry", "a registry, in capitals and not", document(method(), service=[service])
    inside = {"registry": REGISTRY}
    yield (
        "service-text",
        "a service whose endpoint is no object",
        document(method(), service=[{"type": "SanadRegistry", "serviceEndpoint": REGISTRY}]),
    )
    yield (
        "service-number",
        "a registry that is no text",
        document(method(), service=[{"type": "SanadRegistry", "serviceEndpoint": {"registry": 97}}]),
    )
    yield (
        "service-other",
        "a service of another type",
        document(
            method(),
            service=[{"type": "LinkedDomains", "serviceEndpoint": inside}, service | {"type": ["SanadRegistry"]}],
        ),
    )
    yield "service-alone", "a service that stands there by itself", document(method(), service=service)
    yield "nothing", "no keys at all", json.dumps({"id": DID}).encode()
    yield from _single_values()


def _single_values() -> Iterator[Case]:
    """JSON-LD writes a list of one as its value, and what is embedded needs no name."""
    unnamed = {name: value for name, value in method().items() if name != "id"}
    embedded = {"id": DID, "assertionMethod": [unnamed]}
    yield "embedded-no-id", "a method inside assertionMethod without an id", json.dumps(embedded).encode()
    single = {"id": DID, "verificationMethod": method(), "assertionMethod": f"{DID}#{MULTIKEY}"}
    yield "no-lists", "one method and one reference, not in lists", json.dumps(single).encode()


def bad_documents() -> Iterator[Case]:
    """Documents that are unusable: step 10 could not check."""
    yield "no-json", "not JSON", b"{"
    yield "array", "not an object", b"[]"
    yield "no-id", "without an id", document(method()).replace(f'"id": "{DID}", '.encode(), b"", 1)
    yield "other-id", "another's document", document(method(), id="did:web:other.example")
    yield "capital-id", "its id in capitals", document(method(), id="did:web:University.example")
    yield "duplicate-key", "a member twice", b'{"id":"did:web:university.example","id":"did:web:university.example"}'
    for name in ("validFrom", "validUntil", "expires", "revoked"):
        yield f"{name}-unreadable".lower(), f"{name} cannot be read", document(method(**{name: "2026-06-01"}))
    yield "date-number", "a date that is a number", document(method(revoked=1_780_000_000))
    yield "date-null", "a date that is null", document(method(validUntil=None))
    yield "method-twice", "a method's id twice", document(method(), method(publicKeyMultibase=OLD))
    yield "method-twice-relative", "in full and by its fragment", document(method(), method(id=f"#{MULTIKEY}"))
    yield (
        "method-twice-embedded",
        "once listed and once embedded",
        document(method(), assertionMethod=[method(revoked=TIME)]),
    )


def good_records() -> Iterator[Texts]:
    """TXT records, each already joined from its strings."""
    yield "one-key", "one key", [f"v=sanad1; key={MULTIKEY}"]
    yield "no-space", "without white space", [f"v=sanad1;key={OLD};until={TIME};revoked={TIME}"]
    yield (
        "white-space",
        "spaces and tabs around names and values",
        [f"v=sanad1 \t; key = {MULTIKEY} ;\trevoked\t=\t{TIME} ;"],
    )
    yield (
        "several",
        "two keys and a registry",
        [
            f"v=sanad1; key={OLD}; until={TIME}",
            f"v=sanad1; key={MULTIKEY}",
            f"v=sanad1; registry={REGISTRY}",
        ],
    )
    yield "both", "key and registry in one record", [f"v=sanad1; key={MULTIKEY}; registry={REGISTRY}"]
    yield "others", "records that are not ours", ["v=spf1 -all", f"v=sanad1; key={MULTIKEY}", "", "v=sanad10; key=x"]
    yield "unknown-tags", "unknown tags and parts without a sign", [f"v=sanad1; kind=x; ; what; key={MULTIKEY}; =y"]
    yield "first-counts", "of two tags with one name the first", [f"v=sanad1; key={MULTIKEY}; key={OLD}"]
    yield "empty-key", "an empty key is no key, and its dates are not read", ["v=sanad1; key=; until=soon"]
    yield "bare", "ours, and saying nothing", ["v=sanad1"]
    yield "upper-registry", "a registry in capitals", [f"v=sanad1; registry={REGISTRY.upper()}"]
    yield "empty-registry", "an empty registry is none", ["v=sanad1; registry="]


def foreign_records() -> Iterator[Texts]:
    """TXT records none of which is ours: the domain says nothing in this way."""
    yield "none", "no record", []
    yield "version-last", "the version not at the beginning", [f"key={MULTIKEY}; v=sanad1"]
    yield "version-capital", "the version in capitals", [f"V=sanad1; key={MULTIKEY}", f"v=SANAD1; key={MULTIKEY}"]
    yield "version-two", "another version", [f"v=sanad2; key={MULTIKEY}"]
    yield "version-longer", "a longer version", [f"v=sanad1x; key={MULTIKEY}", f"v=sanad1 key={MULTIKEY}"]
    yield "space-before", "a space before the version", [f" v=sanad1; key={MULTIKEY}"]
    yield "space-inside", "a space in the version", [f"v =sanad1; key={MULTIKEY}", f"v= sanad1; key={MULTIKEY}"]


def bad_records() -> Iterator[Texts]:
    """TXT records that are unusable: step 10 could not check."""
    yield "until-unreadable", "a date without offset", [f"v=sanad1; key={MULTIKEY}; until=2026-06-01T00:00:00"]
    yield "revoked-unreadable", "a day alone", [f"v=sanad1; key={MULTIKEY}; revoked=2026-06-01"]
    yield "until-empty", "an empty date", [f"v=sanad1; key={MULTIKEY}; until="]
    yield (
        "one-of-two",
        "one record that can be read and one that cannot",
        [
            f"v=sanad1; key={MULTIKEY}",
            f"v=sanad1; key={OLD}; until=soon",
        ],
    )


def _programme(**more: Any) -> bytes:
    value = {"sanad": 1, "programme": "National Educators Programme", "registry": REGISTRY, "retired": []} | more
    return json.dumps(value, ensure_ascii=False).encode()


ADDRESS = "0x" + "ab" * 20


def good_programmes() -> Iterator[Case]:
    """Programme files."""
    yield "plain", "as published", _programme()
    yield "retired", "with two retired registries", _programme(retired=[f"eip155:56:{ADDRESS}", f"eip155:97:{ADDRESS}"])
    yield "more", "another member is passed over", _programme(more={"a": None})
    yield (
        "urdu",
        "a name with the joiners and the space of Urdu",
        _programme(programme="قومی\u200cپروگرام\u200d برائے\u00a0اساتذہ"),
    )
    yield "longest-name", "200 code points, beyond the first plane", _programme(programme="\U0001f600" * 200)
    yield "capitals", "a registry in capitals", _programme(registry=REGISTRY.upper())
    longest = _programme()
    yield "largest", "65,536 bytes", longest + b" " * (65_536 - len(longest))
    yield "largest-chain", "a chain's number of 19 digits", _programme(registry=f"eip155:{'9' * 19}:{ADDRESS}")
    many = [f"eip155:97:0x{number:040x}" for number in range(100)]
    yield "hundred-retired", "100 retired registries", _programme(retired=many)


def bad_programmes() -> Iterator[Case]:
    """Files that are none."""
    yield "no-json", "not JSON", b"{"
    yield "array", "not an object", b"[]"
    for name in ("sanad", "programme", "registry", "retired"):
        value = json.loads(_programme())
        del value[name]
        yield f"without-{name}", f"{name} is missing", json.dumps(value).encode()
    yield "version-two", "another version", _programme(sanad=2)
    yield "version-true", "true for the version", _programme(sanad=True)
    yield "version-text", "the version as text", _programme(sanad="1")
    yield "too-large", "65,537 bytes", _programme() + b" " * (65_537 - len(_programme()))
    yield "name-empty", "an empty name", _programme(programme="")
    yield "name-of-spaces", "a name of nothing but white space and joiners", _programme(programme=" \u00a0\u200c\u200d")
    yield "name-long", "201 code points", _programme(programme="x" * 201)
    yield "name-number", "a name that is no text", _programme(programme=7)
    for code in (
        0x0A,
        0x7F,
        0x85,
        0xAD,
        0x61C,
        0x180E,
        0x200B,
        0x200E,
        0x2028,
        0x202E,
        0x2060,
        0x2066,
        0xFEFF,
        0xFFF9,
        0xE0041,
    ):
        yield f"name-{code:04x}", f"U+{code:04X} in the name", _programme(programme=f"A{chr(code)}B")
    yield "registry-zero", "a chain's number with a zero before it", _programme(registry=f"eip155:097:{ADDRESS}")
    yield "registry-long", "a chain's number of 20 digits", _programme(registry=f"eip155:{'9' * 20}:{ADDRESS}")
    yield "registry-short", "an address of 39 digits", _programme(registry=f"eip155:97:{ADDRESS[:-1]}")
    yield "registry-dotless", "a dotless i", _programme(registry=f"e\u0131p155:97:{ADDRESS}")
    yield "registry-and-more", "something after the address", _programme(registry=f"eip155:97:{ADDRESS}/")
    yield "registry-line-end", "a line end after it", _programme(registry=f"eip155:97:{ADDRESS}\n")
    yield "registry-object", "a registry that is no text", _programme(registry={"chain": 97})
    yield "retired-null", "no list of retired registries", _programme(retired=None)
    yield (
        "retired-many",
        "101 retired registries",
        _programme(retired=[f"eip155:97:0x{number:040x}" for number in range(101)]),
    )
    yield (
        "retired-twice",
        "a retired registry twice",
        _programme(retired=[f"eip155:97:{ADDRESS}", f"EIP155:97:{ADDRESS}"]),
    )
    yield "retired-current", "the current registry among the retired", _programme(retired=[REGISTRY.lower()])
