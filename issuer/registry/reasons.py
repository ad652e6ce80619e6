"""Words for the registry's reason codes (SPEC.md section 10)."""

from issuer.errors import ActError

REASONS = {
    "issued-in-error": 1,
    "data-error": 2,
    "misconduct": 3,
    "superseded": 4,
    "holder-request": 5,
    "other": 6,
}


def code_of(word: str) -> int:
    """The code of a reason.

    Raises:
        ActError: the word is none.
    """
    if word not in REASONS:
        raise ActError(f"{word!r} is not a reason. Use one of: {', '.join(REASONS)}.")
    return REASONS[word]


def word_of(code: object) -> str:
    """The word for a reason's code; the code itself where it has none."""
    return next((word for word, known in REASONS.items() if known == code), str(code))
