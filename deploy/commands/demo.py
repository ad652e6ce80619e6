"""The command `sanad demo`."""

import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from deploy.chain_server import ChainServer
from deploy.chain_store import is_in_use
from deploy.demo import Chain, DevelopmentNode, Wishes, make_keys, run
from deploy.demo_folder import CHAIN, Content, complete, content_of, loss, new_folder
from deploy.demo_kept import START_OVER, go_on, open_kept, say_where
from deploy.errors import ChainInUseError, ChainStoreError, DemoError, DeployError, PortBusyError
from issuer.commands.terminal import certificate_data, print_certificates, progress_bars
from issuer.errors import IssuerError
from verifier.commands.opening import FILE, CommandError
from verifier.core.errors import SanadError
from verifier.settings import load_settings
from verifier.web import create_app
from verifier.web.server import serve_on

if TYPE_CHECKING:
    from deploy.demo import Issued, Keys
    from deploy.demo_kept import Kept

_PORT, _CHAIN_PORT = 8000, 8545
_TAKEN_BACK = {"valid", "revoked", "replaced", "expired"}
"""The verdicts that certificates may have that a person issued, or took back, in between."""


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
@click.option("--fresh", is_flag=True, help="Start over; what was issued in the folder before is lost.")
@click.option("--yes", is_flag=True, help="With --fresh: do not ask whether that is meant.")
def demo(out: Path, port: int | None, fresh: bool, yes: bool, as_json: bool, **more: Any) -> None:
    """Issue a sample class on a chain of your own, verify every certificate, and serve the verifier.

    A second run continues with the same chain, keys and records: what was issued before, by yourself too, is still
    there. With --roster or --course it issues one more class.

    \b
    Exit codes: 0 all certificates valid, or taken back by yourself; 1 one is not; 2 it could not be done.
    """
    how = _How(out, port, as_json, **more)
    try:
        with _disk():
            kept = _kept(how, fresh, yes)
            issued = _new(how) if kept is None else _gone_on(how, kept)
    except (DeployError, IssuerError, SanadError) as error:
        raise CommandError(str(error)) from None
    words = {each.word for each in issued.checked}
    sys.exit(0 if words <= {"valid"} or (kept is not None and words <= _TAKEN_BACK) else 1)


@dataclass(frozen=True)
class _How:
    """What the command was asked for."""

    out: Path
    port: int | None
    as_json: bool
    once: bool
    roster: Path | None
    course: Path | None
    chain_port: int | None
    lan: bool
    public_url: str | None
    node: str | None

    @property
    def host(self) -> str:
        """The address to listen on."""
        return "0.0.0.0" if self.lan else "127.0.0.1"

    def origin(self, port: int) -> str:
        """Where the verifier is reached."""
        return (self.public_url or f"http://{_own_address() if self.lan else self.host}:{port}").rstrip("/")


def _kept(how: _How, fresh: bool, yes: bool) -> "Kept | None":
    """The demonstration to continue; None where one is to be made."""
    found = content_of(how.out)
    if found is Content.BEGUN:
        click.echo(f"The first run in {how.out} was cut off before its end; it is made again.", err=True)
    if found is not Content.KEPT:
        return None
    if not fresh:
        return open_kept(how.out, how.node)
    _ask_to_lose(how.out, yes)
    return None


def _ask_to_lose(folder: Path, yes: bool) -> None:
    if is_in_use(folder / CHAIN):
        raise DemoError(f"Another sanad demo runs in {folder}: end it first (Ctrl-C there).")
    lost = f"{folder}: {loss(folder)}"
    if yes:
        return
    if not sys.stdin.isatty():
        raise DemoError(f"Starting over loses what is in {lost}. Nobody is there to be asked: say --yes.")
    click.echo(f"This is lost in {lost}.", err=True)
    if not click.confirm("Start over?", err=True):
        raise DemoError("You answered no. Nothing was deleted.")


def _new(how: _How) -> "Issued":
    with contextlib.ExitStack() as stack, _listen(how.host, _taken(how.port, _PORT, how.once)) as listener:
        shown = _PORT if how.once and how.port is None else listener.getsockname()[1]
        origin = how.origin(shown)
        with new_folder(how.out) as folder, progress_bars(quiet=how.as_json) as progress:
            keys = make_keys(folder)
            chain = stack.enter_context(_chain(keys, how))
            issued = run(Wishes(folder, how.roster, how.course, origin), keys, chain, progress)
            complete(folder)
        _report(how, issued)
        if not how.once:
            _serve(listener, issued, origin, chain)
        return issued


def _gone_on(how: _How, kept: "Kept") -> "Issued":
    click.echo(f"Continuing in {how.out} with {loss(how.out).issued}. To start over: sanad demo --fresh", err=True)
    with contextlib.ExitStack() as stack, _listen_again(how, kept) as listener:
        here = how.origin(listener.getsockname()[1])
        origin = here if how.lan or how.public_url else kept.origin
        chain = stack.enter_context(_same_chain(how, kept))
        kept = say_where(kept, chain, origin)
        with progress_bars(quiet=how.as_json) as progress:
            issued = go_on(kept, Wishes(how.out, how.roster, how.course, origin), progress)
        _report(how, issued)
        if not how.once:
            if here != origin:
                why = "" if how.port is not None else ", because something else listens where it was"
                click.echo(
                    f"The verifier is at {here} this time{why}. Links and QR codes still say {origin}: they lead "
                    "here again when it serves there.",
                    err=True,
                )
            _serve(listener, issued, here, chain)
        return issued


