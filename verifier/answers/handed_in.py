"""The messages for certificates from other systems, and for presentations of several credentials."""

from verifier.answers.wording import Problem, Tone, Wording
from verifier.core.sentence import Sentence

_WORDS = {
    Problem.OTHER_SYSTEM: (
        "Another system",
        "This certificate is from another system and cannot be checked here.",
        "This says nothing about whether it is genuine.",
    ),
    Problem.PRESENTATION: (
        "Several certificates",
        "This file contains several certificates.",
        "Each has its own answer.",
    ),
}
WORDED_HERE = frozenset(_WORDS)
"""The problems whose messages are in this module."""


def handed_in_words(problem: Problem, detail: Sentence | str) -> Wording:
    """The message for one of `WORDED_HERE`; `detail` is a sentence that says more."""
    word, headline, advice = _WORDS[problem]
    more = detail if isinstance(detail, Sentence) else Sentence("{detail}", {"detail": detail})
    return Wording(Tone.UNSURE, Sentence(word), Sentence(headline), more, Sentence(advice))
