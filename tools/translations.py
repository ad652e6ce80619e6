"""The verifier's sentences for translators: `make translations`.

Gathers every sentence that a page can say, from the templates and from what the verifier says in words, and brings
verifier/web/translations/<language>/LC_MESSAGES/messages.po up to date: new sentences come in untranslated, those
that nobody says any more go, what stands translated stays. The verifier reads the .po itself; nothing is compiled.
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from verifier.answers.other_credentials import Question, Reply
from verifier.answers.wording import FIELDS, STATES
from verifier.core.reading import Kind
from verifier.core.steps import REASONS
from verifier.web.language import LANGUAGES, SOURCE_LANGUAGE, TRANSLATIONS

ROOT = Path(__file__).resolve().parent.parent
NOT_ON_PAGES = {
    *("badge.py", "opening.py", "serve.py", "terminal.py", "verify.py"),
    *("badge_files.py", "report.py", "settings.py", "server.py", "wsgi.py"),
    *("networks.py", "registry_settings.py", "trust.py", "starting.py", "toml_table.py", "programme_file.py"),
}
"""Modules of verifier/ whose texts no page shows: commands, and interfaces for programs."""
ONLY_WORDS = {
    *(
        "verifier/answers/wording.py",
        "verifier/answers/unsure_wording.py",
        "verifier/answers/changed_copies.py",
        "verifier/answers/handed_in.py",
    ),
    *("verifier/answers/signature_wording.py", "verifier/web/chain.py", "verifier/web/pages.py"),
}
"""Modules in which every text that begins with a capital is meant for people."""
SAYING = {"Sentence", "problem", "_link", "_", "gettext", "translate"}
"""Functions whose first argument is said, whatever it looks like."""

_PLACE = re.compile(r"\{(\w*)\}")
_SENTENCE = re.compile(r"[A-Z{][^\n<>]* [^\n<>]*(?:[.:?]|[.:] \{\w+\})")
_WORDS = re.compile(r"[A-Z][\w’;' ,.:()-]*")
_WHEN = datetime(2026, 11, 25, tzinfo=UTC)


def places(text: str) -> set[str]:
    """The names of the `{named}` places of a sentence."""
    return set(_PLACE.findall(text))


def sentences() -> dict[str, set[str]]:
    """Every sentence, and the files that say it."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "verifier").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if path.name not in NOT_ON_PAGES:
            for text in _said(path.read_text(encoding="utf-8"), name in ONLY_WORDS):
                found.setdefault(text, set()).add(name)
    for table, name in (
        (STATES.values(), "verifier/answers/wording.py"),
        (FIELDS.values(), "verifier/answers/wording.py"),
        (REASONS.values(), "verifier/core/steps.py"),
        ([kind.value for kind in Kind], "verifier/core/reading.py"),
        ([each.value for each in (*Question, *Reply)], "verifier/answers/other_credentials.py"),
    ):
        for text in table:
            found.setdefault(text, set()).add(name)
    for path in sorted((ROOT / "verifier/web/templates").rglob("*.*")):
        for text in _in_template(path):
            found.setdefault(text, set()).add(path.relative_to(ROOT).as_posix())
    return found


def updated(language: str) -> Catalog:
    """The catalogue of a language with exactly the sentences that are said; what is new in it is empty."""
    before = stored(language)
    catalogue = Catalog(
        locale=language,
        header_comment=f"# Sanad in {LANGUAGES[language]}. `make translations` keeps the list; people write msgstr.",
        project="sanad",
        version="1",
        creation_date=_WHEN,
        revision_date=_WHEN,
        last_translator="Sanad",
        language_team=language,
        fuzzy=False,
    )
    for text, files in sorted(sentences().items()):
        old = before.get(text) if before else None
        flags = ["python-brace-format"] if places(text) else []
        catalogue.add(text, old.string if old else "", [(name, 0) for name in sorted(files)], flags=flags)
    return catalogue


def stored(language: str) -> Catalog | None:
    """The catalogue as it stands in the repository."""
    path = file_of(language)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


def file_of(language: str) -> Path:
    """Where a language's catalogue stands."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a .po file: the same bytes for the same content."""
    out = BytesIO()
    write_po(out, catalogue, width=0, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(
        line for line in lines if not line.startswith((b'"Generated-By', b'"Report-Msgid', b'"PO-Revision'))
    )


def problems(catalogue: Catalog) -> Iterator[str]:
    """What is missing or wrong in a catalogue, one line each."""
    for message in catalogue:
        if message.id:
            yield from _faults(message)


def _faults(message: Message) -> Iterator[str]:
    text, said = str(message.id), str(message.string or "")
    if not said:
        yield f"untranslated: {text}"
    elif places(said) != places(text):
        yield f"other {{places}} than the English: {text}"


def _said(source: str, only_words: bool) -> Iterator[str]:
    tree = ast.parse(source)
    skipped, meant = _prose(tree), _arguments(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in skipped:
            continue
        text = node.value.strip()
        shaped = _SENTENCE.fullmatch(text) or (only_words and _WORDS.fullmatch(text))
        if (shaped or id(node) in meant) and re.search("[A-Za-z]{2}|[.]$", _PLACE.sub("", text)):
            yield text


def _prose(tree: ast.AST) -> set[int]:
    """Docstrings, texts of logs and names in `__all__`: what no reader of a page sees."""
    found = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found |= {id(part) for part in node.values}
        if isinstance(node, ast.Assign) and _name(node.targets[0]) == "__all__":
            found |= {id(part) for part in ast.walk(node.value)}
        if isinstance(node, ast.Call) and _name(node.func) in {"ValueError", "HTTPError", "SettingsError", "Response"}:
            found |= {id(part) for part in ast.walk(node)}
    return found


def _arguments(tree: ast.AST) -> set[int]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in SAYING)
    return {id(call.args[0]) for call in calls if call.args}


def _name(function: ast.expr) -> str:
    return str(getattr(function, "attr", None) or getattr(function, "id", ""))


def _in_template(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for _line, _function, said, _comments in babel_extract(file, ("_",), (), {"trimmed": "true"}):
            text = said[0] if isinstance(said, tuple) else said
            if text:
                yield text


def main() -> int:
    """Bring every catalogue up to date; 1 where something is left for translators."""
    left = 0
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        catalogue, path = updated(language), file_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))
        missing = list(problems(catalogue))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} sentences, {len(missing)} to do")
        print(*missing, sep="\n")
        left += len(missing)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
