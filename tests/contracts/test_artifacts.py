"""The committed artifacts are what the pinned compiler makes of the source, on any machine."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from deploy import compile as compiling


@pytest.fixture(scope="module", autouse=True)
def compiler() -> None:
    """A missing compiler is a failure: a skipped comparison would look like a passed one."""
    installed = (compiling.CONTRACTS / "node_modules" / "solc").is_dir()
    assert installed, "the compiler is not installed: run the tests by make test, which installs it"


@pytest.fixture(scope="module")
def rebuilt() -> dict[str, Any]:
    return compiling.build()


@pytest.fixture
def compiled_once(monkeypatch: pytest.MonkeyPatch, rebuilt: dict[str, Any]) -> None:
    """Compiling takes seconds: the command gets the same result again."""
    monkeypatch.setattr(compiling, "build", lambda: rebuilt)


def test_rebuild_gives_the_committed_artifact(rebuilt: dict[str, Any]) -> None:
    assert rebuilt == compiling.committed()


@pytest.mark.usefixtures("compiled_once")
def test_check_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    assert compiling.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("compiled_once")
def test_check_names_what_is_stale(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "SanadRegistry.json"
    stale.write_text("{}\n")
    monkeypatch.setattr(compiling, "ARTIFACT", stale)
    assert compiling.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "contracts/artifacts/SanadRegistry.json differs from a rebuild: run python -m deploy.compile\n"
    )


def test_standard_json_is_the_same_everywhere() -> None:
    text = compiling.STANDARD_JSON.read_text(encoding="utf-8")
    source = json.loads(text)
    assert source == compiling.standard_json()
    assert hashlib.sha256(text.encode()).hexdigest() == compiling.committed()["standardJsonSha256"]
    assert all(re.match(r"src/|@openzeppelin/contracts/", name) for name in source["sources"])
    assert source["settings"]["evmVersion"] == "cancun"


def test_compiler_is_the_pinned_one() -> None:
    pinned = json.loads((compiling.CONTRACTS / "package.json").read_text())["devDependencies"]["solc"]
    assert compiling.committed()["solc"].startswith(f"{pinned}+commit.")


def test_lock_file_names_no_download_address() -> None:
    lock = (compiling.CONTRACTS / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_code_fits_the_chain_limit() -> None:
    code = bytes.fromhex(compiling.committed()["deployedBytecode"][2:])
    assert len(code) <= 24_576


def test_missing_source_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(compiling, "CONTRACTS", tmp_path)
    with pytest.raises(compiling.CompileError, match=r"^src/SanadRegistry\.sol is missing: run npm ci in contracts/$"):
        compiling.standard_json()
