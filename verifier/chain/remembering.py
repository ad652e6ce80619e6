"""The institutions that each registry was last known to accredit, kept across restarts (SPEC.md section 11, `held`).

While one of several registries is silent, it may hold a revocation. If it is known to accredit the institution, no good
news is given without it; so its last answer is kept in a small file. The file says only which institutions are
accredited, which is public, and losing it loses nothing else.
"""

import json
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from verifier.core.canonical import parse
from verifier.core.domain import is_domain
from verifier.core.errors import JsonError, RegistryUnavailableError
from verifier.core.registry import Record, Registry, RegistryInfo, check_record
from verifier.plain_file import read_plain


class Accreditations:
    """Which registry accredits which domains, in a file. Safe to use from several threads.

    Args:
        path: the file. It need not exist; if it cannot be read or written, the knowledge lasts as long as the process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known = _read(path)

    def has(self, info: RegistryInfo, domain: str) -> bool:
        """Whether the registry's last usable answer said that it accredits the domain's institution.

        What other processes of the same website have learned counts too: one of them may know more.
        """
        name = _name(info)
        return domain in self._known.get(name, ()) or domain in _read(self._path).get(name, ())

    def note(self, info: RegistryInfo, said: Mapping[str, bool]) -> None:
        """Keep what a registry's usable answer said about domains."""
        with self._lock:
            name = _name(info)
            before = self._known.get(name, frozenset())
            if _with(before, said) == before:
                return
            # Other processes of the same website write here too: what they know stays.
            both = _joined(_read(self._path), self._known)
            self._known = both | {name: _with(both.get(name, frozenset()), said)}
            _write(self._path, self._known)


class RememberingRegistry:
    """A registry, with what is known about it while it is silent (verifier.core.registry.Remembering)."""

    def __init__(self, registry: Registry, accreditations: Accreditations) -> None:
        self._registry = registry
        self._accreditations = accreditations

    @property
    def info(self) -> RegistryInfo:
        """Which registry this is."""
        return self._registry.info

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        """The registry's answer; errors as the registry's."""
        record = self._registry.verify(domain, index, commitment, sheet, path)
        try:
            accredited = check_record(record, domain, record.root).accredited
        except RegistryUnavailableError:
            return record  # reported where the answer is used
        self._accreditations.note(self.info, {domain: accredited})
        return record

    def batch_counts(self) -> Mapping[str, int]:
        """How many batches the registry counts; errors as the registry's."""
        counts = self._registry.batch_counts()
        self._accreditations.note(self.info, dict.fromkeys(counts, True))
        return counts

    def known_to_accredit(self, domain: str) -> bool:
        """Whether its last usable answer said that it accredits the institution of this domain."""
        return self._accreditations.has(self.info, domain)


def remembering(registries: Sequence[Registry], path: Path) -> list[Registry]:
    """The registries with a memory. A single one needs none: without its answer there is no good news anyway."""
    if len(registries) < 2:
        return [*registries]
    accreditations = Accreditations(path)
    return [RememberingRegistry(each, accreditations) for each in registries]


def _with(known: frozenset[str], said: Mapping[str, bool]) -> frozenset[str]:
    return (known - said.keys()) | {domain for domain, accredited in said.items() if accredited}


def _joined(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {name: one.get(name, frozenset()) | other.get(name, frozenset()) for name in {**one, **other}}


def _name(info: RegistryInfo) -> str:
    return f"{info.chain_id} {info.address.lower()}"


def _read(path: Path) -> dict[str, frozenset[str]]:
    try:
        values = parse(read_plain(path))
        if not isinstance(values, dict):
            return {}
        return {
            str(name): frozenset(each for each in domains if isinstance(each, str) and is_domain(each))
            for name, domains in values.items()
        }
    except (OSError, JsonError, TypeError):
        return {}


def _write(path: Path, known: Mapping[str, frozenset[str]]) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        text = json.dumps({name: sorted(domains) for name, domains in known.items()}, indent=1)
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError:
        return
