"""Programmes that are trusted by their domain: what they publish is read once and pinned.

To change the registry, the pinned registry must name the new one on the chain (its `successor`), or the operator must
accept it (`sanad registry trust`). So somebody who takes over a domain's server for a day gains no verifier's trust
(SPEC.md section 14).
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from verifier.chain.networks import Network, read_network
from verifier.chain.registry_settings import RegistrySettings, on_network
from verifier.core.canonical import parse
from verifier.core.errors import CertificateError, JsonError, RegistryUnavailableError
from verifier.core.hashes import ZERO
from verifier.core.programme_file import PATH, Place, ProgrammeFile, parse_programme_file
from verifier.domains.fetching import Limits, fetch
from verifier.errors import FetchError, SettingsError
from verifier.plain_file import read_plain
from verifier.settings import Settings

FRESH_SECONDS = 3600
"""How long to wait before asking a programme's domain again, in seconds."""
_SILENT_SECONDS = 60
"""How long to wait before asking a domain that did not answer again, in seconds."""


@dataclass(frozen=True)
class Pin:
    """What is trusted for one domain."""

    file: ProgrammeFile
    asked_at: int = 0
    """When the domain last gave the same answer, in Unix seconds; it is asked again FRESH_SECONDS later."""


@dataclass(frozen=True)
class Change:
    """What a domain says now, and what is pinned for it."""

    domain: str
    before: ProgrammeFile | None
    now: ProgrammeFile


def with_trusted(settings: Settings, say: Callable[[str], None], clock: Callable[[], float] = time.time) -> Settings:
    """The settings with the registries of all programmes that are trusted by their domain.

    Args:
        settings: from a sanad.toml.
        say: shows the operator a message about what is new or was refused.
        clock: Unix seconds.

    Raises:
        SettingsError: a programme was never read before and cannot be read now; or the file of pins cannot be used.
    """
    if not settings.trust.domains:
        return settings
    pins = _read_pins(settings.trust.pins)
    kept = {domain: _pin(settings, domain, pins.get(domain), say, int(clock())) for domain in settings.trust.domains}
    if any(pins.get(domain) != pin for domain, pin in kept.items()):
        _write_pins(settings.trust.pins, {**pins, **kept})
    registries, retired = list(settings.registries), list(settings.retired)
    for domain, pin in kept.items():
        _add(registries, _registry(settings, domain, pin.file, pin.file.registry, retired=False))
        for place in pin.file.retired:
            if (old := _old(settings, pin.file, place)) is not None:
                _add(retired, old)
    # A registry that one programme calls retired is still asked if it is trusted for another reason.
    asked = {_place(one) for one in registries}
    over = tuple(one for one in retired if _place(one) not in asked)
    return replace(settings, registries=tuple(registries), retired=over)


def look(settings: Settings, domain: str) -> Change:
    """What a domain publishes now, and what is pinned for it.

    Raises:
        SettingsError: it cannot be fetched, or cannot be used here.
    """
    pin = _read_pins(settings.trust.pins).get(domain)
    try:
        now = _published(settings, domain)
    except (FetchError, CertificateError) as error:
        raise SettingsError(f"What {domain} publishes cannot be used: {error}") from None
    _registry(settings, domain, now, now.registry, retired=False)
    return Change(domain, None if pin is None else pin.file, now)


def accept(settings: Settings, change: Change, clock: Callable[[], float] = time.time) -> None:
    """Pin what a domain publishes, because the operator accepts it.

    Raises:
        SettingsError: the file of pins cannot be used.
    """
    pins = _read_pins(settings.trust.pins)
    _write_pins(settings.trust.pins, {**pins, change.domain: Pin(change.now, int(clock()))})


