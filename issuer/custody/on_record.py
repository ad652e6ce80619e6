"""What the registry has on record of batches that files prove, and which of them are ours."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from issuer.custody.evidence import Key
from issuer.publishing.status_lists import revoker
from verifier.core.hashes import ZERO
from verifier.toml_table import checksummed

_AT_ONCE = 200
Record = Mapping[str, Any]


class Asked(Protocol):
    """What is asked of the registry, at a final block; NodeRegistry.at_final_block returns it."""

    def institution(self, domain: str) -> Record:
        """An institution, by the contract's names."""

    def batches(self, domain: str, roots: list[bytes]) -> list[Record]:
        """Batches, by the contract's names."""

    def revocations(self, domain: str, signer: str, commitments: list[bytes]) -> list[Any]:
        """The counting revocation of each; None where there is none."""

    def keys(self, domain: str) -> list[Record]:
        """Every address that was ever an institution's signer or admin, by the contract's names."""


@dataclass
class OnRecord:
    """What the registry says."""

    ours: dict[Key, Record] = field(default_factory=dict)
    """By age: batches that our keys registered for an institution, and those that our institutions adopted."""
    others: dict[str, list[Key]] = field(default_factory=dict)
    """Batches of the same institutions that other keys registered, by the key."""
    unregistered: list[Key] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    """By domain of ours: how many batches are on record beyond those asked about."""


def on_record(
    registry: Asked, keys: Iterable[Key], ours: Collection[str], institutions: Collection[str] = ()
) -> OnRecord:
    """Ask about batches.

    Args:
        registry: asked at a final block.
        keys: domain and root of each.
        ours: addresses of our keys.
        institutions: domains of ours of which there may be no file.

    Raises:
        RegistryUnavailableError: it gave no trustworthy answer.
    """
    records = on_record_of(registry, keys)
    mine = {address.lower() for address in ours}
    found = OnRecord()
    domains = {domain for domain, _ in records if _is_our_institution(registry, domain, mine)} | {*institutions}
    for key, record in sorted(records.items(), key=lambda item: (item[1]["issuedAt"], item[0])):
        signer = str(record["signer"])
        if not record["issuedAt"]:
            found.unregistered.append(key)
        elif signer.lower() in mine or (record["adopted"] and key[0] in domains):
            found.ours[key] = record
        elif key[0] in domains:
            found.others.setdefault(checksummed(signer), []).append(key)
    seen = Counter(domain for (domain, _), record in records.items() if record["issuedAt"])
    for domain in sorted(domains):
        if (left := int(registry.institution(domain)["batches"]) - seen[domain]) > 0:
            found.unknown[domain] = left
    return found


def taken_back(
    registry: Asked, key: Key, record: Record, commitments: Iterable[bytes]
) -> tuple[set[bytes], dict[bytes, bytes]]:
    """Of a batch's certificates those that the registry has revoked, and those replaced with what replaces them.

    By commitments. Raises:
        RegistryUnavailableError: it gave no trustworthy answer.
    """
    found = standing(registry, key, record, commitments)
    replaced = {each: answer.replacement for each, answer in found.items() if answer.replacement != ZERO}
    return found.keys() - replaced.keys(), replaced


def standing(registry: Asked, key: Key, record: Record, commitments: Iterable[bytes]) -> dict[bytes, Any]:
    """The revocations and replacements that take effect on a batch's certificates, by commitment. Errors as above."""
    found: dict[bytes, Any] = {}
    wanted = list(commitments)
    for at in range(0, len(wanted), _AT_ONCE):
        part = wanted[at : at + _AT_ONCE]
        answers = zip(part, registry.revocations(key[0], revoker(record), part), strict=True)
        found |= {each: answer for each, answer in answers if answer is not None}
    return found


def on_record_of(registry: Asked, keys: Iterable[Key]) -> dict[Key, Record]:
    """What the registry has on record under each root; all zero where it has nothing. Errors as `on_record`."""
    roots: dict[str, list[bytes]] = {}
    for domain, root in keys:
        roots.setdefault(domain, []).append(root)
    found: dict[Key, Record] = {}
    for domain, wanted in roots.items():
        for at in range(0, len(wanted), _AT_ONCE):
            part = wanted[at : at + _AT_ONCE]
            for root, record in zip(part, registry.batches(domain, part), strict=True):
                found[domain, root] = record
    return found


def _is_our_institution(registry: Asked, domain: str, ours: Collection[str]) -> bool:
    """Whether one of our keys is or was a signer or admin there."""
    return any(str(each["key"]).lower() in ours for each in registry.keys(domain))
