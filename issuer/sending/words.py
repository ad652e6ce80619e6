"""A node's own words, made fit to be shown: no control characters, no addresses, which may hold a key, and not long."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

MOST = 200
"""Characters that are kept of what a node says."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_SHORTEST_SECRET = 8
_NUMBER = re.compile(r"0x[0-9a-f]+|\d+", re.IGNORECASE)


def cleaned(said: str, secrets: Iterable[str] = ()) -> str:
    """Words as they may be printed at a terminal and kept in the records.

    Args:
        said: by a node.
        secrets: what must not be shown, as `secrets_of` finds it.
    """
    plain = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in said[: 10 * MOST])
    for secret in secrets:
        plain = plain.replace(secret, "…")
    words = " ".join(_ADDRESS.sub("…", plain).split())
    return words if len(words) <= MOST else words[: MOST - 1] + "…"


def secrets_of(url: str) -> tuple[str, ...]:
    """The parts of a node's address that may be a key; nodes repeat them in their errors."""
    parts = urlsplit(url)
    values = [value for _, value in parse_qsl(parts.query)]
    found = [parts.username, parts.password, *parts.path.split("/"), *values]
    return tuple(each for each in found if each and len(each) >= _SHORTEST_SECRET)


def alike(said: str) -> str:
    """The same for words that differ in their numbers alone, such as a balance or a hash."""
    return _NUMBER.sub("#", said.lower())
