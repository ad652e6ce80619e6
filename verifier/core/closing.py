"""Steps 8 to 11, and the steps that have nothing to check (SPEC.md section 11)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from verifier.core import steps as step
from verifier.core.asking import Answer
from verifier.core.domain_keys import DomainLookup, confirmed
from verifier.core.verdict import Check, State, Step

_NO_RECORD = "Not asked, because no registry holds it."


class Closing:
    """Takes the steps that check the credential itself.

    Args:
        canonicalise: how JSON-LD becomes canonical N-Quads; None: the usual way.
        domains: asks the institutions' own domains about their keys; None: they are not asked.
    """

    def __init__(self, canonicalise: Callable[[Any], str] | None, domains: DomainLookup | None) -> None:
        self._canonicalise = canonicalise
        self._domains = domains

    def held(self, credential: Mapping[str, Any], domain: str, answer: Answer) -> tuple[Step, ...]:
        """Steps 8 to 11 if a registry holds it; without the walk of step 11."""
        dates = step.dates(credential, answer.record.block_time)
        return (dates, *self._own(credential, domain, answer), step.educator(answer.record))

    def not_held(self, credential: Mapping[str, Any], domain: str, ask_domain: bool) -> tuple[Step, ...]:
        """Steps 8 to 11 if no registry holds it.

        Args:
            credential: signed, or says that it is.
            domain: its issuer's.
            ask_domain: whether that domain may be asked; a stranger must not choose whom this verifier asks.
        """
        dates = step.skipped(Check.DATES, "Not asked, because no registry gave the time.")
        educator = step.skipped(Check.EDUCATOR, _NO_RECORD)
        if ask_domain:
            return (dates, *self._own(credential, domain), educator)
        signature = step.signature(credential, domain, self._canonicalise)
        return (dates, signature, step.skipped(Check.DOMAIN, _NO_RECORD), educator)

    def _own(self, credential: Mapping[str, Any], domain: str, answer: Answer | None = None) -> tuple[Step, ...]:
        signature = step.signature(credential, domain, self._canonicalise)
        if self._domains is None:
            return signature, step.skipped(Check.DOMAIN, "The institution's domain was not asked.")
        if signature.state is not State.PASSED:
            return signature, step.skipped(Check.DOMAIN, "Not asked, because no genuine signature names a key.")
        record, info = (answer.record, answer.info) if answer else (None, None)
        return signature, confirmed(credential, domain, self._domains.look_up(domain), record, info)


def not_asked(checks: Sequence[Check], text: str) -> tuple[Step, ...]:
    """Steps that had nothing to check, all for the same reason."""
    return tuple(step.skipped(check, text) for check in checks)
