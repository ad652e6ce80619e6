"""Strict JSON in, RFC 8785 canonical bytes out (SPEC.md section 2)."""

import json
import math
import re
from typing import Any, NoReturn

import rfc8785

from verifier.core.errors import JsonError
from verifier.core.limits import LIMITS

Json = Any
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def parse(data: bytes, limit: int = LIMITS.envelope_bytes) -> Json:
    """Parse UTF-8 JSON within the limits of SPEC.md section 2.

    Refused: more than `limit` bytes, a byte-order mark, invalid UTF-8, lone surrogates, duplicate keys,
    non-finite numbers, whole numbers beyond ±(2^53−1), nesting deeper than 32, anything after the value.

    Raises:
        JsonError: with one sentence that says which.
    """
    if len(data) > limit:
        raise JsonError(
            "The JSON has {size} bytes; at most {limit} are accepted.", size=f"{len(data):,}", limit=f"{limit:,}"
        )
    if data.startswith(BYTE_ORDER_MARK):
        raise JsonError("The JSON starts with a byte-order mark; save it as plain UTF-8.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError("Byte {number} is not UTF-8.", number=error.start) from None
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except json.JSONDecodeError:
        # Without the parser's own words: they differ between Python versions.
        raise JsonError("This is not well-formed JSON (RFC 8259).") from None
    _check_strings(value)
    return value


def canonical(value: Json) -> bytes:
    """The RFC 8785 bytes of a parsed value.

    Raises:
        JsonError: the value holds something that canonical JSON cannot say.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError) as error:
        raise JsonError("This value has no canonical form: {reason}.", reason=str(error)) from None


def _check_depth(text: str) -> None:
    # Before json.loads, whose recursion would end in RecursionError on hostile input.
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found[0] in "[{":
            depth += 1
            if depth > LIMITS.json_depth:
                raise JsonError("The JSON is nested deeper than {number} levels.", number=LIMITS.json_depth)
        elif found[0] in "]}":
            depth -= 1


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise JsonError("The key {key} stands twice in one object.", key=repr(key))
            seen.add(key)
    return value


def _integer(token: str) -> int:
    # A long token is refused before int() spends quadratic time on it.
    if len(token) > 17 or abs(int(token)) > LIMITS.integer:
        raise JsonError("The number {number} is beyond ±(2^53−1).", number=token[:24])
    return int(token)


def _float(token: str) -> float:
    value = float(token)
    if not math.isfinite(value):
        raise JsonError("The number {number} is not finite.", number=token[:24])
    if value.is_integer() and abs(value) > LIMITS.integer:
        raise JsonError("The number {number} is beyond ±(2^53−1).", number=token[:24])
    return value


def _constant(token: str) -> NoReturn:
    raise JsonError("{value} is not a JSON number.", value=token)


def _check_strings(value: Json) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and not item.isascii():
            _check_surrogates(item)


def _check_surrogates(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise JsonError(
            "A string holds a lone surrogate ({code}).", code=f"U+{ord(error.object[error.start]):04X}"
        ) from None
