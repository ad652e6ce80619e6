"""Credentials and how their own signature stands (SPEC.md section 12, step 9): genuine, false, or could not check."""

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from tests.vectors import signature_forms
from tests.vectors.samples import DOMAIN, base58, document, key
from verifier.core.canonical import parse
from verifier.core.contexts import CREDENTIALS_V2, OPEN_BADGES_3, bundled_contexts, other_editions
from verifier.core.data_integrity import proof_hash_data
from verifier.core.linked_data import canonical_quads

Node = dict[str, Any]
Case = tuple[str, str, str, Node]
GENUINE, FALSE, UNCHECKED = "genuine", "false", "could not check"
METHOD = f"did:web:{DOMAIN}#{base58(bytes([0xED, 1]) + key().public_key().public_bytes_raw())}"
_CREDENTIALS = "https://www.w3.org/2018/credentials#"


def signed(draft: Node, suite: str = "eddsa-rdfc-2022", edition: int = 0, **options: Any) -> Node:
    """A credential with a proof by the institution's key."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": "2026-06-30T12:00:00Z",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        **({"@context": list(draft["@context"])} if suite == "eddsa-jcs-2022" else {}),
        **options,
    }
    editions = [bundled_contexts(), *other_editions([OPEN_BADGES_3], {"jti"})]
    quads = partial(canonical_quads, contexts=editions[edition])
    return draft | {"proof": proof | {"proofValue": base58(key().sign(proof_hash_data(draft, proof, quads)))}}


def _changed(change: Callable[[Node], Any], suite: str = "eddsa-rdfc-2022") -> Node:
    node = copy.deepcopy(_as_signed(suite))
    change(node)
    return node


@cache
def _as_signed(suite: str) -> Node:
    return signed(document("Ayesha Khan", validUntil="2027-06-30T12:00:00Z"), suite)


def _put(*path: Any) -> Callable[[Node], None]:
    *parents, last, value = path

    def apply(node: Node) -> None:
        for each in parents:
            node = node[each]
        node[last] = value

    return apply


def _renamed(node: Node, name: str, new: str) -> None:
    node[new] = node.pop(name)


def cases() -> Iterator[Case]:
    """Name, note, how the signature stands, and the credential."""
    yield from _plain()
    yield from _proofs()
    yield from _spelled()
    yield from _large()
    yield from signature_forms.cases(signed, _changed)
    yield from _editions()


def _plain() -> Iterator[Case]:
    for suite in ("rdfc", "jcs"):
        full = f"eddsa-{suite}-2022"
        yield f"{suite}-good", "as signed", GENUINE, _changed(lambda node: None, full)
        yield f"{suite}-name-changed", "a changed name", FALSE, _changed(_put("name", "Another"), full)
        yield (
            f"{suite}-date-added",
            "a date that was not signed",
            FALSE,
            _changed(_put("awardedDate", "2026-06-30T12:00:00Z"), full),
        )
        yield f"{suite}-date-removed", "a date left out", FALSE, _changed(lambda node: node.pop("validUntil"), full)
        yield (
            f"{suite}-created-changed",
            "the proof's own time changed",
            FALSE,
            _changed(_put("proof", "created", "2026-06-30T12:00:01Z"), full),
        )
        yield (
            f"{suite}-other-domain",
            "the issuer is another domain than the method's",
            FALSE,
            _changed(_put("issuer", "id", "did:web:other.example"), full),
        )
        yield (
            f"{suite}-proof-in-list",
            "the one proof in a list",
            GENUINE,
            _changed(lambda node: node.update(proof=[node["proof"]]), full),
        )
    yield (
        "rdfc-language",
        "texts with their languages",
        GENUINE,
        signed(
            document(
                "Ayesha Khan", description=[{"@value": "x", "@language": "en"}, {"@value": "سند", "@language": "ur"}]
            )
        ),
    )
    yield (
        "rdfc-order",
        "members and lists in another order",
        GENUINE,
        _changed(lambda node: node.update(type=node["type"][::-1], **{"@context": node.pop("@context")})),
    )
    yield (
        "jcs-order",
        "a list in another order",
        FALSE,
        _changed(lambda node: node.update(type=node["type"][::-1]), "eddsa-jcs-2022"),
    )
    other = METHOD.replace(DOMAIN, "other.example")
    yield (
        "jcs-of-another-domain",
        "signed by another domain for itself, and asked about in the name of this one",
        FALSE,
        signed(document("Ayesha Khan", "other.example"), "eddsa-jcs-2022", verificationMethod=other),
    )
    yield "jcs-null", "a null that was signed", GENUINE, signed(document("Ayesha Khan", image=None), "eddsa-jcs-2022")
    yield "jcs-no-context-in-proof", "a proof without contexts of its own", GENUINE, _without_contexts()
    yield (
        "jcs-context-added",
        "a context added after signing",
        UNCHECKED,
        _changed(lambda node: node["@context"].append("https://example.org/c"), "eddsa-jcs-2022"),
    )
    yield (
        "jcs-context-other",
        "other contexts than those signed",
        FALSE,
        _changed(lambda node: node.update({"@context": node["@context"][::-1]}), "eddsa-jcs-2022"),
    )

    draft = document("Ayesha Khan") | {"@context": [CREDENTIALS_V2]}
    yield (
        "jcs-context-text",
        "the one context as a text, which was signed as a list: the proof's own writing is what is signed",
        GENUINE,
        signed(draft, "eddsa-jcs-2022") | {"@context": CREDENTIALS_V2},
    )


def _without_contexts() -> Node:
    draft = document("Ayesha Khan")
    node = signed(draft, "eddsa-jcs-2022")
    proof = {name: value for name, value in node["proof"].items() if name not in ("@context", "proofValue")}
    value = base58(key().sign(proof_hash_data(draft, proof)))
    return draft | {"proof": proof | {"proofValue": value}}


def _proofs() -> Iterator[Case]:
    yield "no-proof", "no proof", FALSE, _changed(lambda node: node.pop("proof"))
    yield "proof-null", "null for a proof", FALSE, _changed(_put("proof", None))
    yield "proof-empty", "an empty list of proofs", FALSE, _changed(_put("proof", []))
    yield "proofs-two", "two proofs", UNCHECKED, _changed(lambda node: node.update(proof=[node["proof"]] * 2))
    yield "proof-type", "another type of proof", UNCHECKED, _changed(_put("proof", "type", "Ed25519Signature2020"))
    yield "suite-unknown", "an unknown suite", UNCHECKED, _changed(_put("proof", "cryptosuite", "ecdsa-rdfc-2019"))
    yield "suite-null", "null for a suite", UNCHECKED, _changed(_put("proof", "cryptosuite", None))
    yield "purpose", "another purpose", FALSE, signed(document("Ayesha Khan"), proofPurpose="authentication")
    yield "expires", "a proof that expires", UNCHECKED, signed(document("Ayesha Khan"), expires="2036-06-30T12:00:00Z")
    yield "created-missing", "no time of the proof", GENUINE, _without_created()
    yield "created-no-offset", "a time without offset", FALSE, _changed(_put("proof", "created", "2026-06-30T12:00:00"))
    for name, note, created in (
        ("no-day", "a time of the proof on a day that does not exist", "2026-02-30T12:00:00Z"),
        ("no-month", "a time of the proof in no month and hour", "2026-13-45T25:61:61Z"),
    ):
        yield f"created-{name}", note, UNCHECKED, signed(document("Ayesha Khan"), "eddsa-jcs-2022", created=created)
    yield (
        "method-no-key",
        "a method without a key",
        FALSE,
        _changed(_put("proof", "verificationMethod", f"did:web:{DOMAIN}")),
    )
    yield (
        "method-to-fetch",
        "a key that would have to be fetched",
        UNCHECKED,
        _changed(_put("proof", "verificationMethod", f"did:web:{DOMAIN}#key-1")),
    )
    yield "method-half-key", "half a key", FALSE, _changed(_put("proof", "verificationMethod", METHOD[:-20]))
    yield (
        "method-other-domain",
        "a method of another domain",
        FALSE,
        _changed(_put("proof", "verificationMethod", METHOD.replace(DOMAIN, "other.example"))),
    )
    yield "value-short", "a signature of two bytes", FALSE, _changed(_put("proof", "proofValue", "z5Q"))
    yield "value-base64", "a signature in base64url", FALSE, _changed(_put("proof", "proofValue", "uAAAA"))
    yield "value-null", "null for a signature", FALSE, _changed(_put("proof", "proofValue", None))


def _without_created() -> Node:
    draft = document("Ayesha Khan")
    proof = {name: value for name, value in signed(draft)["proof"].items() if name not in ("created", "proofValue")}
    return draft | {"proof": proof | {"proofValue": base58(key().sign(proof_hash_data(draft, proof)))}}


def _spelled() -> Iterator[Case]:
    """The same statements in other words, or words without statements: none of it is genuine."""
    changes: list[tuple[str, str, Callable[[Node], Any]]] = [
        ("key-blank", "a claim under a key without an address", _put("credentialSubject", "_:degree", "Doctor")),
        (
            "key-address",
            "a date under its full address",
            lambda node: _renamed(node, "validUntil", _CREDENTIALS + "validUntil"),
        ),
        ("key-compact", "a compact key", _put("credentialSubject", "schema:name", "Doctor")),
        (
            "key-class",
            "the name of a class for that of a property",
            lambda node: _renamed(node["credentialSubject"]["achievement"], "criteria", "Criteria"),
        ),
        ("key-keyword-id", "@id for id", lambda node: _renamed(node, "id", "@id")),
        ("key-keyword-type", "@type for type", lambda node: _renamed(node, "type", "@type")),
        ("key-keyword-unknown", "a keyword that is none", _put("@sanad", "x")),
        ("graph", "@graph", _put("@graph", [{"id": "urn:x", "name": "Doctor"}])),
        ("included", "@included", _put("@included", [{"id": "urn:x", "name": "Doctor"}])),
        ("reverse", "@reverse", _put("@reverse", {"issuer": {"id": "urn:x"}})),
        ("nest", "@nest", lambda node: node["credentialSubject"].update({"@nest": {"name": "Doctor"}})),
        ("index", "@index", _put("credentialSubject", "@index", "Doctor")),
        ("set", "a text in @set", lambda node: node.update(name={"@set": [node["name"]]})),
        ("list", "a text in @list", lambda node: node.update(name={"@list": [node["name"]]})),
        ("value", "a text in @value", lambda node: node.update(name={"@value": node["name"]})),
        (
            "value-typed",
            "a date with its type",
            lambda node: node.update(
                validUntil={"@value": node["validUntil"], "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
            ),
        ),
        ("direction", "a writing direction", _put("name", {"@value": "x", "@language": "en", "@direction": "rtl"})),
        ("language-odd", "a language that is none", _put("name", {"@value": "x", "@language": "not one"})),
        ("text-xsd", "a text that begins like a compact address", _put("name", "xsd:string")),
        ("null", "a null", _put("image", None)),
        ("null-in-list", "a null in a list", lambda node: node["type"].append(None)),
        ("list-empty", "an empty list", _put("evidence", [])),
        ("text-in-list", "one text in a list", lambda node: node.update(name=[node["name"]])),
        ("text-twice", "a text twice", lambda node: node.update(name=[node["name"], node["name"]])),
        (
            "inner-text-in-list",
            "one text of the achievement in a list",
            lambda node: node["credentialSubject"]["achievement"].update(achievementType=["Course"]),
        ),
        (
            "hashed-text",
            "false as a text, which RDF does not tell from false",
            lambda node: node["credentialSubject"]["identifier"][0].update(hashed="false"),
        ),
        (
            "list-of-lists",
            "a list in a list",
            lambda node: node["credentialSubject"].update(identifier=[node["credentialSubject"]["identifier"]]),
        ),
        ("date-in-list", "a date in a list", lambda node: node.update(validUntil=[node["validUntil"]])),
        ("issuer-in-list", "the issuer in a list", lambda node: node.update(issuer=[node["issuer"]])),
        (
            "type-address",
            "a type by its full address",
            lambda node: node.update(type=[_CREDENTIALS + "VerifiableCredential", "OpenBadgeCredential"]),
        ),
        ("type-property", "the name of a property for a type", lambda node: node["type"].append("criteria")),
        ("label", "an identifier that is a label", _put("credentialSubject", "id", "_:me")),
        (
            "itself-elsewhere",
            "the end date in another place of the same node",
            lambda node: node["credentialSubject"].update(
                source={"id": node["id"], "validUntil": node.pop("validUntil")}
            ),
        ),
        (
            "context-inline",
            "a context of its own that swaps two names",
            lambda node: node["@context"].append(
                {"achievement": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#source"}
            ),
        ),
        ("context-inside", "a context inside", _put("credentialSubject", "@context", {"name": "_:n"})),
        ("context-vocab", "a vocabulary of its own", lambda node: node["@context"].append({"@vocab": "vocab#"})),
        ("context-unknown", "an unknown context", lambda node: node["@context"].append("https://example.org/c")),
        (
            "context-none",
            "an edition that does not exist",
            lambda node: node["@context"].append(OPEN_BADGES_3.replace("3.0.3", "3.9.9")),
        ),
        ("context-null", "a null among the contexts", lambda node: node["@context"].append(None)),
        ("proof-key-address", "a full address in the proof", _put("proof", "https://w3id.org/security#domain", "x")),
        ("proof-null", "a null in the proof", _put("proof", "domain", None)),
    ]
    for name, note, change in changes:
        node = _changed(change)
        if name == "issuer-in-list":  # whose key it is cannot be seen then
            yield f"spelled-{name}", note, FALSE, node
            continue
        yield f"spelled-{name}", note, UNCHECKED, node
    yield (
        "spelled-id-relative",
        "an identifier that is not absolute",
        FALSE,
        _changed(_put("credentialSubject", "id", "me")),
    )


def _large() -> Iterator[Case]:
    texts = [{"@value": f"{number}", "@language": "en"} for number in range(65)]
    note = "65 texts with their languages: none is an object without id"
    yield "nameless-languages", note, GENUINE, signed(document("Ayesha Khan", description=texts))
    yield (
        "list-of-256",
        "a list of 256 values",
        GENUINE,
        signed(document("Ayesha Khan", description=[f"{number}" for number in range(256)])),
    )
    yield (
        "list-of-257",
        "a list of 257 values",
        UNCHECKED,
        _changed(_put("description", [f"{number}" for number in range(257)])),
    )
    yield (
        "nodes-many",
        "257 objects and more",
        UNCHECKED,
        _changed(_put("evidence", [{"id": f"urn:{number}"} for number in range(252)])),
    )
    yield (
        "nameless-many",
        "65 objects and more without id",
        UNCHECKED,
        _changed(_put("credentialSubject", "identifier", [{"hashed": False} for _ in range(65)])),
    )
    yield (
        "values-many",
        "769 values and more",
        UNCHECKED,
        _changed(_put("evidence", [{"id": "urn:x", "name": [f"{each}" for each in range(250)]} for _ in range(3)])),
    )
    yield (
        "contexts-many",
        "17 contexts",
        UNCHECKED,
        _changed(lambda node: node.update({"@context": [CREDENTIALS_V2] + [OPEN_BADGES_3] * 16})),
    )


def _editions() -> Iterator[Case]:
    more = {"jti": "urn:uuid:5b1479a8-5080-4689-b9b4-c2636bed843a", "endorsementJwt": ["eyJ.a.b"]}
    newer = signed(document("Ayesha Khan", **more), edition=1)
    yield "edition-2026", "under the edition of June 2026", GENUINE, newer
    yield "edition-2026-changed", "under the edition of June 2026, changed", FALSE, newer | {"name": "Another"}
    yield "term-unknown", "a term of no known edition", UNCHECKED, _changed(_put("honours", "summa"))
    yield "type-unknown", "a type of no known edition", UNCHECKED, _changed(lambda node: node["type"].append("Degree"))
    plain = {"@context": [CREDENTIALS_V2], "id": "urn:x", "type": ["VerifiableCredential"]}
    plain |= {"issuer": {"id": f"did:web:{DOMAIN}"}, "credentialSubject": {"id": "urn:y"}}
    yield "frozen-good", "under the first context alone", GENUINE, signed(plain)
    yield (
        "frozen-term-unknown",
        "a term that the first context, which never changes, does not define",
        FALSE,
        signed(plain) | {"honours": "summa"},
    )


def data() -> Iterator[tuple[str, dict[str, Any]]]:
    """The relative name and the content of every vector."""
    for name, note, stands, node in cases():
        text = json.dumps(node, ensure_ascii=False)
        assert parse(text.encode()) == node
        yield f"signatures/{name}", {"note": note, "domain": DOMAIN, "credential": node, "signature": stands}
