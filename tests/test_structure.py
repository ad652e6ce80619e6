"""The packages keep their layout: one direction of imports, a core without input or output, names that tell."""

import re
from pathlib import Path

import pytest

from tests.sources import PACKAGES, ROOT, imports_of, kept_files, names_used_in, python_files

# Who may be imported by whom: deploy -> issuer -> verifier.
FORBIDDEN_ABOVE = {"verifier": {"issuer", "deploy"}, "issuer": {"deploy"}, "deploy": set()}

# What reads or writes anything, or answers differently from one call to the next.
IO_MODULES = {
    *(
        "socket",
        "ssl",
        "select",
        "selectors",
        "http",
        "urllib",
        "urllib3",
        "requests",
        "aiohttp",
        "httpx",
        "websockets",
    ),
    *("web3", "flask", "werkzeug", "click", "rich", "sqlalchemy", "sqlite3", "smtplib", "ftplib"),
    *("os", "pathlib", "shutil", "tempfile", "glob", "fileinput", "mmap", "subprocess", "multiprocessing", "asyncio"),
    *("importlib", "random", "secrets", "time", "logging"),
}
IO_BUILTINS = {"open", "input", "print", "exec", "eval", "__import__"}
PURE_PARTS = {"urllib.parse"}
# The core's own data: contexts that are part of the package.
MAY_READ_ITS_PACKAGE = {Path("verifier/core/contexts.py"): {"importlib.resources"}}

LUMBER_ROOM = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc)(_|$)")
LONGEST_FILE = 400
SOURCE_SUFFIXES = {".py", ".sol", ".js", ".mjs", ".ts", ".css"}

MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:root|work|home/\w+|Users/\w+)/\w")
REGISTRY_HOST = re.compile(
    r"pypi\.org|pythonhosted\.org|pypi\.python\.org|npmjs\.(?:org|com)|yarnpkg\.com|\bdeb\.debian\.org|crates\.io",
    re.IGNORECASE,
)
ADDRESS_IN_REQUIREMENTS = re.compile(
    r"://|--(?:extra-)?index|--find-links|--trusted-host|^\s*-[if]\b|\s@\s", re.MULTILINE
)


def is_within(name: str, modules: set[str]) -> bool:
    """Whether a dotted name is one of the modules or stands below one."""
    return any(name == module or name.startswith(module + ".") for module in modules)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    against = [
        f"{path}: {name}"
        for path in python_files(package)
        for name in imports_of(path)
        if is_within(name, FORBIDDEN_ABOVE[package] | {"tests", "tools", "bench"})
    ]
    assert not against, f"{package} may not import these; arrows point deploy -> issuer -> verifier"


def test_the_core_imports_only_the_core_of_its_own_house() -> None:
    against = [
        f"{path}: {name}"
        for path in python_files("verifier/core")
        for name in imports_of(path)
        if is_within(name, set(PACKAGES)) and not is_within(name, {"verifier.core"})
    ]
    assert not against


def test_the_core_does_no_input_or_output() -> None:
    against = [
        f"{path}: {name}"
        for path in python_files("verifier/core")
        for name in [*imports_of(path), *(set(names_used_in(path)) & IO_BUILTINS)]
        if is_within(name, IO_MODULES | IO_BUILTINS)
        and not is_within(name, PURE_PARTS | MAY_READ_ITS_PACKAGE.get(path, set()))
    ]
    assert not against, "verifier/core is handed what it judges; reading belongs around it"


def test_no_room_is_named_for_lumber() -> None:
    rooms = {
        part for path in kept_files() if path.suffix in SOURCE_SUFFIXES for part in (*path.parent.parts, path.stem)
    }
    assert not [room for room in sorted(rooms) if LUMBER_ROOM.search(room.lower())], "name it for what is in it"


def test_no_source_file_grows_too_long() -> None:
    lengths = {
        str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in kept_files()
        if path.suffix in SOURCE_SUFFIXES
    }
    too_long = {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE}
    assert not too_long, f"over {LONGEST_FILE} lines; something in there wants a room of its own"


def test_requirements_name_no_address() -> None:
    files = sorted((ROOT / "requirements").glob("*.txt"))
    assert files
    assert not [path.name for path in files if ADDRESS_IN_REQUIREMENTS.search(path.read_text(encoding="utf-8"))]


def test_node_lock_files_name_no_address() -> None:
    files = [path for path in kept_files() if path.name == "package-lock.json"]
    against = [str(path) for path in files if '"resolved"' in (ROOT / path).read_text(encoding="utf-8")]
    assert not against, "write them with `npm install --omit-lockfile-registry-resolved`"


def test_no_file_tells_of_one_machine_or_one_registry() -> None:
    against = []
    for path in kept_files():
        text = (ROOT / path).read_text(encoding="utf-8", errors="ignore")
        found = [match.group() for pattern in (MACHINE_PATH, REGISTRY_HOST) if (match := pattern.search(text))]
        against += [f"{path}: {match}" for match in found]
    assert not against, "paths of one machine, or hosts of package registries"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("see /".replace("see ", "") + "home/ali/sanad", True),
        ('"/' + 'root/x"', True),
        ("https://example.edu/home/ali/", False),
        ("tests/" + "work/x", False),
    ],
)
def test_machine_paths_are_told_from_addresses(text: str, told: bool) -> None:
    assert bool(MACHINE_PATH.search(text)) is told
