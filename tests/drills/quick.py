"""A `sanad` that begins at once: its commands run in children of one process that has imported everything.

    python -m tests.drills.quick SOCKET

The program that a shell finds as `sanad` hands its words, its folder, its environment and its three files over, and
ends with the exit code that comes back. What runs is `deploy.cli.main`, as ever.
"""

import importlib
import json
import os
import signal
import socket
import sys
from pathlib import Path

from deploy.command_table import SECTIONS

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


def put_program(path: Path, place: Path) -> None:
    """Write the program `sanad` that asks the server at `place`."""
    path.write_text(PROGRAM.format(python=sys.executable, place=str(place)))
    path.chmod(0o755)


def main() -> None:
    """Serve until the process is ended."""
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
