"""What is built to be installed elsewhere carries every file that the packages keep, and nothing else."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.sources import PACKAGES, ROOT, kept_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the pinned backend from a copy: building writes into the folder it builds."""
    folder = tmp_path_factory.mktemp("sanad")
    for path in kept_files():
        if path.parts[0] in PACKAGES or path.name in {"pyproject.toml", "README.md", "LICENSE"}:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(folder / "built"), str(folder)),
        ],
        check=True,
    )
    return next((folder / "built").glob("sanad-*.whl"))


def test_the_wheel_carries_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert carried == {path.as_posix() for path in kept_files() if path.parts[0] in PACKAGES}


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        told = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert "Name: sanad\n" in told["METADATA"]
    assert "Requires-Python: >=3.11\n" in told["METADATA"]
    assert "License-Expression: Apache-2.0\n" in told["METADATA"]
    assert "sanad = deploy.cli:main" in told["entry_points.txt"]
