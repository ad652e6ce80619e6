"""The messages for a credential that names an accredited institution, but whose own signature is false."""

from enum import StrEnum

from verifier.core.verdict import Check, Outcome, State, Verdict

__all__ = ["FALSE_SIGNATURE", "Tone", "has_false_signature"]


class Tone(StrEnum):
    """The kind of message. Colour and shape follow it; the words never depend on it."""

    GOOD = "good"
    BAD = "bad"
    CHANGED = "changed"
    WAIT = "wait"
    UNSURE = "unsure"


FALSE_SIGNATURE: dict[tuple[Outcome, str], tuple[Tone, str, str, str, str]] = {
    (Outcome.UNKNOWN, "signature"): (
        Tone.BAD,
        "Unknown",
        "The signature of this certificate is false, and no programme that this verifier trusts has a record of it.",
        "It names {domain} as its issuer, but was not signed with the key that it names. Anyone can make such a file.",
        "Do not rely on it: it was changed after it was signed, or the issuer that it names never signed it.",
    ),
    (Outcome.UNAVAILABLE, "signature"): (
        Tone.UNSURE,
        "Could not check",
        "The signature of this certificate is false, and it could not be checked whether it was registered.",
        "It names {domain} as its issuer, but was not signed with the key that it names. {reason}",
        "Do not rely on this file. Ask for the PDF as the institution sent it, and check that.",
    ),
}
"""Only where no registry is known to hold it. Where one does, the registered `C` covers it and this is a note."""


def has_false_signature(verdict: Verdict) -> bool:
    """Whether a credential that names an institution, and that no registry is known to hold, was not signed by it."""
    signature = next((step for step in verdict.steps if step.check is Check.SIGNATURE), None)
    false = signature is not None and signature.state is State.FAILED
    return false and verdict.record is None and verdict.domain is not None