def _report(how: _How, issued: "Issued") -> None:
    if how.as_json:
        click.echo(_as_json(issued))
        return
    for one in issued.classes:
        if len(issued.classes) > 1:
            click.echo(f"\n{one.batch.course} ({one.batch.id[:8]}), {one.batch.out}")
        print_certificates(one.checked, one.batch.origin)
    _print_sum(issued)


def _print_sum(issued: "Issued") -> None:
    count = len(issued.checked)
    if issued.transaction is not None and len(issued.classes) == 1:
        gas = f"{issued.gas_used or 0:,} gas"
        click.echo(f"{count} certificates in one transaction ({gas}), {issued.seconds:.1f} seconds.")
    else:
        classes = "1 class" if len(issued.classes) == 1 else f"{len(issued.classes)} classes"
        click.echo(f"{count} certificates of {classes} checked, {issued.seconds:.1f} seconds.")
    click.echo(f"Files: {issued.batch.out}")


@contextlib.contextmanager
def _listen_again(how: _How, kept: "Kept") -> Iterator[socket.socket]:
    """Listen where the links of the last run lead; elsewhere where that is taken, unless a port was asked for."""
    if how.port is not None or how.once:
        with _listen(how.host, how.port or 0) as listener:
            yield listener
        return
    try:
        bound = socket.create_server((how.host, kept.port or _PORT))
    except OSError:
        bound = socket.create_server((how.host, 0))
    with bound:
        yield bound


@contextlib.contextmanager
def _same_chain(how: _How, kept: "Kept") -> Iterator["Chain"]:
    """The chain of the last run, at the same port where it is free."""
    if how.node is not None:
        with contextlib.closing(DevelopmentNode(how.node)) as development:
            development.tick()
            yield development.chain
        return
    usual = urlsplit(kept.node).port or _CHAIN_PORT
    ports = [usual, 0] if how.chain_port is None else [how.chain_port]
    try:
        server = _served(how, kept, ports)
    except ChainInUseError:
        raise
    except ChainStoreError as error:
        raise DemoError(f"The demonstration in {how.out} cannot be continued: {error} {START_OVER}") from None
    with server, _own_trouble(server):
        yield Chain(server.url.replace("0.0.0.0", "127.0.0.1"), server.chain.chain_id)


@contextlib.contextmanager
def _own_trouble(server: ChainServer) -> Iterator[None]:
    """Where the chain cannot be kept, that is what went wrong, and not that a node gave no usable answer."""
    try:
        yield
    except (IssuerError, SanadError):
        if server.chain.trouble is not None:
            raise server.chain.trouble from None
        raise


def _served(how: _How, kept: "Kept", ports: "list[int]") -> ChainServer:
    """The kept chain at the first of these ports that is free."""
    try:
        return ChainServer([], how.host, ports[0], kept=kept.chain_file)
    except PortBusyError:
        if not ports[1:]:
            raise
        return _served(how, kept, ports[1:])


def _taken(given: int | None, usual: int, once: bool) -> int:
    """The port to listen on. What ends before anybody could come needs none, so the usual one may be busy then."""
    return given if given is not None else 0 if once else usual


@contextlib.contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    """Take the verifier's port first, so that a busy one is reported before anything is made."""
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
            raise DemoError("This machine is not in a network. Leave out --lan, or give --public-url.") from None
        return str(probe.getsockname()[0])


@contextlib.contextmanager
def _chain(keys: "Keys", how: _How) -> Iterator["Chain"]:
    if how.node is not None:
        with contextlib.closing(DevelopmentNode(how.node)) as development:
            development.tick()
            development.fund(keys)
            yield development.chain
        return

    funded = [account.address for account in (keys.programme, keys.admin, keys.professor)]
    port = _taken(how.chain_port, _CHAIN_PORT, how.once)
    with ChainServer(funded, how.host, port, kept=how.out / CHAIN) as server, _own_trouble(server):
        yield Chain(server.url.replace("0.0.0.0", "127.0.0.1"), server.chain.chain_id)


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f"{error.filename} " if error.filename else "The folder "
        raise DemoError(f"{where}cannot be used: {error.strerror or error}.") from None


def _as_json(issued: "Issued") -> str:
    return json.dumps(
        {
            "registry": issued.registry,
            "chain_id": issued.chain_id,
            "root": "0x" + (issued.batch.root or b"").hex(),
            "transaction": issued.transaction,
            "gas_used": issued.gas_used,
            "seconds": round(issued.seconds, 3),
            "certificates": [
                certificate_data(each, one.batch.origin) for one in issued.classes for each in one.checked
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _serve(listener: socket.socket, issued: "Issued", origin: str, chain: "Chain") -> None:
    server = serve_on(create_app(load_settings(issued.settings).verifier(), origin), listener)
    click.echo(f"\nVerifier: {origin}   chain: {chain.url} (chain id {chain.chain_id})   Ctrl-C ends both.", err=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()
