"""How people name a certificate to a command: an argument or two options, the same everywhere."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])
METAVAR = "PDF|LINK|HASH|CODE"
NAME = click.option("--name", help="Or by the student's name, or a part of it, among the records.")
NUMBER = click.option("--number", help="Or by the student number, among the records.")


def naming(function: Function) -> Function:
    """Give a command the arguments `certificate`, `name` and `number`, for `certificate_meant`."""
    return click.argument("certificate", required=False, metavar=f"[{METAVAR}]")(NAME(NUMBER(function)))
