"""Who hears what is waited for while something is sent: set once around a command, for all that it calls."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SILENCE_SECONDS = 8.0
"""After so long without a word it is said what is waited for."""
_LOOK_SECONDS = 0.25
Say = Callable[[str], None]


class Voice:
    """Says sentences to a listener, and knows when it said the last one."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self.last = time.monotonic()
        self.waits = 0
        """How many waits, one within the other, are open."""

    def __call__(self, sentence: str) -> None:
        """Say a sentence."""
        self.last = time.monotonic()
        self._say(sentence)


_voice: ContextVar[Voice | None] = ContextVar("voice", default=None)


@contextmanager
def heard_by(say: Say) -> Iterator[None]:
    """Let somebody hear what is said within."""
    token = _voice.set(Voice(say))
    try:
        yield
    finally:
        _voice.reset(token)


def say(sentence: str) -> None:
    """Say a sentence, where anybody listens."""
    if (voice := _voice.get()) is not None:
        voice(sentence)


@contextmanager
def waiting(what: Callable[[], str], seconds: float | None = None) -> Iterator[None]:
    """Within it no silence is longer than so many seconds: then `what` is said.

    Args:
        what: the sentence; called in another thread.
        seconds: how long a silence may be; SILENCE_SECONDS where none is given.
    """
    voice = _voice.get()
    if voice is None:
        yield
        return
    if not voice.waits:
        voice.last = time.monotonic()
    voice.waits += 1
    over = threading.Event()
    thread = threading.Thread(target=_break_silence, args=(voice, what, seconds or SILENCE_SECONDS, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        voice.waits -= 1
        over.set()
        thread.join()


def _break_silence(voice: Voice, what: Callable[[], str], seconds: float, over: threading.Event) -> None:
    while not over.wait(_LOOK_SECONDS):
        if time.monotonic() - voice.last >= seconds:
            voice(what())
