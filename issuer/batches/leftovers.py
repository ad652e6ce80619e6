"""What a run that was killed left in the folders of batches: the next run removes it.

A batch's folder has another name until its row is stored, so that one which was never recorded is known by its name.
Only what the records prove to be left over is removed, and nothing of a batch that another run works on: its lock is
held meanwhile.
"""

import re
import shutil
from contextlib import suppress
from pathlib import Path

from issuer.batches.delivering import WORK
from issuer.errors import BusyError
from issuer.records import Batch, BatchState, Records
from issuer.records.batches import DISCARDED

_NEW = ".part"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_folder(batches: Path, id_: str) -> Path:
    """Where the folder of a batch is until its row is stored."""
    return batches / f"{id_}{_NEW}"


def keep_folder(batches: Path, id_: str) -> None:
    """Give the folder of a recorded batch its own name, also after a run was killed before it did. Errors: OSError."""
    new = new_folder(batches, id_)
    if new.is_dir() and not (batches / id_).exists():
        new.rename(batches / id_)


def remove_folder(batches: Path, id_: str) -> None:
    """Remove all that is kept of a batch."""
    for folder in (batches / id_, new_folder(batches, id_)):
        shutil.rmtree(folder, ignore_errors=True)


def work_folders(folder: Path) -> tuple[Path, Path]:
    """The folders of a batch's folder in which files are made."""
    return folder / WORK, folder / f"{WORK}.again"


def sweep_batches(store: Records, batches: Path) -> int:
    """Remove what killed runs left in the folders of batches; how many folders. What cannot be removed stays."""
    states = {batch.id: batch.state for batch in store.batches()}
    found = 0
    for path in sorted(batches.iterdir()) if batches.is_dir() else ():
        id_ = path.name.removesuffix(_NEW)
        if path.is_dir() and _ID.fullmatch(id_) and _may_be_left(store, path, id_, states.get(id_)):
            with suppress(BusyError, OSError), store.locks.held(f"batch:{id_}", 0, "Another run works on it."):
                found += _sweep(store, batches, id_)
    return found


def _may_be_left(store: Records, path: Path, id_: str, state: BatchState | None) -> bool:
    if path.name.endswith(_NEW) or state is BatchState.CANCELLED:
        return True
    if state is BatchState.DELIVERED:
        return any(folder.exists() for folder in work_folders(path))
    return state is None and _is_discarded(store, id_)


def _sweep(store: Records, batches: Path, id_: str) -> int:
    """As the records are now that nobody else works on it."""
    batch = next((each for each in store.batches() if each.id == id_), None)
    if batch is None or batch.state is BatchState.CANCELLED:
        left = [new_folder(batches, id_)]
        left += [batches / id_] if batch is not None or _is_discarded(store, id_) else []
    else:
        keep_folder(batches, id_)
        left = _unneeded(batch, batches / id_)
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _unneeded(batch: Batch, folder: Path) -> list[Path]:
    if batch.state is not BatchState.DELIVERED:
        return []
    return [each for each in work_folders(folder) if each.exists()]


def _is_discarded(store: Records, id_: str) -> bool:
    return any(entry.did == DISCARDED for entry in store.trail.entries(id_))
