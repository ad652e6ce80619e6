"""What is said of a credential that names an institution of ours, and whose own signature is false."""

from enum import StrEnum

from verifier.core.verdict import Check, Outcome, State, Verdict

__all__ = ["FALSE_SIGNATURE", "Tone", "has_false_signature"]


class Tone(StrEnum):
    """How a message is meant; colour and shape follow it, the words never depend on it."""

    GOOD = "good"
    BAD = "bad"
    CHANGED = "changed"
    WAIT = "wait"
    UNSURE = "unsure"


FALSE_SIGNATURE: dict[tuple[Outcome, str], tuple[Tone, str, str, str, str]] = {
    (Outcome.UNKNOWN, "signature"): (
        Tone.BAD,
        "Unknown",
        "The signature of this credential is false, and no registry that this verifier trusts knows it.",
        "It names {domain} as its issuer, but that key did not sign what it says. Anyone can make such a file.",
        "Do not rely on it: it was changed after it was signed, or never signed by the one whom it names.",
    ),
    (Outcome.UNAVAILABLE, "signature"): (
        Tone.UNSURE,
        "Could not check",
        "The signature of this credential is false, and whether it was registered could not be checked.",
        "It names {domain} as its issuer, but that key did not sign what it says. {reason}",
        "Do not rely on it as it stands. Ask for the PDF as the institution sent it, and check that.",
    ),
}
"""Where no registry is known to hold it; where one does, the registered `C` covers it and this is a note."""


def has_false_signature(verdict: Verdict) -> bool:
    """Whether a credential that names an institution, and that no registry is known to hold, was not signed by it."""
    signature = next((step for step in verdict.steps if step.check is Check.SIGNATURE), None)
    false = signature is not None and signature.state is State.FAILED
    return false and verdict.record is None and verdict.domain is not None
