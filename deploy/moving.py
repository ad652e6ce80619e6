"""Moving a whole programme from one registry to another: institutions are accredited and moved, the successor named.

The institutions' part is issuer/registry/moving.py's; here is the programme's, and both in their order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_utils.address import to_checksum_address

from deploy.moving_direction import check_open, check_origin, check_recorded, place_of
from deploy.programme_acts import ProgrammeActs, programme_acts, programme_key
from issuer.errors import MovingError
from issuer.office.key_choice import KeyChoice, Seat
from issuer.office.office import ADMIN, Office, named, open_office
from issuer.registry.act import Act
from issuer.registry.institution import InstitutionActs
from issuer.registry.kept_state import old_state_in, without
from issuer.registry.moving import Arrival, Move, OldState, batch_files, batches_of, old_state_of
from issuer.registry.own_records import what_we_recorded
from issuer.registry.signed_acts import signed_revocations
from issuer.registry.state_file import StateFile, read_state
from issuer.settings import load_key_settings
from verifier.archive_folder import FolderArchive
from verifier.core.batch_file import BatchFile
from verifier.core.errors import RegistryUnavailableError
from verifier.core.registry import RegistryInfo

_OWNER = KeyChoice()
"""The key that the settings name."""


@dataclass(frozen=True)
class Wishes:
    """What was asked for."""

    old: str
    """The registry that is left: its address, or its network's name."""
    new: str
    domains: Sequence[str] = ()
    """The institutions; where none is named, all of the old registry, or, if its chain is dead, of the archive."""
    dead: bool = False
    """The old chain is dead: the issuer's own records say what was registered."""
    state: Path | None = None
    """What the old registry said while its chain answered, kept by `sanad registry state`: used where it is silent."""
    leave: Sequence[bytes] = ()
    """Roots of batches that are not to be adopted."""
    name_successor: bool = False
    key: KeyChoice = field(default_factory=KeyChoice)
    """The institutions' admin's key."""


@dataclass(frozen=True)
class Step:
    """One act of the move, and the registry that it is done in."""

    act: Act
    info: RegistryInfo


