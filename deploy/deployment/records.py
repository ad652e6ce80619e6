"""The records of a deployment: the signed transaction before it is sent, and what is deployed afterwards.

deployments/bsc-testnet.json            # what is deployed; belongs in the programme's archive
deployments/bsc-testnet.pending.json    # signed and perhaps sent; gone once it is deployed
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from deploy.errors import DeploymentError
from issuer.sending import Signed

Record = TypeVar("Record")


@dataclass(frozen=True)
class Deployed:
    """A registry that is deployed on a network."""

    network: str
    chain_id: int
    address: str
    owner: str
    """As the constructor was given it; it may have changed since."""
    serial: int
    way: str
    """"createx" or "plain"."""
    deployer: str | None
    transaction: str | None
    """None, and so the next two, where somebody else's transaction created it."""
    block: int | None
    gas_used: int | None
    compiler: str
    standard_json_sha256: str


@dataclass(frozen=True)
class Pending:
    """A deployment that is signed, and perhaps sent."""

    address: str
    owner: str
    way: str
    deployer: str
    transaction: str
    raw: str

    @property
    def signed(self) -> Signed:
        """The same bytes, to be sent again."""
        return Signed(self.transaction, bytes.fromhex(self.raw[2:]))


class Records:
    """The records of one registry of a network.

    Args:
        folder: where all of them are.
        name: the network's.
        serial: which of an owner's registries there.
    """

    def __init__(self, folder: Path, name: str, serial: int) -> None:
        stem = name if serial == 1 else f"{name}-{serial}"
        self.path = folder / f"{stem}.json"
        self.pending_path = folder / f"{stem}.pending.json"

    def deployed(self) -> Deployed | None:
        """What is known to be deployed.

        Raises:
            DeploymentError: the file cannot be read.
        """
        return _read(self.path, Deployed)

    def pending(self) -> Pending | None:
        """What was signed and is not known to be deployed; errors as `deployed`."""
        return _read(self.pending_path, Pending)

    def keep_pending(self, pending: Pending) -> None:
        """Keep what is about to be sent, on the disk when this returns.

        Raises:
            DeploymentError: the file cannot be written, or another run has signed one in the meantime.
        """
        _write(self.pending_path, pending, first=True)

    def drop_pending(self) -> None:
        """Forget what can no longer be mined."""
        self.pending_path.unlink(missing_ok=True)

    def keep(self, deployed: Deployed) -> None:
        """Write down what is deployed; errors as `keep_pending`."""
        _write(self.path, deployed)
        self.drop_pending()


def _read(path: Path, kind: type[Record]) -> Record | None:
    try:
        return kind(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise DeploymentError(f"The record {path} cannot be read. Correct it, or move it away.") from None


def _write(path: Path, value: Any, first: bool = False) -> None:
    text = json.dumps(asdict(value), ensure_ascii=False, indent=1) + "\n"
    fresh = path.with_suffix(f".{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if first:
            path.hardlink_to(fresh)  # unlike a replacement, it fails where there is one already
            fresh.unlink()
        else:
            fresh.replace(path)
        _sync(path.parent)
    except FileExistsError:
        fresh.unlink(missing_ok=True)
        raise DeploymentError(
            f"Another run is deploying at this moment: {path}. Nothing was sent by this one; run it again in a while."
        ) from None
    except OSError as error:
        raise DeploymentError(f"The record {path} cannot be written: {error.strerror}.") from None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
