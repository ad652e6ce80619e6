"""The command `sanad verify`."""

import contextlib
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from verifier.answers.answer import Answer, check_bytes, check_text, each_of, exit_code, too_large
from verifier.answers.report import answer_data
from verifier.answers.wording import Problem
from verifier.commands.opening import CONFIG, CommandError, opened_settings
from verifier.commands.terminal import Printer, StandardOutput
from verifier.core.limits import LIMITS
from verifier.core.verifier import Verifier
from verifier.plain_file import read_plain, special_kind

_FILE_KINDS = (".pdf", ".json", ".png", ".svg")

# The exit codes that shells use for SIGINT and SIGPIPE.
_INTERRUPTED = 130
_NOBODY_READS = 141


@click.command()
@click.argument("inputs", nargs=-1, metavar="FILES|LINKS|HASHES|CODES...")
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array with one object for each input.")
@click.option("--short", is_flag=True, help="Print one line for each input.")
@click.option("--no-domain", is_flag=True, help="Do not ask the institutions' own websites to confirm their keys.")
def verify(inputs: tuple[str, ...], config: Path | None, as_json: bool, short: bool, no_domain: bool) -> None:
    """Check certificates: sealed PDFs, certificate.json files, links, hashes and short codes.

    Files contain all that is needed to check them; links, hashes and codes are looked up in the archive.

    \b
    Exit codes:
      0  all are valid
      1  a certificate is altered, unknown, revoked, replaced, untrusted or expired; this wins over all others
      3  something could not be checked, is pending, was not found, or is unreadable among readable ones
      2  wrong usage, or no input can be read
    """
    if not inputs:
        raise CommandError(
            "Nothing to check. Give files, links, hashes or short codes: sanad verify certificates/*.pdf"
        )

    _print_any_character()
    verifier = _open(config, ask_domains=not no_domain)
    with _no_verdict_by_accident():
        answers = _print_json(verifier, inputs) if as_json else _print_text(verifier, inputs, short)
    sys.exit(exit_code(answers))


def check_input(verifier: "Verifier", text: str) -> "Answer":
    """The answer for one argument: a file by its path, else a link, a hash or a short code."""
    if not text.strip():
        return Answer(text, problem=Problem.NOTHING)
    path = Path(text)
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError):
            return Answer(text, problem=Problem.NO_FILE, detail=f"You do not have permission to read {text}.")
        is_link = text.lower().startswith(("http://", "https://"))
        if text.lower().endswith(_FILE_KINDS) and not is_link:
            # A file's name may contain a code, but the question is about the file.
            return Answer(text, problem=Problem.NO_FILE, detail=_missing(text))
        answer = check_text(verifier, text)
        missing = answer.problem is Problem.NOT_A_CODE and not is_link
        return Answer(text, problem=Problem.NO_FILE, detail=_missing(text)) if missing else answer
    return _check_path(verifier, path, status.st_mode, status.st_size, text)


def _check_path(verifier: "Verifier", path: Path, mode: int, size: int, text: str) -> "Answer":

    if stat.S_ISDIR(mode):
        detail = f"{text} is a folder. Give the files in it: {text.rstrip('/')}/*.pdf"
        return Answer(text, problem=Problem.NO_FILE, detail=detail)
    if (kind := special_kind(mode)) is not None:
        return Answer(text, problem=Problem.NO_FILE, detail=f"{text} is {kind}, not a file. Give a file.")
    if size > LIMITS.file_bytes:
        return too_large(size, text)
    try:
        data = read_plain(path, LIMITS.file_bytes)
    except OSError as error:
        detail = f"{text} could not be read: {error.strerror or error}."
        return Answer(text, problem=Problem.NO_FILE, detail=detail)
    return check_bytes(verifier, data, text)


def _missing(text: str) -> str:
    if any(sign in text for sign in "*?["):
        return f"No file matches {text}."
    return f"There is no file {text}, and it is not a link, a hash or a short code either."


def _print_text(verifier: "Verifier", inputs: Sequence[str], short: bool) -> "list[Answer]":

    printer = Printer(StandardOutput(), _asked(verifier), short=short)
    answers = []
    for answer in _answers(verifier, inputs, quiet=sys.stdout.isatty()):
        answers.append(answer)
        printer.answer(answer)
    printer.summary(answers)
    return answers


def _print_json(verifier: "Verifier", inputs: Sequence[str]) -> "list[Answer]":

    answers: list[Answer] = []
    for answer in _answers(verifier, inputs):
        click.echo("," if answers else "[", nl=bool(answers))
        answers.append(answer)
        click.echo(json.dumps(answer_data(answer, _asked(verifier)), indent=2), nl=False)
    click.echo("]")
    return answers


def _answers(verifier: "Verifier", inputs: Iterable[str], *, quiet: bool = False) -> "Iterator[Answer]":
    """Yield the answers one by one, with a progress bar on standard error if that is a terminal."""
    inputs = list(inputs)
    hidden = quiet or len(inputs) < 2 or not sys.stderr.isatty()
    with click.progressbar(inputs, label="Checking", file=sys.stderr, hidden=hidden) as watched:
        for text in watched:
            yield from each_of([_guarded(verifier, text)])


def _guarded(verifier: "Verifier", text: str) -> "Answer":
    """`check_input`; a fault of ours is reported for that one input, and is not a verdict on it."""
    try:
        return check_input(verifier, text)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}. Please report this."
        return Answer(text, problem=Problem.BROKEN, detail=detail)


@contextlib.contextmanager
def _no_verdict_by_accident() -> Iterator[None]:
    """Use other exit codes where Python and click exit with 1, which here means "a certificate is bad"."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_NOBODY_READS)


def _asked(verifier: "Verifier") -> list[Any]:
    return [registry.info for registry in verifier.registries]


def _print_any_character() -> None:
    # A name in Urdu must not end the command if the terminal's encoding lacks its letters.
    reconfigure: Callable[..., None] | None = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _open(config: Path | None, ask_domains: bool) -> "Verifier":
    return opened_settings(config).verifier(ask_domains)
