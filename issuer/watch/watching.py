"""One look at an institution, and looking again and again."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from issuer.errors import WatchError
from issuer.mail.settings import load_mail_settings
from issuer.records import open_existing
from issuer.records.place import RecordsPlace, in_folder
from issuer.settings import load_key_settings
from issuer.watch.alerts import Alert, Kind, alerts, remembered
from issuer.watch.memory import MemoryFile
from issuer.watch.notifying import Letters, Teller, Webhook, tell_all
from issuer.watch.own import domains_of, keys_in_settings, known_as_own
from issuer.watch.settings import WatchSettings, load_watch_settings
from issuer.watch.sight import Known, Watched, look
from verifier.archive_folder import FolderArchive
from verifier.core.errors import RegistryUnavailableError
from verifier.settings import find_settings, load_settings

BLIND_SECONDS = 300
"""After how long without a trustworthy answer the watch says that it sees nothing."""


@dataclass(frozen=True)
class Watch:
    """One institution under watch."""

    registry: Watched
    domain: str
    known: Callable[[], Known]
    """Reads what the institution knows to be its own."""
    memory: MemoryFile
    tellers: Sequence[Teller]
    clock: Callable[[], float] = time.time

    def look(self, thorough: bool = False) -> list[Alert]:
        """Look once; report what is new. Returns everything that is not explained, reported before or not.

        Args:
            thorough: look through all revocations also where the registry has no more of them than before.

        Raises:
            RegistryUnavailableError: too few nodes gave the same trustworthy answers.
            WatchError: the memory cannot be read or written.
        """
        kept = self.memory.load()
        counted = None if thorough else kept.memory.revocations
        sight, own = look(self.registry, self.domain, int(self.clock()), self.known, counted)
        found = list(alerts(sight, own, kept.memory))
        fresh = kept.unreported(found)
        if not fresh or tell_all(self.tellers, fresh):
            # Where reporting failed nothing is remembered: the next look finds, and reports, the same again.
            self.memory.save(replace(kept, memory=remembered(sight, kept.memory)).with_reported(fresh))
        return found


def open_watches(config: Path | None, log: Teller) -> tuple[list[Watch], WatchSettings]:
    """The watches that a sanad.toml asks for.

    Raises:
        SettingsError, WatchError, MailSettingsError: what is missing or wrong.
    """
    path = config or find_settings()
    settings, wishes = load_settings(path), load_watch_settings(path)
    kept = load_key_settings(path, "issuer", "admin_key")
    data = kept.data or path.resolve().parent
    records = kept.records or in_folder(data)
    archive = None if settings.archive is None else FolderArchive(settings.archive)
    keys = (*keys_in_settings(path), *wishes.keys)
    tellers = _tellers(path, wishes, log)
    found = []
    for domain in wishes.domains or _domains(records, archive):
        for registry in settings.registries:
            memory = MemoryFile(data / "watch" / registry.info.address.lower(), domain)
            reader = _reader(records, archive, domain, keys)
            found.append(Watch(registry.registry(), domain, reader, memory, tellers))
    if not found:
        raise WatchError(f'{path}: there is nobody to watch over yet. Name them: [watch] domains = ["…"].')
    return found, wishes


def keep_watching(watches: Sequence[Watch], seconds: float, end: threading.Event) -> None:
    """Look at each institution every so many seconds, until `end` is set."""
    blind: dict[int, float] = {}
    while not end.is_set():
        for number, watch in enumerate(watches):
            try:
                watch.look()
                blind.pop(number, None)
            except RegistryUnavailableError as error:
                since = blind.setdefault(number, time.monotonic())
                if time.monotonic() - since >= BLIND_SECONDS:
                    tell_all(watch.tellers, [blindness(watch.domain, str(error))])
                    blind[number] = time.monotonic() + 11 * BLIND_SECONDS  # again in an hour, if it continues
        end.wait(seconds)


def blindness(domain: str, why: str) -> Alert:
    """The alert for a registry that cannot be asked."""
    text = f"The registry cannot be asked, so nothing that happens under {domain} would be noticed now. {why}"
    return Alert(Kind.BLIND, domain, text, about="blind")


def _domains(records: RecordsPlace, archive: FolderArchive | None) -> tuple[str, ...]:
    store = open_existing(records)
    if store is None:
        return domains_of(None, archive)
    with closing(store):
        return domains_of(store, archive)


def _reader(
    records: RecordsPlace, archive: FolderArchive | None, domain: str, keys: tuple[str, ...]
) -> Callable[[], Known]:
    def read() -> Known:
        store = open_existing(records)
        if store is None:
            return known_as_own(None, archive, domain, keys)
        with closing(store):
            return known_as_own(store, archive, domain, keys)

    return read


def _tellers(path: Path, wishes: WatchSettings, log: Teller) -> list[Teller]:
    tellers: list[Teller] = [log]
    if wishes.mail:
        tellers.append(Letters(load_mail_settings(path), wishes.mail))
    if wishes.webhook is not None:
        tellers.append(Webhook(wishes.webhook, wishes.webhook_secret))
    return tellers
