"""An archive in a folder: issuers write it, verifiers read it.

    envelopes/<first 4 hex digits of H>/<H>.json
    batches/<domain>/<root>.sanad
    replacements/<first 4 hex digits of the old H>/<old H>     0x and the new H
    erased/<first 4 hex digits of E>/<E>                       the day of erasure; E = SHA-256("sanad erased" ‖ H)
    hidden/<first 4 hex digits of W>/<W>                       the day of hiding; W = SHA-256("sanad hidden" ‖ H)
    educators/<domain>/<root>                                  0x and the H of the educator's own certificate
    courses/<domain>/<UUID of the course>/card.png, badge.png  pictures without personal data
    status/<domain>/<host>/<identifier>.json                   status lists; a host's port after a _

`H` and roots are 64 lower-case hex digits, a status list's identifier 32. The verifier trusts nothing here without
proof, so only the students' data in the envelopes needs protection. Files with other names are ignored; files that
cannot be read count as missing.
issuer/publishing/archive_writer.py writes it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from verifier.core.domain import is_domain
from verifier.core.hashes import from_hex, is_hex, sha256
from verifier.core.limits import LIMITS

_HASH = re.compile("[0-9a-f]{64}")
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_DAY_BYTES = 12
"""YYYY-MM-DD and a line end."""
_IDENTIFIER = re.compile("[0-9a-f]{32}")
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CARD, BADGE = "card.png", "badge.png"
_HEX_BYTES = 67
"""0x, 64 digits, and the line end that editors add."""
ERASED, HIDDEN = "erased", "hidden"
MARKS = (ERASED, HIDDEN)
"""The kinds of marks: of certificates that the institution erased, and that their holder hid."""


class Mark(NamedTuple):
    """That something happened to a certificate on a day; it leads to the certificate only for who has its `H`."""

    kind: str
    mark: bytes
    day: str
    """`YYYY-MM-DD`."""


class FolderArchive:
    """Implements verifier.core.archive.Archive over a folder, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def envelope(self, hash_: bytes) -> bytes | None:
        """The envelope stored under `H`."""
        return _read(envelope_path(self.path, hash_), LIMITS.envelope_bytes)

    def hashes(self, hex_prefix: str) -> Sequence[bytes]:
        """The stored hashes whose hex form begins with `hex_prefix` (4 digits or more), in order."""
        folder = self.path / "envelopes" / hex_prefix[:4]
        names = (path.stem for path in _children(folder) if path.suffix == ".json")
        return sorted(bytes.fromhex(name) for name in names if _HASH.fullmatch(name) and name.startswith(hex_prefix))

    def replacement(self, hash_: bytes) -> bytes | None:
        """The `H` of the certificate that the issuer says replaces this one."""
        return _hash_in(replacement_path(self.path, hash_))

    def replacements(self) -> Iterator[tuple[bytes, bytes]]:
        """Every `H` that is replaced, and the `H` that replaces it."""
        for folder in _children(self.path / "replacements"):
            for path in _children(folder):
                if _HASH.fullmatch(path.name) and (new := _hash_in(path)) is not None:
                    yield bytes.fromhex(path.name), new

    def erased(self, hash_: bytes) -> date | None:
        """The day on which the issuer says that it erased the certificate `H`."""
        return _day_in(erasure_path(self.path, hash_))

    def marks(self) -> Iterator[Mark]:
        """Every mark of every kind."""
        for kind in MARKS:
            for folder in _children(self.path / kind):
                for path in _children(folder):
                    if _HASH.fullmatch(path.name) and (day := _day_in(path)) is not None:
                        yield Mark(kind, bytes.fromhex(path.name), day.isoformat())

    def educator(self, domain: str, root: bytes) -> bytes | None:
        """The `H` of the certificate of the educator whose key registered this batch, as the issuer says.

        There is one for each batch, because a batch has one signer. It is kept outside the batch files, which anyone
        may mirror.
        """
        return _hash_in(educator_path(self.path, domain, root)) if is_domain(domain) else None

    def card(self, domain: str, course: str) -> bytes | None:
        """The picture of a course for link previews; a PNG."""
        return self._picture(domain, course, CARD)

    def badge(self, domain: str, course: str) -> bytes | None:
        """The badge of a course; a PNG."""
        return self._picture(domain, course, BADGE)

    def _picture(self, domain: str, course: str, name: str) -> bytes | None:
        if not is_domain(domain) or not _UUID.fullmatch(course):
            return None
        return _read(course_path(self.path, domain, course) / name, LIMITS.picture_bytes)

    def educated(self) -> Iterator[tuple[str, bytes]]:
        """Domain and root of every batch whose educator's certificate is named."""
        for folder in _children(self.path / "educators"):
            yield from (
                (folder.name, bytes.fromhex(path.name)) for path in _children(folder) if _HASH.fullmatch(path.name)
            )

    def status_list(self, domain: str, identifier: str, host: str) -> bytes | None:
        """The credential of an institution's status list, for the host (and port) that publishes it."""
        if not is_domain(domain) or not _IDENTIFIER.fullmatch(identifier) or not _HOST.fullmatch(host):
            return None
        return _read(status_path(self.path, domain, identifier, host), LIMITS.status_list_bytes)

    def status_lists(self, domain: str) -> Iterator[tuple[str, str]]:
        """Identifier and host (with its port) of every status list of an institution."""
        for folder in _children(self.path / "status" / domain) if is_domain(domain) else ():
            host = folder.name.replace("_", ":")
            for path in _children(folder) if _HOST.fullmatch(host) else ():
                if path.suffix == ".json" and _IDENTIFIER.fullmatch(path.stem):
                    yield path.stem, host

    def status_domains(self) -> Iterator[str]:
        """Every institution that has a status list here."""
        return (folder.name for folder in _children(self.path / "status") if is_domain(folder.name))

    def batches(self) -> Iterator[str]:
        """`<domain>/<root>` for every batch file."""
        for folder in _children(self.path / "batches"):
            for path in _children(folder) if is_domain(folder.name) else ():
                if path.suffix == ".sanad" and _HASH.fullmatch(path.stem):
                    yield f"{folder.name}/{path.stem}"

    def batch_file(self, name: str) -> bytes:
        """The batch file of that name; empty, which proves nothing, if it cannot be read."""
        domain, _, root = name.partition("/")
        if not is_domain(domain) or not _HASH.fullmatch(root):
            return b""
        return _read(batch_path(self.path, domain, bytes.fromhex(root))) or b""


