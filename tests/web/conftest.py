import pytest
from flask.testing import FlaskClient

from tests.doubles import MAINNET
from tests.scenes import Scenes
from verifier.web import create_app

ORIGIN = "https://verify.example.org"


@pytest.fixture(scope="session")
def scenes() -> Scenes:
    """Read only: tests that change the world build their own."""
    return Scenes(MAINNET)


@pytest.fixture
def client(scenes: Scenes) -> FlaskClient:
    return create_app(scenes.verifier, ORIGIN).test_client()


@pytest.fixture
def test_network_client() -> FlaskClient:
    return create_app(Scenes().verifier, ORIGIN).test_client()


@pytest.fixture
def down_client() -> FlaskClient:
    """A verifier whose registry cannot be reached."""
    scenes = Scenes(MAINNET)
    scenes.registry.problem = "None of the 3 nodes answered."
    return create_app(scenes.verifier, ORIGIN).test_client()
