"""What was issued and registered, what of it is good, and doubles that answer so: the fuzzer's ground to stand on."""

import base64
import json
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any
from xml.etree import ElementTree

from tests.vectors import verdicts
from tests.vectors.samples import DOMAIN, NAMES, Sample, base58, batch, document, key, sheet, sign
from tests.vectors.verdicts import GOOD, ISSUED, NOTHING, NOW, REVOKED, holds
from verifier.core.baking import KEYWORD, NAMESPACE
from verifier.core.canonical import canonical
from verifier.core.data_integrity import JCS, proof_hash_data
from verifier.core.envelope import Envelope
from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import from_hex, institution_id, is_hex, sha256
from verifier.core.merkle import leaf, root_from_path
from verifier.core.registry import Record, RegistryInfo

COLLEGE = "college.example"
WITHDRAWN: Mapping[str, Any] = getattr(verdicts, "WITHDRAWN", {"withdrawn_at": NOW - 9, "good": False})
_ELEMENT = re.compile(r"credential(?:\s[^>]*)?>(.*?)</(?:[^<>]*:)?credential\s*>", re.DOTALL)
_SECTION = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_PLAIN_KEYS = {"credential", "index", "path", "root", "sanad", "sheet"}


@dataclass(frozen=True)
class Held:
    """One batch, and how it stands."""

    sample: Sample
    domain: str
    outcome: str
    """The verdict on each of its certificates, as issued."""
    entry: Mapping[str, Any] | None
    """What the registry holds of it, as `tests/vectors/verdicts` writes it; None: nothing."""


class World:
    """Batches in every standing at one registry; the same on every machine."""

    def __init__(self) -> None:
        self.held = tuple(_batches())
        self.samples = tuple(each.sample for each in self.held)
        self.places = tuple((each, index) for each in self.held for index in range(len(each.sample.envelopes)))
        self.hashes = tuple(each.sample.envelopes[index].hash for each, index in self.places)
        self.good = {each.sample.envelopes[index].hash for each, index in self.places if each.outcome == "valid"}

    @cached_property
    def issued(self) -> dict[bytes, bytes]:
        """Every sealed PDF and every envelope as issued, each with its `H`."""
        found = {}
        for each, index in self.places:
            envelope = each.sample.envelopes[index]
            found[envelope.to_bytes()] = envelope.hash
            if envelope.has_sheet:
                found[each.sample.sealed(index)] = envelope.hash
        return found

    @cached_property
    def credentials(self) -> dict[str, bytes]:
        """Every credential in a form of its own, each with its `H`."""
        return {
            _form(each.sample.envelopes[index].credential): each.sample.envelopes[index].hash
            for each, index in self.places
        }

    def registry(self) -> dict[str, Any]:
        """The registry as `tests/vectors/verdicts` writes one."""
        return {"roots": [root for each in self.held if each.entry for root in each.entry["roots"]]}

    def archive(self) -> dict[str, Any]:
        """An honest archive of all of it, as `tests/vectors/verdicts` writes one."""
        return {
            "envelopes": [_b64(each.sample.envelopes[index].to_bytes()) for each, index in self.places],
            "batch_files": [_b64(each.sample.file.to_bytes()) for each in self.held],
        }

    def carried(self, data: bytes) -> set[bytes]:
        """The `H` of what a file says, read without the verifier: whole, or as JSON by itself or in a picture."""
        if data in self.issued:
            return {self.issued[data]}
        found = set()
        for text in _texts(data):
            if text in self.issued:
                found.add(self.issued[text])
            try:
                value = json.loads(text)
            except ValueError:
                continue
            found |= {self.credentials[form] for form in _forms(value) if form in self.credentials}
        return found


class WorldRegistry:
    """Answers as a registry entry of `tests/vectors/verdicts` says, without reading a file each time."""

    info = RegistryInfo("Programme", "test", 97, "0x" + "00" * 20, True)

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self._records = {
            (each["domain"], from_hex(each["root"])): Record(**(vars(GOOD) | _values(each["answer"])))
            for each in entry["roots"]
        }

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        root = root_from_path(leaf(index, commitment, sheet), path)
        record = self._records.get((domain, root), NOTHING)
        return Record(**(vars(record) | {"root": root, "institution": institution_id(domain)}))

    def batch_counts(self) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for domain, _ in self._records:
            counts[domain] = counts.get(domain, 0) + 1
        return counts


class SilentRegistry:
    """Never answers; of some domains it is known that it accredited them when it last did."""

    def __init__(self, *accredits: str) -> None:
        self._accredits = accredits

    info = RegistryInfo("Silent", "test", 97, "0x" + "11" * 20, True)

    def verify(self, *_: Any) -> Record:
        raise RegistryUnavailableError("down")

    def batch_counts(self) -> Mapping[str, int]:
        raise RegistryUnavailableError("down")

    def known_to_accredit(self, domain: str) -> bool:
        return domain in self._accredits


