"""The content of an SVG's credential elements (SPEC.md section 11, what a file is).

No XML parser runs on a stranger's file: the text is split into comments, instructions, CDATA sections, tags and the
text between them, by one pattern each, and anything else is refused. Document types are refused, and so are all
entities except XML's own five and numeric ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from verifier.core.canonical import BYTE_ORDER_MARK
from verifier.core.errors import BakingError
from verifier.core.limits import LIMITS

CREDENTIAL_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_CREDENTIAL = (CREDENTIAL_NAMESPACE, "credential")
_SVG = ("http://www.w3.org/2000/svg", "svg")
_XML = "http://www.w3.org/XML/1998/namespace"

WHITE_SPACE = " \t\r\n"
_NAME = r"[^ \t\r\n<>/=\"'&!?:]{1,200}+"
_QUALIFIED = rf"{_NAME}(?::{_NAME})?"
_VALUE = r"(?:\"[^\"<]*+\"|'[^'<]*+')"
_EQUALS = r"[ \t\r\n]*+=[ \t\r\n]*+"
_PART = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<\?(?P<instruction>.*?)\?>"
    r"|<!\[CDATA\[(?P<data>.*?)\]\]>"
    rf"|</(?P<end>{_QUALIFIED})[ \t\r\n]*+>"
    rf"|<(?P<start>{_QUALIFIED})(?P<attributes>(?:[ \t\r\n]++{_QUALIFIED}{_EQUALS}{_VALUE}){{0,256}}+)"
    r"[ \t\r\n]*+(?P<empty>/?)>"
    r"|(?P<text>[^<]++)",
    re.DOTALL,
)
_ATTRIBUTES = re.compile(rf"({_QUALIFIED}){_EQUALS}({_VALUE})")
_ENCODING = re.compile(r"<\?xml[ \t\r\n][^>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*[\"']([^\"']*)[\"']")
_SKIPPED = re.compile(r"[ \t\r\n]+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ROOT = re.compile(rf"<(?:{_NAME}:)?svg[ \t\r\n/>]|<!DOCTYPE[ \t\r\n]+(?:{_NAME}:)?svg[ \t\r\n\[>]")
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}))?;?")
_PLAIN = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_UNREADABLE = "The picture is not an SVG that can be read."
_LOOKED_AT = 65_536


def is_svg(data: bytes) -> bool:
    """Whether a file is an SVG: the first thing after comments and instructions is a tag named svg."""
    text = data.removeprefix(BYTE_ORDER_MARK)[:_LOOKED_AT].decode("utf-8", "replace")
    at = 0
    while found := _SKIPPED.match(text, at):
        at = found.end()
    return _ROOT.match(text, at) is not None


def credential_texts(data: bytes) -> list[bytes]:
    """The text of each credential element of an SVG, without white space around.

    Raises:
        BakingError: it is not an SVG of SPEC.md section 11, or over a limit.
    """
    reader = _Reader()
    for count, part in enumerate(_parts(_decoded(data)), start=1):
        if count > LIMITS.picture_parts:
            raise BakingError("The picture has too many parts.")
        reader.take(part)
    if not reader.whole:
        raise BakingError(_UNREADABLE)
    return ["".join(each).strip(WHITE_SPACE).encode() for each in reader.credentials]


def _decoded(data: bytes) -> str:
    try:
        text = data.removeprefix(BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError:
        raise BakingError("The picture is not in UTF-8; only such are read.") from None
    declared = _ENCODING.match(text)
    if declared and declared[1].upper() != "UTF-8":
        raise BakingError("The picture is not in UTF-8; only such are read.")
    return text


def _parts(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            declares = text.startswith("<!DOCTYPE", at)
            raise BakingError("The picture declares a document type; such are not read." if declares else _UNREADABLE)
        yield found
        at = found.end()


@dataclass
class _Reader:
    """Collects the content of credential elements, and nothing else."""

    credentials: list[list[str]] = field(default_factory=list)
    whole: bool = False
    """Whether the root element has ended."""
    _open: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """The names of the open elements as written, and the namespaces in force in them."""
    _inside: bool = False
    _size: int = 0

    def take(self, part: re.Match[str]) -> None:
        """Process the next part."""
        match part.lastgroup:
            case "comment" | "instruction":
                return
            case "data" | "text":
                self._text(part)
            case "end":
                self._end(part["end"])
            case _:
                self._start(part["start"], part["attributes"])
                if part["empty"]:
                    self._end(part["start"])

    def _start(self, name: str, attributes: str) -> None:
        if self.whole or self._inside:
            raise BakingError(_UNREADABLE)
        if len(self._open) == LIMITS.picture_depth:
            raise BakingError("The picture is nested too deeply.")
        scope = self._open[-1][1] if self._open else {"xml": _XML}
        if "xmlns" in attributes:
            scope = scope | _namespaces(attributes)
        prefix, _, local = name.rpartition(":")
        if (prefix and prefix not in scope) or (not self._open and (scope.get(prefix), local) != _SVG):
            raise BakingError(_UNREADABLE)
        self._open.append((name, scope))
        if (scope.get(prefix), local) == _CREDENTIAL:
            self._inside = True
            self.credentials.append([])

    def _end(self, name: str) -> None:
        if not self._open or self._open.pop()[0] != name:
            raise BakingError(_UNREADABLE)
        self._inside = False
        self.whole = not self._open

    def _text(self, part: re.Match[str]) -> None:
        if not self._open and (part.lastgroup == "data" or part[0].strip(WHITE_SPACE)):
            raise BakingError(_UNREADABLE)
        if not self._inside:
            return
        self._size += len(part[0])
        if self._size > LIMITS.picture_text:
            raise BakingError("The credential in this picture is too large.")
        plain = part["data"] if part.lastgroup == "data" else _REFERENCE.sub(_character, part[0])
        self.credentials[-1].append(plain)


def _namespaces(attributes: str) -> dict[str, str]:
    """The prefixes that a tag binds, the empty one for its default; values are used as written."""
    named = [(name, value[1:-1]) for name, value in _ATTRIBUTES.findall(attributes)]
    bound = [(name[6:], value) for name, value in named if name == "xmlns" or name.startswith("xmlns:")]
    if len(dict(bound)) != len(bound):
        raise BakingError(_UNREADABLE)
    return dict(bound)


def _character(reference: re.Match[str]) -> str:
    """The character that a reference in a text means."""
    name, decimal, hexadecimal = reference.groups()
    if not reference[0].endswith(";") or reference[0] == "&;":
        raise BakingError(_UNREADABLE)
    if name:
        return _PLAIN[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise BakingError(_UNREADABLE)
    return chr(code)
