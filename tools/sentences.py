"""Every text that a visitor of the verifier's pages can read, gathered from the sources for the translators."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from verifier.core.reading import Kind
from verifier.core.steps import REASONS
from verifier.wording import FIELDS, STATES

ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = ROOT / "verifier"
_SILENT = {"settings.py", "cli.py", "terminal.py", "wsgi.py", "server.py", "errors_of_commands.py"}
"""Modules whose texts no visitor reads: they speak to whoever runs a command."""
_SENTENCE = re.compile(r"(?s)(?=.*[ }])[A-Z{].*[.:}]")
_IN_TEMPLATE = re.compile(r"""\b_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def sentences() -> dict[str, list[str]]:
    """Each English text and the files that say it, in the order of files and lines."""
    found: dict[str, list[str]] = {}
    for name, text in (*_tables(), *_python(), *_templates()):
        places = found.setdefault(text, [])
        if name not in places:
            places.append(name)
    return found


def _tables() -> Iterator[tuple[str, str]]:
    yield from (("verifier/wording.py", text) for text in (*STATES.values(), *FIELDS.values()))
    yield from (("verifier/core/steps.py", text) for text in REASONS.values())
    yield from (("verifier/core/reading.py", kind.value) for kind in Kind)


def _python() -> Iterator[tuple[str, str]]:
    for path in sorted(_PACKAGE.rglob("*.py")):
        if path.name not in _SILENT:
            name = path.relative_to(ROOT).as_posix()
            yield from ((name, text) for text in _texts(ast.parse(path.read_text(encoding="utf-8"))))


def _texts(tree: ast.AST) -> Iterator[str]:
    silent = {id(part) for node in ast.walk(tree) for part in _unsaid(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            print(repr(node.value)) if not _SENTENCE.fullmatch(node.value) and ' ' in node.value else 0
            if _SENTENCE.fullmatch(node.value):
                yield node.value
def _unsaid(node):
    if isinstance(node, ast.Expr): yield node.value
    if isinstance(node, ast.JoinedStr): yield from ast.walk(node)

def _templates() -> Iterator[tuple[str, str]]:
    for path in sorted((_PACKAGE / "web" / "templates").glob("*.html")):
        for found in _IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), ast.literal_eval(found)
if __name__ == "__main__":
    print("=====")
    s = sentences()
    for t, p in s.items(): print(p[0].replace("verifier/",""), "|", t)
    print(len(s))
