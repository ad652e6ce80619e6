"""README, docs/ and DECISIONS.md: every command is listed, every page and entry can be found, each has its reader."""

import itertools
import re
from pathlib import Path

import click
import pytest

from deploy.cli import main
from tests.pointers import anchors_of, slug_of
from tests.sources import ROOT

README = ROOT / "README.md"
COMMANDS = ROOT / "docs" / "commands.md"
PAGES = sorted((ROOT / "docs").glob("*.md"))
DECISIONS = ROOT / "DECISIONS.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
WORDS = [
    *("certificate", "batch", "certificate hash", "commitment", "sheet", "registry", "programme", "institution"),
    *("signer", "admin", "key", "envelope", "seal", "batch file", "archive", "verdict", "office", "console", "draft"),
    *("approval", "roster", "educator", "sanad", "status list", "successor", "final", "distrust", "withdraw"),
    *("valid", "altered", "revoked", "replaced", "untrusted", "unknown", "pending", "expired", "unavailable"),
]
LONGEST_CHANGELOG = 40
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def _names(group: click.Group, before: str = "") -> set[str]:
    names = set()
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            names.add(f"{before}{name}")
        if isinstance(command, click.Group):
            names |= _names(command, f"{before}{name} ")
    return names


def _listed(text: str) -> set[str]:
    """The commands of a table: `sanad mail send`, `list` means two of one group."""
    found = set()
    for line in text.splitlines():
        cell = next((cell for cell in line.split("|") if cell.startswith(" `sanad ")), "")
        group = ""
        for quoted in re.findall(r"`([^`]+)`", cell):
            words = list(itertools.takewhile(lambda word: re.fullmatch("[a-z][a-z-]*", word), quoted.split()))
            if words[0] == "sanad":
                words = words[1:]
                group = " ".join(words[:-1])
            found.add(" ".join(words) if len(words) > 1 else f"{group} {words[0]}".strip())
    return found


@pytest.mark.parametrize("page", [README, COMMANDS], ids=lambda page: page.name)
def test_every_command_is_listed_and_no_other(page: Path) -> None:
    assert _listed(page.read_text(encoding="utf-8")) == _names(main)


def test_the_readme_leads_to_every_page() -> None:
    linked = set(_LINK.findall(README.read_text(encoding="utf-8")))
    assert {f"docs/{page.name}" for page in PAGES} <= linked


def test_the_index_of_the_documents_leads_to_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    linked = set(_LINK.findall(index.read_text(encoding="utf-8")))
    assert {page.name for page in PAGES} - {index.name} <= linked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_begins_with_its_reader(page: Path) -> None:
    begin = page.read_text(encoding="utf-8").split("\n\n")[1]
    assert re.match(r"This page is for [a-z]", begin), f"{page.name} begins: {begin[:80]}"


def test_every_decision_is_in_the_index() -> None:
    text = DECISIONS.read_text(encoding="utf-8")
    entries = re.findall(r"^## ((\d{4}-\d\d-\d\d) · (.+))$", text, re.MULTILINE)
    rows = re.findall(r"^\| (\S+) \| \[(.+)\]\(#(\S+)\).* \| [^|]+ \|$", text, re.MULTILINE)
    wanted = [(date, title, slug_of(heading)) for heading, date, title in entries]
    missing = [f"| {date} | [{title}](#{anchor}) | area |" for date, title, anchor in wanted]
    missing = [line for line, row in zip(missing, wanted, strict=True) if row not in rows]
    assert not missing, "add these lines to the index:\n" + "\n".join(missing)
    assert rows == wanted, "the index has the order of the entries, each once"
    assert {anchor for *_, anchor in rows} <= anchors_of(DECISIONS)


def _glossary() -> list[tuple[str, str, str]]:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|([^|]*)\|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return [row for row in rows if row[0] not in ("word", "---")]


@pytest.mark.parametrize("word", WORDS)
def test_the_glossary_explains(word: str) -> None:
    rows = _glossary()
    assert any(re.search(rf"\b{word}\b", f"{name} {meaning}", re.IGNORECASE) for name, meaning, _ in rows)
    assert [name for name, *_ in rows].count(word) <= 1


def test_the_glossary_is_short_and_its_sections_exist() -> None:
    spec = (ROOT / "SPEC.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^## (\d+)\. ", spec, re.MULTILINE))
    for name, meaning, cell in _glossary():
        assert len(re.findall(r"[.!?](?= |$)", meaning)) <= 3, f"{name}: two sentences are enough"
        assert set(re.findall(r"\w+", cell)) <= sections, f"{name}: SPEC.md has no such section"


def test_the_unreleased_changes_are_few_lines() -> None:
    unreleased = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("## [Unreleased]")[2]
    lines = re.findall(r"^- ", re.split(r"^## \[", unreleased, flags=re.MULTILINE)[0], re.MULTILINE)
    assert len(lines) <= LONGEST_CHANGELOG, "say what changed for users, by area; join lines of one area"
