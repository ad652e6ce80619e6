"""The W3C's evaluation tests of RDFC-1.0 over our canonicalisation: `python -m tools.rdf_canon rdf-canon/tests`.

They stand in the repository w3c/rdf-canon, under tests/, and are not kept here.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from verifier.core.linked_data import canonical_lines

LABEL = re.compile(r"_:\w+")
"""A blank node's label in N-Quads."""


def main(arguments: Sequence[str]) -> int:
    """Run the tests of a folder with SHA-256; 1 if one differs, 2 if there are none."""
    folder = Path(arguments[0]) if arguments else Path()
    manifest = folder / "manifest.jsonld"
    if not manifest.is_file():
        print(f"There is no {manifest}: give the folder tests of a copy of w3c/rdf-canon.")
        return 2
    entries = json.loads(manifest.read_text(encoding="utf-8"))["entries"]
    chosen = [each for each in entries if each["type"].endswith("RDFC10EvalTest") and not _of_sha_384(each)]
    differing = [each for each in chosen if not _passes(folder, each)]
    for each in differing:
        print("differs:", each["id"], each["name"])
    print(f"{len(chosen) - len(differing)} of {len(chosen)} evaluation tests of RDFC-1.0 passed.")
    return 1 if differing else 0


def _of_sha_384(entry: dict[str, str]) -> bool:
    return entry.get("hashAlgorithm", "SHA256") != "SHA256"


def _passes(folder: Path, entry: dict[str, str]) -> bool:
    given = (folder / entry["action"]).read_text(encoding="utf-8")
    dataset = ox.Dataset(ox.parse(given, format=ox.RdfFormat.N_QUADS))
    return canonical_lines(dataset) == (folder / entry["result"]).read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
