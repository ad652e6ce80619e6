"""Moves that would lead back, the wrong way round or in a ring: they are refused before anything is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from issuer.errors import MovingError
from issuer.records import Records
from issuer.registry.own_records import is_issued
from issuer.registry.signed_acts import Place
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import to_hex
from verifier.settings import RegistrySettings

_MOST_STEPS = 8


def place_of(registry: RegistrySettings) -> Place:
    """Which registry it is: an address means nothing without its chain."""
    return Place.of(registry.info.chain_id, registry.info.address)


def check_open(old: RegistrySettings, new: RegistrySettings, known: Sequence[RegistrySettings]) -> None:
    """See that the new registry takes batches, and does not lead back to the old one by its successors.

    Raises:
        MovingError: it is closed.
        RegistryUnavailableError: it gave no trustworthy answer.
    """
    after = _successor(new)
    if after is None:
        return
    by_place = {place_of(each): each for each in known}
    named, steps = after, 1
    while named != place_of(old) and named in by_place and steps < _MOST_STEPS:
        try:
            following = _successor(by_place[named])
        except RegistryUnavailableError:
            break
        if following is None:
            break
        named, steps = following, steps + 1
    if named == place_of(old):
        raise MovingError(
            f"This is the wrong way round: {_name(new)} was left for {_name(old)}, and takes no more batches. The "
            f"other way: {_other_way(old, new)}. Nothing was sent."
        )
    raise MovingError(
        f"{_name(new)} takes no more batches: it has named {named.address} on chain {named.chain_id} as its successor. "
        "Move to that one. Nothing was sent."
    )


def check_origin(
    old: RegistrySettings, new: RegistrySettings, adopted: Mapping[bytes, int], there: Mapping[bytes, Mapping[str, Any]]
) -> None:
    """See that the old registry has no batch that was taken over from the new one.

    Args:
        old: the one that is left.
        new: the one that takes its place.
        adopted: when each batch was adopted in the old one, of those that were.
        there: what the new one has on record, by root.

    Raises:
        MovingError: it has.
    """
    for root, when in adopted.items():
        record = there.get(root)
        if record is not None and record["issuedAt"] and not record["adopted"] and record["issuedAt"] < when:
            raise MovingError(
                f"This would lead in a ring: the batch {to_hex(root)} was first registered in {_name(new)}, and taken "
                f"from there to {_name(old)}. The other way: {_other_way(old, new)}. Nothing was sent."
            )


def check_recorded(store: Records | None, new: RegistrySettings) -> None:
    """See that our own records registered something elsewhere than in the new registry.

    Raises:
        MovingError: they registered everything there.
    """
    issued = [batch for batch in store.batches() if is_issued(batch)] if store is not None else []
    places = {Place.of(each.chain_id, each.registry) for each in issued if each.chain_id and each.registry}
    if places == {place_of(new)}:
        raise MovingError(
            f"This is the wrong way round: our own records registered all their batches in {_name(new)}. Nothing was "
            "sent."
        )


def _successor(registry: RegistrySettings) -> Place | None:
    asked = registry.registry()
    address, chain_id = asked.successor(), asked.successor_chain()
    return None if address is None or chain_id is None else Place.of(chain_id, address)


def _name(registry: RegistrySettings) -> str:
    return f"{registry.info.address} ({registry.info.network})"


def _other_way(old: RegistrySettings, new: RegistrySettings) -> str:
    return f"--from {named_fully(new)} --to {named_fully(old)}"


def named_fully(registry: RegistrySettings) -> str:
    """As `--registry`, `--from` and `--to` take it, whatever else the settings name."""
    return f"{registry.info.address}@{registry.info.network}"
