"""The file of a registry's kept state: JSON, for its owner alone, which appears whole or not at all.

It is not signed. It is the word of the machine that wrote it, about what the chain's nodes said then: who can change
the file can make honest certificates revoked in the new registry, or leave a revocation out. Keep it as the records.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from issuer.disk.private_files import replace_private
from issuer.errors import MovingError
from issuer.registry.kept_state import KeptBatch, KeptRevocation, KeptState
from issuer.registry.signed_acts import Place
from verifier.core.hashes import ZERO, from_hex, is_hex, to_hex
from verifier.core.registry import RegistryInfo
from verifier.plain_file import read_plain_text

_VERSION = 1
_MOST_BYTES = 1 << 30


@dataclass(frozen=True)
class StateFile:
    """What a registry said at one block."""

    programme: str
    network: str
    place: Place
    block: int
    time: int
    """Before this moment everything was final; Unix seconds."""
    institutions: tuple[KeptState, ...]

    def institution(self, domain: str) -> KeptState:
        """One of them.

        Raises:
            MovingError: it is not among them.
        """
        for each in self.institutions:
            if each.domain == domain:
                return each
        raise MovingError(f"The kept state has no institution {domain}.")


def state_of(info: RegistryInfo, block: int, time: int, institutions: Sequence[KeptState]) -> StateFile:
    """The file for this registry."""
    place = Place.of(info.chain_id, info.address)
    return StateFile(info.programme, info.network, place, block, time, tuple(institutions))


def write_state(path: Path, state: StateFile) -> None:
    """Write it.

    Raises:
        MovingError: it cannot be written; what was there before stays.
    """
    data = {
        "sanad_state": _VERSION,
        "programme": state.programme,
        "network": state.network,
        "chain_id": state.place.chain_id,
        "registry": state.place.address,
        "block": state.block,
        "time": state.time,
        "institutions": [_written(each) for each in state.institutions],
    }
    try:
        replace_private(path, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise MovingError(f"{path} cannot be written: {error.strerror}.") from None


def read_state(path: Path) -> StateFile:
    """Read it.

    Raises:
        MovingError: it cannot be read, or is something else.
    """
    try:
        data = json.loads(read_plain_text(path, _MOST_BYTES))
        if data["sanad_state"] != _VERSION:
            raise ValueError
        place = Place.of(_whole(data["chain_id"]), _text(data["registry"]))
        found = tuple(_read(each) for each in data["institutions"])
        named = _text(data["programme"]), _text(data["network"])
        return StateFile(*named, place, _whole(data["block"]), _whole(data["time"]), found)
    except OSError as error:
        raise MovingError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MovingError(f"{path} is not a registry's state as sanad registry state writes it.") from None


def _written(kept: KeptState) -> dict[str, Any]:
    return {
        "domain": kept.domain,
        "name": kept.name,
        "admin": kept.admin,
        "may_certify": kept.may_certify,
        "suspended": kept.suspended,
        "batches": {to_hex(root): asdict(each) for root, each in kept.batches.items()},
        "revocations": {
            to_hex(each): {
                "reason": why.reason,
                "replacement": None if why.replacement == ZERO else to_hex(why.replacement),
                "revoked_at": why.revoked_at,
                "writer": why.writer,
            }
            for each, why in kept.revocations.items()
        },
        "distrusted": dict(kept.distrusted),
        "unseen": kept.unseen,
        "settled": sorted(kept.settled),
    }


def _read(data: Mapping[str, Any]) -> KeptState:
    return KeptState(
        _text(data["domain"]),
        _text(data["name"]),
        _text(data["admin"]),
        _flag(data["may_certify"]),
        _flag(data["suspended"]),
        {_hash(root): _batch(each) for root, each in data["batches"].items()},
        {_hash(each): _revocation(why) for each, why in data["revocations"].items()},
        {_text(key): _whole(since) for key, since in data["distrusted"].items()},
        _whole(data["unseen"]),
        frozenset(_text(each) for each in data["settled"]),
    )


def _batch(data: Mapping[str, Any]) -> KeptBatch:
    size, issued_at, withdrawn_at = (_whole(data[name]) for name in ("size", "issued_at", "withdrawn_at"))
    return KeptBatch(
        size, issued_at, _text(data["signer"]), _flag(data["adopted"]), _flag(data["counts"]), withdrawn_at
    )


def _revocation(data: Mapping[str, Any]) -> KeptRevocation:
    replacement, moment, writer = data["replacement"], data["revoked_at"], data["writer"]
    return KeptRevocation(
        _whole(data["reason"]),
        ZERO if replacement is None else _hash(replacement),
        None if moment is None else _whole(moment),
        None if writer is None else _text(writer),
    )


def _hash(text: Any) -> bytes:
    if not is_hex(text):
        raise ValueError
    return from_hex(text)


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value
