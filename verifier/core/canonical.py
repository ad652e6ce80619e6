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

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""U+FEFF in UTF-8, which some editors write at the beginning of a file."""

_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def parse(data: bytes, limit: int = LIMITS.envelope_bytes) -> Json:
    """Parse UTF-8 JSON within the limits of SPEC.md section 2.

    Refused: more than `limit` bytes, a byte-order mark at the beginning, invalid UTF-8, lone surrogates, duplicate
    keys, non-finite numbers, numbers whose double is whole and beyond ±(2^53−1), number tokens of more than 40
    characters, nesting deeper than 32, anything after the value. A number whose double is whole is an `int`,
    however it is written: `1.0` and `1e0` are 1.

    Raises:
        JsonError: one sentence says which.
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
            parse_int=_number,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError:
        # Without the parser's own message, which differs between Python versions.
        raise JsonError("This is not well-formed JSON (RFC 8259).") from None
    _check_strings(value)
    return value


def canonical(value: Json) -> bytes:
    """The RFC 8785 bytes of a parsed value.

    Raises:
        JsonError: the value contains something that canonical JSON cannot express.
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


def _number(token: str) -> int | float:
    # Check its length first: the cost of converting a token grows with the square of its length.
    if len(token) > LIMITS.number_chars:
        raise JsonError("A number in the JSON has more than {limit} characters.", limit=LIMITS.number_chars)
    value = float(token)
    if not math.isfinite(value):
        raise JsonError("The number {number} is not finite.", number=token)
    if not value.is_integer():
        return value
    if abs(value) > LIMITS.integer:
        raise JsonError("The number {number} is beyond ±(2^53−1).", number=token)
    return int(value)


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
