"""What the verdict needs from an archive: the place where issuers publish envelopes and batch files."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol


class Archive(Protocol):
    """A place that holds batch files, and envelopes by `H`. Nothing in it is trusted: everything is proved again."""

    def envelope(self, hash_: bytes) -> bytes | None:
        """The envelope stored under `H`."""

    def hashes(self, hex_prefix: str) -> Sequence[bytes]:
        """The stored hashes whose hex form begins with `hex_prefix` (13 digits)."""

    def replacement(self, hash_: bytes) -> bytes | None:
        """The `H` of the certificate that the issuer says replaces this one."""

    def erased(self, hash_: bytes) -> date | None:
        """The day on which the issuer says that it erased the certificate `H`; None if it does not say so."""

    def educator(self, domain: str, root: bytes) -> bytes | None:
        """The `H` of the certificate of the educator whose key registered this batch, as the issuer says."""

    def card(self, domain: str, course: str) -> bytes | None:
        """The picture of a course for link previews, by its UUID; a PNG."""

    def badge(self, domain: str, course: str) -> bytes | None:
        """The badge of a course, by its UUID; a PNG."""

    def status_list(self, domain: str, identifier: str, host: str) -> bytes | None:
        """The credential of an institution's status list, for the host (and port) that publishes it."""

    def batches(self) -> Iterable[str]:
        """A name for every batch file; the same name always means the same bytes."""

    def batch_file(self, name: str) -> bytes:
        """The batch file of that name."""


class EmptyArchive:
    """The archive of a verifier that has none: every file that carries its envelope still verifies."""

    def envelope(self, hash_: bytes) -> bytes | None:  # noqa: ARG002
        """Nothing."""
        return None

    def hashes(self, hex_prefix: str) -> Sequence[bytes]:  # noqa: ARG002
        """Nothing."""
        return ()

    def replacement(self, hash_: bytes) -> bytes | None:  # noqa: ARG002
        """Nothing."""
        return None

    def erased(self, hash_: bytes) -> date | None:  # noqa: ARG002
        """Nothing."""
        return None

    def educator(self, domain: str, root: bytes) -> bytes | None:  # noqa: ARG002
        """Nothing."""
        return None

    def card(self, domain: str, course: str) -> bytes | None:  # noqa: ARG002
        """Nothing."""
        return None

    def badge(self, domain: str, course: str) -> bytes | None:  # noqa: ARG002
        """Nothing."""
        return None

    def status_list(self, domain: str, identifier: str, host: str) -> bytes | None:  # noqa: ARG002
        """Nothing."""
        return None

    def batches(self) -> Iterable[str]:
        """Nothing."""
        return ()

    def batch_file(self, name: str) -> bytes:
        """Nothing: this archive names no batch files."""
        raise KeyError(name)
