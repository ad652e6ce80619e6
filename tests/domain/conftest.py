from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.domain.servers import Site, Zone, make_certificates, serve_site, serve_zone


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An authority's certificate, and a server's."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def site(certificates: tuple[Path, Path]) -> Iterator[Site]:
    """The university's web server."""
    with serve_site(certificates[1]) as site:
        yield site


@pytest.fixture
def zone() -> Iterator[Zone]:
    """The university's name server."""
    with serve_zone() as zone:
        yield zone