def cheap(document: Any) -> str:
    """In place of RDF canonicalisation: step 9 decides nothing, and is the slow part."""
    return repr(document)


def _batches() -> Iterator[Held]:
    def names(word: str, count: int = 2, **more: Any) -> Sample:
        credentials = [sign(document(f"{word} {n}", **more), key()) for n in range(count)]
        return batch(credentials, [sheet(f"{word} {n}") if n % 2 else b"" for n in range(count)])

    five = batch([sign(document(name), key()) for name in NAMES], [sheet(name) for name in NAMES])
    yield Held(five, DOMAIN, "valid", holds(five))
    many = names("Student", 19)
    yield Held(many, DOMAIN, "valid", holds(many))
    dated = batch([sign(document("Dated", validUntil="2027-06-30T12:00:00Z"), key())], [b""])
    yield Held(dated, DOMAIN, "valid", holds(dated))
    college = batch([sign(document("Elsewhere", COLLEGE), key(COLLEGE), COLLEGE)], [sheet("Elsewhere")], COLLEGE)
    yield Held(college, COLLEGE, "valid", holds(college, domain=COLLEGE))
    standings: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("Revoked", "revoked", REVOKED),
        ("Replaced", "replaced", {**REVOKED, "replacement": sha256(b"new")}),
        ("Withdrawn", "untrusted", {**WITHDRAWN}),
        ("Distrusted", "untrusted", {"counts": False, "distrusted_since": 1, "good": False}),
        ("Recent", "pending", {"finalized_time": ISSUED}),
    )
    for name, outcome, changes in standings:
        sample = names(name)
        yield Held(sample, DOMAIN, outcome, holds(sample, changes))
    for name, outcome, dates in (
        ("Expired", "expired", {"validUntil": "2026-07-01T00:00:00Z"}),
        ("Future", "pending", {"validFrom": "2030-01-01T00:00:00Z"}),
        ("Undated", "unavailable", {"validUntil": "soon"}),
    ):
        sample = names(name, **dates)
        yield Held(sample, DOMAIN, outcome, holds(sample))
    for name, outcome, changes in (("Over JSON", "valid", {}), ("Over JSON, revoked", "revoked", REVOKED)):
        over_json = batch([_over_json(document(f"{name} {n}")) for n in range(2)], [b"", sheet(name)])
        yield Held(over_json, DOMAIN, outcome, holds(over_json, changes))
    # Signed long before the newest block, so that no registration can be under way.
    yield Held(names("Unregistered"), DOMAIN, "unknown", None)


def _over_json(unsigned: dict[str, Any]) -> dict[str, Any]:
    """Signed by eddsa-jcs-2022, so that step 9 is passed without RDF, and step 10 asked."""
    proof = {name: value for name, value in sign(unsigned, key())["proof"].items() if name != "proofValue"}
    proof |= {"cryptosuite": JCS, "@context": unsigned["@context"]}
    return {**unsigned, "proof": {**proof, "proofValue": base58(key().sign(proof_hash_data(unsigned, proof)))}}


def _values(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: from_hex(value) if is_hex(value) else value for name, value in answer.items()}


def _texts(data: bytes) -> Iterator[bytes]:
    """JSON texts that a file can be taken to carry: itself, or what is baked into it as a picture."""
    yield data.removeprefix(b"\xef\xbb\xbf").strip()
    at = data.find(b"iTXt" + KEYWORD + b"\0")
    if at >= 4:
        (length,) = struct.unpack_from(">I", data, at - 4)
        yield data[at + 4 : at + 4 + length][len(KEYWORD) + 3 :].split(b"\0", 2)[-1]
    if b"<" in data[:100]:
        try:
            for element in ElementTree.fromstring(data).iter(f"{{{NAMESPACE}}}credential"):
                yield "".join(element.itertext()).strip().encode()
        except (ElementTree.ParseError, ValueError):
            # What is wrong elsewhere in the picture is no matter.
            for found in _ELEMENT.finditer(data.decode("utf-8", "replace")):
                yield "".join(map(_unescaped, _SECTION.split(found[1]))).strip().encode("utf-8", "replace")


def _unescaped(part: str) -> str:
    return part[9:-3] if part.startswith("<![CDATA[") else unescape(re.sub("<!--.*?-->|<[?].*?[?]>", "", part))


def _forms(value: Any) -> Iterator[str]:
    """The credentials that a JSON value is or presents; an envelope counts as issued, byte for byte, or not at all."""
    if not isinstance(value, dict) or value.keys() == _PLAIN_KEYS:
        return
    yield _form(value)
    presented = value.get("verifiableCredential")
    for each in presented if isinstance(presented, list) else [presented]:
        yield _form(each)


def _form(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def bare(envelope: Envelope) -> bytes:
    """An envelope's credential by itself."""
    return canonical(envelope.credential)
