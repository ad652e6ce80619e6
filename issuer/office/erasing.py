"""Erasing one person's certificate in every part that the institution names: `[issuer] also`, and these settings.

Of each installation: the records, the archive, the delivered files, what killed runs left. Of other folders: the
certificate's own files, whatever they are called now. Batches keep their course, and no roster, so there is nothing of
a person in them. Files that name the person among others (rosters, an export's tables) are reported, not changed.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from issuer.batches.leftovers import work_folders
from issuer.custody.erasing import Erased, check_erasable
from issuer.custody.erasing import erase as erase_in
from issuer.errors import (
    ErasedCertificateError,
    ErasureError,
    IssuerSettingsError,
    SeveralCertificatesError,
    UnknownCertificateError,
)
from issuer.office.certificates import Meant, certificates_meant
from issuer.office.leftovers import sweep
from issuer.office.records_place import Place, place_of
from issuer.records import Records
from issuer.settings import load_issuer_settings
from verifier.archive_folder import FolderArchive
from verifier.core.envelope import Envelope
from verifier.core.errors import SanadError
from verifier.core.hashes import certificate_hash
from verifier.core.limits import LIMITS
from verifier.core.reading import read_file
from verifier.plain_file import read_plain

_SETTINGS = "sanad.toml"
_CERTIFICATES = (".pdf", ".json", ".png", ".svg", ".part")
_TEXTS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".html", ".md")
_MADE = re.compile(r"\d{6}\.(pdf|json)")


@dataclass(frozen=True)
class Parts:
    """Where an institution keeps what it knows of people."""

    places: tuple[Place, ...]
    """Installations: this one first."""
    folders: tuple[Path, ...] = ()
    """Other folders with certificates' files: exports, copies."""

    @property
    def archives(self) -> list[Path]:
        """The archives of all installations."""
        return list(dict.fromkeys(place.archive for place in self.places if place.archive is not None))

    def __str__(self) -> str:
        records = [f"the records {place.records}" for place in self.places]
        archives = [f"the archive {path}" for path in self.archives]
        return ", ".join([*records, *archives, *(f"the folder {path}" for path in self.folders)])


@dataclass(frozen=True)
class Gone:
    """One certificate, erased."""

    hash: bytes
    day: str
    """`YYYY-MM-DD`; the first day where it had been erased before."""
    files: tuple[Path, ...]
    """Files that were removed."""
    recorded: bool
    """Whether records had it."""
    naming: tuple[Path, ...]
    """Files in those folders that name the person or the certificate, and were left: for a person to look at."""


def parts_of(config: Path | None) -> Parts:
    """What a sanad.toml names.

    Raises:
        SettingsError, IssuerSettingsError: it is missing or wrong, or names what is not there.
    """
    own = place_of(config)
    places, folders = [own], []
    for path in load_issuer_settings(own.path).also:
        if path.is_file() or (path / _SETTINGS).is_file():
            places.append(place_of(path if path.is_file() else path / _SETTINGS))
        elif path.is_dir():
            folders.append(path)
        else:
            raise IssuerSettingsError(
                f"{own.path}, [issuer]: also names {path}, which is neither a sanad.toml nor a folder."
            )
    return Parts(tuple(places), tuple(folders))


def meant_in(parts: Parts, text: str | None, name: str | None, number: str | None, every: bool) -> list[Meant | bytes]:
    """The certificates that somebody names, in any of the parts; `H` alone of one that was erased before.

    Args:
        every: all that name and number mean, and not one only.

    Raises:
        NamingError: nothing is named, or several are and `every` was not said.
        UnknownCertificateError: no part holds it; which ones were looked in.
    """
    found: dict[bytes, Meant | bytes] = {}
    unknown: UnknownCertificateError | None = None
    for place in parts.places:
        try:
            for meant in certificates_meant(place, [] if text is None else [text], name, number):
                _add(found, meant)
        except SeveralCertificatesError as error:
            for meant in error.found:
                _add(found, meant)
        except ErasedCertificateError as error:
            found.setdefault(error.hash, error.hash)
        except UnknownCertificateError as error:
            unknown = error
    if not found:
        assert unknown is not None
        raise UnknownCertificateError(f"Nothing was erased. {unknown} Searched: {parts}.", unknown.hash)
    if len(found) > 1 and not (every and text is None):
        raise SeveralCertificatesError("This", [each for each in found.values() if isinstance(each, Meant)])
    return list(found.values())


def _add(found: dict[bytes, Meant | bytes], meant: Meant) -> None:
    known = found.get(meant.hash)
    if not isinstance(known, Meant) or known.batch is None:  # what records say is more than what the archive does
        found[meant.hash] = meant


