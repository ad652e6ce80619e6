"""Coins for the keys that act: topped up to an amount, so that doing it again sends nothing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from issuer.errors import ActError
from issuer.keys.files import address_named
from issuer.registry.act import Act
from issuer.sending import Sender, reading

_COIN = 10**18


def wei_of(coins: str) -> int:
    """An amount of coins, such as 0.01, in wei.

    Raises:
        ActError: it is not one.
    """
    try:
        amount = Decimal(coins) * _COIN
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount <= 0 or amount != int(amount):
        raise ActError(f"{coins} is not an amount of coins. Write it as 0.01.")
    return int(amount)


def top_ups(sender: Sender, keys: Sequence[str], wei: int) -> list[Act]:
    """Let each of the keys have as many wei as that; errors as `top_up`.

    Raises:
        ActError: the key that gives has fewer than are missing in all.
    """
    acts = [top_up(sender, key, wei) for key in keys]
    missing = sum(max(0, wei - _balance(sender, address)) for address in {address_named(key) for key in keys})
    has = _balance(sender, sender.address)
    if missing and has <= missing:
        raise ActError(
            f"The key {sender.address} has {_coins(has)} and would give {_coins(missing)}, besides gas: send it some, "
            "or give less with --up-to. Nothing was sent."
        )
    return acts


def top_up(sender: Sender, named: str, wei: int) -> Act:
    """Let the key that `named` names (an address, or a keystore file) have as many wei as that.

    Raises:
        ActError: it names none.
        NodeUnusableError: the node gave no usable answer.
    """
    address = address_named(named)
    has = _balance(sender, address)
    missing = max(0, wei - has)
    facts = {"key": address, "has": _coins(has), "gets": _coins(missing), "signed by": sender.address}
    call: Any = _Transfer(sender.web3, address, missing)
    return Act("fund", facts, sender, call, lambda: _balance(sender, address) >= wei)


def _balance(sender: Sender, address: str) -> int:
    web3 = sender.web3
    return int(reading(lambda: web3.eth.get_balance(web3.to_checksum_address(address))))


class _Transfer:
    """Coins on their way, with the two methods by which a Sender knows a contract's call."""

    def __init__(self, web3: Any, address: str, wei: int) -> None:
        self._web3 = web3
        self._fields = {"to": web3.to_checksum_address(address), "value": wei}

    def estimate_gas(self, transaction: Mapping[str, Any]) -> int:
        """The gas that it takes."""
        return int(self._web3.eth.estimate_gas({**transaction, **self._fields}))

    def build_transaction(self, transaction: Mapping[str, Any]) -> dict[str, Any]:
        """The whole transaction."""
        return {**transaction, **self._fields, "data": b""}


def _coins(wei: int) -> str:
    return f"{wei / _COIN:.6f} coins"
