"""Roots and paths equal those of npm `@openzeppelin/merkle-tree`, byte for byte."""

import hashlib
import json
import os
import random
import subprocess
from pathlib import Path

from deploy.compile import node_folder
from verifier.core.batch_file import tree_of
from verifier.core.hashes import to_hex

NODE = Path(__file__).parents[1] / "node"
LARGE = (511, 512, 513, 1023, 4097, 10_007)


def records(size: int) -> list[tuple[bytes, bytes]]:
    def digest(text: str) -> bytes:
        return hashlib.sha256(text.encode()).digest()

    return [(digest(f"C {size} {index}"), digest(f"P {size} {index}")) for index in range(size)]


def asked(size: int) -> list[int]:
    some = random.Random(size).sample(range(size), min(size, 8))
    return sorted({0, size - 1, *some})


def independent(batches: list[dict[str, object]]) -> list[dict[str, object]]:
    path = os.pathsep.join([str(node_folder()), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["node", "merkle.mjs"],
        cwd=NODE,
        input=json.dumps(batches).encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_every_size_to_300_and_some_large_ones_agree() -> None:
    sizes = [*range(1, 301), *LARGE]
    batches = [
        {"records": [[to_hex(one), to_hex(two)] for one, two in records(size)], "proofs": asked(size)} for size in sizes
    ]
    for size, answer in zip(sizes, independent(batches), strict=True):
        tree = tree_of(records(size))
        ours = {"root": to_hex(tree.root), "proofs": [[to_hex(each) for each in tree.path(n)] for n in asked(size)]}
        assert ours == answer, size
