"""Turns a credential into canonical N-Quads: JSON-LD 1.1 expansion, then RDFC-1.0.

PyLD expands, pyoxigraph canonicalises (PyLD's own canonicalisation is an older version). Both are imported only when
the first signature is checked. Nothing is fetched: contexts come from the package.

Content that a signature over RDF does not cover must not pass unnoticed. So everything that JSON-LD would drop is an
error: undefined terms, relative identifiers, keywords that leave no trace in RDF, contexts inside the document. And
because the same RDF can be written in many ways, only the compacted form is read (verifier/core/compacted.py).
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from verifier.core.canonical import Json
from verifier.core.compacted import check_compacted, check_size
from verifier.core.contexts import bundled_contexts, edition_open
from verifier.core.errors import SignatureError, SignatureUncheckedError, UnknownTermError
from verifier.core.limits import LIMITS

if TYPE_CHECKING:
    from pyoxigraph import Dataset

Canonicalise = Callable[[Json], str]

MAX_ALIKE = 12
"""The most identical nodes without a name, where graphs have no names either (credentials inside presentations).

The time to distinguish them grows with the factorial of their number. In a document without such graphs they form a
tree, and that is quick.
"""

_NO_BASE = "relative:///"  # otherwise PyLD would resolve relative identifiers against its own base address
_ABSOLUTE = re.compile(
    r"""(?!relative:///)[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*"""
)  # the syntax that N-Quads allows
_KEYWORDS = frozenset({"@id", "@type", "@value", "@language", "@list", "@set"})
_LEFT_OUT = frozenset({"@direction", "@context"})  # also read in lenient documents
_DEFINING = frozenset({"@id", "@type", "@vocab", "@protected", "@version", "@context", "@container", "@language"})
_RELATIVE = {
    "@type": "The type {address} is not absolute, so the signature cannot cover it.",
    "@id": "The identifier {address} is not absolute, so the signature cannot cover it.",
    "": "The key {address} is not absolute, so the signature cannot cover it.",
}
_CREDENTIALS = "https://www.w3.org/2018/credentials#"
_JUDGED = ("issuer", "validFrom", "validUntil", "credentialStatus", "credentialSubject")
"""Names by which a credential is read, although contexts could give these properties other names."""
_PYLD_LEAKS = (TypeError, ValueError, AttributeError, LookupError, RecursionError)
_resolved = threading.local()  # PyLD's caches are not safe to share between threads


def canonical_quads(document: Json, contexts: Mapping[str, Json] | None = None, *, lenient: bool = False) -> str:
    """The canonical N-Quads of a JSON-LD document (RDFC-1.0 section 4), lines sorted by code point.

    `contexts` are the context documents by address; the bundled ones if not given. `lenient` also reads
    what the standard allows and no verdict depends on: contexts written out in the document, as far as they lose
    nothing; `@direction`, which leaves no trace in RDF; and forms other than the compacted one.

    Raises:
        SignatureError: the document says something that a signature over its RDF would not cover.
        SignatureUncheckedError: it needs a context or a JSON-LD feature that this verifier lacks, is not compacted, or
            is too large.
        UnknownTermError: it uses a term that another edition of its contexts may define.
    """
    import pyoxigraph as ox  # late: only a signature needs it

    dataset = ox.Dataset(_quads(_expand_to_rdf(document, contexts or bundled_contexts(), lenient)))
    _check_alike(dataset)
    return canonical_lines(dataset)


def canonical_lines(dataset: "Dataset") -> str:
    """The canonical N-Quads of an RDF dataset (RDFC-1.0 section 5); its labels are replaced by the canonical ones."""
    import pyoxigraph as ox  # late: only a signature needs it

    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def _expand_to_rdf(document: Json, contexts: Mapping[str, Json], lenient: bool) -> dict[str, list[dict[str, Any]]]:
    from pyld import ContextResolver, jsonld  # late: only a signature needs it

    prepared = _prepare(document, contexts, lenient)
    named = prepared["@context"]
    # Forget what a stranger's document defines when it is done.
    cache = {} if lenient and _written_out(prepared) else _cache_for(contexts)
    options = {
        "documentLoader": _refuse,
        "contextResolver": ContextResolver(cache, _loader(contexts)),
        "base": _NO_BASE,
    }
    try:
        processor = jsonld.JsonLdProcessor(on_property_dropped=lambda term: _dropped(term, named))
        expanded = processor.expand(prepared, dict(options))
        _check_identifiers(expanded, named)
        _check_judged(prepared, expanded)
        # An expanded document names no context, so this step loads nothing.
        dataset: dict[str, list[dict[str, Any]]] = jsonld.JsonLdProcessor().to_rdf(expanded, dict(options))
    except (jsonld.JsonLdError, *_PYLD_LEAKS) as error:
        raise SignatureError("The credential is not valid JSON-LD: {reason}", reason=_cause(error)) from None
    return dataset


