"""A programme's statement on its own domain: the file that verifiers who trust the domain read (SPEC.md section 14)."""

from pathlib import Path

from deploy.errors import PublishingError
from deploy.registry_view import registry_data
from issuer.disk.shared_folder import PUBLIC_FOLDER, SharedFolder
from issuer.office.office import open_office
from verifier.core.errors import ProgrammeFileError
from verifier.core.programme_file import PATH, Place, ProgrammeFile, write_programme_file
from verifier.settings import RegistrySettings


def programme_file(config: Path | None) -> ProgrammeFile:
    """What a sanad.toml says about the programme: its one registry, and those that are marked as retired.

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
        PublishingError: it cannot be written, or is not a file that verifiers would take.
    """
    path = folder / PATH.lstrip("/")
    try:
        data = write_programme_file(file)
        shared = SharedFolder(folder, PUBLIC_FOLDER)
        shared.make(path.parent)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with shared.open_new(fresh) as written:
            written.write(data)
        fresh.replace(path)
    except ProgrammeFileError as error:
        raise PublishingError(str(error)) from None
    except OSError as error:
        raise PublishingError(f"{path} cannot be written: {error.strerror}.") from None
    return path


def _place(one: RegistrySettings) -> Place:
    return Place(one.info.chain_id, one.info.address.lower())