def see_erasable(parts: Parts, meant: Sequence[Meant | bytes], archive_only: bool = False) -> None:
    """See that these can be erased, before anybody is asked.

    Args:
        archive_only: also where no records have one, because they are lost.

    Raises:
        UnknownCertificateError: no records here have one of them.
        ErasureError: the batch of one is not delivered yet, or the settings name no archive.
    """
    if not parts.archives:
        raise ErasureError(f"{parts.places[0].path} names no archive: set archive in [verifier].")
    with _opened(parts) as stores:
        for each in meant:
            _check(parts, [store for store in stores.values() if store is not None], _hash(each), archive_only)


def erase(parts: Parts, meant: Sequence[Meant | bytes], archive_only: bool = False) -> list[Gone]:
    """Erase certificates in every part. Doing it again finishes what was cut off. Errors as `see_erasable`; and

    Raises:
        ErasureError: a file cannot be removed.
        ArchiveError, StoreError: something cannot be written; type it again.
    """
    see_erasable(parts, meant, archive_only)
    for place in parts.places:
        sweep(place)
    with _opened(parts) as stores:
        return [_erase(parts, stores, _hash(each), None if isinstance(each, bytes) else each.name) for each in meant]


def _hash(meant: Meant | bytes) -> bytes:
    return meant if isinstance(meant, bytes) else meant.hash


@contextmanager
def _opened(parts: Parts) -> Iterator[dict[Place, Records | None]]:
    """The records of each place; None where there are none."""
    with ExitStack() as open_:
        yield {
            place: open_.enter_context(closing(Records(place.records))) if place.records.exists else None
            for place in parts.places
        }


def _check(parts: Parts, stores: Collection[Records], hash_: bytes, archive_only: bool) -> None:
    """See that this can be erased, before anything is."""
    recorded = [store for store in stores if store.batch_of(hash_) is not None]
    for store in recorded:
        check_erasable(store, hash_)
    erased = any(FolderArchive(path).erased(hash_) is not None for path in parts.archives)
    if not recorded and not erased and not archive_only:
        raise UnknownCertificateError(
            f"Nothing was erased: the record of certificate {hash_.hex()} is not here. Searched: {parts}. Erase it at "
            "the office that issued it, or name that office under also in [issuer]. If its records are lost: "
            "--archive-only",
            hash_,
        )


def _erase(parts: Parts, stores: dict[Place, Records | None], hash_: bytes, name: str | None) -> Gone:
    done: list[Erased] = []
    for place, store in stores.items():
        holds = store is not None and store.batch_of(hash_) is not None
        known = place.archive is not None and _is_in(FolderArchive(place.archive), hash_)
        if place.archive is not None and (holds or known):
            done.append(erase_in(store if holds else None, place.archive, hash_))
    files = [path for each in done for path in each.files]
    files += [path for place in parts.places for path in _left_in_work(place.data / "batches", hash_)]
    copies = [path for folder in parts.folders for path in _copies(folder, hash_)]
    for path in (*files, *copies):
        _remove(path)
    naming = [path for folder in parts.folders for path in _naming(folder, hash_, name)]
    day = min(each.day for each in done)
    return Gone(hash_, day, (*files, *copies), any(each.recorded for each in done), tuple(naming))


def _is_in(archive: FolderArchive, hash_: bytes) -> bool:
    return archive.envelope(hash_) is not None or archive.erased(hash_) is not None


def _left_in_work(batches: Path, hash_: bytes) -> Iterator[Path]:
    """What a killed run made of this certificate in the folder of a batch that these records do not have."""
    for folder in sorted(batches.iterdir()) if batches.is_dir() else ():
        for work in work_folders(folder):
            own = [path for path in _files(work, (".pdf", ".json")) if _MADE.fullmatch(path.name)]
            own = [path for path in own if _hash_of(path) == hash_]
            yield from own
            if own:
                yield from (path for path in work.glob("credentials.jsonl"))


def _copies(folder: Path, hash_: bytes) -> Iterator[Path]:
    return (path for path in _files(folder, _CERTIFICATES) if _hash_of(path) == hash_)


def _naming(folder: Path, hash_: bytes, name: str | None) -> Iterator[Path]:
    wanted = [hash_.hex(), *([name.casefold()] if name else [])]
    for path in _files(folder, _TEXTS):
        text = path.read_bytes().decode("utf-8", "replace").casefold()
        if any(each in text for each in wanted):
            yield path


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """The plain files in a folder that may be meant, whether they are small enough to be ours or not."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.name.lower().endswith(endings) and path.is_file() and not path.is_symlink():
            yield path


def _hash_of(path: Path) -> bytes | None:
    """Whose certificate a file is, also one that was changed or cut off after its envelope."""
    try:
        reading = read_file(read_plain(path, LIMITS.file_bytes))
        envelope: Envelope | None = reading.envelope or (reading.found if reading.altered else None)
        if envelope is not None:
            return envelope.hash
        return None if reading.credential is None else certificate_hash(reading.credential)
    except (OSError, SanadError):
        return None


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ErasureError(
            f"{path} cannot be removed ({error.strerror}). Remove it, or allow that, and run the command again."
        ) from None
