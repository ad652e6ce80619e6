"""A second reader of SPEC.md, in another language and without a library, agrees with ours on the vectors.

It covers sections 2 to 9, the verdict of section 11 with what is told beside it, and of sections 12 to 15 the
signatures over canonical JSON, did.json, TXT records, programme files and status lists (signed in the form in
which they are published, or by eddsa-jcs-2022); not canonical RDF, for which it would need a library.
"""

import base64
import json
import shutil
import subprocess
from pathlib import Path

from tests.vectors import pictures, searches
from tests.vectors.samples import class_of_five
from verifier.core.hashes import to_hex

HERE = Path(__file__).parent
VECTORS = HERE.parent / "vectors"


def agree(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["node", str(HERE / "agree.mjs"), str(folder)], capture_output=True, text=True, timeout=60, check=False
    )


def test_it_agrees_on_every_vector() -> None:
    done = agree(VECTORS)
    assert done.returncode == 0, done.stdout + done.stderr
    read = ("json/*", "codes/*", "dates/*", "domains/*", "batch_files/*", "files/*", "status_*", "verdicts")
    published = ("domain_keys/*/*", "domain_keys/step", "programmes/*", "signatures")
    trees = ("hashes", "trees", "paths", "institutions")
    names = [path.name for kind in (*read, *published, *trees) for path in VECTORS.glob(f"{kind}/*.json")]
    count = len(names) - names.count("answers.json")
    assert done.stdout == f"{count} vectors, 0 disagreements\n"


def test_it_agrees_where_files_are_too_large_to_keep(tmp_path: Path) -> None:
    shutil.copytree(VECTORS, tmp_path / "vectors")
    folder = tmp_path / "vectors" / "files"
    hash_ = to_hex(class_of_five().envelopes[0].hash)
    for (name, note, data), found in searches.large():
        kind, more = ("altered", {"found": hash_}) if found else ("unreadable", {})
        _write(folder / kind / f"{name}.json", note, data, more)
    for (name, note, data), is_ in pictures.large():
        kind = "credentials" if is_ == "credential" else is_
        _write(folder / kind / f"{name}.json", note, data, {})
    done = agree(tmp_path / "vectors")
    assert done.returncode == 0, done.stdout + done.stderr


def _write(path: Path, note: str, data: bytes, more: dict[str, str]) -> None:
    path.write_text(json.dumps({"note": note, "input": base64.b64encode(data).decode(), **more}))


def test_it_tells_where_it_disagrees(tmp_path: Path) -> None:
    shutil.copytree(VECTORS, tmp_path / "vectors")
    for name, key, value in (
        ("files/intact/envelope-of-one.json", "index", 1),
        ("verdicts/revoked.json", "verdict", "valid"),
        ("verdicts/replacement.json", "replacement", None),
        ("status_lists/cleared.json", "answer", "not revoked"),
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
    first, second, third, fourth, fifth, _ = done.stdout.splitlines()
    assert first.startswith("batch_files/bad/bit.json: accepted as ")
    assert second.startswith("files/intact/envelope-of-one.json: index is 0")
    assert third.startswith("status_lists/cleared.json: says could not check")
    assert fourth.startswith("verdicts/replacement.json: replacement is ")
    assert fifth.startswith("verdicts/revoked.json: is revoked, not valid")
