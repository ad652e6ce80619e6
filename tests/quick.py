"""A `sanad` that begins at once: its commands run in children of one process that has imported everything.

    python -m tests.quick SOCKET

The program that a shell finds as `sanad` hands its words, its folder, its environment and its three files over, and
ends with the exit code that comes back. What runs is `deploy.cli.main`, as ever; only the new keys' passphrases are
cheap to guess, because deriving a key as slowly as it must be would take most of a test's time.
"""

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_account import Account

from deploy.command_table import SECTIONS
from issuer.keys import pkcs8

PROGRAM = """#!{python} -SEI
import json, os, socket, sys
there = socket.socket(socket.AF_UNIX)
there.connect({place!r})
asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(there, [len(asked).to_bytes(4, "big")], [0, 1, 2])
there.sendall(asked)
code = there.recv(1)
sys.exit(code[0] if code else 70)
"""
_MORE = (
    "eth_account",
    "issuer.batches.judging",
    "issuer.office.issuing",
    "issuer.records.upgrading",
    "sqlalchemy.dialects.sqlite",
    "verifier.chain.panel",
    "verifier.chain.registry",
    "web3",
)


@contextmanager
def quick_sanad(folder: Path) -> Iterator[Path]:
    """A folder for the PATH, with a `sanad` that begins at once."""
    door, programs = folder / "door", folder / "bin"
    programs.mkdir()
    program = programs / "sanad"
    program.write_text(PROGRAM.format(python=sys.executable, place=str(door)))
    program.chmod(0o755)
    server = subprocess.Popen([sys.executable, "-m", "tests.quick", str(door)])
    try:
        while not door.exists():
            assert server.poll() is None
            time.sleep(0.05)
        yield programs
    finally:
        server.kill()
        server.wait(10)


def make_passphrases_cheap() -> None:
    """Keys that live for one test are encrypted with little work."""
    cheap = pkcs8.Cost(1 << 10, 8, 1)
    pkcs8.encrypted_pem.__defaults__ = (cheap,)
    pkcs8.STRENGTH = cheap
    encrypt = Account.encrypt
    Account.encrypt = staticmethod(
        lambda key, passphrase, kdf=None, iterations=None: encrypt(key, passphrase, "pbkdf2", 1000)
    )


def main() -> None:
    """Serve until the process is ended."""
    make_passphrases_cheap()
    for name in (*_MORE, *(each.place.partition(":")[0] for part in SECTIONS.values() for each in part)):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen()
        while True:
            there, _ = door.accept()
            if os.fork() == 0:
                _run(there)
            there.close()


def _run(there: socket.socket) -> None:
    """One command, in the child; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, files, _, _ = socket.recv_fds(there, 4, 3)
    asked = b""
    while len(asked) < int.from_bytes(size, "big"):
        asked += there.recv(1 << 16)
    words, folder, environment = json.loads(asked)
    for number, file in enumerate(files):
        os.dup2(file, number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode) for number, mode in enumerate("rww"))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    there.sendall(bytes([_code(words)]))
    os._exit(0)


def _code(words: list[str]) -> int:
    from deploy.cli import main as sanad

    code = 0
    try:
        sanad(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 70
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


if __name__ == "__main__":
    main()
