"""The verdict and the numbered steps that lead to it (SPEC.md section 11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from verifier.core.place import Place
from verifier.core.registry import Record, RegistryInfo
from verifier.core.sentence import Sentence


class Outcome(StrEnum):
    """The possible results; the first that applies, in this order, is the verdict."""

    ALTERED = "altered"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    REPLACED = "replaced"
    UNTRUSTED = "untrusted"
    PENDING = "pending"
    EXPIRED = "expired"
    VALID = "valid"


PRECEDENCE = tuple(Outcome)
"""SPEC.md section 11. Dates that cannot be read make a certificate `unavailable` only after `untrusted`."""
_AFTER_UNTRUSTED = PRECEDENCE.index(Outcome.UNTRUSTED) + 0.5


class State(StrEnum):
    """The result of a step."""

    PASSED = "passed"
    FAILED = "failed"
    NOTE = "note"
    SKIPPED = "skipped"
    UNCHECKED = "could not check"


class Check(StrEnum):
    """The steps, in order; a step's number is its place here, from 1."""

    READ = "read"
    INTEGRITY = "integrity"
    ANCHORED = "anchored"
    FINAL = "final"
    ENTITLED = "signer entitled"
    STANDING = "not withdrawn"
    UNREVOKED = "not revoked"
    DATES = "within its dates"
    SIGNATURE = "signature"
    DOMAIN = "domain"
    EDUCATOR = "educator"

    @property
    def number(self) -> int:
        """The step's number, from 1."""
        return list(Check).index(self) + 1


@dataclass(frozen=True)
class Step:
    """One step: its result, one plain sentence, and the outcome that it forces, if any."""

    check: Check
    state: State
    text: str
    """English with `{named}` places, the key under which translations are found."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    outcome: Outcome | None = None

    @property
    def number(self) -> int:
        """The step's number, from 1."""
        return self.check.number

    @property
    def sentence(self) -> str:
        """The step's sentence in English."""
        return str(Sentence(self.text, self.facts))


class Role(StrEnum):
    """The role of one link of the sanad, from the student's certificate upwards."""

    EDUCATOR = "educator"
    CERTIFIER = "certifier"


@dataclass(frozen=True)
class Link:
    """One link of the sanad: who it is, and its state in one plain sentence. It never decides."""

    role: Role
    state: State
    text: str
    """English with `{named}` places, the key under which translations are found."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    domain: str | None = None
    hash: bytes | None = None
    """`H` of the educator's own certificate, proved to be the one that the registry names."""
    outcome: Outcome | None = None
    """The educator's own certificate's verdict."""

    @property
    def sentence(self) -> str:
        """The link's sentence in English."""
        return str(Sentence(self.text, self.facts))


@dataclass(frozen=True)
class Verdict:
    """The verifier's answer about one certificate."""

    steps: tuple[Step, ...]
    hash: bytes | None
    commitment: bytes | None
    credential: Mapping[str, Any] | None = None
    domain: str | None = None
    registry: RegistryInfo | None = None
    record: Record | None = None
    replacement: bytes | None = None
    """`H` of the certificate that replaces this one, proved to be the one the registry names."""
    registered: "Verdict | None" = None
    """For an altered file: the verdict on what was registered under the code in the file."""
    walk: tuple[Link, ...] = ()
    """The sanad: educator, then certifier, if the key that registered it was authorised because a certifier vouched."""

    place: Place | None = None
    """Its place in a batch, if a registry has that batch on record and the credential is available."""

    @property
    def outcome(self) -> Outcome:
        """The outcome: the first in the order of precedence that some step forces, else valid."""
        return bottom_line(self.steps)

    @property
    def reason(self) -> Step | None:
        """The first step that forces the outcome."""
        return _deciding(self.steps)


def bottom_line(steps: Iterable[Step]) -> Outcome:
    """The first outcome in the order of precedence that some step forces, else valid."""
    deciding = _deciding(steps)
    return Outcome.VALID if deciding is None or deciding.outcome is None else deciding.outcome


def rank(steps: Iterable[Step]) -> float:
    """The place of steps in the order of precedence; lower is worse."""
    return min(map(_rank, steps), default=float(len(PRECEDENCE)))


def _deciding(steps: Iterable[Step]) -> Step | None:
    return min((step for step in steps if step.outcome is not None), key=_rank, default=None)


def _rank(step: Step) -> float:
    if step.outcome is None:
        return len(PRECEDENCE)
    late = step.check is Check.DATES and step.outcome is Outcome.UNAVAILABLE
    return _AFTER_UNTRUSTED if late else PRECEDENCE.index(step.outcome)


def moment(seconds: int) -> datetime:
    """The UTC time of a chain's Unix seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def day(seconds: int) -> str:
    """The UTC date and minute of a chain's Unix seconds, for people."""
    # Not strftime, which writes the years before 1000 with fewer digits on some systems.
    return moment(seconds).replace(tzinfo=None).isoformat(" ", "minutes") + " UTC"
