"""The rooms of the house in their order: within each package, too, imports point one way."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import PACKAGES, ROOT, imports_of, python_files, tree_of

LAYERS = {
    "issuer": (
        *("errors", "text", "disk", "sheet", "course", "roster", "credential", "pictures", "records", "keys"),
        *("settings", "sending", "registry", "publishing", "batches", "mail", "custody", "watch", "vc_api"),
        *("office", "commands"),
    ),
    "verifier": (
        *(
            "core",
            "vc",
            "errors",
            "plain_file",
            "toml_table",
            "archive_folder",
            "badges",
            "badge_files",
            "chain",
            "domains",
        ),
        *("answers", "settings", "trust", "starting", "web", "commands"),
    ),
}
"""The units of a package, from the ground up: each imports only what stands before it."""

TERMINAL = {"click", "rich"}
LATE = re.compile(r"# late: \w")


def unit(name: str) -> str:
    """The part of a package that a module belongs to: its folder, or the module itself in the root."""
    return name.split(".")[1]


@pytest.mark.parametrize("package", LAYERS)
def test_every_unit_has_its_place(package: str) -> None:
    units = {path.parts[1].removesuffix(".py") for path in python_files(package) if len(path.parts) > 1}
    assert units - {"__init__"} == set(LAYERS[package])


@pytest.mark.parametrize("package", LAYERS)
def test_units_import_only_what_stands_below_them(package: str) -> None:
    against = [f"{path}: {name}" for path, name in _own_imports(package) if _is_backward(package, path, name)]
    assert not against, "nothing calls back: a lower unit is handed what it needs"


@pytest.mark.parametrize("package", PACKAGES)
def test_only_commands_know_the_terminal(package: str) -> None:
    may = {f"{package}/commands", "deploy/cli.py"}
    against = [
        f"{path}: {name}"
        for path in python_files(package)
        for name in imports_of(path)
        if name.split(".")[0] in TERMINAL and not any(str(path).startswith(one) for one in may)
    ]
    assert not against, "the words of the terminal belong into commands/"


def test_the_office_neither_prints_nor_asks_nor_ends() -> None:
    """Its values and its progress go out; what is printed is the affair of commands and pages."""
    against = [
        f"{path}:{node.lineno}"
        for path in python_files("issuer")
        if path.parts[1] in ("office", "registry")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "input", "exit", "sys.exit")
    ]
    assert not against


@pytest.mark.parametrize("package", PACKAGES)
def test_an_import_inside_a_function_says_why(package: str) -> None:
    against = [f"{path}:{line}" for path in python_files(package) for line in _late_without_reason(path)]
    assert not against, "import at the top, or say why not: # late: …"


def _own_imports(package: str) -> Iterator[tuple[Path, str]]:
    for path in python_files(package):
        if len(path.parts) > 2 or path.stem != "__init__":
            yield from ((path, name) for name in imports_of(path) if name.startswith(f"{package}."))


def _is_backward(package: str, path: Path, name: str) -> bool:
    here, there = path.parts[1].removesuffix(".py"), unit(name)
    layers = LAYERS[package]
    return here != there and layers.index(there) > layers.index(here)


def _late_without_reason(path: Path) -> Iterator[int]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    for function in ast.walk(tree_of(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            reason = False
            for statement in sorted(_imports_in(function), key=lambda each: each.lineno):
                reason = reason or bool(LATE.search(lines[statement.lineno - 1]))
                if not reason:
                    yield statement.lineno


def _imports_in(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports of a function; the first one may give the reason for those after it."""
    return (each for each in ast.walk(function) if isinstance(each, ast.Import | ast.ImportFrom))
