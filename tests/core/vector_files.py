"""Reading the vectors, and doubles that answer as they say."""

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from verifier.core.errors import RegistryUnavailableError
from verifier.core.hashes import certificate_hash, from_hex, institution_id, is_hex, to_hex
from verifier.core.merkle import leaf, root_from_path
from verifier.core.registry import Record, RegistryInfo

FOLDER = Path(__file__).parent.parent / "vectors"


def vectors(folder: str) -> list[Any]:
    """One pytest parameter per file of a folder."""
    found = sorted((FOLDER / folder).glob("*.json"))
    assert found, f"no vectors in {folder}"
    return [pytest.param(json.loads(path.read_text()), id=path.stem) for path in found if path.stem != "answers"]


def given(vector: Mapping[str, Any]) -> bytes:
    """A vector's input bytes."""
    return base64.b64decode(vector["input"])


def _answer(name: str, changes: Mapping[str, Any]) -> Record:
    fields = json.loads((FOLDER / "verdicts" / "answers.json").read_text())[name] | dict(changes)
    return Record(**{key: from_hex(value) if is_hex(value) else value for key, value in fields.items()})


class VectorRegistry:
    """Answers as a vector's `registries` entry says."""

    def __init__(self, entry: Mapping[str, Any], number: int) -> None:
        self._entry = entry
        self.info = RegistryInfo(f"Programme {number}", "test", 97, "0x" + "00" * 20, True)

    def verify(self, domain: str, index: int, commitment: bytes, sheet: bytes, path: Sequence[bytes]) -> Record:
        root = root_from_path(leaf(index, commitment, sheet), path)
        for holding in self._roots():
            if (holding["domain"], holding["root"]) == (domain, to_hex(root)):
                return self._echo("good", holding["answer"], root, domain)
        return self._echo("nothing", self._entry.get("otherwise", {}), root, domain)

    def batch_counts(self) -> Mapping[str, int]:
        roots = self._roots()
        return self._entry.get("counts", Counter(each["domain"] for each in roots))

    def known_to_accredit(self, domain: str) -> bool:
        return domain in self._entry.get("accredits", ())

    def _roots(self) -> Sequence[Mapping[str, Any]]:
        if "unavailable" in self._entry:
            raise RegistryUnavailableError(self._entry["unavailable"])
        return self._entry["roots"]

    def _echo(self, name: str, changes: Mapping[str, Any], root: bytes, domain: str) -> Record:
        answer = _answer(name, changes)
        if "root" not in changes:
            answer = replace(answer, root=root)
        return answer if "institution" in changes else replace(answer, institution=institution_id(domain))


class VectorArchive:
    """Holds what a vector's `archive` entry says."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self._envelopes = {from_hex(key): base64.b64decode(value) for key, value in entry.get("stored_as", {}).items()}
        for text in entry.get("envelopes", []):
            data = base64.b64decode(text)
            self._envelopes[certificate_hash(json.loads(data)["credential"])] = data
        self._files = [base64.b64decode(text) for text in entry.get("batch_files", [])]
        self._educators = {key: from_hex(value) for key, value in entry.get("educators", {}).items()}
        self._replacements = {from_hex(old): from_hex(new) for old, new in entry.get("replacements", {}).items()}

    def envelope(self, hash_: bytes) -> bytes | None:
        return self._envelopes.get(hash_)

    def hashes(self, hex_prefix: str) -> Sequence[bytes]:
        return [hash_ for hash_ in self._envelopes if hash_.hex().startswith(hex_prefix)]

    def replacement(self, hash_: bytes) -> bytes | None:
        return self._replacements.get(hash_)

    def educator(self, domain: str, root: bytes) -> bytes | None:
        return self._educators.get(f"{domain} {to_hex(root)}")

    def erased(self, hash_: bytes) -> None:
        return None

    def card(self, domain: str, course: str) -> bytes | None:
        return None

    def badge(self, domain: str, course: str) -> bytes | None:
        return None

    def batches(self) -> Iterable[str]:
        return map(str, range(len(self._files)))

    def batch_file(self, name: str) -> bytes:
        return self._files[int(name)]