class Moving:
    """A move, as far as it has come; the registries are asked again each time.

    Args:
        config: a sanad.toml with both registries; the old one may be marked as retired.
        wishes: what was asked for.

    Raises:
        SettingsError, MovingError: the settings do not name both registries.
    """

    def __init__(self, config: Path | None, wishes: Wishes) -> None:
        office = open_office(config)
        self.wishes = wishes
        known = (*office.settings.registries, *office.settings.retired)
        self.old, self.new = named(known, wishes.old), named(known, wishes.new)
        self._place = place_of(self.old)
        if self._place == place_of(self.new):
            raise MovingError("The old registry and the new one are the same.")
        self.old_office, self.office = office.at(self.old), office.at(self.new)
        self._old, self._new = self.old.registry(), self.new.registry()
        self._archive = FolderArchive(office.archive_folder)
        self.kept = None if wishes.state is None else self._kept_where_silent(wishes.state)
        """The kept state, where it is used: the old chain gives no answer."""
        if wishes.name_successor and (wishes.dead or self.kept is not None):
            raise MovingError("A dead chain takes no successor: leave out --name-successor.")
        self.domains = tuple(wishes.domains) or self._all_domains()
        self.waiting: dict[str, str] = {}
        """Institutions whose own admin, at this address, has to run the move."""

    def old_state(self, domain: str) -> OldState:
        """What one institution has in the old registry, without what is to be left out.

        Raises:
            RegistryUnavailableError: the old registry gave no trustworthy answer.
            MovingError: its chain is said to be dead, and there are no records.
        """
        return without(self._found(domain), self.wishes.leave)

    def check_direction(self) -> None:
        """Refuse what would lead back to where the batches came from, before anything is sent.

        Raises:
            MovingError: it would.
            RegistryUnavailableError: a registry gave no trustworthy answer.
        """
        known = (*self.office.settings.registries, *self.office.settings.retired)
        check_open(self.old, self.new, known)
        if self.wishes.dead and self.kept is None:
            with self.office.records() as store:
                check_recorded(store, self.new)
            return
        for domain in self.domains:
            roots = [file.root for file in self._files(domain)]
            check_origin(self.old, self.new, self._adopted_in_old(domain, roots), batches_of(self._new, domain, roots))

    def steps(self) -> Iterator[Step]:
        """All that is left to do, in order; each supposes that those before it were performed."""
        yield from self._institutions(planned=False)
        if self.wishes.name_successor:
            yield from self._suspensions()
            yield self._successor()
            # What was registered in the old one until just now; from now on it takes no more.
            yield from self._institutions(planned=False)
        elif self.kept is not None and self._is_programme():
            yield from self._suspensions()

    def planned(self) -> Iterator[Step]:
        """What is left to do now, for a dry run."""
        yield from self._institutions(planned=True)

    def successor(self, seat: Seat) -> Act:
        """The act that names the successor, of a multisig that owns the old registry.

        Raises:
            MovingError: something is left to be moved first.
        """
        left = next(self._institutions(planned=True), None) or next(self._suspensions(), None)
        if left is not None:
            domain = left.act.facts.get("institution", "")
            raise MovingError(
                f"The successor is not named yet: {domain} is not whole in the new registry. Move it first."
            )
        return self._successor(KeyChoice(seat=seat)).act

    def _institutions(self, planned: bool) -> Iterator[Step]:
        self.waiting.clear()
        for domain in self.domains:
            old = self.old_state(domain)
            if not self._new.institution(domain)["accreditedAt"]:
                yield self._accreditation(domain)
                if planned:
                    continue  # nobody can act for it before
                self._new.refresh()
            yield from self._moved(domain, Arrival(self._new, old), planned)

    def _moved(self, domain: str, arrival: Arrival, planned: bool) -> Iterator[Step]:
        if not arrival.old.batches and not arrival.old.revocations:
            return
        acts, admin = self._acts(domain), to_checksum_address(self._new.institution(domain)["admin"])
        if acts is not None and acts.registry.sender.address == admin:
            move = Move(acts, arrival)
            yield from (Step(act, self.new.info) for act in (move.planned() if planned else move.acts()))
        elif not arrival.is_whole():
            self.waiting[domain] = admin

    def _suspensions(self) -> Iterator[Step]:
        """Suspend again who was suspended: not before its batches are adopted, which a suspended one cannot do."""
        for domain in self._suspended():
            if domain not in self.waiting and not self._new.institution(domain)["suspended"]:
                yield Step(self._programme(self.office).suspend(domain), self.new.info)

    def _suspended(self) -> list[str]:
        if self.kept is not None:
            return [each.domain for each in self.kept.institutions if each.suspended and each.domain in self.domains]
        return [record["domain"] for record in self._old.institutions() if record["suspended"]]

    def _accreditation(self, domain: str) -> Step:
        if (self.kept is None and self.wishes.dead) or (self.kept is not None and not self._is_programme()):
            raise MovingError(f"{domain} is not accredited in the new registry: sanad accredit {domain} …")
        return Step(self._programme(self.office).accredit(domain, *self._accredited(domain)), self.new.info)

    def _accredited(self, domain: str) -> tuple[str, str, bool]:
        """Name, admin and permission to certify in the old registry."""
        if self.kept is not None:
            kept = self.kept.institution(domain)
            return kept.name, kept.admin, kept.may_certify
        record = self._old.institution(domain)
        if not record["accreditedAt"]:
            raise MovingError(self.old_office.not_accredited(domain, "the old registry"))
        return record["name"], record["admin"], record["mayCertify"]

    def _successor(self, choice: KeyChoice = _OWNER) -> Step:
        for registry in (self._old, self._new):
            registry.refresh()
        if behind := [record["domain"] for record in self._old.institutions() if self._is_behind(record["domain"])]:
            names = ", ".join(behind)
            raise MovingError(f"The successor is not named yet: not everything of {names} is in the new registry.")
        acts = self._programme(self.old_office, choice)
        return Step(acts.name_successor(self.new.info.chain_id, self.new.info.address), self.old.info)

    def _is_behind(self, domain: str) -> bool:
        old = self.old_state(domain)
        accredited = self._new.institution(domain)["accreditedAt"]
        return bool(old.unseen) or not accredited or not Arrival(self._new, old).is_whole()

    def _all_domains(self) -> tuple[str, ...]:
        if self.kept is not None:
            found = [each.domain for each in self.kept.institutions]
        elif self.wishes.dead:
            found = sorted({name.partition("/")[0] for name in self._archive.batches()})
        else:
            found = [record["domain"] for record in self._old.institutions()]
        if not found:
            raise MovingError("There is nothing to move: no institution is known.")
        return tuple(found)

    def _found(self, domain: str) -> OldState:
        if self.kept is None:
            return self._recorded(domain) if self.wishes.dead else self._asked(domain)
        with self.office.records() as store:
            return old_state_in(self.kept.institution(domain), self._files(domain), store, self._place)

    def _adopted_in_old(self, domain: str, roots: Sequence[bytes]) -> dict[bytes, int]:
        """When each batch was adopted in the old registry, of those that were."""
        if self.kept is not None:
            kept = self.kept.institution(domain).batches
            return {root: each.issued_at for root, each in kept.items() if each.adopted}
        records = batches_of(self._old, domain, roots)
        return {root: record["issuedAt"] for root, record in records.items() if record["adopted"]}

    def _kept_where_silent(self, path: Path) -> StateFile | None:
        state = read_state(path)
        if state.place != self._place:
            raise MovingError(
                f"{path} is of the registry {state.place.address} on chain {state.place.chain_id}, and not of "
                f"{self._place.address} on chain {self._place.chain_id}."
            )
        try:
            self._old.block_number()
        except RegistryUnavailableError:
            return state
        return None

    def _is_programme(self) -> bool:
        """Whether the settings here name the programme's key."""
        return programme_key(self.office).place is not None

    def _asked(self, domain: str) -> OldState:
        with self.office.records() as store:
            return old_state_of(self._old, domain, self._files(domain), signed_revocations(store, domain))

    def _recorded(self, domain: str) -> OldState:
        with self.office.records() as store:
            if store is None:
                raise MovingError(
                    "The issuer's own records are not here: without them a dead chain cannot be replaced."
                )
            return what_we_recorded(store, self._archive, domain, self._place)

    def _files(self, domain: str) -> list[BatchFile]:
        return batch_files(self._archive, domain)

    def _acts(self, domain: str) -> InstitutionActs | None:
        """Of the admin whose key is here; a programme has none, mostly."""
        if self.wishes.key.key is None and load_key_settings(self.office.path, "issuer", ADMIN).place is None:
            return None
        return self.office.institution(domain, self.wishes.key)

    def _programme(self, office: Office, choice: KeyChoice = _OWNER) -> ProgrammeActs:
        return programme_acts(office, choice)


def data_of(old: OldState) -> dict[str, Any]:
    """What the old registry has, as JSON-ready data."""
    return {
        "institution": old.domain,
        "batches": {"0x" + root.hex(): size for root, size in old.batches.items()},
        "revocations": len(old.revocations),
        "withdrawn": ["0x" + root.hex() for root in sorted(old.withdrawn)],
        "left": {"0x" + root.hex(): why for root, why in old.left.items()},
        "unseen": old.unseen,
    }
