"""Every kind of answer, and none, at every step of a conversation: what becomes of the letter, and of the next run."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from issuer.errors import MailServerError
from issuer.mail.postman import Fate, Outcome
from tests.mail.test_postman import LETTER, bring, settings

SILENCE, GONE = "silence", "gone"
SECONDS = 0.3
GOOD = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "letter": "250 taken"}
LATER, REFUSED, SENT, UNKNOWN = Fate.LATER, Fate.REFUSED, Fate.SENT, Fate.UNKNOWN
STOPPED = "no letter at all goes to this server"


class Scripted:
    """A server that answers each step as it is told, and counts the letters that it got whole."""

    def __init__(self, script: dict[str, str]) -> None:
        self.script, self.letters = {**GOOD, **script}, 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as lines, suppress(OSError):
                self._talk(lines)

    def _talk(self, lines) -> None:
        self._say(lines, "220 here")
        while line := lines.readline():
            word = line.split()[0].upper().decode()
            if not self._say(lines, self.script.get(word, "250 ok")):
                return
            if word == "QUIT":
                return
            if word == "DATA" and self.script["DATA"].startswith("354"):
                while (part := lines.readline()) != b".\r\n":
                    if not part:
                        return
                self.letters += 1
                if not self._say(lines, self.script["letter"]):
                    return

    @staticmethod
    def _say(lines, words: str) -> bool:
        if words == GONE:
            return False
        if words != SILENCE:
            lines.write(words.replace("|", "\r\n").encode() + b"\r\n")
            lines.flush()
        return True


@contextmanager
def scripted(**script: str) -> Iterator[Scripted]:
    server = Scripted(script)
    try:
        yield server
    finally:
        server.close()


TABLE = [
    *(("letter", answer, SENT) for answer in ("250 taken", "251 forwarded", "252 perhaps", "200", "250-a|250 b")),
    *(("letter", answer, LATER) for answer in ("421 closing", "450 busy", "451 fault", "452 full", "499 x")),
    *(("letter", answer, REFUSED) for answer in ("500 what", "550 no", "552 full", "554 no", "599 x")),
    *(("letter", answer, UNKNOWN) for answer in (SILENCE, GONE, "", "hello", "100 go on", "354 go on", "600 x")),
    *(("letter", "250" + "x" * 9000, UNKNOWN),),
    *(("DATA", answer, LATER) for answer in (SILENCE, GONE, "hello", "250 ok", "251 ok", "421 closing", "451 no")),
    *(("DATA", answer, REFUSED) for answer in ("503 no recipients", "554 no")),
    *(("RCPT", answer, SENT) for answer in ("250 ok", "251 forwarded", "252 perhaps")),
    *(("RCPT", answer, LATER) for answer in (SILENCE, GONE, "hello", "354 go on", "421 closing", "450 busy")),
    *(("RCPT", answer, REFUSED) for answer in ("550 no such user", "553 no", "501 no")),
    *(("MAIL", answer, SENT) for answer in ("250 ok", "252 ok")),
    *(("MAIL", answer, LATER) for answer in (SILENCE, GONE, "hello", "421 closing", "451 no")),
    *(("MAIL", answer, STOPPED) for answer in ("550 no", "553 no")),
]  # fmt: skip


@pytest.mark.parametrize(("step", "answer", "fate"), TABLE, ids=lambda value: str(value)[:20])
def test_each_answer_at_each_step(step: str, answer: str, fate: Fate | str) -> None:
    with scripted(**{step: answer}) as server:
        chosen = settings(server.port, seconds=SECONDS)
        if fate is STOPPED:
            with pytest.raises(MailServerError):
                bring(LETTER.address, chosen)
            assert server.letters == 0
            return
        outcome = bring(LETTER.address, chosen)
        assert outcome.fate is fate, outcome
        assert isinstance(outcome, Outcome)
        assert server.letters == (step == "letter" or fate is SENT)
