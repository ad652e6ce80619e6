"""Whether a JSON-LD document is short enough to be expanded, and written in the one way that is read (SPEC.md
section 12).

A signature over RDF covers what a document means, not how it is written: the same statements can be written with
addresses as keys, or with keys that no reader looks for. But this verifier shows people, and checks dates by, the
values under the names from the published contexts. So a document written in another way could not be checked.
"""

import re
from collections.abc import Iterator
from typing import Any

from verifier.core.canonical import Json
from verifier.core.contexts import term_addresses
from verifier.core.errors import SignatureUncheckedError
from verifier.core.limits import LIMITS

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_SETS_OF_TEXTS = frozenset({"type", "tag", "allowedValue", "endorsementJwt"})
"""Where a single text may be a list in compacted form; anywhere else, a list would hide the text from readers."""
_OF_ITSELF = frozenset({"issuer", "validFrom", "validUntil", "credentialStatus", "credentialSubject"})
_ONCE = ("id", "issuer", "validFrom", "validUntil")
"""What a credential says about itself with one value, never with a list."""


def check_size(document: Json) -> None:
    """Check, before the work begins, that expanding and canonicalising a document takes less than a second.

    Raises:
        SignatureUncheckedError: it has more values, nodes or nameless nodes than are read, or too long a list.
    """
    named = document.get("@context") if isinstance(document, dict) else None
    _check(
        len(named) if isinstance(named, list) else 1, LIMITS.signed_contexts, "It names more than {number} contexts."
    )
    nodes = nameless = 0
    for values, (_, value) in enumerate(_walk(document), start=1):
        if isinstance(value, dict):
            nodes += 1
            nameless += not {"id", "@id", "@value"} & value.keys()
        longest = len(value) if isinstance(value, list) else 0
        _check(values, LIMITS.signed_values, "More than {number} values stand in it.")
        _check(nodes, LIMITS.signed_nodes, "More than {number} nodes stand in it.")
        _check(nameless, LIMITS.nameless_nodes, "More than {number} of its nodes have no identifier.")
        _check(longest, LIMITS.signed_list, "One of its lists has more than {number} values.")


def terms_of(document: Json) -> frozenset[str]:
    """Every key and every type in a document."""
    types = (value for key, value in _walk(document) if key == "type" and isinstance(value, str))
    return frozenset(key for key, _ in _walk(document)) | frozenset(types)


def count_values(document: Json) -> int:
    """The number of values in a document, or the limit plus one."""
    number = 0
    for _ in _walk(document):
        number += 1
        if number > LIMITS.signed_values:
            break
    return number


def check_compacted(body: dict[str, Any]) -> None:
    """Check that a document, without its contexts, uses only names that contexts define and plain forms of values.

    Whether a name is defined at its place is checked when the document is expanded.

    Raises:
        SignatureUncheckedError: something in it is written in another way.
    """
    for key in _ONCE:
        if isinstance(body.get(key), list):
            raise SignatureUncheckedError("The credential's {key} is written as a list.", key=key)
    for key, value in _walk(body):
        if isinstance(value, dict):
            _check_node(value, body)
        elif isinstance(value, list):
            _check_list(key, value)
        elif value is None:
            raise SignatureUncheckedError("{key} is null, which no signature covers.", key=_short(key))
        if key == "type":
            _check_type(value)
        if key == "hashed" and not isinstance(value, bool):  # RDF writes false and the text "false" in the same way
            raise SignatureUncheckedError("hashed is neither true nor false.")
        if isinstance(value, str) and value.startswith("xsd:"):  # the one prefix that a published context defines
            raise SignatureUncheckedError("{value} is a compact address.", value=_short(value))


def _check_node(node: dict[str, Any], body: dict[str, Any]) -> None:
    if "@value" in node:
        _check_language_value(node)
        return
    for key in node:
        if key.startswith("@"):
            text = "The JSON-LD keyword {key} is not among those that this verifier reads."
            raise SignatureUncheckedError(text, key=_short(key))
        if ":" in key or "A" <= key[:1] <= "Z":
            text = "{key} is not written as a name of a property; only names that contexts define are read."
            raise SignatureUncheckedError(text, key=_short(key))
    if node is not body and _OF_ITSELF & node.keys() and "id" in node and node["id"] == body.get("id"):
        raise SignatureUncheckedError("What the credential says of itself stands in several places.")


def _check_list(key: str, value: list[Any]) -> None:
    if not value:
        raise SignatureUncheckedError("{key} is an empty list, which no signature covers.", key=_short(key))
    if any(isinstance(item, list) for item in value):
        raise SignatureUncheckedError("{key} is a list of lists.", key=_short(key))
    plain = [item for item in value if not isinstance(item, dict)]
    if plain and len(value) == 1 and key not in _SETS_OF_TEXTS:
        raise SignatureUncheckedError("{key} is one value, written as a list.", key=_short(key))
    if len({repr(item) for item in plain}) < len(plain) and key != "allowedValue":
        raise SignatureUncheckedError("{key} has a value twice, of which RDF knows one.", key=_short(key))


def _check_language_value(node: dict[str, Any]) -> None:
    language, text = node.get("@language"), node["@value"]
    if "@direction" in node:
        raise SignatureUncheckedError("No signature covers the writing direction that it gives to a text.")
    plain = node.keys() == {"@value", "@language"} and isinstance(text, str) and isinstance(language, str)
    if not plain or not _LANGUAGE.fullmatch(str(language)):
        raise SignatureUncheckedError("A text is written as an object, but not as one with its language.")


def _check_type(value: Json) -> None:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and ("a" <= each[:1] <= "z" if ":" not in each else each in term_addresses()):
            text = "The type {type} is not written as a name that contexts define."
            raise SignatureUncheckedError(text, type=_short(each))


def _walk(value: Json) -> Iterator[tuple[str, Json]]:
    """Every value with its key, in no particular order."""
    waiting: list[tuple[str, Json]] = [("", value)]
    while waiting:
        key, item = waiting.pop()
        yield key, item
        if isinstance(item, dict):
            waiting.extend(item.items())
        elif isinstance(item, list):
            waiting.extend((key, each) for each in item)


def _check(number: int, limit: int, text: str) -> None:
    if number > limit:
        raise SignatureUncheckedError(text, number=limit)


def _short(text: object) -> str:
    shown = repr(text)
    return shown if len(shown) <= 100 else shown[:99] + "…"
