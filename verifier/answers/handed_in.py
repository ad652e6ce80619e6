"""What people are told of files that are certificates of other systems, and of presentations of several credentials."""

from verifier.answers.wording import Problem, Tone, Wording
from verifier.core.sentence import Sentence

_WORDS = {
    Problem.OTHER_SYSTEM: (
        "Another system",
        "This is a certificate of another system, which cannot be checked here.",
        "Nothing has been said about whether it is genuine.",
    ),
    Problem.PRESENTATION: (
        "Several certificates",
        "This file carries several certificates.",
        "Each has an answer of its own.",
    ),
}
WORDED_HERE = frozenset(_WORDS)
"""The problems that are worded here."""


def handed_in_words(problem: Problem, detail: Sentence | str) -> Wording:
    """The message for one of `WORDED_HERE`; `detail` says more, in a sentence of its own."""
    word, headline, advice = _WORDS[problem]
    more = detail if isinstance(detail, Sentence) else Sentence("{detail}", {"detail": detail})
    return Wording(Tone.UNSURE, Sentence(word), Sentence(headline), more, Sentence(advice))
