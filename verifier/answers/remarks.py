"""What people must see beside the verdict: steps that do not decide, and a name that has changed since."""

import unicodedata
from collections.abc import Sequence

from verifier.core.credential import read_fields
from verifier.core.errors import RegistryUnavailableError
from verifier.core.registry import Registry
from verifier.core.sentence import Sentence
from verifier.core.unsure import NO_PLACE, TOO_FRESH
from verifier.core.verdict import Check, Outcome, State, Step, Verdict

_NOTEWORTHY = (Check.ANCHORED, Check.FINAL, Check.ENTITLED, Check.DOMAIN, Check.EDUCATOR)
"""Steps whose notes people must see, although they decide nothing."""
_NOT_HELD = (NO_PLACE, TOO_FRESH)
"""Why what no registry holds may be unavailable, although every registry answered."""
NOT_ACCREDITED = "{domain} is not accredited: no programme that this verifier trusts knows an institution of that name."
RENAMED = "The certificate was issued under the name {printed}. The institution is now called {present}."


def remarks(verdict: Verdict) -> list[Sentence]:
    """Steps that do not decide and failed, were not checked, or changed since; and the institution's two names."""
    found = [Sentence(step.text, step.facts) for step in verdict.steps if _is_noteworthy(step)]
    names = renamed(verdict)
    return found if names is None else [*found, names]


def renamed(verdict: Verdict) -> Sentence | None:
    """The name on the certificate and the present one, where they differ; no verdict depends on either."""
    if verdict.credential is None or verdict.record is None or not verdict.record.institution_name:
        return None
    fields, present = read_fields(verdict.credential), verdict.record.institution_name
    printed = [name for name in (fields.institution, fields.institution_urdu) if name]
    if not printed or _same(present) in map(_same, printed):
        return None
    return Sentence(RENAMED, {"printed": printed[0], "present": present})


def not_accredited(registries: Sequence[Registry], verdict: Verdict) -> Sentence | None:
    """That no programme has accredited the issuer of what no registry holds; None where that is not known for sure."""
    if verdict.credential is None or not verdict.domain or not registries or not _is_held_by_nobody(verdict):
        return None
    try:
        known = any(verdict.domain in registry.batch_counts() for registry in registries)
    except RegistryUnavailableError:
        return None
    return None if known else Sentence(NOT_ACCREDITED, {"domain": verdict.domain})


def _is_held_by_nobody(verdict: Verdict) -> bool:
    """Whether every registry answered, and none holds it: a silent one is not asked a second time for a note."""
    if verdict.outcome is Outcome.UNAVAILABLE:
        return verdict.reason is not None and verdict.reason.text in _NOT_HELD
    return verdict.outcome is Outcome.UNKNOWN


def _is_noteworthy(step: Step) -> bool:
    if step.outcome is not None:
        return False
    return step.state in (State.FAILED, State.UNCHECKED) or (step.state is State.NOTE and step.check in _NOTEWORTHY)


def _same(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
