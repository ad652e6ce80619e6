"""The options of every command that reads a roster."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from issuer.roster import ReadOptions
from issuer.roster.columns import mapped_by_hand

_F = TypeVar("_F", bound=Callable[..., Any])
_ENCODINGS = "utf-8, utf-16, utf-16-le, utf-16-be, windows-1252 or windows-1256"
_OPTIONS = (
    click.option("--sheet", metavar="NAME", help="The workbook's sheet. [the first that is shown]"),
    click.option("--encoding", metavar="NAME", help=f"A text file's encoding: {_ENCODINGS}. [found from its bytes]"),
    click.option(
        *("--map", "mapped"),
        multiple=True,
        metavar='"HEADING=COLUMN"',
        help='What a column is, where its heading does not say: --map "Learner=name"; ignore leaves it unread.',
    ),
    click.option("--namesakes", is_flag=True, help="Students who differ only in a number are different people."),
)


def file_options(command: _F) -> _F:
    """Those of them that are about the file alone."""
    for option in reversed(_OPTIONS[:-1]):
        command = option(command)
    return command


def roster_options(command: _F) -> _F:
    """Give a command these options; it hands them on to `read_options`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_options(sheet: str | None, encoding: str | None, mapped: tuple[str, ...], namesakes: bool) -> "ReadOptions":
    """The options as the reader takes them.

    Raises:
        RosterErrors: a `--map` that is not understood.
    """
    return ReadOptions(sheet, encoding, tuple(map(mapped_by_hand, mapped)), namesakes)
