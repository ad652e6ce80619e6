"""A copy of the verifier that may be spoilt, and what the vectors say of it."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from tests.faults.table import ROOT, Fault, faulty

MOST_SECONDS = 120
"""Of processor, for the vectors with one fault in the code: a verifier that never ends is caught, too."""
OPTIONS: Sequence[str] = (
    "-x", "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider",
    # What the generator would write with the fault in it is no vector's doing.
    "--deselect", "tests/core/test_vectors.py::test_the_generator_writes_the_committed_vectors",
)  # fmt: skip
FIRST = {
    "2": "json", "3": "hash", "4": "tree or path", "5": "tree or path", "6": "file", "7": "file", "8": "batch_file",
    "9": "code or hash", "10": "institution or verdict", "11": "verdict or step_11", "12": "verdict",
    "13": "domain", "14": "programme", "15": "status", "16": "date",
}  # fmt: skip
"""The vectors of a section, which are read first because they are the likely ones to fail."""
_PASSED, _FAILED, _INTERRUPTED, _NONE = 0, 1, 2, 5
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
    likely = FIRST.get(fault.section, "verdict")
    try:
        return _first_failure(folder, likely) or _first_failure(folder, f"not ({likely})")
    finally:
        path.write_text(whole, encoding="utf-8")


def _first_failure(folder: Path, which: str) -> str | None:
    """Read the vectors in a process forked from this one, which has loaded what is slow to load."""
    output = folder / "output"
    child = os.fork()
    if child == 0:
        _read_vectors(folder, output, which)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "the time that it may take"
    code, text = os.WEXITSTATUS(status), output.read_text(encoding="utf-8", errors="replace")
    if code in (_PASSED, _NONE):
        return None
    failed = next((line for line in text.splitlines() if line.startswith(("FAILED ", "ERROR "))), "")
    if code not in (_FAILED, _INTERRUPTED) or not failed or "SyntaxError" in text:
        raise RuntimeError(f"The vectors could not be read:\n{text[-2000:]}")
    return failed.split(" - ")[0].split("::")[-1]


def _read_vectors(folder: Path, output: Path, which: str) -> NoReturn:
    """In the child: run the tests over the copy."""
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    with output.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    os.chdir(folder)
    sys.path[:] = [str(folder), *(each for each in sys.path if each not in ("", str(ROOT)))]
    sys.dont_write_bytecode = True
    for name in [name for name in sys.modules if name.split(".")[0] in _PACKAGES]:
        del sys.modules[name]
    code = pytest.main([*OPTIONS, *(["-k", which] if which else []), *vector_tests()])
    sys.stdout.flush()
    os._exit(int(code))
