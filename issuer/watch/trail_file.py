"""Acts of another machine, from a file that `sanad trail --json` wrote there.

    {"sanad_trail": 1, "made": "…", "acts": [{"institution", "chain_id", "registry", "key", "outcome", "function",
                                              "arguments", …}, …]}

It is believed as the settings are that name it: a person who can write it can explain everything.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from issuer.errors import WatchError
from issuer.watch.alerts import Place
from issuer.watch.changes import Act, facts_left
from verifier.core.canonical import parse
from verifier.core.errors import JsonError
from verifier.core.hashes import from_hex
from verifier.plain_file import read_plain
from verifier.toml_table import checksummed

_BYTES = 200_000_000
_TOOK_EFFECT = ("done", "not known", "written for a multisig, not sent", "written for a multisig, done since")


class TrailFile:
    """One such file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def acts(self, place: Place, domain: str | None = None) -> list[Act]:
        """The acts on a registry, and of one institution where it is named, that took effect or may have.

        Raises:
            WatchError: it cannot be read, or is not such a file.
        """
        try:
            return list(self._acts(place, domain))
        except OSError as error:
            raise WatchError(f"{self._path}, named in [watch] explained, cannot be read: {error.strerror}.") from None
        except (ValueError, KeyError, TypeError, AttributeError, JsonError):
            raise WatchError(
                f"{self._path}, named in [watch] explained, is not what sanad trail --json writes. Write it again."
            ) from None

    def _acts(self, place: Place, domain: str | None) -> Iterator[Act]:
        data: Any = parse(read_plain(self._path, _BYTES), _BYTES)
        if data["sanad_trail"] != 1:
            raise ValueError("another version")
        for each in data["acts"]:
            if each["function"] is None or each["outcome"] not in _TOOK_EFFECT or each["registry"] is None:
                continue
            if (each["chain_id"], each["registry"].lower()) != (place.chain_id, place.address.lower()):
                continue
            if domain is None or each["institution"] == domain:
                yield _checked(each)


def _checked(each: Mapping[str, Any]) -> Act:
    """An act whose arguments are of the kind that the contract takes."""
    given = dict(each["arguments"])
    for name in ("signer", "key", "nominee", "admin", "registry", "newOwner", "authority"):
        if name in given:
            given[name] = checksummed(str(given[name]))
    for name in ("commitments", "roots"):
        given |= {name: [from_hex(value) for value in given[name]]} if name in given else {}
    if "root" in given:
        given["root"] = from_hex(given["root"])
    act = Act(str(each["function"]), given, checksummed(str(each["key"])), each["institution"] or "")
    facts_left([act])  # so that what is missing is found here
    return act
