"""A move that leads back is refused before anything is sent; a registry is its address and its chain."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deploy.deployment.opening import naming, write_settings
from deploy.deployment.records import Deployed as Deployment
from deploy.moving_direction import check_open, check_origin, named_fully
from issuer.errors import ActError, MovingError
from issuer.office.office import named
from verifier.core.errors import RegistryUnavailableError
from verifier.core.registry import RegistryInfo

HERE, THERE = "0x" + "aA" * 20, "0x" + "Bb" * 20
ROOT = b"\x01" * 32


@dataclass(frozen=True)
class Known:
    """A registry of the settings, and the one that it names as its successor, if it answers."""

    network: str
    address: str
    chain_id: int
    after: tuple[int, str] | None = None
    silent: bool = False
    info: RegistryInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "info", RegistryInfo("P", self.network, self.chain_id, self.address, True))

    def registry(self) -> "Known":
        return self

    def successor(self) -> str | None:
        if self.silent:
            raise RegistryUnavailableError("No node gave an answer.")
        return None if self.after is None else self.after[1]

    def successor_chain(self) -> int | None:
        return None if self.after is None else self.after[0]


A = Known("a-net", HERE, 1)
B = Known("b-net", HERE, 2)
"""At the address of A, on another chain."""


@pytest.mark.parametrize(
    ("old", "new", "others", "sentence"),
    [
        (A, B, (), None),
        (A, Known("b-net", HERE, 2, (1, HERE)), (), "This is the wrong way round: "),
        (
            A,
            Known("b-net", HERE, 2, (1, HERE.lower())),
            (),
            f"--from {HERE}@b-net --to {HERE}@a-net. Nothing was sent.",
        ),
        (
            A,
            Known("b-net", HERE, 2, (3, HERE)),
            (),
            f"it has named {HERE.lower()} on chain 3 as its successor. Move to",
        ),
        (A, Known("b-net", HERE, 2, (1, THERE)), (), "takes no more batches: it has named"),
        (A, Known("b-net", HERE, 2, (3, THERE)), (Known("c-net", THERE, 3, (1, HERE)),), "the wrong way round"),
        (A, Known("b-net", HERE, 2, (3, THERE)), (Known("c-net", THERE, 3, (2, HERE)),), "takes no more batches"),
        (A, Known("b-net", HERE, 2, (3, THERE)), (Known("c-net", THERE, 3, silent=True),), "takes no more batches"),
        (Known("a-net", HERE, 1, silent=True), Known("b-net", HERE, 2, (1, HERE)), (), "the wrong way round"),
    ],
)
def test_by_the_successors(old: Any, new: Any, others: tuple[Any, ...], sentence: str | None) -> None:
    if sentence is None:
        check_open(old, new, (old, new, *others))
        return
    with pytest.raises(MovingError) as refused:
        check_open(old, new, (old, new, *others))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("adopted", "there", "refused"),
    [
        ({}, {ROOT: {"issuedAt": 5, "adopted": False}}, False),
        ({ROOT: 9}, {}, False),
        ({ROOT: 9}, {ROOT: {"issuedAt": 0, "adopted": False}}, False),
        ({ROOT: 9}, {ROOT: {"issuedAt": 5, "adopted": True}}, False),
        ({ROOT: 5}, {ROOT: {"issuedAt": 9, "adopted": False}}, False),
        ({ROOT: 9}, {ROOT: {"issuedAt": 5, "adopted": False}}, True),
    ],
)
def test_by_the_batches(adopted: dict[bytes, int], there: dict[bytes, dict[str, Any]], refused: bool) -> None:
    if not refused:
        check_origin(A, B, adopted, there)  # type: ignore[arg-type]
        return
    with pytest.raises(MovingError, match="This would lead in a ring: the batch 0x0101"):
        check_origin(A, B, adopted, there)  # type: ignore[arg-type]


def test_a_registry_is_named_by_address_network_or_both() -> None:
    known: Any = (A, B, Known("c-net", THERE, 3))
    for wanted, found in (
        ("a-net", A),
        ("B-NET", B),
        (f"{HERE}@b-net", B),
        (f"{HERE.lower()}@a-net", A),
        (f"b-net:{HERE}", B),
        (THERE.upper(), known[2]),
        (named_fully(B), B),  # type: ignore[arg-type]
    ):
        assert named(known, wanted) is found
    for wanted, sentence in (
        (HERE, f"means 2 of the registries in sanad.toml: {HERE} (a-net), {HERE} (b-net), {THERE} (c-net). Give"),
        (HERE, f"Give address and network: {HERE}@a-net."),
        (f"{THERE}@a-net", "means 0 of the registries"),
    ):
        with pytest.raises(ActError) as refused:
            named(known, wanted)
        assert sentence in str(refused.value)
    with pytest.raises(ActError, match=r"means 2 of .* Give an address\."):
        named((A, Known("a-net", THERE, 1)), "a-net")  # type: ignore[arg-type]


def test_settings_that_name_the_address_on_another_chain_get_the_new_registry(tmp_path: Path) -> None:
    path = tmp_path / "sanad.toml"
    path.write_text(f'# once {HERE}\n[[registry]]\nprogramme = "P"\nnetwork = "a-net"\naddress = "{HERE.lower()}"\n')
    there = Deployment("b-net", 2, HERE, THERE, 1, "plain", None, None, None, None, "", "")
    assert naming(path, there) is None
    write_settings(path, there, "P")
    assert naming(path, there) == path
    before = path.read_text()
    assert before.count("[[registry]]") == 2
    write_settings(path, there, "P")
    assert path.read_text() == before
