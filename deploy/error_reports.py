"""What goes wrong while deploying, reported in a sentence like every other expected error of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from deploy.errors import DeployError
from verifier.commands.opening import CommandError


@contextmanager
def reporting_deploy_errors() -> Iterator[None]:
    """Every DeployError as one sentence; exit code 2."""
    try:
        yield
    except DeployError as error:
        raise CommandError(str(error)) from None
