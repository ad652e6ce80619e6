"""Prices, costs and patience."""

from dataclasses import dataclass

from verifier.chain.networks import Chain, variable

FINAL_SECONDS = 120.0
"""How long finality is waited for before what is written is left to a later run."""


@dataclass(frozen=True)
class Pricing:
    """Wei a unit of gas: never less than the floor, whatever the node suggests, and never more than the cap."""

    floor: int = Chain.price_floor
    cap: int = Chain.price_cap
    network: str | None = None
    """The network whose settings say so."""

    @classmethod
    def of(cls, chain: Chain, network: str | None = None) -> "Pricing":
        """The bounds that a chain's settings give (verifier/networks.toml)."""
        return cls(chain.price_floor, chain.price_cap, network)

    def setting(self, key: str) -> str:
        """Where a bound is set, for people: its key, its value now, its table and its environment variable."""
        gwei = (self.floor if key == "price_floor_gwei" else self.cap) / 1e9
        where = "in the settings" if self.network is None else f"under [networks.{self.network}] in sanad.toml"
        also = "" if self.network is None else f", or set {variable(self.network, key)}"
        return f"{key} (now {gwei:.10g}) {where}{also}"

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
