"""The registry's views as bytes: the call data for a node, and the values in its answer (SPEC.md section 10).

Imports eth_abi and parts of web3, so import this module late.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector
from eth_utils.address import to_checksum_address

from verifier.chain.values import Query
from verifier.core.hashes import ZERO
from verifier.core.registry import NO_ADDRESS

ABI_FILE = "registry_abi.json"
_ADDRESSES = ("successor", "signer", "withdrawn_by", "revoked_by")
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


@dataclass(frozen=True)
class Witness:
    """Proof that an answer comes from the registry's own storage, and from which block."""

    sentinel: bytes
    number: int
    time: int


class View:
    """One view of the contract: its arguments as call data, its answer as a value."""

    def __init__(self, abi: dict[str, Any]) -> None:
        self._selector = function_abi_to_4byte_selector(cast(Any, abi))
        self._inputs = [collapse_if_tuple(one) for one in abi["inputs"]]
        self._outputs = [collapse_if_tuple(one) for one in abi["outputs"]]
        self._components = [[one["name"] for one in output.get("components", ())] for output in abi["outputs"]]

    def data(self, *arguments: Any) -> str:
        """The call data, hex."""
        return "0x" + (self._selector + encode(self._inputs, arguments)).hex()

    def values(self, answer: bytes) -> tuple[Any, ...]:
        """All values of an answer. Raises whatever eth_abi raises for invalid bytes."""
        return tuple(decode(self._outputs, answer))

    def value(self, answer: bytes) -> Any:
        """The first value of an answer; a struct becomes a dict with its field names."""
        value = self.values(answer)[0]
        return dict(zip(self._components[0], value, strict=True)) if self._components[0] else value

    def structs(self, answer: bytes) -> list[dict[str, Any]]:
        """The list of structs at the end of an answer, each as a dict with its field names."""
        return [dict(zip(self._components[-1], each, strict=True)) for each in self.values(answer)[-1]]

    def witness(self, answer: bytes) -> Witness:
        """The witness at the beginning of the answer of a view about many."""
        sentinel, number, time = self.values(answer)[:3]
        return Witness(sentinel, number, time)


@cache
def view(name: str) -> View:
    """The view of that name."""
    entries = json.loads(files("verifier").joinpath(ABI_FILE).read_text(encoding="utf-8"))
    return View(next(entry for entry in entries if entry["name"] == name))


def ask_verify(domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> str:
    """Call data of `verify`."""
    return view("verify").data(domain, index, commitment, sheet, list(path))


def read_verify(answer: bytes) -> dict[str, Any]:
    """The fields of `Record` in an answer to `verify`, except the finalized time."""
    return _record_fields(view("verify").value(answer))


def ask_verify_many(domain: str, queries: "Sequence[Query]") -> str:
    """Call data of `verifyMany`."""
    asked = [(query.index, query.commitment, query.sheet, list(query.path)) for query in queries]
    return view("verifyMany").data(domain, asked)


def read_verify_many(answer: bytes) -> list[dict[str, Any]]:
    """The same as `read_verify`, for each answer of `verifyMany`."""
    return [_record_fields(values) for values in view("verifyMany").structs(answer)]


def ask_witness() -> str:
    """Call data of the smallest question whose answer carries the sentinel."""
    return view("revocations").data(ZERO, NO_ADDRESS, [])


def read_keys(answer: bytes) -> tuple[int, list[dict[str, Any]]]:
    """The number of all keys, and the keys of this page, in an answer to `keys`."""
    found = view("keys").structs(answer)
    return view("keys").values(answer)[3], [each | {"key": to_checksum_address(each["key"])} for each in found]


def read_witness(answer: bytes) -> Witness:
    """The witness in an answer to `ask_witness`."""
    return view("revocations").witness(answer)


def _record_fields(answer: dict[str, Any]) -> dict[str, Any]:
    values = {_snake(name): value for name, value in answer.items()}
    for name in _ADDRESSES:
        values[name] = to_checksum_address(values[name])
    return values


def _snake(name: str) -> str:
    return _CAPITAL.sub(r"_\1", name).lower()