def envelope_path(archive: Path, hash_: bytes) -> Path:
    """The path of a certificate's envelope."""
    return archive / "envelopes" / hash_.hex()[:4] / f"{hash_.hex()}.json"


def batch_path(archive: Path, domain: str, root: bytes) -> Path:
    """The path of a batch file."""
    return archive / "batches" / domain / f"{root.hex()}.sanad"


def status_path(archive: Path, domain: str, identifier: str, host: str) -> Path:
    """The path of a status list, for the host that publishes it."""
    return archive / "status" / domain / host.replace(":", "_") / f"{identifier}.json"


def replacement_path(archive: Path, hash_: bytes) -> Path:
    """The path of the file with the hash of a certificate's replacement."""
    return archive / "replacements" / hash_.hex()[:4] / hash_.hex()


def erasure_path(archive: Path, hash_: bytes) -> Path:
    """The path of the note that a certificate was erased; it reveals nothing without the certificate's `H`."""
    return mark_path(archive, ERASED, mark_of(ERASED, hash_))


def mark_of(kind: str, hash_: bytes) -> bytes:
    """The mark of a kind for the certificate `H`."""
    return sha256(f"sanad {kind}".encode("ascii") + hash_)


def mark_path(archive: Path, kind: str, mark: bytes) -> Path:
    """The path of a mark."""
    return archive / kind / mark.hex()[:4] / mark.hex()


def educator_path(archive: Path, domain: str, root: bytes) -> Path:
    """The path of the file with the hash of the educator's own certificate, for a batch that their key registered."""
    return archive / "educators" / domain / root.hex()


def course_path(archive: Path, domain: str, course: str) -> Path:
    """The folder of a course's pictures; `course` is its UUID."""
    return archive / "courses" / domain / course


def _hash_in(path: Path) -> bytes | None:
    text = (_read(path, _HEX_BYTES) or b"").decode("ascii", "replace").strip()
    return from_hex(text) if is_hex(text) else None


def _day_in(path: Path) -> date | None:
    text = (_read(path, _DAY_BYTES) or b"").decode("ascii", "replace").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _read(path: Path, limit: int | None = None) -> bytes | None:
    """A file's bytes; None if there is no such file, or it is larger than `limit`."""
    try:
        if not path.is_file():  # a folder, or a pipe that would never end
            return None
        with path.open("rb") as file:
            data = file.read(-1 if limit is None else limit + 1)
    except OSError:
        return None
    return None if limit is not None and len(data) > limit else data
