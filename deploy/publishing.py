"""A programme's word on its own domain: the file that verifiers read who trust the domain (SPEC.md section 14)."""

from pathlib import Path

from deploy.errors import PublishingError
from deploy.registry_view import registry_data
from issuer.office.office import open_office
from verifier.core.errors import ProgrammeFileError
from verifier.core.programme_file import PATH, Place, ProgrammeFile, write_programme_file
from verifier.settings import RegistrySettings


def programme_file(config: Path | None) -> ProgrammeFile:
    """What a sanad.toml says of the programme: its one registry, and those that are marked as retired.

    Raises:
        SettingsError, ActError: the settings do not name one registry.
        NodeUnusableError: the node gave no usable answer.
        PublishingError: the registry has a successor, which is the one to publish.
    """
    office = open_office(config)
    known, data = office.registry_settings, registry_data(config)
    if data["successor"] is not None:
        raise PublishingError(
            f"The registry {known.info.address} has a successor, {data['successor']}: mark it as retired in "
            f"{office.path}, and name the successor."
        )
    return ProgrammeFile(known.info.programme, _place(known), tuple(map(_place, office.settings.retired)))


def publish(file: ProgrammeFile, folder: Path) -> Path:
    """Write the file where a web server finds it; `folder` is what the server shows as the domain's root.

    Raises:
        PublishingError: it cannot be written, or is no file that verifiers would take.
    """
    path = folder / PATH.lstrip("/")
    try:
        data = write_programme_file(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.replace(path)
    except ProgrammeFileError as error:
        raise PublishingError(str(error)) from None
    except OSError as error:
        raise PublishingError(f"{path} cannot be written: {error.strerror}.") from None
    return path


def _place(one: RegistrySettings) -> Place:
    return Place(one.info.chain_id, one.info.address.lower())
