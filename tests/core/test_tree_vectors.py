"""Vectors of hashes, trees, paths and institutions, and what verdict vectors say of who speaks and of step 11."""

import base64
from typing import Any

import pytest

from tests.core.vector_files import VectorArchive, VectorRegistry, vectors
from verifier.core.codes import ShortCode, link, parse_code, short_code
from verifier.core.hashes import commitment, from_hex, institution_id, to_base64url, to_hex
from verifier.core.merkle import MerkleTree, leaf, root_from_path
from verifier.core.verdict import Verdict
from verifier.core.verifier import Verifier


@pytest.mark.parametrize("vector", vectors("hashes"))
def test_hash_is_written(vector: dict[str, Any]) -> None:
    hash_ = from_hex(vector["hash"])
    assert to_hex(commitment(hash_)) == vector["commitment"]
    assert to_base64url(hash_) == vector["base64url"]
    assert link("https://verify.example", hash_) == vector["link"]
    assert short_code(hash_) == vector["code"]
    code = parse_code(vector["code"])
    assert isinstance(code, ShortCode)
    assert code.matches(hash_)
    assert hash_.hex().startswith(code.hex_prefix)
    assert {parse_code(vector[form]) for form in ("hash", "base64url", "link")} == {hash_}


@pytest.mark.parametrize("vector", vectors("trees"))
def test_tree(vector: dict[str, Any]) -> None:
    records = [(from_hex(one), from_hex(two)) for one, two in vector["records"]]
    leaves = [leaf(index, *record) for index, record in enumerate(records)]
    assert [to_hex(each) for each in leaves] == vector["leaves"]
    tree = MerkleTree.of(leaves)
    assert to_hex(tree.root) == vector["root"]
    assert [[to_hex(each) for each in tree.path(index)] for index in range(len(leaves))] == vector["paths"]
    for own, path in zip(leaves, vector["paths"], strict=True):
        assert root_from_path(own, [from_hex(each) for each in path]) == tree.root


@pytest.mark.parametrize("vector", vectors("paths"))
def test_path_leads_to_the_root(vector: dict[str, Any]) -> None:
    own = leaf(vector["index"], from_hex(vector["commitment"]), from_hex(vector["sheet"]))
    assert to_hex(own) == vector["leaf"]
    assert to_hex(root_from_path(own, [from_hex(each) for each in vector["path"]])) == vector["root"]


@pytest.mark.parametrize("vector", vectors("institutions"))
def test_institution(vector: dict[str, Any]) -> None:
    assert to_hex(institution_id(vector["domain"])) == vector["institution"]


def _with(key: str) -> list[Any]:
    return [each for each in vectors("verdicts") if key in each.values[0] and "file" in each.values[0]]


def _verdict(vector: dict[str, Any]) -> Verdict:
    registries = [VectorRegistry(entry, number) for number, entry in enumerate(vector["registries"], start=1)]
    return Verifier(registries, VectorArchive(vector.get("archive", {}))).check_file(base64.b64decode(vector["file"]))


@pytest.mark.parametrize("vector", _with("registry"))
def test_whose_word_the_verdict_is(vector: dict[str, Any]) -> None:
    speaking = _verdict(vector).registry
    assert speaking is not None
    assert speaking.programme == f"Programme {vector['registry']}"


@pytest.mark.parametrize("vector", _with("walk"))
def test_step_11_ends_as_the_weakest_link(vector: dict[str, Any]) -> None:
    states = ["failed", "could not check", "note", "passed"]
    weakest = min((each["state"] for each in vector["walk"]), key=states.index)
    assert _verdict(vector).steps[-1].state.value == weakest
