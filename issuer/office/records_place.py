"""Where an installation keeps what it has, by its sanad.toml."""

from dataclasses import dataclass
from pathlib import Path

from issuer.office.office import ADMIN, Office
from issuer.records import RecordsPlace
from issuer.records.place import in_folder
from issuer.settings import load_issuer_settings, load_key_settings
from verifier.settings import find_settings, load_settings


@dataclass(frozen=True)
class Place:
    """Settings, records, data folder, archive, and the key files that the settings name."""

    path: Path
    records: RecordsPlace
    data: Path
    archive: Path | None
    keys: tuple[Path, ...]
    origin: str | None = None
    """The verifier's address, with which links begin."""


def place_of(config: Path | None, restoring: bool = False) -> Place:
    """Read it from a sanad.toml; `restoring` as for load_issuer_settings.

    Raises:
        SettingsError, IssuerSettingsError: it is missing or wrong.
    """
    path = config or find_settings()
    issuing, settings = load_issuer_settings(path, restoring), load_settings(path)
    keys = [key for key in (issuing.signer_key.file, issuing.institution_key) if key is not None]
    return Place(path, issuing.records, issuing.data, settings.archive, tuple(keys), settings.origin)


def place_in(office: Office) -> Place:
    """The same of an opened office, which need not issue: without [issuer] the folder `data` beside its sanad.toml."""
    known, settings = load_key_settings(office.path, "issuer", ADMIN), office.settings
    data = known.data or office.path.resolve().parent / "data"
    return Place(office.path, known.records or in_folder(data), data, settings.archive, (), settings.origin)
