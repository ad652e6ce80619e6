"""`sanad rebuild` for an installation: what is looked through, whose keys are ours, and how far these have sent."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from issuer.batches.progress import SILENT, Progress
from issuer.custody.evidence import Evidence, Gathering
from issuer.custody.marks import KnownMarks, known_marks, share_marks
from issuer.custody.rebuilding import Place, Rebuilding
from issuer.custody.rebuilding_archive import ArchiveRebuilding, RebuiltArchive
from issuer.custody.rebuilt import Rebuilt
from issuer.errors import ActError
from issuer.keys.files import stated_address
from issuer.office.behind import institutions_of
from issuer.office.office import Office
from issuer.records import Records, open_existing
from issuer.sending import Sender, connect_to_any
from verifier.archive_folder import ERASED
from verifier.toml_table import checksummed

_BUSY = "Another rebuild is at work on these records; let it finish."
_FINAL_SECONDS, _POLL_SECONDS = 20.0, 0.5


@dataclass(frozen=True)
class _Named:
    """A key of which only the address is known: enough to count its transactions."""

    address: str


def rebuild_records(
    office: Office,
    folders: Sequence[Path] = (),
    signers: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress = SILENT,
) -> Rebuilt:
    """Build the records again from archive, delivered files and registry; add what is missing, and change nothing.

    Args:
        office: whose.
        folders: where delivered files are, beside the places where they are looked for anyway.
        signers: addresses of further keys whose batches are ours.
        dry_run: only say what would be done.
        progress: gets reports.

    Raises:
        RegistryUnavailableError, NodeUnusableError: the chain could not be asked; what was added stays.
        IssuerError: it cannot be done.
    """
    _check(folders)
    keys = _addresses(office)
    ours = (*keys, *map(_checked_address, signers))
    with _opened(office, dry_run) as store:
        marks = known_marks(store, office.settings.archive)
        evidence = gather(office, store, folders, marks, progress)
        info = office.registry_settings.info
        place = Place(office.issuing.data, info.chain_id, info.address, office.settings.origin or "")
        # Without any file nothing names an institution; the registry says for whom our keys register.
        named = () if evidence.batches else institutions_of(office, ours)
        rebuilding = Rebuilding(evidence, office.registry.at_final_block(), ours, place, named)
        added = 0 if store is None or dry_run else share_marks(store, office.settings.archive, marks)
        progress.stage("Putting batches into the records", 0)
        done = rebuilding.run(store, dry_run, progress.step)
        done.marks = added
        if store is not None and not dry_run:
            _settle(office, store, keys, done)
        return done


def rebuild_archive(
    office: Office, folders: Sequence[Path] = (), dry_run: bool = False, progress: Progress = SILENT
) -> RebuiltArchive:
    """Build the archive again from records, delivered files and registry. Arguments and errors as `rebuild_records`."""
    _check(folders)
    if not office.issuing.records.exists:
        raise ActError("There are no records to build the archive from. First type: sanad rebuild")
    with _opened(office, dry_run=False) as store:
        assert store is not None
        archive, settings = office.archive_folder, office.issuing
        marks = known_marks(store, archive)
        evidence = gather(office, store, folders, marks, progress)
        place = settings.signer_key
        signer = place.address if place.file is None else stated_address(place.file)
        shared = None if signer is None else checksummed(signer)
        registry = office.registry.at_final_block()
        rebuilding = ArchiveRebuilding(store, evidence, registry, archive, settings.data, settings.educator, shared)
        added = 0 if dry_run else share_marks(store, archive, marks)
        progress.stage("Publishing in the archive", 0)
        done = rebuilding.run(dry_run, progress.step)
        done.marks = added
        return done


def gather(
    office: Office, store: Records | None, folders: Sequence[Path], marks: KnownMarks, progress: Progress
) -> Evidence:
    """What archive and folders prove; also the folders that the records name, and those of the data folder."""
    progress.stage("Looking through the files that are left", 0)
    gathering = Gathering(marks.is_erased, progress.step)
    gathering.found.marked = sum(each.kind == ERASED for each in marks.marks)
    if office.settings.archive is not None:
        gathering.archive(office.settings.archive)
    data = office.issuing.data
    recorded = [] if store is None else [Path(batch.out) for batch in store.batches()]
    usual = [data / "certificates", *sorted((data / "batches").glob("*/work")), *recorded]
    seen: set[Path] = set()
    for folder in (*usual, *folders):
        if (place := folder.resolve()) not in seen:
            seen.add(place)
            gathering.folder(folder)
    return gathering.found


def _check(folders: Sequence[Path]) -> None:
    for folder in folders:
        if not folder.is_dir():
            raise ActError(f"{folder} is not a folder. --from names a folder with delivered files. Nothing was done.")


@contextmanager
def _opened(office: Office, dry_run: bool) -> Iterator[Records | None]:
    place = office.issuing.records
    store = open_existing(place) if dry_run else Records(place)
    if store is None:
        yield None
        return
    with closing(store), store.locks.held("rebuild", 0, _BUSY):
        yield store


def _addresses(office: Office) -> list[str]:
    """The addresses of the keys that [issuer] names; nothing is decrypted.

    Raises:
        ActError: it is not clear which key registers batches.
    """
    settings, found = office.issuing, []
    for place in (settings.signer_key, settings.admin_key, settings.relay_key):
        address = None if place is None else place.address if place.file is None else stated_address(place.file)
        if place is settings.signer_key and address is None:
            raise ActError(
                f"{place.name} does not say which address its key has, so it is not clear which batches are ours. "
                "Put the key file back, or let signer_key name it as a remote signer. Nothing was done."
            )
        if address is not None:
            found.append(checksummed(address))
    return list(dict.fromkeys(found))


def _checked_address(text: str) -> str:
    try:
        right = text.startswith("0x") and len(bytes.fromhex(text[2:])) == 20
    except ValueError:
        right = False
    if not right or text not in (checksummed(text), text.lower()):
        raise ActError(f"{text} is not an address, or has a typing error: 0x and 40 hex digits. Nothing was done.")
    return checksummed(text)


def _settle(office: Office, store: Records, keys: Sequence[str], done: Rebuilt) -> None:
    """Note how many transactions each key has sent: what these were for is on record now, or was reported."""
    settings = office.registry_settings
    web3 = connect_to_any(settings.nodes, settings.info.chain_id)
    waiting = []
    for key in keys:
        sender = Sender(web3, cast(Any, _Named(key)))
        final = _final_count(sender)
        if final is None:
            waiting.append(key)
        elif final:
            store.transactions.note_settled(settings.info.chain_id, key, final)
            done.settled[key] = final
    done.waiting = tuple(waiting)


def _final_count(sender: Sender) -> int | None:
    """How many transactions a key has sent, once all that are mined are final; None where they do not become it."""
    deadline = time.monotonic() + _FINAL_SECONDS
    while True:
        final = sender.final_count()
        if final >= sender.mined_count():
            return final
        if time.monotonic() > deadline:
            return None
        time.sleep(_POLL_SECONDS)
