"""What the repository's prose points to: links, paths, modules and file names, with the line that names each."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.sources import PACKAGES, ROOT, kept_files

TOP = "issuer|verifier|deploy|contracts|tests|docs|tools|bench|requirements"
_PATH = re.compile(rf"(?<![\w./@-])(?:{TOP})/[\w./*{{}}<>-]*")
_MODULE = re.compile(r"(?<![\w./@-])(?:issuer|verifier|deploy|tests|tools|bench)(?:\.[A-Za-z_]\w*)+(?![\w/])")
_FILE = re.compile(r"(?<![\w./*{}<>@-])(?:[\w-]+/)*[\w-]+\.(?:py|sol|mjs|md)\b(?![\w/])")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_COMMENTS = {
    ".sol": re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL),
    ".mjs": re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL),
    ".toml": re.compile(r"(?:^|\s)#[^\n]*"),
    "Makefile": re.compile(r"(?:^|\s)#[^\n]*"),
}
SUFFIXES = {".md", ".py", *_COMMENTS}
_SECTION = re.compile(r"SPEC\.md section (\d+(?:\.\d+)?)")
_NO_MODULES = {"py", "toml", "md", "example", "id"}
"""The last word of names that look like modules: `verifier.toml`, `university.example`, a credential's `issuer.id`."""


@dataclass(frozen=True)
class Text:
    """Prose of one file, and the line at which it begins."""

    path: Path
    line: int
    words: str

    def line_of(self, offset: int) -> int:
        return self.line + self.words.count("\n", 0, offset)


def prose_of(path: Path) -> Iterator[Text]:
    """All of a page; of a source file its comments and docstrings, and texts of a package that name a page."""
    source = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield Text(path, 1, source)
    elif path.suffix == ".py":
        yield from _python_prose(path, source)
    elif comments := _COMMENTS.get(path.suffix or path.name):
        for found in comments.finditer(source):
            yield Text(path, source.count("\n", 0, found.start()) + 1, found.group())


def _python_prose(path: Path, source: str) -> Iterator[Text]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Text(path, token.start[0], token.string)
    nodes = list(ast.walk(ast.parse(source)))
    texts = [node.value for node in nodes if isinstance(node, ast.Expr)]
    if path.parts[0] in PACKAGES:
        texts += [node for node in nodes if isinstance(node, ast.Constant) and ".md" in str(node.value)]
    for text in dict.fromkeys(texts):
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield Text(path, text.lineno, text.value)


def lost_pointers(text: Text) -> Iterator[str]:
    """Each link, path, module, file or section in a text that leads nowhere, as `file:line: what is wrong`."""
    for offset, wrong in dict.fromkeys([*_lost_names(text), *_lost_links(text)]):
        yield f"{text.path}:{text.line_of(offset)}: {wrong}"


def _lost_names(text: Text) -> Iterator[tuple[int, str]]:
    for pattern, exists in ((_PATH, _is_path), (_MODULE, _is_module), (_FILE, _is_file)):
        for found in pattern.finditer(text.words):
            name = found.group().rstrip(".")
            if not exists(name, text.path):
                yield found.start(), f"`{name}` names nothing that is in the repository"
    for found in _SECTION.finditer(text.words):
        if found.group(1) not in _sections():
            yield found.start(), f"SPEC.md has no section {found.group(1)}"


def _lost_links(text: Text) -> Iterator[tuple[int, str]]:
    if text.path.suffix == ".md":
        for found in _LINK.finditer(text.words):
            if wrong := _wrong_link(found.group(1), text.path):
                yield found.start(), f"the link ({found.group(1)}) {wrong}"


def _is_path(name: str, at: Path) -> bool:
    """Whether a path exists, from the root or beside the file that names it; `*`, `<x>`, `{x}` are any name."""
    pattern = re.sub(r"<[^>]*>|\{[^}]*\}|\*+", "*", name)
    if "<" in pattern or "{" in pattern:  # a name that is cut off by a space inside of the brackets
        return True
    return any(next(folder.glob(pattern), None) for folder in (ROOT, (ROOT / at).parent) if pattern)


def _is_module(name: str, at: Path) -> bool:
    """Whether `issuer.mail.settings`, or `issuer.mail.settings.name`, exists."""
    parts = name.split(".")
    if parts[-1] in _NO_MODULES:
        return True
    path = ROOT / parts[0]
    for position, part in enumerate(parts[1:], 1):
        if (path / part).is_dir():
            path /= part
            continue
        if (path / f"{part}.py").is_file():
            path, rest = path / f"{part}.py", parts[position + 1 :]
        else:
            path, rest = path / "__init__.py", parts[position:]
        return not rest or (path.is_file() and bool(re.search(rf"\b{rest[0]}\b", path.read_text(encoding="utf-8"))))
    return True


def _is_file(name: str, at: Path) -> bool:
    """Whether some file's path ends in this name: `test_pointers.py`, `core/errors.py`."""
    return f"/{name}" in _all_paths()


@cache
def _sections() -> frozenset[str]:
    spec = (ROOT / "SPEC.md").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)", spec, re.MULTILINE))


@cache
def _all_paths() -> frozenset[str]:
    """Every file's path and each of its ends, with a stroke in front."""
    found = set()
    for path in kept_files():
        parts = path.parts
        found |= {"/" + "/".join(parts[start:]) for start in range(len(parts))}
    return frozenset(found)


def _wrong_link(target: str, at: Path) -> str | None:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    name, _, anchor = target.partition("#")
    path = (ROOT / at).parent / name if name else ROOT / at
    if not path.exists():
        return "leads to no file"
    if anchor and anchor not in anchors_of(path):
        return f"leads to no heading; {path.name} has {', '.join(sorted(anchors_of(path)))}"
    return None


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, made as GitHub makes them."""
    text = re.sub(r"^(```|~~~).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", text, re.MULTILINE):
        slug = slug_of(heading)
        count = 0
        while (numbered := f"{slug}-{count}" if count else slug) in found:
            count += 1
        found.add(numbered)
    return found


def slug_of(heading: str) -> str:
    """A heading's anchor: lower case, without punctuation, hyphens for spaces."""
    shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
