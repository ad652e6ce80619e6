"""The envelope: one JSON file that verifies with any node of the chain (SPEC.md section 6)."""

from dataclasses import dataclass
from functools import cached_property

from verifier.core.canonical import Json, canonical, parse
from verifier.core.errors import EnvelopeError
from verifier.core.hashes import ZERO, certificate_hash, commitment, from_hex, is_hex, sha256, to_hex
from verifier.core.limits import LIMITS
from verifier.core.merkle import leaf, root_from_path

VERSION = 1
_KEYS = frozenset({"sanad", "credential", "index", "sheet", "root", "path"})


@dataclass(frozen=True)
class Envelope:
    """A credential with its place in a batch. Names no chain and no registry."""

    credential: dict[str, Json]
    index: int
    sheet: bytes
    root: bytes
    path: tuple[bytes, ...]

    @cached_property
    def hash(self) -> bytes:
        """`H` of the credential."""
        return certificate_hash(self.credential)

    @property
    def commitment(self) -> bytes:
        """`C` of the credential."""
        return commitment(self.hash)

    @property
    def computed_root(self) -> bytes:
        """The root that credential, index, sheet and path lead to, whatever `root` claims."""
        return root_from_path(leaf(self.index, self.commitment, self.sheet), self.path)

    @property
    def has_sheet(self) -> bool:
        """Whether a PDF belongs to the certificate."""
        return self.sheet != ZERO

    def to_bytes(self) -> bytes:
        """The envelope's only valid form, RFC 8785."""
        return join(canonical(self.credential), self.index, self.sheet, self.root, self.path)


def join(credential: bytes, index: int, sheet: bytes, root: bytes, path: tuple[bytes, ...]) -> bytes:
    """The envelope's bytes around a credential that is already canonical.

    Saves canonicalising each credential twice when a whole batch is built.
    """
    steps = ",".join(f'"{to_hex(step)}"' for step in path)
    tail = f',"index":{index},"path":[{steps}],"root":"{to_hex(root)}","sanad":{VERSION},"sheet":"{to_hex(sheet)}"}}'
    return b'{"credential":' + credential + tail.encode("ascii")


def parse_envelope(data: bytes) -> Envelope:
    """Read an envelope strictly: right keys, right types, and in its canonical bytes.

    Raises:
        JsonError: not JSON within the limits.
        EnvelopeError: JSON, but not an envelope.
    """
    value = parse(data)
    envelope = envelope_of(value)
    if canonical(value) != data:
        raise EnvelopeError("The envelope is not in its canonical form (RFC 8785): it was re-saved or edited.")
    return envelope


def envelope_of(value: Json) -> Envelope:
    """The envelope in a parsed JSON value, whatever its bytes were."""
    if not isinstance(value, dict) or value.keys() != _KEYS:
        raise EnvelopeError("An envelope has exactly the keys credential, index, path, root, sanad and sheet.")
    if type(value["sanad"]) is not int or value["sanad"] != VERSION:
        raise EnvelopeError(
            "This envelope is of version {version}; only version {known} is known.",
            version=repr(value["sanad"]),
            known=VERSION,
        )
    if not isinstance(value["credential"], dict):
        raise EnvelopeError("The envelope's credential is not an object.")
    if type(value["index"]) is not int or not 0 <= value["index"] <= LIMITS.index:
        raise EnvelopeError("The envelope's index is not a whole number from 0 to {limit}.", limit=LIMITS.index)
    for key in ("sheet", "root"):
        if not is_hex(value[key]):
            raise EnvelopeError("The envelope's {key} is not 0x and 64 lower-case hex digits.", key=key)
    path = value["path"]
    if not isinstance(path, list) or len(path) > LIMITS.path_elements or not all(map(is_hex, path)):
        raise EnvelopeError(
            "The envelope's path is not a list of at most {limit} hashes, each 0x and 64 hex digits.",
            limit=LIMITS.path_elements,
        )
    return Envelope(
        credential=value["credential"],
        index=value["index"],
        sheet=from_hex(value["sheet"]),
        root=from_hex(value["root"]),
        path=tuple(map(from_hex, path)),
    )


def sheet_hash(sheet: bytes) -> bytes:
    """`P`: SHA-256 of the sheet's bytes."""
    return sha256(sheet)
