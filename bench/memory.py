"""A large class from roster to verified files, by the command itself: `python bench/memory.py [students]`.

Prints certificates a second from end to end and the most memory that the process had. The chain is the embedded one, in
this process; issuing has its own. Without a number two small classes show whether memory grows with the batch.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_account import Account

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from web3 import HTTPProvider, Web3  # noqa: E402

from deploy.chain_server import ChainServer  # noqa: E402
from tests.chain_fixtures import ChainNode, deploy_on  # noqa: E402
from tests.journey.office import Office, open_office  # noqa: E402

STUDENTS = 80_000
FEW, MANY = 1_000, 5_000
"""Two sizes that show whether memory grows with the batch."""
CEILING = 600
"""MB that a process may have at most, whatever the size of the batch."""


@contextmanager
def office_in(folder: Path) -> Iterator[Office]:
    """An institution on an embedded chain."""
    rich = Account.create()
    with ChainServer([rich.address], port=0) as server:
        web3 = Web3(HTTPProvider(server.url, exception_retry_configuration=None))
        yield open_office(deploy_on(ChainNode("local", server.url, server.chain.chain_id, web3, rich)), folder)


def issue(office: Office, students: int) -> tuple[float, float, int]:
    """Seconds, megabytes, and the exit code of `sanad issue` for so many."""
    names = ("Ayesha Siddiqui", "فاطمہ نور", "Zoë Fernandes", "محمد اسلم")
    with (office.folder / "roster.csv").open("w", encoding="utf-8") as roster:
        roster.write("Student Number,Name,Grade\n")
        roster.writelines(f"DU-{at},{names[at % 4]} {at},A\n" for at in range(students))
    course = (ROOT / "issuer" / "samples" / "course.toml").read_text(encoding="utf-8")
    (office.folder / "course.toml").write_text(course, encoding="utf-8")
    words = ["issue", "roster.csv", "--course", "course.toml", "--config", "sanad.toml", "--out", "certificates"]
    command = [sys.executable, "-c", "from deploy.cli import main; main()", *words]
    began = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    code = subprocess.run(
        command, cwd=office.folder, env=environment, stdout=subprocess.DEVNULL, check=False
    ).returncode
    return time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, code


def measure(students: int) -> tuple[float, bool]:
    """Issue a class of so many and print what it took; megabytes, and whether it all came out valid."""
    folder = Path(tempfile.mkdtemp(prefix="sanad-bench-"))
    try:
        with office_in(folder) as office:
            seconds, megabytes, code = issue(office, students)
    finally:
        shutil.rmtree(folder)
    print(f"{students:,} certificates in {seconds:,.0f} s end to end, {students / seconds:,.0f} a second", flush=True)
    print(f"{megabytes:,.0f} MB at the most; {CEILING} are allowed", flush=True)
    return megabytes, code == 0


def main() -> int:
    """Print what it took, and what 80,000 would take by that; 1 where it is too much."""
    if len(sys.argv) > 1:
        megabytes, sound = measure(int(sys.argv[1]))
        return 0 if sound and megabytes <= CEILING else 1
    small, few = measure(FEW)
    large, many = measure(MANY)
    whole = large + max(0.0, large - small) / (MANY - FEW) * (STUDENTS - MANY)
    print(f"By this {STUDENTS:,} would take {whole:,.0f} MB; python bench/memory.py {STUDENTS} issues them all")
    return 0 if few and many and whole <= CEILING else 1


if __name__ == "__main__":
    sys.exit(main())