def _prepare(document: Json, contexts: Mapping[str, Json], lenient: bool) -> Json:
    if not isinstance(document, dict):
        raise SignatureError("The signed document is not a JSON object.")
    _check_contexts(document.get("@context"), contexts, lenient)
    check_size(document)
    body = {key: value for key, value in document.items() if key != "@context"}
    if not lenient:
        check_compacted(body)
    plain = _nested(body, contexts) if lenient else _plain(body, _KEYWORDS)
    return {"@context": document.get("@context", []), **plain}


def _check_contexts(value: Json, contexts: Mapping[str, Json], lenient: bool) -> None:
    for context in _as_list(value):
        if isinstance(context, dict) and lenient:
            _check_definitions(context)
        elif not isinstance(context, str):
            raise SignatureUncheckedError("The credential defines terms of its own; only published contexts are read.")
        elif context not in contexts:
            _refuse(context, None)


def _nested(value: Json, contexts: Mapping[str, Json]) -> Json:
    """`_plain` for documents that hold others with contexts of their own, as presentations do."""
    if isinstance(value, list):
        return [_nested(item, contexts) for item in value]
    if not isinstance(value, dict):
        return _plain(value, _KEYWORDS)
    if "@context" in value:
        _check_contexts(value["@context"], contexts, lenient=True)
    return {
        _readable(key, _KEYWORDS | _LEFT_OUT): item if key == "@context" else _nested(item, contexts)
        for key, item in value.items()
    }


def _written_out(document: Json) -> bool:
    """Whether any context is written out in it."""
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if any(isinstance(context, dict) for context in _as_list(item.get("@context"))):
                return True
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False


def _check_definitions(context: Json) -> None:
    """Check that a context written out in a document uses nothing that could hide a value from the graph."""
    for key, value in context.items():
        if not _defines_openly(key, value):
            raise SignatureUncheckedError("The credential's own context uses {key} in a way that is not read.", key=key)
        if isinstance(value, dict):
            _check_definitions(value)


def _defines_openly(key: str, value: Json) -> bool:
    if key == "@container":
        return all(each in ("@set", "@list", "@language") for each in _as_list(value))
    if isinstance(value, list) or (key.startswith("@") and key not in _DEFINING):
        return False
    if value is None:
        return key in ("@vocab", "@language")
    if key == "@vocab":  # a relative one would turn keys into invalid addresses
        return isinstance(value, str) and _ABSOLUTE.fullmatch(value) is not None
    if isinstance(value, str) and value.startswith("@"):
        return value in (("@id", "@vocab") if key == "@type" else _KEYWORDS)
    return True


def _plain(value: Json, keywords: frozenset[str]) -> Json:
    if isinstance(value, dict):
        return {_readable(key, keywords): _plain(item, keywords) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, keywords) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # JSON has one kind of number: for every other reader, 3.0 is 3
    return value


def _readable(key: str, keywords: frozenset[str]) -> str:
    if key.startswith("@") and key not in keywords:
        text = "The JSON-LD keyword {key} is not among those that this verifier reads."
        raise SignatureUncheckedError(text, key=key[:100])
    return key


def _dropped(term: str | None, named: Json) -> None:
    if edition_open(named):
        text = "It holds {term}, which no edition known here of the contexts that it names defines."
        raise UnknownTermError(text, term=repr(term)[:100])
    text = "The credential holds {term} that no context defines, so its signature cannot cover it."
    raise SignatureError(text, term=repr(term)[:100])


def _check_identifiers(expanded: Json, named: Json) -> None:
    """Check that every key, identifier and type became an absolute address: RDF leaves out anything without one."""
    for key, text in _addresses(expanded):
        if text.startswith("_:"):
            said = "The credential labels a node {label}; only nodes with addresses are read."
            raise SignatureUncheckedError(said, label=text[:100])
        if _ABSOLUTE.fullmatch(text):
            continue
        shown = repr(text.removeprefix(_NO_BASE))[:100]
        if key == "@type" and edition_open(named):
            _dropped(text.removeprefix(_NO_BASE), named)
        raise SignatureError(_RELATIVE[key], address=shown)


