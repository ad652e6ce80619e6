"""These tests write a lot, so that nobody waits for a second to pass."""

from tests.chain_fixtures import hasty_embedded_chain as hasty_embedded_chain
