"""The repository's own files, and what its Python files import."""

import ast
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("verifier", "issuer", "deploy")


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that git keeps or is about to keep, as a path from the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        assert not (ROOT / ".git").exists(), f"git does not list the files: {listing.stderr}"
        assert "CI" not in os.environ, "CI has to run in a git checkout"
        pytest.skip("not a git checkout, so nobody can say which files belong to it")
    return tuple(sorted(path for name in set(listing.stdout.split("\0")) if (ROOT / (path := Path(name))).is_file()))


def python_files(*packages: str) -> tuple[Path, ...]:
    """The Python files of some packages, as paths from the root."""
    return tuple(path.relative_to(ROOT) for name in packages for path in sorted((ROOT / name).rglob("*.py")))


def imports_of(path: Path) -> Iterator[str]:
    """Each imported module's full dotted name, also of imports inside functions; `from a import b` gives `a.b`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            folder = path.parent.parts[: len(path.parent.parts) - node.level + 1] if node.level else ()
            base = ".".join([*folder, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def names_used_in(path: Path) -> Iterator[str]:
    """Each bare name that is read in a file, `open` for instance."""
    return (node.id for node in ast.walk(tree_of(path)) if isinstance(node, ast.Name))


def tree_of(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))
