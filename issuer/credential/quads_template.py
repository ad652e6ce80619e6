"""Canonical N-Quads for a batch of credentials of one shape, without expanding each of them.

The slow way (`verifier.core.linked_data.canonical_quads`) runs once for each shape, over a copy of the credential
in which the student's values are markers. Its lines then take any student's values: literals escaped as canonical
N-Quads ask, labels of the few nodes without an identifier by RDFC-1.0's first-degree hash (section 4.6.3), lines
sorted again. What does not fit goes the slow way, so the result is always the slow way's; a property test
checks that.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from verifier.core.canonical import Json
from verifier.core.errors import SanadError
from verifier.core.linked_data import canonical_quads

Node = dict[str, Any]

SHAPES_KEPT = 256
"""Shapes remembered. A roster has a handful: which cells are filled, which dates, terms and credits they hold."""

_SAFE_IRI = re.compile(r"(?:urn:uuid:|https?://)[A-Za-z0-9:/._~#-]+")
_LINE = re.compile(r'(?:<[^>]*>|(?P<subject>_:\w+)) <[^>]*> (?:<[^>]*>|(?P<object>_:\w+)|"(?:[^"\\]|\\.)*"\S*) \.')
_MARKER = re.compile(r"(?:urn:uuid:)?marker-(\d+)-")
# Canonical N-Quads writes these differently; the slow way does it.
_BEYOND_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    **{ord(raw): f"\\{letter}" for raw, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)},
}


class QuadsTemplates:
    """A quicker `canonical_quads` for many documents of few shapes. Not for several threads at once."""

    def __init__(self) -> None:
        self._templates: OrderedDict[str, _Template | None] = OrderedDict()
        self._last: tuple[str, str] | None = None
        """The last document in which nothing varies, as a batch's proof options are, and its quads."""

    def __call__(self, document: Json) -> str:
        """The canonical N-Quads of a document.

        Raises:
            SignatureError: as `canonical_quads` does.
            SignatureUncheckedError: as `canonical_quads` does.
        """
        split = _Split(document)
        shape = repr(split.skeleton)
        if self._last is not None and not split.values and self._last[0] == shape:
            return self._last[1]
        if shape not in self._templates:
            self._remember(shape, split)
        template = self._templates[shape]
        filled = template.fill(split.values) if template is not None else None
        if filled is None:
            return canonical_quads(document)
        if not split.values:
            self._last = shape, filled
        return filled

    def _remember(self, shape: str, split: "_Split") -> None:
        self._templates[shape] = _compile(shape, split)
        if len(self._templates) > SHAPES_KEPT:
            self._templates.popitem(last=False)


class _Split:
    """A document taken apart: what its shape says, with a marker for each of the student's values, and the values."""

    def __init__(self, document: Json) -> None:
        self.values: list[str] = []
        self.skeleton = document
        if isinstance(document, dict):
            self.skeleton = self._node(document, "id")
            self._inside("credentialSubject", self._subject)
            self._inside("credentialStatus", lambda node: self._node(node, "id", "statusListIndex"))

    def _inside(self, key: str, change: Any) -> None:
        node = self.skeleton.get(key)
        if isinstance(node, dict):
            self.skeleton[key] = change(node)

    def _subject(self, node: Node) -> Node:
        subject = self._node(node, "id")
        for key, literals in (("identifier", ("identityHash", "salt")), ("result", ("value",))):
            if isinstance(subject.get(key), list):
                subject[key] = [
                    self._node(item, "id", *literals) if isinstance(item, dict) else item for item in subject[key]
                ]
        return subject

    def _node(self, node: Node, iri: str, *literals: str) -> Node:
        marked = dict(node)
        if isinstance(node.get(iri), str) and _SAFE_IRI.fullmatch(node[iri]):
            marked[iri] = "urn:uuid:" + self._marker(node[iri])
        for key in literals:
            if isinstance(node.get(key), str):
                marked[key] = self._marker(node[key].translate(_ESCAPES))
        return marked

    def _marker(self, value: str) -> str:
        self.values.append(value)
        return f"marker-{len(self.values) - 1}-"


@dataclass(frozen=True)
class _Template:
    """The lines of one shape."""

    fixed: list[str]
    varying: list[str]
    """`str.format` templates; `{0}` is the first value."""
    blank: list[list[str]]
    """For each node without identifier the templates of its lines; the value after the last is its label."""

    def fill(self, values: list[str]) -> str | None:
        """The canonical lines with these values; None if only the slow way can decide."""
        if _BEYOND_XML.search("".join(values)):
            return None
        lines = {line.format(*values) for line in self.varying}
        lines.update(self.fixed)
        hashes = {_first_degree_hash(node, values): node for node in self.blank}
        if len(hashes) != len(self.blank):
            return None
        for number, digest in enumerate(sorted(hashes)):
            lines.update(line.format(*values, f"_:c14n{number}") for line in hashes[digest])
        return "".join(sorted(lines))


def _first_degree_hash(node: list[str], values: list[str]) -> str:
    """RDFC-1.0 section 4.6.3, for a node whose quads have no other blank node."""
    return sha256("".join(sorted(line.format(*values, "_:a") for line in node)).encode()).hexdigest()


def _compile(shape: str, split: _Split) -> _Template | None:
    # A text of the course that looks like a marker would be taken for one.
    if len(_MARKER.findall(shape)) != len(split.values):
        return None
    try:
        lines = canonical_quads(split.skeleton).split("\n")[:-1]
    except SanadError:
        return None  # the slow way says what is wrong, in the document's own words
    return _template(lines, label=len(split.values))


def _template(lines: list[str], label: int) -> _Template | None:
    template, blank = _Template([], [], []), dict[str, list[str]]()
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None or (found["subject"] and found["object"]):
            return None
        name = found["subject"] or found["object"]
        text = line.replace("{", "{{").replace("}", "}}") + "\n"
        if name:
            blank.setdefault(name, []).append(_MARKER.sub(_place, _labelled(text, found, label)))
        elif _MARKER.search(line):
            template.varying.append(_MARKER.sub(_place, text))
        else:
            template.fixed.append(line + "\n")
    template.blank.extend(blank.values())
    return template


def _labelled(text: str, found: re.Match[str], label: int) -> str:
    """The line's template with a place for its blank node's label, at the line's start or end."""
    if found["subject"]:
        return f"{{{label}}}{text[len(found['subject']) :]}"
    return f"{text[: -len(found['object'] + ' .' + chr(10))]}{{{label}}} .\n"


def _place(marker: re.Match[str]) -> str:
    return f"{{{marker[1]}}}"
