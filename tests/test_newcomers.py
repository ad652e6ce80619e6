"""CONTRIBUTING.md answers newcomers by file and name, and both are there; each package says what is in it."""

import ast
import re
from pathlib import Path

import pytest

from tests.sources import PACKAGES, ROOT, python_files, tree_of

_ROW = re.compile(r"^\| (Where [^|]+\?) \| `([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)
QUESTIONS = _ROW.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
FOLDERS = sorted({path.parent for package in PACKAGES for path in python_files(package)} - {Path("verifier/core")})


def test_ten_questions_are_answered() -> None:
    assert len(QUESTIONS) >= 10


@pytest.mark.parametrize(("question", "file", "name"), QUESTIONS, ids=[question for question, _, _ in QUESTIONS])
def test_an_answer_is_where_it_says(question: str, file: str, name: str) -> None:
    assert name in _names_defined_in(Path(file)), question


@pytest.mark.parametrize("folder", [each for each in FOLDERS if "migrations" not in each.parts], ids=str)
def test_a_package_says_what_is_in_it(folder: Path) -> None:
    if (ROOT / folder / "__init__.py").exists():
        assert ast.get_docstring(tree_of(folder / "__init__.py")), f"{folder}/__init__.py: say what the package is for"


@pytest.mark.parametrize("folder", [each for each in FOLDERS if "migrations" not in each.parts], ids=str)
def test_what_a_package_lists_is_there(folder: Path) -> None:
    text = (
        (ROOT / folder / "__init__.py").read_text(encoding="utf-8") if folder.joinpath("__init__.py").exists() else ""
    )
    listed = set(re.findall(r"^((?:\w+\.py(?:, )?)+) ", text, re.MULTILINE))
    names = {name for line in listed for name in line.split(", ")}
    assert not {name for name in names if not (ROOT / folder / name).exists()}


def _names_defined_in(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names
