"""Reads a table of a TOML file and collects every mistake in it, not only the first."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from verifier.core.hashes import keccak256

_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
_REQUIRED: Any = object()


class Table:
    """A table of the file; every mistake in it is added to `problems`."""

    def __init__(self, values: Mapping[str, Any], name: str, problems: list[str]) -> None:
        self.values, self.name, self.problems = values, name, problems

    def only(self, known: tuple[str, ...]) -> None:
        """Report every unknown key, with the nearest known one."""
        for key in self.values:
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0.5)
                advice = f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(known)}."
                self.problems.append(f"{self.name}: {key} is not known. {advice}")

    def take(self, key: str, kind: type, meaning: str, default: Any = _REQUIRED) -> Any:
        """The value of a key; None, and a problem reported, if it is missing or of another type."""
        if key not in self.values:
            if default is not _REQUIRED:
                return default
            self.problems.append(f"{self.name}: {key} is missing. Set it to {meaning}.")
            return None
        value = self.values[key]
        if type(value) is not kind or value == "":
            self.wrong(key, meaning)
            return None
        return value

    def amount(self, key: str, largest: int, default: Any = _REQUIRED) -> Any:
        """A number from 0 up, whole or not."""
        kind = int if type(self.values.get(key)) is int else float
        value = self.take(key, kind, "a number", default)
        if value is not None and not 0 <= value <= largest:  # which nan is not either
            self.wrong(key, f"a number from 0 to {largest}")
            return None
        return value

    def address(self, key: str, meaning: str, default: Any = _REQUIRED) -> Any:
        """An address on a chain."""
        address = self.take(key, str, meaning, default)
        if address is None:
            return None
        if _ADDRESS.fullmatch(address) is None:
            self.wrong(key, "0x and 40 hex digits")
        elif address != address.lower() and address != checksummed(address):
            self.wrong(key, "an address without a typing error (its capital letters are a checksum, EIP-55)")
        return address

    def number(self, key: str, largest: int, default: Any = _REQUIRED, smallest: int = 1) -> Any:
        """A whole number within limits."""
        value = self.take(key, int, "a whole number", default)
        if value is not None and key in self.values and not smallest <= value <= largest:
            self.wrong(key, f"a whole number from {smallest} to {largest}")
        return value

    def wrong(self, key: str, meaning: str) -> None:
        """Report that a key's value is not what it must be."""
        self.problems.append(f"{self.name}: {key} must be {meaning}.")


def checksummed(address: str) -> str:
    """An address with the capital letters of EIP-55."""
    digits = address[2:].lower()
    sums = keccak256(digits.encode("ascii")).hex()
    return "0x" + "".join(digit.upper() if int(sums[at], 16) > 7 else digit for at, digit in enumerate(digits))


def is_http(url: str) -> bool:
    """Whether a text is an http or https address with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
