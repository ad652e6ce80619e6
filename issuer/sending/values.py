"""Prices, costs and patience."""

from dataclasses import dataclass

from verifier.chain.networks import Chain

FINAL_SECONDS = 120.0
"""How long finality is waited for before what is written is left to a later run."""


@dataclass(frozen=True)
class Pricing:
    """Wei a unit of gas: never less than the floor, whatever the node suggests, and never more than the cap."""

    floor: int = Chain.price_floor
    cap: int = Chain.price_cap

    @classmethod
    def of(cls, chain: Chain) -> "Pricing":
        """The bounds that a chain's settings give (verifier/networks.toml)."""
        return cls(chain.price_floor, chain.price_cap)

    def bumped(self, price: int, suggested: int) -> int | None:
        """The price that replaces an attempt at `price`: 12.5 % more, or what nodes suggest now; None over the cap.

        Nodes ask for 10 % more on both fees.
        """
        higher = max(-(-price * 9 // 8), suggested, self.floor)
        return higher if higher <= self.cap else None


@dataclass(frozen=True)
class Cost:
    """What a transaction may cost at most, in wei, and what the key has."""

    gas: int
    price: int
    balance: int

    @property
    def wei(self) -> int:
        """Gas times price."""
        return self.gas * self.price
