"""A genuine credential, its JSON rewritten at random: where it still counts as genuine, it reads the same."""

import copy
import random
from collections.abc import Iterator
from typing import Any

from tests.credential.test_hostile import SIGNED
from verifier.core.contexts import bundled_contexts, term_addresses
from verifier.core.credential import read_fields, validity
from verifier.core.data_integrity import RDFC, verify_proof
from verifier.core.errors import SignatureError, SignatureUncheckedError

ROUNDS = 700
GENUINE = SIGNED[RDFC]
ADDRESSES = sorted(term_addresses())


def names(value: Any) -> Iterator[str]:
    """Every name that a context defines, inner ones too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from () if name.startswith("@") else [name]
            yield from names(inner)


NAMES = sorted({name for context in bundled_contexts().values() for name in names(context)})


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def rewrite(credential: dict[str, Any], rng: random.Random) -> None:
    """One change, as somebody would try who may not change what is signed."""
    found = [node for node in nodes(credential) if node]
    node, other = rng.choice(found), rng.choice(found)
    key = rng.choice(list(node))
    value = node[key]
    match rng.randrange(12):
        case 0:
            node[rng.choice(NAMES)] = node.pop(key)
        case 1:
            node[rng.choice(ADDRESSES)] = node.pop(key)
        case 2:
            node[key] = [value]
        case 3 if isinstance(value, list) and value:
            node[key] = value[0] if len(value) == 1 else value + value[:1]
        case 4:
            node[key] = {"@value": value}
        case 5:
            node["@" + key.strip("@")] = node.pop(key)
        case 6:
            node[rng.choice(NAMES)] = rng.choice([None, [], {}, "x", {"id": GENUINE["id"]}])
        case 7 if "id" in node and "id" in other:
            other[key] = node.pop(key)
        case 8:
            other[key] = copy.deepcopy(value)
        case 9 if isinstance(value, str):
            node[key] = {"id": value}
        case 10 if isinstance(value, dict) and "id" in value:
            node[key] = value["id"]
        case 11 if isinstance(value, bool | int | float):
            node[key] = str(value).lower()


def read(credential: dict[str, Any]) -> Any:
    issuer = credential["issuer"]["id"]
    return read_fields(credential), validity(credential), issuer, "credentialStatus" in credential


def test_what_counts_as_genuine_reads_as_it_was_signed() -> None:
    rng = random.Random(20_261_126)
    outcomes = {"genuine": 0, "false": 0, "unchecked": 0}
    for _ in range(ROUNDS):
        credential = copy.deepcopy(GENUINE)
        for _ in range(rng.choice((1, 1, 2, 3))):
            rewrite(credential, rng)
        try:
            verify_proof(credential)
        except SignatureError:
            outcomes["false"] += 1
        except SignatureUncheckedError:
            outcomes["unchecked"] += 1
        else:
            outcomes["genuine"] += 1
            assert read(credential) == read(GENUINE)
    assert all(outcomes.values()), outcomes
