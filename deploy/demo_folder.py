"""The demonstration's folder: whose it is, whether one is begun or kept there, and what would be lost with it."""

import contextlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from deploy.errors import DemoError
from issuer.errors import IssuerError
from issuer.records import BatchState, Records
from issuer.records.place import in_folder

MARK = "# Written by sanad demo, which continues with what is in this folder; --fresh starts over."
CHAIN = "chain.sqlite"
"""The file that the embedded chain is kept in."""
_ANY_MARK = "# Written by sanad demo"
_BEGUN = ".begun"
"""Is in the folder while the first run has not come to its end: nobody can have made anything there yet."""
_OURS = {"sanad.toml", "keys", "data", "archive", "certificates", "roster.csv", "course.toml", _BEGUN}


class Content(Enum):
    """What a folder holds."""

    NOTHING = "nothing"
    BEGUN = "a first run that was cut off"
    KEPT = "a demonstration"


@dataclass(frozen=True)
class Loss:
    """What is lost when a demonstration is started over."""

    batches: int
    certificates: int
    since: str
    others: tuple[str, ...]
    """Files and folders there that the demonstration did not make."""

    @property
    def issued(self) -> str:
        """How many certificates, for people."""
        since = f" (the first of {self.since[:10]})" if self.since else ""
        certificates = "1 certificate" if self.certificates == 1 else f"{self.certificates:,} certificates"
        classes = "1 class" if self.batches == 1 else f"{self.batches:,} classes"
        return f"{certificates} of {classes}{since}"

    def __str__(self) -> str:
        """For people, without a full stop."""
        others = f", and what you put there: {', '.join(self.others)}" if self.others else ""
        return f"{self.issued}, with their chain, registry, keys and records{others}"


def content_of(folder: Path) -> Content:
    """What a folder holds.

    Raises:
        DemoError: it was not written by `sanad demo`, or cannot be read.
    """
    try:
        entries = {path.name for path in folder.iterdir()} if folder.exists() else set()
        if not entries:
            return Content.NOTHING
        if entries == {_BEGUN} or (_BEGUN in entries and _starts_with_mark(folder / _BEGUN)):
            return Content.BEGUN
        if "sanad.toml" in entries and _starts_with_mark(folder / "sanad.toml"):
            return Content.KEPT
    except NotADirectoryError:
        raise DemoError(f"{folder} is not a folder. Choose another: --out.") from None
    except OSError as error:
        raise DemoError(f"{folder} cannot be read: {error.strerror}.") from None
    raise DemoError(f"{folder} was not written by sanad demo and is left alone. Choose another folder: --out.")


def loss(folder: Path) -> Loss:
    """What would be lost if a kept demonstration was started over; what cannot be counted is counted as none."""
    mine = sorted(path.name for path in folder.iterdir() if path.name not in _OURS)
    made_later = (CHAIN, "certificates-", "accredited", "trusted")
    others = tuple(name for name in mine if not name.startswith(made_later))
    batches = []
    place = in_folder(folder / "data")
    with contextlib.suppress(IssuerError):
        if place.exists:
            with closing(Records(place)) as store:
                batches = [batch for batch in store.batches() if batch.state is not BatchState.CANCELLED]
    since = min((batch.drafted for batch in batches), default="")
    return Loss(len(batches), sum(batch.size for batch in batches), since, others)


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder for a new demonstration; where that fails it is as it was before.

    Raises:
        DemoError: it cannot be written.
    """
    old = folder.with_name(f".{folder.name}.old")
    before = content_of(folder) is Content.KEPT
    try:
        if before:
            shutil.rmtree(old, ignore_errors=True)
            folder.rename(old)
        else:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / _BEGUN).write_text(MARK + "\n", encoding="utf-8")
        (folder / "keys").mkdir(mode=0o700)
    except OSError as error:
        raise DemoError(f"{folder} cannot be written: {error.strerror}.") from None
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if before:
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def complete(folder: Path) -> None:
    """Note that a new demonstration came to its end: from now on it is continued."""
    (folder / _BEGUN).unlink()


def _starts_with_mark(path: Path) -> bool:
    try:
        return path.read_text(encoding="utf-8").startswith(_ANY_MARK)
    except UnicodeDecodeError:
        return False
