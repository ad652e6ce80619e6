"""More ways to write a signed credential, and documents of exactly the largest size (SPEC.md section 12)."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.vectors.samples import document, uuid
from verifier.core.contexts import CREDENTIALS_V2, OPEN_BADGES_3

Node = dict[str, Any]
Case = tuple[str, str, str, Node]
Signed = Callable[..., Node]
Changed = Callable[..., Node]
_GENUINE, _FALSE, _UNCHECKED = "genuine", "false", "could not check"
_DATE = "2027-06-30T12:00:00Z"


def cases(signed: Signed, changed: Changed) -> Iterator[Case]:
    """Name, note, how the signature stands, and the credential."""
    yield from _itself(changed)
    yield from _lists(signed, changed)
    yield from _sizes(signed)
    yield from _options(signed, changed)


def _itself(changed: Changed) -> Iterator[Case]:
    for name, value in (
        ("id", ["urn:a", "urn:b"]),
        ("validFrom", [_DATE, "2026-06-30T12:00:00Z"]),
        ("validUntil", [_DATE, "2028-06-30T12:00:00Z"]),
    ):
        note = f"{name} as a list of two"
        yield (
            f"spelled-{name.lower()}-two",
            note,
            _UNCHECKED,
            changed(lambda node, n=name, v=value: node.update({n: v})),
        )
    for name, value in (
        ("issuer", {"id": "did:web:other.example"}),
        ("validFrom", _DATE),
        ("validUntil", _DATE),
        ("credentialStatus", {"id": "urn:s", "type": "BitstringStatusListEntry"}),
        ("credentialSubject", {"id": "urn:y"}),
    ):
        inner = {"type": ["VerifiableCredential"], name: value}
        note = f"{name} of the credential itself in another object"
        node = changed(lambda node, i=inner: node.update(evidence=[{"id": node["id"], **i}]))
        yield f"spelled-itself-{name.lower()}", note, _UNCHECKED, node
    node = changed(lambda node: node["credentialSubject"].update(id="xsd:student"))
    yield "spelled-id-compact", "an identifier that is a compact address", _UNCHECKED, node


def _lists(signed: Signed, changed: Changed) -> Iterator[Case]:
    first = document("Ayesha Khan")["credentialSubject"]["identifier"][0]
    second = {**first, "identityHash": "Another"}
    node = changed(lambda node: node["credentialSubject"].update(identifier=[[first], second]))
    yield "spelled-list-beside", "a list in a list, beside an object", _UNCHECKED, node
    yield "rdfc-tag", "one tag in a list", _GENUINE, signed(_with_achievement(tag=["python"]))
    for name, values in (("one", ["A"]), ("twice", ["A", "B", "A"])):
        described = {"id": f"urn:uuid:{uuid('result')}", "type": ["ResultDescription"], "name": "Grade"}
        described |= {"resultType": "LetterGrade", "allowedValue": values}
        node = signed(_with_achievement(resultDescription=[described]))
        yield f"rdfc-allowed-{name}", "an ordered list of allowed values", _GENUINE, node
    for name, value in (
        ("more", {"@value": "x", "@language": "en", "@type": "http://www.w3.org/2001/XMLSchema#string"}),
        ("number", {"@value": 7, "@language": "en"}),
        ("missing", {"@language": "en"}),
    ):
        note = "an object for a text, and none of a text with its language"
        yield f"spelled-language-{name}", note, _UNCHECKED, changed(lambda node, v=value: node.update(name=v))
    yield (
        "spelled-type-small",
        "the name of a property, of no context inside, for a type",
        _UNCHECKED,
        changed(lambda n: n["type"].append("name")),
    )
    yield (
        "spelled-type-address-small",
        "a type by an address for which contexts have a name",
        _UNCHECKED,
        changed(lambda n: n["type"].append("https://www.w3.org/2018/credentials#VerifiablePresentation")),
    )


def _with_achievement(**more: Any) -> Node:
    node = document("Ayesha Khan")
    node["credentialSubject"]["achievement"] |= more
    return node


def _sizes(signed: Signed) -> Iterator[Case]:
    for name, more in (("largest", 0), ("over", 1)):
        stands = _UNCHECKED if more else _GENUINE
        sized = (
            ("values", "values", _filled(document("Ayesha Khan"), 768 + more)),
            ("objects", "objects", _with_objects(document("Ayesha Khan"), 256 + more)),
            ("nameless", "objects without id", _with_nameless(64 + more)),
            (
                "contexts",
                "contexts",
                document("Ayesha Khan") | {"@context": [CREDENTIALS_V2] + [OPEN_BADGES_3] * (15 + more)},
            ),
        )
        for kind, words, draft in sized:
            # What is over a limit is signed by nobody here: how it stands is told before the signature is looked at.
            node = signed(draft) if not more else draft | {"proof": signed(document("Ayesha Khan"))["proof"]}
            yield f"size-{kind}-{name}", f"the {name} number of {words}", stands, node


def _filled(node: Node, values: int) -> Node:
    """With evidence, 100 objects of four values each, and as many texts as are missing to so many values."""
    node["evidence"] = [{"id": f"urn:e:{n}", "name": f"{n}"} for n in range(100)]
    node["credentialSubject"]["achievement"]["tag"] = []
    missing = values - _count(node)
    node["credentialSubject"]["achievement"]["tag"] = [f"{n}" for n in range(min(missing, 200))]
    node["description"] = [f"{n}" for n in range(missing - 200 - 1)]
    assert _count(node) == values
    return node


def _with_objects(node: Node, objects: int) -> Node:
    missing = objects - _count(node, dict)
    node["evidence"] = [{"id": f"urn:e:{n}"} for n in range(missing)]
    assert _count(node, dict) == objects
    return node


def _with_nameless(objects: int) -> Node:
    """The criteria of the achievement are one."""
    node = document("Ayesha Khan")
    first = node["credentialSubject"]["identifier"][0]
    node["credentialSubject"]["identifier"] = [{**first, "identityHash": f"{n}"} for n in range(objects - 1)]
    return node


def _count(value: Any, kind: type = object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, kind) + sum(_count(each, kind) for each in inner)


def _options(signed: Signed, changed: Changed) -> Iterator[Case]:
    for name, value, stands in (
        ("null", None, _UNCHECKED),
        ("number", 7, _FALSE),
        ("hour-24", "2026-06-30T24:00:00Z", _UNCHECKED),
        ("year-long", "12026-06-30T12:00:00Z", _UNCHECKED),
        ("day-alone", "2026-06-30", _FALSE),
        ("list", ["2026-06-30T12:00:00Z"], _FALSE),
    ):
        for suite in ("rdfc", "jcs"):
            node = changed(lambda node, v=value: node["proof"].update(created=v), f"eddsa-{suite}-2022")
            note = "a time of the proof that is none, or that is not read"
            yield f"{suite}-created-{name}", note, stands, node
    yield (
        "previous-proof",
        "a proof that follows another",
        _UNCHECKED,
        signed(document("Ayesha Khan"), "eddsa-jcs-2022", previousProof="urn:uuid:1"),
    )
    yield (
        "jcs-proof-type",
        "signed as another type of proof",
        _UNCHECKED,
        signed(document("Ayesha Khan"), "eddsa-jcs-2022", type="Ed25519Signature2020"),
    )
    for name, digits in (("longest", 128), ("too-long", 129)):
        node = changed(lambda node, d=digits: node["proof"].update(proofValue="z" + "2" * d))
        yield f"value-{name}", f"a signature of {digits} digits", _FALSE, node
