"""What a sanad.toml asks to watch: read before every round, so that changed settings and new institutions count."""

import shlex
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from issuer.errors import StoreError, WatchError
from issuer.keys.key_history import KeyHistory
from issuer.mail.settings import load_mail_settings
from issuer.records import open_existing
from issuer.records.place import RecordsPlace, in_folder
from issuer.settings import KeySettings, load_key_settings
from issuer.watch.alerts import Place, Typed
from issuer.watch.clues import Clues
from issuer.watch.institution import InstitutionView
from issuer.watch.lists import Lists
from issuer.watch.memory import MemoryFile
from issuer.watch.notifying import Letters, Teller, Webhook
from issuer.watch.own import Reader, domains_of, key_in_settings, keys_in_settings
from issuer.watch.programme import ProgrammeView
from issuer.watch.settings import WatchSettings, load_watch_settings
from issuer.watch.watching import Plan, View, Watch
from verifier.archive_folder import FolderArchive
from verifier.plain_file import read_plain_text
from verifier.settings import RegistrySettings, Settings, find_settings, load_settings

_PROGRAMME_KEYS = ("owner_key", "passphrase_file")


@dataclass
class Opener:
    """Opens the watches of a sanad.toml, and keeps those whose settings have not changed.

    Args:
        config: the file that was named; else one is found.
        log: where alerts are printed.
        programme: watch as the programme. None: where the settings have no [issuer] and a [programme].
    """

    config: Path | None
    log: Teller
    programme: bool | None = None

    def __post_init__(self) -> None:
        self._path = (self.config or find_settings()).absolute()
        self._text: str | None = None
        self._made: dict[str, Watch] = {}

    def first(self) -> Plan:
        """The plan to begin with.

        Raises:
            SettingsError, IssuerSettingsError, WatchError, MailSettingsError: what is missing or wrong.
        """
        plan = self._plan(())
        if not plan.watches and not plan.problems:
            raise WatchError(f'{self._path}: there is nobody to watch over yet. Name them: [watch] domains = ["…"].')
        return plan

    def again(self, before: Plan) -> Plan:
        """The plan now; errors as `first`."""
        return self._plan([watch.view.name for watch in before.watches])

    def _plan(self, before: Sequence[str]) -> Plan:
        text = read_plain_text(self._path) if self._path.exists() else None
        settings, wishes = load_settings(self._path), load_watch_settings(self._path)
        kept = load_key_settings(self._path, "issuer", "admin_key")
        if text != self._text:
            self._made, self._text = {}, text
        tellers = _tellers(self._path, wishes, self.log)
        folder = (kept.data or self._path.parent) / "watch"
        problems: dict[str, str] = {}
        watches: list[Watch] = []
        for registry in settings.registries:
            place = _place(registry)
            views = self._views(settings, wishes, kept, registry, before, problems)
            for key, name, view in views:
                if key not in self._made:
                    earlier = _earlier(folder, settings, place, name)
                    memory = MemoryFile(folder / str(place), name, earlier)
                    self._made[key] = Watch(view(), memory, tellers, options=self._seen_options())
                self._made[key].tellers = tellers
                watches.append(self._made[key])
        return Plan(watches, tellers, wishes.every_seconds, wishes.blind_after_seconds, folder, problems)

    def _views(
        self,
        settings: Settings,
        wishes: WatchSettings,
        kept: KeySettings,
        registry: RegistrySettings,
        before: Sequence[str],
        problems: dict[str, str],
    ) -> Iterator[tuple[str, str, Callable[[], View]]]:
        place = _place(registry)
        if self._is_programme():
            yield f"{place} programme", "programme", lambda: self._programme_view(settings, wishes, registry)
            return
        records = _records(self._path, kept)
        archive = None if settings.archive is None else FolderArchive(settings.archive)
        folder = (kept.data or self._path.parent) / "watch" / str(place)
        domains = wishes.domains or tuple(sorted({*before, *_remembered(folder)}))
        if not wishes.domains:
            try:
                domains = tuple(sorted({*domains, *_domains(records, archive)}))
            except StoreError as error:
                problems["records"] = str(error)
        for domain in domains:
            view = lambda domain=domain: self._institution_view(  # noqa: E731
                settings, wishes, kept, registry, domain
            )
            yield f"{place} {domain}", f"watch-{domain}", view

    def _institution_view(
        self, settings: Settings, wishes: WatchSettings, kept: KeySettings, registry: RegistrySettings, domain: str
    ) -> InstitutionView:
        place, records = _place(registry), _records(self._path, kept)
        archive = None if settings.archive is None else FolderArchive(settings.archive)
        keys = (*keys_in_settings(self._path), *wishes.keys)
        issuing = key_in_settings(self._path, "signer_key")
        reader = Reader(records, archive, domain, place, keys, wishes.explained, issuing)
        asked = registry.registry()
        lists = None
        if archive is not None:
            lists = Lists(domain, asked.at_final_block(), records, archive, _multikeys(self._path))
        clues = Clues(registry.nodes, place)
        typed = self._typed(settings, registry, kept.place is not None, "the institution's admin")
        return InstitutionView(asked, place, domain, reader, clues, lists, typed, len(settings.registries) == 1)

    def _programme_view(self, settings: Settings, wishes: WatchSettings, registry: RegistrySettings) -> ProgrammeView:
        owner = load_key_settings(self._path, "programme", "owner_key", _PROGRAMME_KEYS)
        issuer = load_key_settings(self._path, "issuer", "admin_key").records
        places = [in_folder(self._path.parent / "data") if issuer is None else issuer]
        typed = self._typed(settings, registry, owner.place is not None, "the registry's owner")
        return ProgrammeView(registry.registry(), _place(registry), places, wishes.explained, typed)

    def _typed(self, settings: Settings, registry: RegistrySettings, has_key: bool, whose: str) -> Typed:
        several = len(settings.registries) > 1
        which = f" --registry {registry.info.address}" if several else ""
        if not has_key:
            return Typed(which, f" These settings name no key of {whose}: type it on the machine that has it.")
        return Typed(which if self.config is None else f"{which} --config {self._quoted()}")

    def _seen_options(self) -> str:
        programme = " --programme" if self.programme else ""
        return programme if self.config is None else f"{programme} --config {self._quoted()}"

    def _quoted(self) -> str:
        return shlex.quote(str(self._path))

    def _is_programme(self) -> bool:
        if self.programme is not None:
            return self.programme
        document = tomllib.loads(read_plain_text(self._path))
        return "issuer" not in document and "programme" in document


