"""Prints answers on a terminal, in the same words as on the pages; nothing depends on colour alone."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from verifier.answers.answer import Answer, bulk_word, words_of
from verifier.answers.changed_copies import is_changed_copy, standing_in_words
from verifier.answers.network_names import test_network
from verifier.answers.other_credentials import Report
from verifier.answers.remarks import remarks
from verifier.answers.visible_text import visible
from verifier.answers.wording import (
    CLAIMED,
    COMPARE,
    FIELDS,
    NOT_SHOWN,
    REGISTERED_INSTEAD,
    SANAD,
    STATES,
    Tone,
    Wording,
    standing,
    wording,
)
from verifier.core.codes import ShortCode, short_code
from verifier.core.credential import CertificateFields, read_fields
from verifier.core.hashes import to_base64url, to_hex
from verifier.core.pasted import Named
from verifier.core.registry import RegistryInfo
from verifier.core.sentence import Sentence
from verifier.core.verdict import Link, State, Step, Verdict

_STYLES = {Tone.GOOD: "green", Tone.BAD: "red", Tone.CHANGED: "yellow", Tone.WAIT: "cyan", Tone.UNSURE: "magenta"}
_MARKS = {State.PASSED: "✓", State.FAILED: "✗", State.NOTE: "•", State.SKIPPED: "–", State.UNCHECKED: "?"}


class StandardOutput(Console):
    """Standard output. It raises an error if the reader is gone; rich would end the process with its own exit code."""

    def on_broken_pipe(self) -> None:
        """Let the command decide about the exit code."""
        raise BrokenPipeError


class Printer:
    """Writes answers to a console."""

    def __init__(self, console: Console, asked: Sequence[RegistryInfo], *, short: bool = False) -> None:
        self._console = console
        self._asked = asked
        self._short = short

    def answer(self, answer: Answer) -> None:
        """Print the answer for one input: one line if `short`, else everything."""
        words = words_of(answer)
        self._line(_title(answer, words, bulk_word(answer) if self._short else words.word))
        if self._short:
            return
        self._message(words)
        for note in answer.notes:
            self._pair("Please note:", str(note), "bold")
        if answer.verdict is not None:
            self._verdict(answer.verdict)
        if answer.report is not None:
            self._report(answer.report)
        for each in (*answer.matches, *answer.named):
            self._line(Text(f"  {_spelled(each)}"))
        self._line(Text())

    def summary(self, answers: Sequence[Answer]) -> None:
        """Print how many answers of each kind there were, if there were several."""
        if len(answers) < 2:
            return
        counts = Counter(str(bulk_word(answer)).lower() for answer in answers)
        listed = ", ".join(f"{count} {word}" for word, count in counts.most_common())
        self._line(Text(f"{len(answers)} inputs: {listed}.", "bold"))

    def _message(self, words: Wording) -> None:
        for sentence in (words.headline, words.explanation, words.advice):
            if str(sentence):
                self._pair("", str(sentence))

    def _verdict(self, verdict: Verdict) -> None:
        if notice := test_network(verdict, self._asked):
            self._pair("", str(notice), "bold")
        for remark in remarks(verdict):
            self._pair("Please note:", str(remark), "bold")
        self._certificate(verdict)
        self._steps(verdict.steps)
        self._walk(verdict.walk)
        if verdict.replacement is not None:
            self._line(Text(f"\n  The newer certificate: {to_hex(verdict.replacement)}"))
        if verdict.registered is not None:
            self._registered(verdict, verdict.registered)

    def _report(self, report: Report) -> None:
        self._line(Text())
        for label, value in self._rows_of_other(report):
            self._pair(f"{label:<24}", value)
        self._pair("", f"{CLAIMED}." if report.covered else NOT_SHOWN)
        self._line(Text())
        for line in report.lines:
            self._pair(f"{line.question:<12} {line.reply:<24} ", str(line.sentence))

    def _rows_of_other(self, report: Report) -> Iterable[tuple[str, str]]:
        fields = read_fields(report.covered)
        issuer = report.covered.get("issuer")
        issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
        named = {"Awarded to": fields.recipient, "Course": fields.course, "Issuer": fields.institution}
        more = {label: getattr(fields, name) for name, label in FIELDS.items() if name != "criteria"}
        for label, value in {**named, "Issuer's identifier": issuer, **more}.items():
            if value:
                yield label, str(value)
        yield "Credential hash", to_hex(report.hash)

    def _registered(self, verdict: Verdict, registered: Verdict) -> None:
        self._line(Text(f"\n  {REGISTERED_INSTEAD}"))
        self._certificate(registered)
        words = wording(registered)
        own = standing_in_words(verdict) if is_changed_copy(verdict) else f"{words.headline} {words.explanation}"
        self._line(Text())
        self._pair("Of that certificate:", str(own))
        for remark in remarks(registered):
            self._pair("Please note:", str(remark), "bold")
        self._steps(registered.steps)

    def _certificate(self, verdict: Verdict) -> None:
        if verdict.credential is None:
            return
        self._line(Text())
        for label, value in _rows(verdict, read_fields(verdict.credential)):
            self._pair(f"{label:<24}", value)
        self._pair("", f"{standing(verdict)}. {COMPARE}")

    def _steps(self, steps: Iterable[Step]) -> None:
        self._line(Text())
        for step in steps:
            state = f"{_MARKS[step.state]} {STATES[step.state]}"
            self._pair(f"{step.number:>2}  {state:<17} ", step.sentence)

    def _walk(self, links: Sequence[Link]) -> None:
        if links:
            self._line(Text(f"\n  {SANAD}"))
        for link in links:
            state = f"{_MARKS[link.state]} {STATES[link.state]}"
            self._pair(f"    {state:<17} ", link.sentence)
            if link.hash is not None:
                self._pair(f"    {'':<17} ", to_hex(link.hash))

    def _pair(self, head: str, text: str, style: str = "") -> None:
        """Print a line; if its text is wrapped, it stays beside its head and does not run under it."""
        head = f"  {head} " if head else "  "
        if not self._console.is_terminal:
            self._line(Text(head + visible(text), style))
            return
        grid = Table.grid()
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text(head, style), Text(visible(text), style))
        self._console.print(grid, highlight=False)

    def _line(self, text: Text) -> None:
        # Wrap for people only: a pipe gets one line for each sentence.
        self._console.print(text, soft_wrap=not self._console.is_terminal, highlight=False)


def _spelled(named: Named) -> str:
    if isinstance(named, ShortCode):
        return str(named)
    return f"{short_code(named)}  {to_hex(named)}  /c/{to_base64url(named)}"


def _title(answer: Answer, words: Wording, word: Sentence) -> Text:
    return Text.assemble((f"{word}".upper(), f"bold {_STYLES[words.tone]}"), "  ", visible(answer.given or ""))


def _rows(verdict: Verdict, fields: CertificateFields) -> Iterable[tuple[str, str]]:
    institution = verdict.record.institution_name if verdict.record else fields.institution
    domain = f" ({verdict.domain})" if verdict.domain else ""
    named = {"Awarded to": fields.recipient, "Course": fields.course, "Institution": f"{institution or '?'}{domain}"}
    professor = ", ".join(filter(None, (fields.professor, fields.professor_title)))
    more = {label: getattr(fields, name) for name, label in FIELDS.items() if name not in ("criteria", "valid_from")}
    for label, value in {**named, "Professor": professor, **more}.items():
        if value:
            yield label, str(value)
    if verdict.hash is not None:
        yield "Certificate hash", to_hex(verdict.hash)
        yield "Short code", short_code(verdict.hash)
