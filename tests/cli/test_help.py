"""`sanad` alone, `sanad help`, and words that are no commands: people are told what to type."""

import inspect
import re
import resource
import subprocess
import sys
import time

import click
import pytest
from click.testing import CliRunner, Result

from deploy.cli import main
from deploy.command_table import COMMANDS, SECTIONS, SYNONYMS
from tests.pace import unit


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    paragraph = " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())
    first = re.split(r"(?<=[.])\s", paragraph)[0]
    assert first == COMMANDS[name].line, "take the docstring's first sentence over into deploy/command_table.py"
    assert command.name == name


def test_sanad_alone_shows_the_sections_and_what_to_try() -> None:
    alone = run()
    assert alone.exit_code == 0
    at = [alone.stdout.index(f"\n{section}:\n") for section in SECTIONS]
    assert at == sorted(at)
    assert all(f"\n  {name} " in alone.stdout for name in COMMANDS)
    assert "Try first:\n  sanad demo " in alone.stdout
    assert run("--help").stdout == run("help").stdout == alone.stdout


def test_help_loads_no_commands_module_and_is_quick() -> None:
    said = "import sys; from deploy.cli import main; main(['{}'], standalone_mode=False)"
    told = "print([name for name in sys.modules if name.split('.')[0] in ('issuer', 'verifier', 'web3', 'rich')])"
    for word in ("--help", "help"):
        done = subprocess.run(
            [sys.executable, "-c", f"{said.format(word)}; {told}"], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"
    before = time.process_time()
    children = _children_seconds()
    subprocess.run([sys.executable, "-c", said.format("--help")], capture_output=True, check=True)
    assert _children_seconds() - children + time.process_time() - before < 10 * unit()


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("words", [["issue"], ["mail", "send"], ["registry"], ["serve", "vc-api"], ["key", "rotate"]])
def test_help_for_one_command_is_its_help(words: list[str]) -> None:
    asked = run("help", *words)
    assert asked.exit_code == 0
    assert asked.stdout.startswith(f"Usage: main {' '.join(words)} ")
    assert asked.stdout.replace("-h, --help", "--help") == run(*words, "--help").stdout.replace("-h, --help", "--help")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["isue"], "There is no command isue. Did you mean issue?"),
        (["ISSUE"], "Did you mean issue?"),
        (["check"], "Did you mean verify?"),
        (["certificate"], "Did you mean issue?"),
        (["certificats"], "Did you mean issue?"),
        (["undo"], "Did you mean revoke?"),
        (["init"], "Did you mean demo?"),
        (["send"], "Did you mean mail send?"),
        (["rotate"], "Did you mean key rotate?"),
        (["xyzzy"], "main help lists them."),
        (["help", "isue"], "Did you mean issue?"),
        (["help", "registry", "shwo"], "Did you mean 'show'?"),
        (["help", "issue", "more"], "issue has no commands of its own. Type: sanad help issue"),
        (["registry", "shwo"], "Did you mean 'show'?"),
        (["mail", "snd"], "Did you mean 'send'"),
        (["serve", "vcapi"], "Did you mean vc-api?"),
        (["issue", "--chek"], "'--check'"),
        (["--hlep"], "'--help'"),
    ],
)
def test_a_mistyped_word_is_answered_with_what_was_meant(words: list[str], said: str) -> None:
    result = run(*words)
    assert (result.exit_code, said in result.stderr) == (2, True), result.output


def test_synonyms_lead_to_commands_and_hide_none() -> None:
    assert not set(SYNONYMS) & set(COMMANDS)
    for meant in set(SYNONYMS.values()) - {"--version"}:
        assert run("help", *meant.split()).exit_code == 0, meant