def _addresses(value: Json) -> Iterator[tuple[str, str]]:
    """Every key, identifier and type of an expanded document; keys have the empty name."""
    if isinstance(value, list):
        for item in value:
            yield from _addresses(item)
    elif isinstance(value, dict):
        literal = "@value" in value
        for key, item in value.items():
            if key == "@type" or (key == "@id" and not literal):
                kinds = (str(text) for text in _as_list(item))
                yield from ((key, text) for text in kinds if not (literal and text == "@json"))
            elif not literal:
                yield from () if key.startswith("@") else [("", key)]
                yield from _addresses(item)


def _check_judged(document: Json, expanded: Json) -> None:
    """Check that what a credential says about itself has the names by which it is read."""
    node = expanded[0] if len(expanded) == 1 else {}
    for name in _JUDGED:
        if len(node.get(_CREDENTIALS + name, [])) > len(_as_list(document.get(name))):
            raise SignatureUncheckedError("The credential's {key} is written under another name.", key=name)


def _quads(dataset: Mapping[str, list[dict[str, Any]]]) -> Iterator[Any]:
    import pyoxigraph as ox  # late: only a signature needs it

    blank: dict[str, ox.BlankNode] = {}
    try:
        for graph, triples in dataset.items():
            name = ox.DefaultGraph() if graph == "@default" else _graph(graph, blank)
            for triple in triples:
                subject, predicate, value = (_term(triple[part], blank) for part in ("subject", "predicate", "object"))
                yield ox.Quad(subject, predicate, value, name)
    except ValueError as error:
        raise SignatureError("The credential cannot be written as RDF: {reason}.", reason=str(error)[:200]) from None


def _check_alike(dataset: "Dataset") -> None:
    import pyoxigraph as ox  # late: only a signature needs it

    quads = list(dataset)
    if not any(isinstance(quad.graph_name, ox.BlankNode) for quad in quads):
        return
    said: dict[Any, list[str]] = {}
    for quad in quads:
        parts = (quad.subject, quad.object, quad.graph_name)
        for node in {part for part in parts if isinstance(part, ox.BlankNode)}:
            text = [part if not isinstance(part, ox.BlankNode) else "_:a" if part == node else "_:z" for part in parts]
            said.setdefault(node, []).append(f"{quad.predicate} {text[0]} {text[1]} {text[2]}")
    alike = Counter("\n".join(sorted(lines)) for lines in said.values())
    if max(alike.values()) > MAX_ALIKE:
        raise SignatureUncheckedError(
            "More than {number} of its nameless nodes say the same, in graphs without names.", number=MAX_ALIKE
        )


def _graph(name: str, blank: dict[str, Any]) -> Any:
    return _term({"type": "blank node" if name.startswith("_:") else "IRI", "value": name}, blank)


def _term(part: Mapping[str, str], blank: dict[str, Any]) -> Any:
    import pyoxigraph as ox  # late: only a signature needs it

    value = part["value"]
    if part["type"] == "IRI":
        return ox.NamedNode(value)
    if part["type"] == "blank node":
        if len(blank) >= LIMITS.nameless_nodes and value not in blank:
            text = "More than {number} of its nodes have no identifier."
            raise SignatureUncheckedError(text, number=LIMITS.nameless_nodes)
        return blank.setdefault(value, ox.BlankNode())
    if part.get("language"):
        return ox.Literal(value, language=part["language"])
    return ox.Literal(value, datatype=ox.NamedNode(part["datatype"]))


def _loader(contexts: Mapping[str, Json]) -> Callable[[str, Any], dict[str, Any]]:
    def load(url: str, options: Any) -> dict[str, Any]:
        if url not in contexts:
            return _refuse(url, options)
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts[url],
            "tag": "static",
        }

    return load


def _refuse(url: str, _options: Any) -> dict[str, Any]:
    text = "The context {context} is not among those that this verifier carries."
    raise SignatureUncheckedError(text, context=str(url)[:200])


def _cache_for(contexts: Mapping[str, Json]) -> dict[str, Any]:
    # One cache per set of contexts: what a test adds must not reach the next caller.
    caches: dict[int, tuple[Mapping[str, Json], dict[str, Any]]] = _resolved.__dict__.setdefault("caches", {})
    return caches.setdefault(id(contexts), (contexts, {}))[1]


def _cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error.args[0] if error.args else error).split("\n")[0][:200]


def _as_list(value: Json) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
