"""Documents, docstrings and messages in plain English: phrases that readers stumbled over do not come back."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.sources import ROOT

BETTER = {
    r"stands?|stood|standing": "is, applies, stays",
    r"told": "said, reported, shown; or say it in the active voice",
    r"in earnest": "for real use",
    r"once more": "again",
    r"anew": "again",
    r"bites?|bitten|bit on": "takes effect",
    r"who(?:so)?ever": "anybody who, the person who",
    r"(?:where|there|here)(?:of|by|upon|with)": "of it, by it",
    r"goes on (?:being|as)|go on (?:being|as)": "is still, stays",
    r"comes? to (?:stand|count|lie)": "is, counts again",
    r"lets? (?:in|universities|them)\b": "accredits, admits",
    r"not at hand|at hand": "available, known here",
    r"of one's own": "your own",
    r"as it stood|as they stood": "as before",
    r"be it": "whether",
    r"does nothing twice": "is safe to repeat",
    r"for ever": "permanently",
    r"nothing but": "only",
}
ALLOWED = {
    ("contracts/README.md", "standing"): "the name of a struct in the contract",
    ("docs/glossary.md", "bite"): "SPEC.md's own word, which the glossary explains",
    ("deploy/commands/reanchor.py", "stood"): "a key of --json",
    ("issuer/commands/find.py", "stands"): "a key of --json",
    ("issuer/watch/memory.py", "told"): "a key of the file that it keeps",
    ("verifier/chain/panel.py", "stands"): "of a chain that stands still",
    ("verifier/web/pages.py", "standing"): "a name in the templates",
}
"""A file and a phrase (`*`: all), and why it may be there."""
NOT_FOR_READERS = {
    "docs/pages.md": "registry|registries|hash|hashes|batch|batches|chains?|signers?|wallets?|nodes?",
    "docs/roster.md": "coins?|gas|commitments?|anchoring|envelopes?",
    "docs/designs.md": "coins?|gas|commitments?|anchoring|envelopes?",
    "docs/issuing.md": "gas|commitments?|envelopes?",  # it quotes a message about coins, and the state `anchoring`
    "docs/mail.md": "coins?|gas|commitments?|anchoring|envelopes?",
}
"""Words that employers, students and professors need not know, by the pages that are for them."""
FILES = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("docs/*.md"), *map(ROOT.joinpath, ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")))
)
FILES.append("contracts/README.md")
PLAIN_CODE = ("issuer", "deploy", "verifier")
"""Packages whose docstrings, comments and messages are read as the documents are."""
NOT_READ = ("verifier/core",)  # SPEC.md holds its sentences
_BANNED = {re.compile(rf"\b(?:{words})\b".replace(" ", r"\s+"), re.IGNORECASE): way for words, way in BETTER.items()}


def checked_text(name: str) -> str:
    """What is read of a file: of the changelog the unreleased part, of the README what follows its first screen."""
    text = (ROOT / name).read_text(encoding="utf-8")
    begin = {"CHANGELOG.md": "## [Unreleased]", "README.md": "## The commands"}.get(name, "")
    before, found, text = text.partition(begin) if begin else ("", "", text)
    assert bool(found) == bool(begin), f"{name} has no {begin}"
    end = re.search(r"^## \[\d", text, re.MULTILINE) if name == "CHANGELOG.md" else None
    return "\n" * before.count("\n") + text[: end.start() if end else None]


def stumbling_blocks(name: str, text: str) -> Iterator[str]:
    for pattern, better in _BANNED.items():
        for found in pattern.finditer(text):
            allowed = {(name, found.group().lower()), (name, "*")} & ALLOWED.keys()
            if not allowed:
                yield f"{name}:{text.count(chr(10), 0, found.start()) + 1}: '{found.group()}'; better: {better}"


@pytest.mark.parametrize("name", FILES)
def test_the_documents_are_in_plain_english(name: str) -> None:
    found = list(stumbling_blocks(name, checked_text(name)))
    assert not found, "say it in common words (or give a reason in ALLOWED):\n" + "\n".join(found)


def words_of(source: str) -> str:
    """Comments and texts of a module, each at its line; names in the code are not read."""
    lines = [""] * (source.count("\n") + 2)
    texts = [(node.lineno, node.value) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    texts += [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]
    for start, text in texts:
        for number, line in enumerate(text.split("\n") if isinstance(text, str) else (), start):
            lines[min(number, len(lines)) - 1] += f" {line}"
    return "\n".join(lines)


@pytest.mark.parametrize("name", PLAIN_CODE)
def test_the_code_is_in_plain_english(name: str) -> None:
    paths = [str(path.relative_to(ROOT)) for path in sorted((ROOT / name).rglob("*.py"))]
    read = [path for path in paths if not path.startswith(NOT_READ)]
    assert read, f"{name} names nothing"
    found = [
        block for path in read for block in stumbling_blocks(path, words_of((ROOT / path).read_text(encoding="utf-8")))
    ]
    assert not found, "say it in common words:\n" + "\n".join(found)


def test_comments_and_texts_are_read_and_names_are_not() -> None:
    read = words_of('standing = f"{told} stands"  # anew\ntext = """a\nit stood"""\n')
    found = [block.partition(";")[0] for block in stumbling_blocks("x.py", read)]
    assert found == ["x.py:1: 'stands'", "x.py:3: 'stood'", "x.py:1: 'anew'"]


@pytest.mark.parametrize("name", NOT_FOR_READERS)
def test_a_page_keeps_to_its_readers_words(name: str) -> None:
    words = rf"\b(?:{NOT_FOR_READERS[name]})\b"
    found = re.findall(rf"^.*{words}.*$", checked_text(name), re.IGNORECASE | re.MULTILINE)
    assert not found, "its readers need not know these words:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("The registry stands on a chain.", "stands"),
        ("Merged cells are told.", "told"),
        ("It proves nothing in earnest.", "in earnest"),
        ("Whoever holds it may read it.", "Whoever"),
        ("It is drawn anew.", "anew"),
    ],
)
def test_a_stumbling_block_is_named_with_its_line(sentence: str, word: str) -> None:
    (found,) = stumbling_blocks("docs/x.md", f"# A page\n\n{sentence}\n")
    assert found.startswith(f"docs/x.md:3: '{word}'; better: ")


def test_plain_sentences_pass() -> None:
    assert not list(stumbling_blocks("docs/x.md", "You understand the standard; nothing is outstanding."))


def test_every_exception_is_needed() -> None:
    for name, word in ALLOWED:
        text = checked_text(name).lower()
        needed = any(pattern.search(text) for pattern in _BANNED) if word == "*" else word in text
        assert needed, f"take ({name}, {word}) out of ALLOWED"
