"""What goes wrong while deploying, told in a sentence like every other expected error of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from verifier.commands.verify import CommandError


@contextmanager
def telling() -> Iterator[None]:
    """Every DeployError as one sentence; exit code 2."""
    from deploy.errors import DeployError

    try:
        yield
    except DeployError as error:
        raise CommandError(str(error)) from None
