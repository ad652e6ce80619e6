"""Keeping what a registry says now, for a move when its chain is dead (issuer/registry/kept_state.py)."""

from collections.abc import Sequence
from pathlib import Path

from issuer.errors import MovingError
from issuer.office.office import open_office
from issuer.registry.kept_state import keep, lost_since
from issuer.registry.moving import batch_files
from issuer.registry.state_file import StateFile, read_state, state_of, write_state
from verifier.archive_folder import FolderArchive


def keep_state(config: Path | None, path: Path, domains: Sequence[str] = (), registry: str | None = None) -> StateFile:
    """Ask the registry at a final block, and write the file, in place of an earlier state of the same registry.

    Args:
        config: a sanad.toml.
        path: the file.
        domains: the institutions; where none is named, all of the registry.
        registry: which one, where the settings name several.

    Raises:
        SettingsError, ActError: the settings do not name one registry.
        RegistryUnavailableError: it gave no trustworthy answer.
        MovingError: the file is something else, or has what the registry has lost: it stays as it is.
    """
    office = open_office(config, which=registry)
    asked = office.registry.at_final_block()
    archive = None if office.settings.archive is None else FolderArchive(office.settings.archive)
    names = tuple(domains) or tuple(str(record["domain"]) for record in asked.institutions())
    found = []
    with office.records() as store:
        for domain in names:
            if not asked.institution(domain)["accreditedAt"]:
                raise MovingError(f"{domain} is not an institution of this registry. Nothing was written.")
            found.append(keep(asked, domain, [] if archive is None else batch_files(archive, domain), store))
    state = state_of(office.registry_settings.info, asked.block_number(), asked.finalized_time(), found)
    if path.exists():
        _check_nothing_lost(path, read_state(path), state)
    write_state(path, state)
    return state


def _check_nothing_lost(path: Path, before: StateFile, now: StateFile) -> None:
    if before.place != now.place:
        raise MovingError(
            f"{path} is of another registry, {before.place.address} on chain {before.place.chain_id}. Name another "
            "file."
        )
    lost = list(lost_since(before.institutions, {each.domain: each for each in now.institutions}))
    if before.block > now.block:
        lost.append(f"the blocks after {now.block:,}")
    if lost:
        raise MovingError(
            f"{path} has what is missing now: {', '.join(lost)}. Was the chain reset, or is part of the archive gone? "
            "The file stays as it was. Look into it, then move the file away."
        )
