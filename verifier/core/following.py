"""From one certificate to another that the chain names: replacements and educators (SPEC.md section 11)."""

from collections.abc import Mapping
from typing import Any

from verifier.core.archive import Archive
from verifier.core.credential import issuer_domain
from verifier.core.envelope import Envelope
from verifier.core.errors import CredentialError
from verifier.core.hashes import commitment
from verifier.core.judging import Judge, speaking
from verifier.core.limits import LIMITS
from verifier.core.place import Place, place_of
from verifier.core.registry import Record
from verifier.core.stored import Stored


class Following:
    """Follows what an issuer stored with a certificate; each step is proved by what the registry names."""

    def __init__(self, archive: Archive, stored: Stored, judge: Judge) -> None:
        self._archive = archive
        self._stored = stored
        self._judge = judge

    def educator(self, record: Record, domain: str) -> bytes | None:
        """`H` of the educator's own certificate, where the archive names the one that the registry names."""
        hash_ = self._archive.educator(domain, record.root)
        return hash_ if hash_ is not None and commitment(hash_) == record.educator_commitment else None

    def newest(self, hash_: bytes, record: Record, domain: str) -> bytes | None:
        """The newest certificate that replacements of the same institution lead to; None if there is none."""
        seen, newest = {hash_}, None
        following: Record | None = record
        for _ in range(LIMITS.replacement_steps):
            next_ = self._archive.replacement(hash_)
            if following is None or next_ is None or next_ in seen or commitment(next_) != following.replacement:
                break
            envelope = self._stored.envelope(next_)
            if envelope is None or domain_of(envelope.credential) != domain:
                break
            newest = hash_ = next_
            seen.add(next_)
            following = self._record(envelope, domain)
        return newest

    def _record(self, envelope: Envelope, domain: str) -> Record | None:
        deciding = self._judge.deciding(domain, stored_place(envelope, domain), envelope.commitment)
        return speaking(deciding[0], envelope.credential).record if deciding else None


def stored_place(envelope: Envelope | None, domain: str) -> Place | None:
    """The place that a stored envelope names; None if there is none, or it does not lead to its own root."""
    leads = envelope is not None and envelope.computed_root == envelope.root
    return place_of(envelope, domain) if envelope is not None and leads else None


def domain_of(credential: Mapping[str, Any]) -> str | None:
    """The issuer's domain; None if no registry can hold it."""
    try:
        return issuer_domain(credential)
    except CredentialError:
        return None
