"""A second reader of SPEC.md, in another language and without a library, agrees with ours on the vectors.

It covers sections 2 to 9, the verdict of section 11, and of sections 12 to 14 the signatures over canonical JSON,
did.json, TXT records and programme files; not canonical RDF, for which it would need a library, the walk of step 11
and what is shown beside an altered file, none of which decides.
"""

import json
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
VECTORS = HERE.parent / "vectors"


def agree(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["node", str(HERE / "agree.mjs"), str(folder)], capture_output=True, text=True, timeout=60, check=False
    )


def test_it_agrees_on_every_vector() -> None:
    done = agree(VECTORS)
    assert done.returncode == 0, done.stdout + done.stderr
    of_files = ("json/*", "codes/*", "batch_files/*", "files/*", "verdicts")
    read = (*of_files, "domain_keys/*/*", "programmes/*", "signatures")
    names = [path.name for kind in read for path in VECTORS.glob(f"{kind}/*.json")]
    count = len(names) - names.count("answers.json")
    assert done.stdout == f"{count} vectors, 0 disagreements\n"


def test_it_tells_where_it_disagrees(tmp_path: Path) -> None:
    shutil.copytree(VECTORS, tmp_path / "vectors")
    for name, key, value in (
        ("files/intact/envelope-of-one.json", "index", 1),
        ("verdicts/revoked.json", "verdict", "valid"),
        (
            "batch_files/bad/bit.json",
            "input",
            json.loads((VECTORS / "batch_files/good/five.json").read_text())["input"],
        ),
    ):
        path = tmp_path / "vectors" / name
        path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    done = agree(tmp_path / "vectors")
    assert done.returncode == 1
    first, second, third, _ = done.stdout.splitlines()
    assert first.startswith("batch_files/bad/bit.json: accepted as ")
    assert second.startswith("files/intact/envelope-of-one.json: index is 0")
    assert third.startswith("verdicts/revoked.json: is revoked, not valid")
