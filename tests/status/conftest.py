"""These tests write a lot, so that nobody waits for a second to pass."""

from collections.abc import Iterator

import pytest

from tests.chain_fixtures import ChainNode, hasty_chain


@pytest.fixture
def embedded_chain() -> Iterator[ChainNode]:
    """A new one for each test, so that its clock is never far ahead of the keys' and lists' moments."""
    with hasty_chain() as chain:
        yield chain
