"""What an archive has under a certificate hash; nothing in it is trusted (SPEC.md section 11)."""

from collections.abc import Callable

from verifier.core.archive import Archive
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import CertificateError, JsonError
from verifier.core.limits import LIMITS
from verifier.core.sentence import Sentence

Tell = Callable[[bytes, Sentence], None]
"""Receives a message, once for each `H`, if what is stored under it is not its certificate."""


class Stored:
    """The envelopes of an archive.

    Args:
        archive: where they are.
        tell: receives a message about what does not belong there; None: no messages.
    """

    def __init__(self, archive: Archive, tell: Tell | None = None) -> None:
        self._archive = archive
        self._tell = tell
        self._told: set[bytes] = set()

    def envelope(self, hash_: bytes) -> Envelope | None:
        """The envelope stored under `H`, if it is one and has this `H`; it may not lead to its root."""
        data = self._archive.envelope(hash_)
        if data is None:
            return None
        try:
            envelope = parse_envelope(data)
        except (JsonError, CertificateError) as error:
            self._complain(hash_, error.sentence)
            return None
        if envelope.hash == hash_:
            return envelope
        self._complain(hash_, Sentence("It is another certificate's envelope."))
        return None

    def _complain(self, hash_: bytes, problem: Sentence) -> None:
        if self._tell is None or hash_ in self._told or len(self._told) >= LIMITS.told_hashes:
            return
        self._told.add(hash_)
        self._tell(hash_, problem)
