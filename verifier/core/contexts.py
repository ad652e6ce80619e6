"""The JSON-LD contexts that the verifier contains; no other is ever read (SPEC.md section 12).

1EdTech has changed documents after it published them, so an address may have several editions. Credentials are signed
under the first; a signature may fit any.
"""

import json
from collections.abc import Iterator, Mapping, Set
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from verifier.core.canonical import Json

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
_OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/"
OPEN_BADGES_3 = _OPEN_BADGES + "context-3.0.3.json"

FROZEN = frozenset({CREDENTIALS_V2, DATA_INTEGRITY_V2})
"""Addresses whose standards publish a digest of the document there: no other edition is possible."""

_FILES: Mapping[str, tuple[str, ...]] = {
    CREDENTIALS_V2: ("credentials-v2.json",),
    DATA_INTEGRITY_V2: ("data-integrity-v2.json",),
    OPEN_BADGES_3: ("open-badges-3.0.3.json", "open-badges-3.0.3-of-2026.json"),
    # Our credentials name the three above; these are in credentials of others.
    _OPEN_BADGES + "context-3.0.2.json": ("open-badges-3.0.2.json",),
    _OPEN_BADGES + "context-3.0.1.json": ("open-badges-3.0.1.json",),
    _OPEN_BADGES + "context.json": ("open-badges-3.0.0.json",),
    _OPEN_BADGES + "extensions.json": ("open-badges-extensions.json",),
    "https://w3id.org/security/data-integrity/v1": ("data-integrity-v1.json",),
}


def context_files() -> Mapping[str, tuple[str, ...]]:
    """The files in which the editions of each context are, by address."""
    return MappingProxyType(_FILES)


@cache
def bundled_contexts() -> Mapping[str, Json]:
    """The first edition of every context by address, read once from the package."""
    return MappingProxyType({url: _read(names[0]) for url, names in _FILES.items()})


def other_editions(named: Json, terms: Set[str]) -> Iterator[Mapping[str, Json]]:
    """The bundled contexts with one of those that a document names in another edition; each variant in turn.

    Args:
        named: the document's contexts.
        terms: its keys and types; an edition that defines all of them like the first one is left out.
    """
    addresses = named if isinstance(named, list) else [named]
    for address in dict.fromkeys(each for each in addresses if isinstance(each, str)):
        for name in _FILES.get(address, ())[1:]:
            if terms & _redefined(address, name):
                yield _with_edition(address, name)


def edition_open(named: Json) -> bool:
    """Whether one of the contexts that a document names may have an edition that this verifier does not contain."""
    addresses = named if isinstance(named, list) else [named]
    return any(isinstance(each, str) and each not in FROZEN for each in addresses)


@cache
def _redefined(address: str, name: str) -> frozenset[str]:
    """The terms that an edition defines differently from the first, or that only one of the two defines."""
    return frozenset(_differing(bundled_contexts()[address]["@context"], _read(name)["@context"]))


def _differing(one: Any, other: Any) -> Iterator[str]:
    for term in one.keys() | other.keys():
        here, there = one.get(term), other.get(term)
        if here != there and isinstance(here, dict) and isinstance(there, dict):
            inner = {key for key in here.keys() | there.keys() if here.get(key) != there.get(key)}
            yield from () if inner == {"@context"} else [term]
            yield from _differing(here.get("@context") or {}, there.get("@context") or {})
        elif here != there:
            yield term


@cache
def _with_edition(address: str, name: str) -> Mapping[str, Json]:
    return MappingProxyType({**bundled_contexts(), address: _read(name)})


@cache
def _read(name: str) -> Any:
    folder = files("verifier.core") / "contexts"
    return json.loads((folder / name).read_text(encoding="utf-8"))


@cache
def term_addresses() -> frozenset[str]:
    """Every address for which a bundled context has a name, which documents must use."""
    found: set[str] = set()
    waiting: list[Any] = [_read(name) for names in _FILES.values() for name in names]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) and ":" in value:
            found.add(value)
    return frozenset(found)
