"""The command `sanad serve vc-api`."""

import contextlib
import json
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from issuer.commands.acting import ask_passphrase, reporting_errors
from issuer.keys.files import Passphrases, load_institution_key
from issuer.vc_api.app import Service, create_app
from issuer.vc_api.contexts import lenient_reader
from issuer.vc_api.issuing import Signatory, trial_signatory
from issuer.vc_api.tls import given_context, secure, self_signed_context
from verifier.commands.opening import CommandError
from verifier.core.canonical import parse
from verifier.core.domain import is_domain
from verifier.core.errors import JsonError
from verifier.core.limits import LIMITS
from verifier.domains.did_web import FetchedDocuments
from verifier.plain_file import read_plain, read_plain_text
from verifier.web.server import listen, serve_on

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

    from issuer.vc_api.tls import SelfSigned

_FILE = click.Path(path_type=Path, dir_okay=False)
_TOKEN_CHARS = 16


@click.command("vc-api")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8443, show_default=True, type=click.IntRange(0, 65535), help="The port; 0: any free.")
@click.option("--tls-certificate", type=_FILE, help="Certificate for https (PEM); else one is made, self-signed.")
@click.option("--tls-key", type=_FILE, help="Its key (PEM, not encrypted).")
@click.option("--certificate-out", type=_FILE, help="Write the self-signed certificate here, for clients to trust.")
@click.option("--key", type=_FILE, help="Sign with this Ed25519 key file. Needs --token-file.")
@click.option("--domain", help="The institution whose key it is (did:web); without it the key is a did:key.")
@click.option("--passphrase-file", type=_FILE, help="File with the key's passphrase; else SANAD_PASSPHRASE, or asked.")
@click.option("--token-file", type=_FILE, help="File with the token that issuing asks for, 16 characters or more.")
@click.option("--context", "contexts", multiple=True, metavar="URL=FILE", help="Read this JSON-LD context as well.")
def vc_api(
    host: str,
    port: int,
    tls_certificate: Path | None,
    tls_key: Path | None,
    certificate_out: Path | None,
    key: Path | None,
    domain: str | None,
    passphrase_file: Path | None,
    token_file: Path | None,
    contexts: tuple[str, ...],
) -> None:
    """Serve the W3C VC API over https until Ctrl-C, for conformity tests and trials.

    It signs what it is given. Without --key, a trial key is drawn and forgotten (did:key), and anybody may have
    credentials signed with it. With --key, every caller must bring the token.
    """
    with reporting_errors():
        signatory = _signatory(key, domain, passphrase_file)
        service = _service(signatory, _token(token_file), FetchedDocuments(), _contexts(contexts))
        context, made = _tls(host, tls_certificate, tls_key, certificate_out)
        server = _server(service, host, port, context)
    _announce(service, host, server.port, made.fingerprint if made else None)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()


def _signatory(key: Path | None, domain: str | None, passphrase_file: Path | None) -> "Signatory":
    if domain is not None and not is_domain(domain):
        raise CommandError(f"{domain} is not a domain in lower case, such as university.example.")
    if key is None:
        if domain is not None:
            raise CommandError("A trial key speaks for no domain. Give the institution's key with --key, and a token.")
        return trial_signatory()
    return Signatory(load_institution_key(key, Passphrases(passphrase_file, ask_passphrase).of(key)), domain)


def _token(file: Path | None) -> str | None:

    if file is None:
        return None
    try:
        token = read_plain_text(file).strip()
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"The token file {file} cannot be read.") from None
    if len(token) < _TOKEN_CHARS or not token.isascii() or not token.isprintable() or " " in token:
        raise CommandError(f"{file} does not hold a token: {_TOKEN_CHARS} or more printable characters on one line.")
    return token


def _service(signatory: "Signatory", token: str | None, documents: Any, contexts: dict[str, Any]) -> "Service":
    if not signatory.trial and token is None:
        raise CommandError("With a key of yours it would sign for anybody who asks. Give a token with --token-file.")
    return Service(signatory, token, documents, lenient_reader(contexts))


def _contexts(named: tuple[str, ...]) -> dict[str, Any]:
    found = {}
    for text in named:
        url, _, name = text.partition("=")
        try:
            context = parse(read_plain(Path(name), LIMITS.file_bytes))
        except (OSError, JsonError) as error:
            raise CommandError(f"--context {text}: {getattr(error, 'strerror', None) or error}") from None
        if not url.startswith(("https://", "http://", "urn:")) or not isinstance(context, dict):
            raise CommandError(f"--context {text}: give the context's address, =, and a file with the JSON object.")
        found[url] = context
    return found


def _tls(
    host: str, certificate: Path | None, key: Path | None, out: Path | None
) -> "tuple[ssl.SSLContext, SelfSigned | None]":
    if (certificate is None) != (key is None):
        raise CommandError("--tls-certificate and --tls-key go together.")
    if certificate is not None and key is not None:
        return given_context(certificate, key), None
    context, made = self_signed_context(host)
    if out is not None:
        try:
            out.write_bytes(made.pem)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from None
    return context, made


def _server(service: "Service", host: str, port: int, context: ssl.SSLContext) -> "BaseWSGIServer":
    try:
        with listen(host, port) as listener:
            server = serve_on(create_app(service), listener)
    except OSError as error:
        raise CommandError(f"Port {port} on {host} cannot be used: {error.strerror or error}.") from None
    secure(server, context)
    return server


def _announce(service: "Service", host: str, port: int, fingerprint: str | None) -> None:
    here = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    click.echo(json.dumps({"url": here, "issuer": service.signatory.controller, "sha256": fingerprint}))
    kind = (
        "a trial key, forgotten with this process; anybody may use it" if service.signatory.trial else "by token only"
    )
    click.echo(f"The VC API is at {here} until Ctrl-C. It signs as {service.signatory.controller} ({kind}).", err=True)
    if fingerprint is not None:
        click.echo(f"Its certificate is self-signed, SHA-256 {fingerprint}.", err=True)