def _place(registry: RegistrySettings) -> Place:
    return Place(registry.info.chain_id, registry.info.address)


def _records(path: Path, kept: KeySettings) -> RecordsPlace:
    """The records; of a machine without [issuer], where its acts are kept."""
    return kept.records or in_folder(kept.data or path.parent / "data")


def _domains(records: RecordsPlace, archive: FolderArchive | None) -> tuple[str, ...]:
    store = open_existing(records)
    if store is None:
        return domains_of(None, archive)
    with closing(store):
        return domains_of(store, archive)


def _remembered(folder: Path) -> tuple[str, ...]:
    """The institutions that were watched before: also where the records that named them are lost."""
    return tuple(sorted(path.stem.removeprefix("watch-") for path in folder.glob("watch-*.json")))


def _earlier(folder: Path, settings: Settings, place: Place, name: str) -> Path | None:
    """What an earlier version remembered of the registry, which it named by its address alone.

    Where the settings name two registries at this address, on two chains, nobody knows which one it was.
    """
    known = [_place(each) for each in (*settings.registries, *settings.retired)]
    if sum(each.address.lower() == place.address.lower() for each in known) != 1:
        return None
    return folder / place.address.lower() / f"{name}.json"


def _multikeys(path: Path) -> Callable[[], Collection[str]]:
    """The keys whose signature on a status list is the institution's: public, kept beside its key file."""

    def read() -> Collection[str]:
        document = tomllib.loads(read_plain_text(path))
        table = document.get("issuer")
        name = table.get("institution_key") if isinstance(table, dict) else None
        if not isinstance(name, str):
            return ()
        listed = KeyHistory.beside(path.parent / name).listed()
        return [each.multikey for each in listed if each.revoked is None]

    return read


def _tellers(path: Path, wishes: WatchSettings, log: Teller) -> Mapping[str, Teller]:
    tellers: dict[str, Teller] = {"log": log}
    if wishes.mail:
        tellers["mail"] = Letters(load_mail_settings(path), wishes.mail)
    if wishes.webhook is not None:
        tellers["webhook"] = Webhook(wishes.webhook, wishes.webhook_secret)
    return tellers
