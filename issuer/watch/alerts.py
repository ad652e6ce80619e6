"""An alert: one thing that the records do not explain, in words, with what to type."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an alert is about."""

    BATCH = "batch"
    REVOCATION = "revocation"
    ROLE = "role"
    KEY = "key"
    INSTITUTION = "institution"
    """Of the programme: an institution that its own records do not explain."""
    OWNER = "owner"
    """Of the programme: who owns the registry."""
    REGISTRY = "registry"
    STATUS_LIST = "status list"
    MEMORY = "memory"
    """The watch has lost what it remembered, or the institution has lost records."""
    BLIND = "blind"
    """Something cannot be seen, or can be seen again."""


@dataclass(frozen=True)
class Place:
    """One registry on one chain: an address alone may be another registry's elsewhere."""

    chain_id: int
    address: str

    def __str__(self) -> str:
        return f"{self.chain_id}-{self.address.lower()}"


@dataclass(frozen=True)
class Alert:
    """One thing that the records do not explain."""

    kind: Kind
    domain: str
    """The institution's; of the programme's alerts about no institution, the registry's address."""
    text: str
    """Whole sentences: what, since when, what it may mean."""
    commands: tuple[str, ...] = ()
    """What to type if it was nobody of ours; each is complete."""
    about: str = ""
    """What it is about; reported once while this stays the same."""
    fact: str = ""
    """Of a change: the fact that changed; see issuer/watch/changes.py."""
    value: Any = None
    """Of a change: what the fact is now."""
    place: str = ""
    """The registry: its chain and address."""
    options: str = ""
    """What `sanad watch seen` needs besides its name, with a space before each."""

    @property
    def identity(self) -> str:
        """What it is recognised by, within one institution and registry."""
        return f"{self.kind}: {self.about}"

    @property
    def id(self) -> str:
        """A short name for people to type."""
        return hashlib.sha256(f"{self.place} {self.domain} {self.identity}".encode()).hexdigest()[:8]

    @property
    def seen_command(self) -> str:
        """What marks it as seen; empty where it is not kept."""
        return "" if self.kind is Kind.BLIND else f"sanad watch seen {self.id}{self.options}"

    def kept(self) -> dict[str, Any]:
        """As the memory keeps it."""
        facts = {"fact": self.fact, "value": self.value} if self.fact else {}
        return {
            "kind": self.kind.value,
            "domain": self.domain,
            "text": self.text,
            "commands": list(self.commands),
            "about": self.about,
            "place": self.place,
            "options": self.options,
            **facts,
        }


def from_kept(data: Mapping[str, Any]) -> Alert:
    """An alert as the memory kept it. Raises KeyError, TypeError and ValueError for anything else."""
    return Alert(**{**data, "kind": Kind(data["kind"]), "commands": tuple(map(str, data["commands"]))})


@dataclass(frozen=True)
class Typed:
    """What the printed commands need beyond themselves, so that they work as printed."""

    tail: str = ""
    """Options that name the settings and the registry, with a space before each."""
    elsewhere: str = ""
    """A sentence where the key that acts is on another machine."""

    def __call__(self, command: str) -> str:
        """The command, complete."""
        return command + self.tail


def for_programme(domain: str, since: str, *stolen: str) -> str:
    """What the programme types where an admin's keys are stolen, for the institution to pass on."""
    typed = [f"sanad registry replace-admin {domain} NEW-ADMIN"]
    typed += [f"sanad registry distrust {domain} {key} --since {since}" for key in stolen]
    return (
        "Make a new key (sanad key new), telephone the programme, and read it the key's address: it is NEW-ADMIN. The "
        "programme types, with the last moment at which only you had the key, if that was earlier:\n"
        + "".join(f"        {command}\n" for command in typed)
        + "    What the university types then: docs/drills.md, The admin's key is stolen."
    )


def many(count: int, one: str, more: str | None = None) -> str:
    """A number with its noun."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"