def _pin(settings: Settings, domain: str, pin: Pin | None, say: Callable[[str], None], now: int) -> Pin:
    if pin is not None and 0 <= now - pin.asked_at < FRESH_SECONDS:
        return pin
    try:
        said = _published(settings, domain)
    except (FetchError, CertificateError) as error:
        if pin is None:
            raise SettingsError(f"The programme of {domain} is not known here yet: {error}") from None
        return Pin(pin.file, now - FRESH_SECONDS + _SILENT_SECONDS)
    if pin is None:
        _registry(settings, domain, said, said.registry, retired=False)
        say(f"{domain} is trusted from now on: {said.programme}, registry {said.registry}.")
        return Pin(said, now)
    if said.registry == pin.file.registry:
        return Pin(replace(said, programme=pin.file.programme), now)
    try:
        if _is_successor(settings, domain, pin.file, said.registry):
            say(f"{domain} has a new registry, and the old one confirms it: {said.registry}.")
            retired = tuple(dict.fromkeys([*said.retired, pin.file.registry]))
            return Pin(ProgrammeFile(pin.file.programme, said.registry, retired), now)
        why = "which does not name it as its successor"
    except RegistryUnavailableError as error:
        why = f"which could not be asked whether it is its successor. {error}"
    say(
        f"{domain} names another registry, {said.registry}, than the one that is trusted, {pin.file.registry}, "
        f"{why.removesuffix('.')}. The new one is NOT trusted. If it is correct, run: sanad registry trust {domain}"
    )
    return pin


def _published(settings: Settings, domain: str) -> ProgrammeFile:
    found = settings.domains
    limits = Limits(seconds=found.seconds, places=found.places, authorities=found.authorities)
    return parse_programme_file(fetch(f"https://{domain}{PATH}", limits))


def _is_successor(settings: Settings, domain: str, pinned: ProgrammeFile, named: Place) -> bool:
    """Whether the pinned registry itself names the other one as its successor.

    Raises:
        RegistryUnavailableError: too few nodes gave the same trustworthy answer.
    """
    registry = _registry(settings, domain, pinned, pinned.registry, retired=False).registry()
    record = registry.verify("sanad.example", 0, ZERO, ZERO, [])
    return Place(record.successor_chain, record.successor.lower()) == named


def _registry(settings: Settings, domain: str, file: ProgrammeFile, place: Place, retired: bool) -> RegistrySettings:
    network = _network(settings, place)
    if network is None:
        raise SettingsError(
            f"{domain} has its registry on chain {place.chain_id}, which is not known here. Describe the chain under "
            f"[networks.…] in {settings.path}."
        )
    if network.local and not settings.trust.trust_local:
        raise SettingsError(
            f"{domain} has its registry on a local chain. It is trusted only if [verifier] has trust_local = true."
        )
    return on_network(network, file.programme, place.address, retired)


def _old(settings: Settings, file: ProgrammeFile, place: Place) -> RegistrySettings | None:
    """A retired registry; None if its chain is no longer known here, which does no harm."""
    known = _network(settings, place)
    return None if known is None else on_network(known, file.programme, place.address, retired=True)


def _network(settings: Settings, place: Place) -> Network | None:
    for name, values in settings.trust.networks.items():
        if values.get("chain_id") == place.chain_id:
            problems: list[str] = []
            found = read_network(name, values, problems)
            if found is None:
                raise SettingsError("\n".join([f"The network {name} cannot be used:", *problems]))
            return found
    return None


def _add(registries: list[RegistrySettings], one: RegistrySettings) -> None:
    if _place(one) not in map(_place, registries):
        registries.append(one)


def _place(one: RegistrySettings) -> Place:
    return Place(one.info.chain_id, one.info.address.lower())


def _read_pins(path: Path) -> dict[str, Pin]:
    try:
        values: Any = parse(read_plain(path))
        return {domain: _read_pin(value) for domain, value in values.items()}
    except FileNotFoundError:
        return {}
    except (OSError, JsonError, ValueError, TypeError, KeyError, AttributeError):
        raise SettingsError(
            f"{path}, which keeps the programmes' registries, cannot be read. Repair it, or move it away to trust what "
            "the programmes publish now."
        ) from None


def _read_pin(value: Mapping[str, Any]) -> Pin:
    places = [Place(int(each["chain_id"]), str(each["address"])) for each in [value["registry"], *value["retired"]]]
    return Pin(ProgrammeFile(str(value["programme"]), places[0], tuple(places[1:])), int(value["asked_at"]))


def _write_pins(path: Path, pins: Mapping[str, Pin]) -> None:
    values = {domain: {**asdict(pin.file), "asked_at": pin.asked_at} for domain, pin in pins.items()}
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")  # several processes of one website start at the same time
    try:
        fresh.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise SettingsError(
            f"{path}, which keeps the programmes' registries, cannot be written: {error.strerror}."
        ) from None
