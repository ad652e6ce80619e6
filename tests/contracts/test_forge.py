"""Runs the Solidity tests, which also compare each measured gas figure with contracts/snapshots/."""

import json
import os
import re
import subprocess

import pytest

from deploy.compile import CONTRACTS, committed, node_on_path

FORGE = CONTRACTS / "node_modules" / ".bin" / "forge"


@pytest.fixture(scope="module", autouse=True)
def forge() -> None:
    """A missing forge is a failure: skipped tests of the contract would look like passed ones."""
    assert FORGE.exists(), "forge is not installed: run the tests by make test, which installs it"


def _forge(*arguments: str, profile: str = "default") -> "subprocess.CompletedProcess[str]":
    with node_on_path():
        return subprocess.run(
            [str(FORGE), *arguments],
            cwd=CONTRACTS,
            env={**os.environ, "FOUNDRY_PROFILE": profile},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )


@pytest.fixture(scope="module")
def forge_test() -> "subprocess.CompletedProcess[str]":
    """Quick by default; ten thousand runs of each property where CI is set, as .ci/run does."""
    return _forge("test", profile="ci" if os.environ.get("CI") else "default")


def test_forge_tests_pass_and_gas_is_as_committed(forge_test: "subprocess.CompletedProcess[str]") -> None:
    assert forge_test.returncode == 0, forge_test.stdout[-20_000:] + forge_test.stderr[-4_000:]
    assert ", 0 failed, 0 skipped" in forge_test.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("what", "goal"),
    [
        ("issue, size 1", 57_000),
        ("issue, size 80,000", 57_000),
        ("issue, relayed", 69_000),
        ("revoke one, signer", 58_000),
        ("revoke one, admin", 58_000),
        ("revoke a hundred, signer", 2_700_000),
    ],
)
def test_committed_gas_keeps_the_goals(what: str, goal: int) -> None:
    snapshot = json.loads((CONTRACTS / "snapshots" / "registry.json").read_text())
    assert int(snapshot[what]) <= goal


@pytest.mark.usefixtures("forge_test")
def test_forge_tested_the_code_that_is_deployed() -> None:
    """Equal but for the metadata's hash at the end, which covers how forge names its sources."""
    built = json.loads((CONTRACTS / "out" / "SanadRegistry.sol" / "SanadRegistry.json").read_text())
    ours, tested = (
        bytes.fromhex(code.removeprefix("0x"))
        for code in (committed()["deployedBytecode"], built["deployedBytecode"]["object"])
    )
    metadata = int.from_bytes(ours[-2:], "big") + 2
    assert tested[:-metadata] == ours[:-metadata]


def test_every_line_and_branch_is_covered() -> None:
    result = _forge(
        "coverage",
        "--exclude-tests",
        "--no-match-coverage",
        "^test/",
        "--no-match-contract",
        "GasTest|RegistryInvariants",
        profile="coverage",
    )
    total = next((line for line in result.stdout.splitlines() if line.startswith("| Total ")), result.stdout)
    assert re.findall(r"([\d.]+)%", total) == 4 * ["100.00"], result.stdout[-8_000:]
