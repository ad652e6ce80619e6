"""Signed credentials exactly as large as is read, and larger by one (SPEC.md section 12, "small")."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.vectors.samples import document
from tests.vectors.signatures import GENUINE, UNCHECKED, Case, Node, signed
from verifier.core.contexts import CREDENTIALS_V2, OPEN_BADGES_3

_LONGEST_LIST = 256


def cases() -> Iterator[Case]:
    """Name, note, how the signature stands, and the credential."""
    limits: list[tuple[str, int, Callable[[int], Node]]] = [
        ("values", 768, _of_values),
        ("objects", 256, _of_objects),
        ("nameless", 64, _of_nameless),
        ("contexts", 16, _of_contexts),
    ]
    for what, limit, made in limits:
        yield f"{what}-{limit}", f"exactly as many {what} as are read", GENUINE, signed(made(limit))
        # Too large to be signed here: the proof is another's, and is not looked at.
        larger = made(limit + 1) | {"proof": signed(document("Ayesha Khan"))["proof"]}
        yield f"{what}-{limit + 1}", f"one more of {what} than are read", UNCHECKED, larger
    texts = [{"@value": f"{number}", "@language": "en"} for number in range(65)]
    note = "65 texts with their languages: none is an object without id"
    yield "nameless-languages", note, GENUINE, signed(document("Ayesha Khan", description=texts))


def _values(value: Any) -> Iterator[Any]:
    """The document itself and all that is in it, contexts and lists included."""
    yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from _values(item)


def _count(node: Node, kept: Callable[[Any], bool] = lambda value: True) -> int:
    return sum(kept(value) for value in _values(node))


def _of_values(number: int) -> Node:
    draft = document("Ayesha Khan", evidence=[])
    while (missing := number - _count(draft)) > 0:
        evidence: Node = {"id": f"urn:x:{missing}"}
        draft["evidence"].append(evidence)
        texts = min(missing - 3, _LONGEST_LIST)  # the object, its id and the list are three
        evidence["description"] = [f"{each}" for each in range(texts)]
    assert _count(draft) == number
    return draft


def _of_objects(number: int) -> Node:
    base = _count(document("Ayesha Khan"), lambda value: isinstance(value, dict))
    return document("Ayesha Khan", evidence=[{"id": f"urn:x:{each}"} for each in range(number - base)])


def _of_nameless(number: int) -> Node:
    draft = document("Ayesha Khan")
    known = draft["credentialSubject"]["identifier"]
    missing = number - _count(draft, lambda value: isinstance(value, dict) and "id" not in value)
    known += [known[0] | {"identityHash": f"{each}"} for each in range(missing)]
    return draft


def _of_contexts(number: int) -> Node:
    return document("Ayesha Khan") | {"@context": [CREDENTIALS_V2] + [OPEN_BADGES_3] * (number - 1)}
