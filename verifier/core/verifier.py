"""From a file or a certificate hash to the verdict, through the steps of SPEC.md section 11."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from verifier.core import steps as step
from verifier.core.absence import Absence
from verifier.core.archive import Archive, EmptyArchive
from verifier.core.bare_hash import BareHashes
from verifier.core.batch_files import BatchFiles
from verifier.core.closing import Closing, not_asked
from verifier.core.codes import ShortCode
from verifier.core.domain_keys import DomainLookup
from verifier.core.envelope import Envelope
from verifier.core.errors import OtherCredentialError, RegistryUnavailableError
from verifier.core.following import Following, domain_of, stored_place
from verifier.core.hashes import ZERO, certificate_hash
from verifier.core.judging import Judge, Subject
from verifier.core.limits import LIMITS
from verifier.core.place import place_of
from verifier.core.reading import Reading, read_file
from verifier.core.registry import Registry, RegistryInfo
from verifier.core.sanad import walk
from verifier.core.stored import Stored, Tell
from verifier.core.verdict import Check, Outcome, State, Step, Verdict

_FOUND = Step(Check.READ, State.PASSED, "The certificate was found in the archive.")
_LEADS = Step(Check.INTEGRITY, State.PASSED, "The certificate and its path lead to the batch that it names.")
_BARE = Step(Check.INTEGRITY, State.PASSED, "It is a signed credential; its place is looked for in batch files.")


class Verifier:
    """Judges certificates against the registries that its operator trusts.

    Args:
        registries: one for each programme; never taken from what is judged.
        archive: where envelopes and batch files are looked up; may be empty. Nothing in it is trusted.
        canonicalise: how JSON-LD becomes canonical N-Quads; a caller that checks many credentials of one shape may
            pass a quicker way that gives the same.
        retired: registries that others have replaced; they are not asked, and if nothing is found, the verdict says so.
        domains: asks the institutions' own domains about their keys; None: they are not asked.
        tell: receives a message, once for each hash, if what the archive has under it is not its certificate.
    """

    def __init__(
        self,
        registries: Sequence[Registry],
        archive: Archive | None = None,
        canonicalise: Callable[[Any], str] | None = None,
        retired: Sequence[RegistryInfo] = (),
        domains: DomainLookup | None = None,
        tell: Tell | None = None,
    ) -> None:
        self.domains = domains
        self.retired = tuple(retired)
        self.registries = tuple(registries)
        self.archive = archive or EmptyArchive()
        self._stored = Stored(self.archive, tell)
        absence = Absence(registries, BatchFiles(self.archive))
        self._judge = Judge(absence, retired, Closing(canonicalise, domains))
        # Other domains are not asked about their keys: nobody should wait for two of them.
        self._quiet = Judge(absence, retired, Closing(canonicalise, None))
        self._bare_hashes = BareHashes(absence, self.archive)
        self._following = Following(self.archive, self._stored, self._quiet)

    def check_file(self, data: bytes) -> Verdict:
        """The verdict on a sealed PDF, an envelope or a bare credential.

        Raises:
            UnreadableError: the file contains no certificate.
            OtherCredentialError: it contains a credential of an issuer that no registry knows.
        """
        reading = read_file(data)
        if reading.altered:
            return self._altered(reading)
        if reading.envelope is not None:
            return self._followed(self._whole(reading.envelope, reading.steps))
        assert reading.credential is not None
        return self._check_credential(reading.credential, reading.steps)

    def check_hash(self, hash_: bytes) -> Verdict:
        """The verdict on a bare certificate hash, with the help of the archive."""
        envelope = self._stored.envelope(hash_)
        if envelope is None:
            return self._bare_hashes.judge(hash_)
        return self._followed(self._check_stored(self._judge, envelope))

    def has(self, hash_: bytes) -> bool:
        """Whether the archive has the credential with this `H`, wherever its place is."""
        return self._stored.envelope(hash_) is not None

    def envelope(self, hash_: bytes) -> bytes | None:
        """The envelope of the archive's credential with this `H`, at the place that its verdict is about.

        If no registry has it on record, or none answers: the stored one if it leads to its own root, else None.
        """
        stored = self._stored.envelope(hash_)
        if stored is None:
            return None
        place = self._check_stored(self._quiet, stored).place
        if place is not None:
            return Envelope(stored.credential, place.index, place.sheet, place.root, place.path).to_bytes()
        return stored.to_bytes() if stored.computed_root == stored.root else None

    def matches(self, code: ShortCode) -> list[bytes]:
        """All certificate hashes in the archive that a short code can mean."""
        found = [hash_ for hash_ in self.archive.hashes(code.hex_prefix) if code.matches(hash_)]
        return [hash_ for hash_ in found[: LIMITS.short_code_matches] if self.has(hash_)]

    def _whole(self, envelope: Envelope, opening: tuple[Step, ...]) -> Verdict:
        subject = Subject(opening, envelope.hash, envelope.credential)
        return self._judge.whole(subject, lambda domain: place_of(envelope, domain))

    def _check_stored(self, judge: Judge, stored: Envelope) -> Verdict:
        opening = (_FOUND, _LEADS if stored.computed_root == stored.root else _BARE)
        subject = Subject(opening, stored.hash, stored.credential)
        return judge.bare(subject, lambda domain: stored_place(stored, domain))

    def _check_credential(self, credential: Mapping[str, Any], opening: tuple[Step, ...]) -> Verdict:
        subject = Subject(opening, certificate_hash(credential), credential)
        stored = self._stored.envelope(subject.hash)
        verdict = self._judge.bare(subject, lambda domain: stored_place(stored, domain))
        if verdict.record is None and not self._may_be_ours(credential):
            raise OtherCredentialError(credential)
        return self._followed(verdict)

    def _may_be_ours(self, credential: Mapping[str, Any]) -> bool:
        """Whether a registry knows the issuer as an institution, or a silent one might."""
        domain = domain_of(credential)
        if domain is None:
            return False
        try:
            return not self.registries or any(domain in registry.batch_counts() for registry in self.registries)
        except RegistryUnavailableError:
            return True

    def _altered(self, reading: Reading) -> Verdict:
        rest = not_asked(list(Check)[2:], "Not asked, because the file is not the one that was issued.")
        registered = None
        if reading.found is not None:
            opening = (
                Step(Check.READ, State.NOTE, "A certificate was found inside the altered file."),
                Step(Check.INTEGRITY, State.PASSED, "The certificate found leads to the batch that it names."),
            )
            registered = self._whole(reading.found, opening)
            registered = None if registered.record is None else self._followed(registered)
        return Verdict(reading.steps + rest, hash=None, commitment=None, registered=registered)

    def _followed(self, verdict: Verdict) -> Verdict:
        """The verdict with its sanad and its replacement, if the registry names them."""
        record, domain, hash_ = verdict.record, verdict.domain, verdict.hash
        if record is None or domain is None or hash_ is None:
            return verdict
        if verdict.outcome is Outcome.REPLACED:
            verdict = replace(verdict, replacement=self._following.newest(hash_, record, domain))
        if record.certifier == ZERO:
            return verdict
        links = walk(record, self._educator(verdict))
        return replace(verdict, steps=(*verdict.steps[:-1], step.educator(record, links)), walk=links)

    def _educator(self, verdict: Verdict) -> Verdict | None:
        """The verdict on the educator's own certificate, if the archive has the one that the registry names."""
        assert verdict.record is not None
        assert verdict.domain is not None
        hash_ = self._following.educator(verdict.record, verdict.domain)
        stored = None if hash_ is None else self._stored.envelope(hash_)
        return None if stored is None else self._check_stored(self._quiet, stored)
