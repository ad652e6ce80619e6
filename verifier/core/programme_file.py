"""The file that a programme publishes on its own domain: its present and former registries (SPEC.md section 14)."""

import json
import re
from dataclasses import dataclass

from verifier.core.canonical import parse
from verifier.core.errors import JsonError, ProgrammeFileError

PATH = "/.well-known/sanad.json"
FILE_BYTES = 65_536
_REGISTRY = re.compile(r"eip155:([1-9][0-9]{0,18}):(0x[0-9a-f]{40})", re.IGNORECASE | re.ASCII)
_RETIRED_MOST = 100
_NAME = re.compile(
    "[^\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]{1,200}"
)
_WORD = re.compile("[^ \xa0\u200c\u200d]")
_KEYS = {"sanad", "programme", "registry", "retired"}


@dataclass(frozen=True)
class Place:
    """A registry, by its chain and its address in lower case."""

    chain_id: int
    address: str

    def __str__(self) -> str:
        return f"eip155:{self.chain_id}:{self.address}"


@dataclass(frozen=True)
class ProgrammeFile:
    """One registry of a programme is current; the retired ones yield no verdict."""

    programme: str
    registry: Place
    retired: tuple[Place, ...] = ()


def parse_programme_file(data: bytes) -> ProgrammeFile:
    """Read a programme's file.

    Raises:
        ProgrammeFileError: it is not one, or its content is impossible.
    """
    try:
        value = parse(data, FILE_BYTES)
    except JsonError as error:
        raise ProgrammeFileError("The programme's file is not JSON: {why}", why=error.sentence) from None
    if not isinstance(value, dict) or not value.keys() >= _KEYS:
        raise ProgrammeFileError("The programme's file lacks one of: sanad, programme, registry, retired.")
    if value["sanad"] != 1 or type(value["sanad"]) is not int:
        raise ProgrammeFileError("The programme's file is of a version that is not known here.")
    name, retired = value["programme"], value["retired"]
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not _WORD.search(name):
        raise ProgrammeFileError("The programme's file has no name of at most 200 characters.")
    if not isinstance(retired, list) or len(retired) > _RETIRED_MOST:
        raise ProgrammeFileError("The programme's file has no list of at most 100 retired registries.")
    current, old = _place(value["registry"]), tuple(_place(each) for each in retired)
    if current in old or len(set(old)) != len(old):
        raise ProgrammeFileError("The programme's file names a registry twice.")
    return ProgrammeFile(name, current, old)


def write_programme_file(file: ProgrammeFile) -> bytes:
    """The bytes to publish; reading them gives the file again.

    Raises:
        ProgrammeFileError: its content is impossible.
    """
    value = {
        "sanad": 1,
        "programme": file.programme,
        "registry": str(file.registry),
        "retired": [str(each) for each in file.retired],
    }
    data = (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")
    parse_programme_file(data)
    return data


def _place(text: object) -> Place:
    found = _REGISTRY.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ProgrammeFileError("The programme's file names a registry that is not eip155:<chain>:<address>.")
    return Place(int(found[1]), found[2].lower())
