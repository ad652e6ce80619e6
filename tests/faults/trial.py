"""A copy of the verifier that may be spoilt, and what the vectors say of it."""

import importlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from tests.core import vector_files
from tests.faults.table import ROOT, Fault, faulty

MOST_SECONDS = 120
"""Of processor, for the vectors with one fault in the code: a verifier that never ends is caught, too."""
LEFT_OUT = ("test_the_generator_writes_the_committed_vectors",)
"""What the generator would write with the fault in it is no vector's doing."""
FIRST = {
    "2": "json", "3": "hash", "4": "tree or path", "5": "tree or path", "6": "file", "7": "file", "8": "batch_file",
    "9": "code or hash", "10": "institution or verdict", "11": "verdict or step_11", "12": "verdict",
    "13": "domain", "14": "programme", "15": "status", "16": "date",
}  # fmt: skip
"""The vectors of a section, which are read first because they are the likely ones to fail."""
_PACKAGES = ("verifier", "issuer", "deploy", "tests")


def vector_tests() -> list[str]:
    """The test files that read vectors with the verifier's core, and nothing else."""
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/core/test_*vectors.py"))


@contextmanager
def copied() -> Iterator[Path]:
    """A folder with a copy of `verifier/`; tests and vectors in it are the project's own."""
    with tempfile.TemporaryDirectory(prefix="sanad-faults-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "verifier", folder / "verifier", ignore=shutil.ignore_patterns("__pycache__", "web"))
        (folder / "tests").mkdir()
        for path in (ROOT / "tests").iterdir():
            if path.name in ("core", "vectors") or (path.suffix == ".py" and path.name != "conftest.py"):
                (folder / "tests" / path.name).symlink_to(path)
        for name in ("issuer", "deploy", "pyproject.toml"):
            (folder / name).symlink_to(ROOT / name)
        yield folder


def caught_by(fault: Fault | None, folder: Path) -> str | None:
    """The first vector that fails with this fault in the copy (None: without any); None where all pass.

    Raises:
        MisplacedError: the fault's text is not in the code.
        RuntimeError: the vectors could not be read at all.
    """
    if fault is None:
        return _first_failure(folder, "")
    path = folder / "verifier" / f"{fault.file}.py"
    whole = path.read_text(encoding="utf-8")
    path.write_text(faulty(fault, whole), encoding="utf-8")
    try:
        return _first_failure(folder, FIRST.get(fault.section, "verdict"))
    finally:
        path.write_text(whole, encoding="utf-8")


@cache
def _loaded() -> Mapping[str, list[Any]]:
    """All vectors by folder, read once for all the processes that are forked."""
    root = vector_files.FOLDER
    folders = {str(path.parent.relative_to(root)) for path in root.rglob("*.json")}
    return {folder: vector_files.vectors(folder) for folder in folders}


def _first_failure(folder: Path, likely: str) -> str | None:
    """Read the vectors in a process forked from this one, which has loaded what is slow to load."""
    output, tests = folder / "output", vector_tests()
    output.write_text("")
    _loaded()
    child = os.fork()
    if child == 0:
        _read_vectors(folder, output, tests, likely)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "the time that it may take"
    text = output.read_text(encoding="utf-8", errors="replace")
    if os.WEXITSTATUS(status) or "SyntaxError" in text:
        raise RuntimeError(f"The vectors could not be read:\n{text[-2000:]}")
    return text or None


def _read_vectors(folder: Path, output: Path, tests: Sequence[str], likely: str) -> NoReturn:
    """In the child: run the tests over the copy, the likely ones first, and write which one failed."""
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    code = 1
    try:
        os.chdir(folder)
        sys.path[:] = [str(folder), *(each for each in sys.path if each not in ("", str(ROOT)))]
        sys.dont_write_bytecode = True
        for name in [name for name in sys.modules if name.split(".")[0] in _PACKAGES]:
            del sys.modules[name]
        output.write_text(_failing(tests, likely.split(" or ")) or "")
        code = 0
    except BaseException as error:  # the process ends here, whatever it is
        output.write_text(f"{type(error).__name__}: {error}")
    finally:
        os._exit(code)


def _failing(tests: Sequence[str], likely: Sequence[str]) -> str | None:
    """Which fails; large files, which are drawn anew, come last, and only where all else passes."""
    large = [path for path in tests if "large" in path]
    small = [path for path in tests if path not in large]
    return _first_of(small, likely) or (_first_of(large, ()) if large else None)


def _first_of(tests: Sequence[str], likely: Sequence[str]) -> str | None:
    try:
        cases = [case for path in tests for case in _cases(path)]
    except Exception as error:  # a fault may keep a module from being loaded at all
        return f"what a module says at once: {type(error).__name__}"
    cases.sort(key=lambda case: not any(word in case[0] for word in likely))
    for name, test, arguments in cases:
        try:
            test(*arguments)
        except BaseException:  # pytest's own failures are no exceptions
            return name
    return None


def _cases(path: str) -> Iterator[tuple[str, Callable[..., None], tuple[Any, ...]]]:
    """Every test of a file with every vector it is given, by the name that pytest gives it."""
    importlib.import_module("tests.core.vector_files").__dict__["vectors"] = _loaded().__getitem__
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    for name, test in vars(module).items():
        if not name.startswith("test_") or name in LEFT_OUT:
            continue
        marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
        for parameters in marks[0].args[1] if marks else ():
            yield f"{name}[{parameters.id}]", test, parameters.values
        if not marks:
            yield name, test, ()
