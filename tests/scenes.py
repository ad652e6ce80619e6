"""A small world in which every verdict happens, over the doubles."""

from dataclasses import dataclass, field
from typing import Any

from tests.doubles import (
    DOMAIN,
    INFO,
    NOW,
    FakeRegistry,
    MemoryArchive,
    batch,
    credential,
    sealed,
    sheet,
)
from verifier.core.envelope import Envelope
from verifier.core.registry import RegistryInfo
from verifier.core.verifier import Verifier

URDU_NAME = "محمد عبدالرحمٰن چوہدری"
LONG_NAME = "Syeda Noor-ul-Ain Fatima Zahra Bukhari-Qureshi binte Maulana Abdul Rehman Siddiqui Hashmi"
HOSTILE_NAME = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
STRANGER = "college.example.org"


class _TwinsVerifier(Verifier):
    """Takes a hash that ends in 24 zero bytes for a certificate's: nobody can find two with one short code."""

    def has(self, hash_: bytes) -> bool:
        return hash_.endswith(bytes(24)) or super().has(hash_)


@dataclass
class Scenes:
    """One registry, one archive, and a certificate for each verdict, by the verdict's name and variant."""

    info: RegistryInfo = INFO
    registry: FakeRegistry = field(init=False)
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    certificates: dict[str, Envelope] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """Files to hand in, by the verdict that they get."""

    def __post_init__(self) -> None:
        self.registry = FakeRegistry(self.info)
        self._good()
        self._bad()
        self._undecided()
        self._files()

    @property
    def verifier(self) -> Verifier:
        return _TwinsVerifier([self.registry], self.archive)

    def issue(self, name: str, recipient: str = "Ayesha Khan", *, at: int | None = None, **more: Any) -> Envelope:
        """A batch of one, registered and in the archive."""
        page = sheet(name)
        (envelope,) = batch([credential(recipient, salt=name, **more)], [page])
        self.registry.register(envelope.root, 1, at=at)
        self.archive.add([envelope])
        self.archive.add_batch([envelope])
        self.certificates[name] = envelope
        self.files[name] = sealed(envelope, page)
        return envelope

    def _good(self) -> None:
        self.issue("valid", "Ayesha Khan", grade="A+", hours="40", father="Imran Khan", number="LU-2026-0117")
        self.issue(
            "urdu",
            URDU_NAME,
            course="ڈیٹا کے ساتھ تدریس",
            professor="پروفیسر ڈاکٹر بلال احمد",
            father="عبدالرحمٰن",
            grade="الف",
            valid_from="2026-06-29T19:00:00Z",
            awarded="2026-06-30T00:00:00+05:00",
        )
        self.issue("long", LONG_NAME, course="Evidence-Informed Pedagogy and Assessment Design for Large " * 2)
        self.issue("hostile", HOSTILE_NAME, course="<b>bold</b>", father="{reason} %(x)s \x1b[31mred\u202e")

    def _bad(self) -> None:
        self.registry.revoke(self.issue("revoked").commitment, reason=3)
        newer, older = self.issue("newer", "Ayesha Khan Afridi"), self.issue("replaced", "Ayesha Khan Afriddi")
        self.registry.revoke(older.commitment, reason=2, replacement=newer.commitment)
        self.archive.replacements[older.hash] = newer.hash
        orphan = self.issue("replaced by nobody knows")
        self.registry.revoke(orphan.commitment, reason=4, replacement=b"\x07" * 32)
        self.registry.withdraw(self.issue("withdrawn").root)
        self.issue("expired", valid_until="2026-09-30T00:00:00Z")
        self.issue("distrusted")
        self.registry.institutions[DOMAIN].batches[self.certificates["distrusted"].root].signer = "0x" + "ab" * 20
        self.registry.distrust(NOW - 100_000, "0x" + "ab" * 20)

    def _undecided(self) -> None:
        self.issue("not final", at=NOW)
        self.issue("not yet valid", valid_from="2027-01-01T00:00:00Z")
        gone = self.issue("not in the archive")
        del self.archive.envelopes[gone.hash]

    def _files(self) -> None:
        good = self.files["valid"]
        at = good.index(b"/Catalog")
        self.files["altered"] = good[:at] + b"/catalog" + good[at + 8 :]
        self.files["altered, revoked"] = self.files["revoked"] + b"\n"
        envelope = self.certificates["valid"].to_bytes()
        self.files["altered beyond recognition"] = envelope.replace(b"Ayesha Khan", b"Ayesha Kham")
        (unknown,) = batch([credential("Somebody Else", domain=STRANGER, institution="A College")])
        self.files["unknown"] = unknown.to_bytes()
        self.files["envelope"] = envelope
