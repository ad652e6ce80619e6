"""The verdict on a certificate hash without a credential (SPEC.md section 11, `judge_hash`).

`C` is public, so any accredited institution can register it too: what batches say is reported, but never decides.
"""

from verifier.core import steps as step
from verifier.core import unsure
from verifier.core.absence import Absence
from verifier.core.archive import Archive
from verifier.core.asking import ask
from verifier.core.closing import not_asked
from verifier.core.hashes import commitment
from verifier.core.recorded import told
from verifier.core.verdict import Check, Outcome, State, Step, Verdict

_NOT_HERE = "The certificate itself is not in the archive. Bring the file."
_NOT_ALL = "The archive does not hold every batch. Bring the file itself."
_NONE = "Every batch of every institution was looked through, and none contains it."


class BareHashes:
    """Judges a bare hash."""

    def __init__(self, absence: Absence, archive: Archive) -> None:
        self._registries = absence.registries
        self._archive = archive
        self._files = absence.files
        self._absence = absence

    def judge(self, hash_: bytes) -> Verdict:
        """`unknown` if every batch of every institution is available and none contains it; else `unavailable`."""
        everything = [ask(self._registries, place) for place in self._files.places(commitment(hash_))]
        if recorded := [asked for asked in everything if asked.answers]:
            note = Step(Check.ANCHORED, State.NOTE, "{said}", {"said": told(recorded)})
            return self._verdict(hash_, self._missing(hash_, _NOT_HERE), note)
        coverage = self._absence.coverage()
        problems = {one.info: one.problem for asked in everything for one in asked.silent} | dict(coverage.problems)
        if problems or not self._registries:
            given = Step(Check.READ, State.NOTE, "Only the certificate's hash was given.")
            return self._verdict(hash_, given, unsure.silent(problems.items()))
        if not coverage.whole:
            nothing = step.skipped(Check.ANCHORED, "Not asked, because the certificate is missing.")
            return self._verdict(hash_, self._missing(hash_, _NOT_ALL), nothing)
        given = Step(Check.READ, State.NOTE, "Only the certificate's hash was given.")
        return self._verdict(hash_, given, Step(Check.ANCHORED, State.FAILED, _NONE, outcome=Outcome.UNKNOWN))

    def _missing(self, hash_: bytes, text: str) -> Step:
        day_ = self._archive.erased(hash_)
        if day_ is not None:
            return step.erased(day_)
        return Step(Check.READ, State.UNCHECKED, text, outcome=Outcome.UNAVAILABLE)

    @staticmethod
    def _verdict(hash_: bytes, read: Step, anchored: Step) -> Verdict:
        integrity = step.skipped(Check.INTEGRITY, "Not asked, because the file is missing.")
        rest = not_asked(list(Check)[3:], "Not asked, because the certificate is missing.")
        return Verdict((read, integrity, anchored, *rest), hash_, commitment(hash_))
