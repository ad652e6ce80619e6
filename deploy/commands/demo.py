"""The command `sanad demo`."""

import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploy.chain_server import ChainServer
from deploy.demo import Chain, DevelopmentNode, Wishes, demo_folder, make_keys, run
from deploy.errors import DemoError, DeployError, PortBusyError
from issuer.commands.terminal import certificate_data, print_certificates, progress_bars
from issuer.errors import IssuerError
from verifier.commands.opening import FILE, CommandError
from verifier.core.errors import SanadError
from verifier.settings import load_settings
from verifier.web import create_app
from verifier.web.server import serve_on

if TYPE_CHECKING:
    from deploy.demo import Issued, Keys
    from issuer.batches.progress import Progress

_PORT, _CHAIN_PORT = 8000, 8545


@click.command()
@click.option("--once", is_flag=True, help="Stop after the table instead of serving.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the table.")
@click.option("--roster", type=FILE, help="Another class roster than the sample one.")
@click.option("--course", type=FILE, help="Another course description than the sample one.")
@click.option("--out", type=FILE, default=Path("sanad-demo"), help="Folder to write. [./sanad-demo]")
@click.option("--port", type=click.IntRange(0, 65535), help="The verifier's port. [8000]")
@click.option("--chain-port", type=click.IntRange(0, 65535), help="The chain's port. [8545]")
@click.option("--lan", is_flag=True, help="Serve to the local network, so that a phone can scan the QR codes.")
@click.option("--public-url", metavar="URL", help="Where the verifier is reached, if not at this machine's address.")
@click.option("--node", metavar="URL", help="A development node (anvil, say) instead of the embedded chain.")
def demo(
    once: bool,
    as_json: bool,
    roster: Path | None,
    course: Path | None,
    out: Path,
    port: int | None,
    chain_port: int | None,
    lan: bool,
    public_url: str | None,
    node: str | None,
) -> None:
    """Issue a sample class on a chain of your own, verify every certificate, and serve the verifier.

    \b
    Exit codes: 0 all certificates valid; 1 one is not; 2 it could not be done.
    """
    host = "0.0.0.0" if lan else "127.0.0.1"
    try:
        with contextlib.ExitStack() as stack, _listen(host, _taken(port, _PORT, once)) as listener, _disk():
            shown = _PORT if once and port is None else listener.getsockname()[1]
            origin = public_url or f"http://{_own_address() if lan else host}:{shown}"
            with demo_folder(out) as folder, _shown(quiet=as_json) as progress:
                keys = make_keys(folder)
                chain = stack.enter_context(_chain(keys, node, host, _taken(chain_port, _CHAIN_PORT, once)))
                issued = run(Wishes(folder, roster, course, origin.rstrip("/")), keys, chain, progress)
            click.echo(_as_json(issued, origin)) if as_json else _print_table(issued, origin)
            if not once:
                _serve(listener, issued, origin, chain)
    except (DeployError, IssuerError, SanadError) as error:
        raise CommandError(str(error)) from None
    sys.exit(0 if all(each.valid for each in issued.checked) else 1)


def _taken(given: int | None, usual: int, once: bool) -> int:
    """The port to listen on. What ends before anybody could come needs none, so the usual one may be busy then."""
    return given if given is not None else 0 if once else usual


@contextlib.contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    """Take the verifier's port first, so that a busy one is told before anything is made."""
    try:
        bound = socket.create_server((host, port))
    except OSError as error:
        raise PortBusyError(
            f"The verifier cannot listen on {host}:{port} ({os.strerror(error.errno or 0)}): "
            "stop what listens there, or choose another port with --port; by make: "
            'make demo ARGS="--port 8001 --chain-port 8546"'
        ) from None
    with bound:
        yield bound


def _own_address() -> str:
    """This machine's address in its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            raise DemoError("This machine is in no network. Leave out --lan, or give --public-url.") from None
        return str(probe.getsockname()[0])


@contextlib.contextmanager
def _chain(keys: "Keys", node: str | None, host: str, port: int) -> Iterator["Chain"]:
    if node is not None:
        with contextlib.closing(DevelopmentNode(node)) as development:
            development.fund(keys)
            development.tick()
            yield development.chain
        return

    funded = [account.address for account in (keys.programme, keys.admin, keys.professor)]
    with ChainServer(funded, host, port) as server:
        yield Chain(server.url.replace("0.0.0.0", "127.0.0.1"), server.chain.chain_id)


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f"{error.filename} " if error.filename else "The folder "
        raise DemoError(f"{where}cannot be used: {error.strerror or error}.") from None


@contextlib.contextmanager
def _shown(quiet: bool) -> Iterator["Progress"]:
    """Progress on standard error: bars at a terminal, a line for each stage elsewhere."""
    with progress_bars(quiet=quiet) as progress:
        yield progress


def _as_json(issued: "Issued", origin: str) -> str:
    return json.dumps(
        {
            "registry": issued.registry,
            "chain_id": issued.chain_id,
            "root": "0x" + (issued.batch.root or b"").hex(),
            "transaction": issued.transaction,
            "gas_used": issued.gas_used,
            "seconds": round(issued.seconds, 3),
            "certificates": [certificate_data(each, origin) for each in issued.checked],
        },
        ensure_ascii=False,
        indent=1,
    )


def _print_table(issued: "Issued", origin: str) -> None:
    print_certificates(issued.checked, origin)
    count = len(issued.checked)
    click.echo(f"{count} certificates in one transaction ({issued.gas_used or 0:,} gas), {issued.seconds:.1f} seconds.")
    click.echo(f"Files: {issued.batch.out}")


def _serve(listener: socket.socket, issued: "Issued", origin: str, chain: "Chain") -> None:
    server = serve_on(create_app(load_settings(issued.settings).verifier(), origin), listener)
    click.echo(f"\nVerifier: {origin}   chain: {chain.url} (chain id {chain.chain_id})   Ctrl-C ends both.", err=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()
