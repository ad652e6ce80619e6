"""Fixtures that every folder may use."""

from tests.chain_fixtures import anvil, deployed, embedded_chain

__all__ = ["anvil", "deployed", "embedded_chain"]
