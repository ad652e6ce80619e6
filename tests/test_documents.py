"""README and docs/: every command is listed, every page can be found, every link leads somewhere."""

import itertools
import re
from pathlib import Path

import click
import pytest

from deploy.cli import main
from tests.sources import ROOT

README = ROOT / "README.md"
COMMANDS = ROOT / "docs" / "commands.md"
PAGES = sorted((ROOT / "docs").glob("*.md"))
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


@pytest.mark.parametrize("page", [README, *PAGES], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link
