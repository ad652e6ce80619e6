"""From a file or a certificate hash to the verdict, through the steps of SPEC.md section 11."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from verifier.core import steps as step
from verifier.core.absence import BatchFiles, Place
from verifier.core.archive import Archive, EmptyArchive
from verifier.core.codes import ShortCode
from verifier.core.credential import issuer_domain
from verifier.core.domain_keys import DomainLookup, confirmed
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import (
    CertificateError,
    CredentialError,
    JsonError,
    OtherCredentialError,
    RegistryUnavailableError,
)
from verifier.core.hashes import ZERO, certificate_hash, commitment
from verifier.core.limits import LIMITS
from verifier.core.reading import Reading, read_file
from verifier.core.registry import Record, Registry, RegistryInfo, check_record
from verifier.core.sanad import walk
from verifier.core.sentence import Sentence, in_a_row
from verifier.core.verdict import PRECEDENCE, Check, Outcome, State, Step, Verdict, bottom_line

_CHAIN = (Check.ANCHORED, Check.FINAL, Check.ENTITLED, Check.STANDING, Check.UNREVOKED)


@dataclass(frozen=True)
class _Answer:
    """What one registry holds about a place."""

    info: RegistryInfo
    record: Record
    steps: tuple[Step, ...]


class Verifier:
    """Judges certificates against the registries that its operator trusts.

    Args:
        registries: one for each programme; never taken from what is judged.
        archive: where envelopes and batch files are looked up by hash; may be empty.
        canonicalise: how JSON-LD becomes canonical N-Quads; a caller that checks many credentials of one shape may
            pass a quicker way that gives the same.
        domains: asks the institutions' own domains about their keys; None: they are not asked.
        retired: registries whose place others have taken; they are not asked, and where nothing is found this is said.
    """

    def __init__(
        self,
        registries: Sequence[Registry],
        archive: Archive | None = None,
        canonicalise: Callable[[Any], str] | None = None,
        retired: Sequence[RegistryInfo] = (),
        domains: DomainLookup | None = None,
    ) -> None:
        self.domains = domains
        self.retired = tuple(retired)
        self.registries = tuple(registries)
        self.archive = archive or EmptyArchive()
        self._batches = BatchFiles(self.archive)
        self._canonicalise = canonicalise

    def check_file(self, data: bytes) -> Verdict:
        """The verdict on a sealed PDF, an envelope or a bare credential.

        Raises:
            UnreadableError: the file carries no certificate.
            OtherCredentialError: it carries a credential of somebody whom no registry knows.
        """
        reading = read_file(data)
        if reading.altered:
            return self._altered(reading)
        if reading.envelope is not None:
            return self._walked(self._check_envelope(reading.envelope, reading.steps))
        assert reading.credential is not None
        return self._check_credential(reading.credential, reading.steps)

    def check_hash(self, hash_: bytes) -> Verdict:
        """The verdict on a bare certificate hash, through the archive."""
        envelope = self._stored(hash_)
        if envelope is None:
            return self._check_bare(hash_)
        if envelope.computed_root != envelope.root:
            return self._undecided(hash_, "The archive's copy of this certificate is damaged. Bring the file itself.")
        return self._walked(self._check_stored(envelope))

    def envelope(self, hash_: bytes) -> bytes | None:
        """The archive's envelope under `H`, proved to be of this `H` and to lead to its own root; else None."""
        envelope = self._stored(hash_)
        return None if envelope is None or envelope.computed_root != envelope.root else envelope.to_bytes()

    def matches(self, code: ShortCode) -> list[bytes]:
        """The certificate hashes in the archive that a short code can mean; never chosen among."""
        found = [hash_ for hash_ in self.archive.hashes(code.hex_prefix) if code.matches(hash_)]
        return found[: LIMITS.short_code_matches]

    def _check_stored(self, envelope: Envelope) -> Verdict:
        opening = (
            Step(Check.READ, State.PASSED, "The certificate was found in the archive."),
            Step(Check.INTEGRITY, State.PASSED, "The certificate and its path lead to the batch that it names."),
        )
        return self._check_envelope(envelope, opening)

    def _walked(self, verdict: Verdict) -> Verdict:
        """The verdict with its sanad, where the registry names one."""
        if verdict.record is None or verdict.record.certifier == ZERO:
            return verdict
        links = walk(verdict.record, self._educator(verdict.record, verdict.domain))
        return replace(verdict, steps=(*verdict.steps[:-1], step.educator(verdict.record, links)), walk=links)

    def _educator(self, record: Record, domain: str | None) -> Verdict | None:
        """The verdict on the educator's own certificate, where the archive has the one that the registry names."""
        hash_ = None if domain is None else self.archive.educator(domain, record.root)
        if hash_ is None or commitment(hash_) != record.educator_commitment:
            return None
        envelope = self._stored(hash_)
        if envelope is None or envelope.computed_root != envelope.root:
            return None
        # What the certifier's domain says of that certificate's key is not asked: nobody is to wait for two domains.
        return Verifier(self.registries, self.archive, self._canonicalise, self.retired)._check_stored(envelope)

    def _altered(self, reading: Reading) -> Verdict:
        why = "Not asked, because the file is not the one that was issued."
        rest = tuple(step.skipped(check, why) for check in list(Check)[2:])
        registered = None
        if reading.found is not None:
            registered = self._check_envelope(
                reading.found,
                (
                    Step(Check.READ, State.NOTE, "A certificate was found inside the altered file."),
                    Step(Check.INTEGRITY, State.PASSED, "The certificate found leads to the batch that it names."),
                ),
            )
            registered = None if registered.record is None else self._walked(registered)
        return Verdict(reading.steps + rest, hash=None, commitment=None, registered=registered)

    def _check_envelope(self, envelope: Envelope, opening: tuple[Step, ...]) -> Verdict:
        try:
            domain = issuer_domain(envelope.credential)
        except CredentialError as error:
            return self._without_issuer(envelope, opening, error.sentence)
        place = Place(domain, envelope.root, envelope.index, envelope.commitment, envelope.sheet, envelope.path)
        return self._check_place(place, opening, envelope.hash, envelope.credential)

    def _without_issuer(self, envelope: Envelope, opening: tuple[Step, ...], problem: Sentence) -> Verdict:
        text = "No registry can hold it: {problem}"
        failed = Step(Check.ANCHORED, State.FAILED, text, {"problem": problem}, Outcome.UNKNOWN)
        return Verdict(
            (*opening, failed, *_not_asked(list(Check)[3:], "Not asked, because no registry holds it.")),
            envelope.hash,
            envelope.commitment,
            envelope.credential,
        )

    def _check_place(
        self, place: Place, opening: tuple[Step, ...], hash_: bytes, credential: Mapping[str, Any] | None
    ) -> Verdict:
        answers, problems = self._ask(place)
        if answers:
            worst = min(answers, key=lambda answer: PRECEDENCE.index(_outlook(answer, credential)))
            return self._held(place, opening, hash_, credential, worst)
        return Verdict(
            opening + self._not_held(place, problems) + self._closing(credential, place.domain, bool(problems)),
            hash_,
            place.commitment,
            credential,
            place.domain,
        )

    def _ask(self, place: Place) -> tuple[list[_Answer], list[Sentence]]:
        answers: list[_Answer] = []
        problems: list[Sentence] = []
        for registry in self.registries:
            try:
                record = check_record(
                    registry.verify(place.domain, place.index, place.commitment, place.sheet, place.path),
                    place.domain,
                    place.root,
                )
            except RegistryUnavailableError as error:
                facts = {"programme": registry.info.programme, "problem": error.sentence}
                problems.append(Sentence("{programme}: {problem}", facts))
                continue
            if record.exists:
                answers.append(_Answer(registry.info, record, _chain_steps(record, registry.info, place)))
        if not self.registries:
            problems.append(Sentence("No registry is configured that this verifier trusts."))
        return answers, problems

    def _held(
        self,
        place: Place,
        opening: tuple[Step, ...],
        hash_: bytes,
        credential: Mapping[str, Any] | None,
        answer: _Answer,
    ) -> Verdict:
        if credential is None:
            closing = _not_asked(
                (Check.DATES, Check.SIGNATURE, Check.DOMAIN), "Not asked, because the file is missing."
            )
        else:
            closing = (step.dates(credential, answer.record.block_time), *self._own(credential, place.domain, answer))
        replacement = None
        if bottom_line(answer.steps) is Outcome.REPLACED:
            replacement = self._replacement(hash_, answer.record, place.domain)
        return Verdict(
            opening + answer.steps + closing + (step.educator(answer.record),),
            hash_,
            place.commitment,
            credential,
            place.domain,
            answer.info,
            answer.record,
            replacement,
        )

    def _not_held(self, place: Place, problems: list[Sentence]) -> tuple[Step, ...]:
        rest = _CHAIN[1:]
        if problems:
            text = "The registry could not be asked. {problem}"
            unchecked = Step(
                Check.ANCHORED, State.UNCHECKED, text, {"problem": in_a_row(problems)}, Outcome.UNAVAILABLE
            )
            return (unchecked, *_not_asked(rest, "Not asked, because the registry could not be reached."))
        failed = step.absent(place.domain, self.retired)
        return (failed, *_not_asked(rest, "Not asked, because no registry holds it."))

    def _closing(self, credential: Mapping[str, Any] | None, domain: str, silent: bool) -> tuple[Step, ...]:
        dates = step.skipped(Check.DATES, "Not asked, because no registry gave the time.")
        educator = step.skipped(Check.EDUCATOR, "Not asked, because no registry holds it.")
        if credential is None:
            own = _not_asked((Check.SIGNATURE, Check.DOMAIN), "Not asked, because the file is missing.")
            return (dates, *own, educator)
        if silent:
            return (dates, *self._own(credential, domain), educator)
        # Nobody vouches for the domain that it names: no stranger is to choose whom this verifier asks.
        signature = step.signature(credential, domain, self._canonicalise)
        return (dates, signature, step.skipped(Check.DOMAIN, "Not asked, because no registry holds it."), educator)

    def _own(self, credential: Mapping[str, Any], domain: str, answer: _Answer | None = None) -> tuple[Step, ...]:
        signature = step.signature(credential, domain, self._canonicalise)
        if self.domains is None:
            return signature, step.skipped(Check.DOMAIN, "The institution's domain was not asked.")
        if signature.state is not State.PASSED:
            return signature, step.skipped(Check.DOMAIN, "Not asked, because no genuine signature names a key.")
        record, info = (answer.record, answer.info) if answer else (None, None)
        return signature, confirmed(credential, domain, self.domains.look_up(domain), record, info)

    def _check_credential(self, credential: Mapping[str, Any], opening: tuple[Step, ...]) -> Verdict:
        hash_ = certificate_hash(credential)
        verdict = self.check_hash(hash_)
        if verdict.credential is not None:
            return replace(verdict, steps=opening + verdict.steps[2:])
        if verdict.record is None and not self._may_be_ours(credential):
            raise OtherCredentialError(credential)
        try:
            own = self._own(credential, issuer_domain(credential))
        except CredentialError:
            own = (step.signature(credential, None, self._canonicalise), verdict.steps[Check.DOMAIN.number - 1])
        before = verdict.steps[: Check.SIGNATURE.number - 1]
        steps = before + own + verdict.steps[Check.DOMAIN.number :]
        return replace(verdict, steps=steps, credential=credential, domain=verdict.domain or _named_domain(credential))

    def _may_be_ours(self, credential: Mapping[str, Any]) -> bool:
        """Whether a registry knows the issuer as an institution, or one that is silent might."""
        try:
            domain = issuer_domain(credential)
            return not self.registries or any(domain in registry.batch_counts() for registry in self.registries)
        except CredentialError:
            return False
        except RegistryUnavailableError:
            return True

    def _check_bare(self, hash_: bytes) -> Verdict:
        place = self._batches.find(commitment(hash_))
        if place is not None:
            return self._check_without_file(hash_, place)
        try:
            covered = bool(self.registries) and all(self._batches.cover(registry) for registry in self.registries)
        except RegistryUnavailableError as error:
            facts = {"problem": error.sentence}
            text = "The registry could not be asked. {problem}"
            return self._bare(hash_, Step(Check.ANCHORED, State.UNCHECKED, text, facts, Outcome.UNAVAILABLE))
        if not covered:
            return self._undecided(hash_, "The archive does not hold every batch. Bring the file itself.")
        text = "Every batch of every institution was looked through, and none contains it."
        return self._bare(hash_, Step(Check.ANCHORED, State.FAILED, text, outcome=Outcome.UNKNOWN))

    def _bare(self, hash_: bytes, anchored: Step) -> Verdict:
        """The verdict where nothing but a hash was given and no certificate was found."""
        opening = (
            Step(Check.READ, State.NOTE, "Only the certificate's hash was given."),
            step.skipped(Check.INTEGRITY, "Not asked, because the file is missing."),
            anchored,
        )
        rest = _not_asked(list(Check)[3:], "Not asked, because no record was found.")
        return Verdict(opening + rest, hash_, commitment(hash_))

    def _check_without_file(self, hash_: bytes, place: Place) -> Verdict:
        given = Step(Check.READ, State.NOTE, "Only the certificate's hash was given, and its batch is known.")
        proved = Step(Check.INTEGRITY, State.PASSED, "The hash stands in a batch that is proved by its root.")
        verdict = self._walked(self._check_place(place, (given, proved), hash_, None))
        if verdict.outcome in (Outcome.REVOKED, Outcome.REPLACED, Outcome.UNTRUSTED):
            return verdict
        missing = self._missing(hash_)
        return replace(verdict, steps=(missing, *verdict.steps[1:]))

    def _missing(self, hash_: bytes) -> Step:
        day = self.archive.erased(hash_)
        if day is None:
            text = "The certificate itself is not in the archive. Bring the file."
            return Step(Check.READ, State.UNCHECKED, text, outcome=Outcome.UNAVAILABLE)
        return step.erased(day)

    def _undecided(self, hash_: bytes, text: str) -> Verdict:
        missing = Step(Check.READ, State.UNCHECKED, text, outcome=Outcome.UNAVAILABLE)
        rest = _not_asked(list(Check)[1:], "Not asked, because the certificate is missing.")
        return Verdict((missing, *rest), hash_, commitment(hash_))

    def _stored(self, hash_: bytes) -> Envelope | None:
        """The archive's envelope under `H`, if it is one and of this `H`; an archive is believed in nothing."""
        data = self.archive.envelope(hash_)
        if data is None:
            return None
        try:
            envelope = parse_envelope(data)
        except (JsonError, CertificateError):
            return None
        return envelope if envelope.hash == hash_ else None

    def _replacement(self, hash_: bytes, record: Record, domain: str) -> bytes | None:
        """The newest certificate that replacements lead to, each proved to be the one the registry names."""
        seen, newest = {hash_}, None
        for _ in range(LIMITS.replacement_steps):
            following = self.archive.replacement(hash_)
            if following is None or following in seen or commitment(following) != record.replacement:
                break
            envelope = self._stored(following)
            if envelope is None or _domain(envelope) != domain:
                break
            newest = hash_ = following
            seen.add(following)
            answers, _problems = self._ask(
                Place(domain, envelope.root, envelope.index, envelope.commitment, envelope.sheet, envelope.path)
            )
            if not answers or answers[0].record.replacement == ZERO:
                break
            record = answers[0].record
        return newest


def _chain_steps(record: Record, info: RegistryInfo, place: Place) -> tuple[Step, ...]:
    return (
        step.anchored(record, info, place.domain),
        step.final(record),
        step.entitled(record, place.index),
        step.standing(record),
        step.unrevoked(record),
    )


def _outlook(answer: _Answer, credential: Mapping[str, Any] | None) -> Outcome:
    dated = () if credential is None else (step.dates(credential, answer.record.block_time),)
    return bottom_line(answer.steps + dated)


def _not_asked(checks: Sequence[Check], text: str) -> tuple[Step, ...]:
    return tuple(step.skipped(check, text) for check in checks)


def _domain(envelope: Envelope) -> str | None:
    return _named_domain(envelope.credential)


def _named_domain(credential: Mapping[str, Any]) -> str | None:
    try:
        return issuer_domain(credential)
    except CredentialError:
        return None
