"""A real SMTP server (aiosmtpd) in a process of its own; prints its port, keeps what it accepted in a folder.

    python -m tests.mail.smtp_server FOLDER [--certificate PEM --key PEM] [--implicit] [--user NAME --password WORD]

How it treats a letter is said by the recipient's name: `refuse@…`, `later@…`, `full@…` (refused after the letter),
`drop-before@…` (hangs up at RCPT), `drop-after@…` (takes the letter and hangs up instead of saying so),
`lose@…` (hangs up after the letter and keeps nothing), `forward@…` (takes it with another good answer than 250).
"""

import argparse
import asyncio
import ssl
import uuid
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("stranger@"):
            return "550 5.7.1 we do not know this sender"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        name = address.split("@")[0]
        if name.startswith("refuse"):
            return "550 5.1.1 no such student here"
        if name.startswith("later"):
            return "451 4.2.1 mailbox is busy"
        if name.startswith("drop-before"):
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        name = envelope.rcpt_tos[0].split("@")[0]
        if name.startswith("full"):
            return "552 5.2.2 mailbox is full"
        if not name.startswith("lose"):
            number = len(list(self.folder.glob("*.eml")))
            (self.folder / f"{number:06d}-{uuid.uuid4().hex}.eml").write_bytes(
                f"X-Recipient: {envelope.rcpt_tos[0]}\r\n".encode() + envelope.content
            )
        if name.startswith(("drop-after", "lose")):
            server.transport.abort()
        return "251 taken, and sent on" if name.startswith("forward") else "250 taken"


async def serve(arguments: argparse.Namespace) -> None:
    context = None
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate, arguments.key)

    def authenticator(server, session, envelope, mechanism, data):
        good = (data.login.decode(), data.password.decode()) == (arguments.user, arguments.password)
        return AuthResult(success=good, handled=False)

    def protocol() -> SMTP:
        return SMTP(
            Handler(arguments.folder),
            enable_SMTPUTF8=not arguments.latin,
            hostname="mail.example",
            tls_context=None if arguments.implicit else context,
            require_starttls=bool(context) and not arguments.implicit,
            authenticator=authenticator if arguments.user else None,
            auth_required=bool(arguments.user),
            auth_require_tls=bool(context) and not arguments.implicit,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if arguments.implicit else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(arguments.seconds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--latin", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--seconds", type=float, default=120)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
