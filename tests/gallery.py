"""Every page and every verdict that a verifier can show, to be looked at: by axe, by people, in either language."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

from tests.doubles import DOMAIN, MAINNET, FakeRegistry, MemoryArchive, batch, credential, sheet
from tests.scenes import STRANGER, Scenes
from tests.vc.conftest import DID, sign
from tests.vectors.pictures import presentation
from tests.web.reading import page_path
from verifier.core.canonical import canonical
from verifier.core.codes import check_character, short_code
from verifier.core.dates import parse_timestamp
from verifier.core.envelope import Envelope
from verifier.core.hashes import to_base64url
from verifier.core.verifier import Verifier
from verifier.web import create_app
from verifier.web.server import listen, serve_on

ACADEMY = "academy.example.edu.pk"
COLLEGE = "college.example.edu.pk"
PROFESSOR = "0x" + "b7" * 20
LIMIT = 3


@dataclass(frozen=True)
class View:
    """One page: where it is, or what is handed in to see it."""

    name: str
    address: str = "/"
    site: str = "main"
    file: tuple[str, bytes] | None = None
    method: str = "GET"
    status: int = 200


class World(Scenes):
    """`Scenes` with what only a gallery needs."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._educator()
        self._key("signer removed", "0x" + "c3" * 20)
        self._elsewhere("suspended", COLLEGE, "Sample College of Education")
        self.registry.suspend(COLLEGE)
        gone = self.issue("erased")
        del self.archive.envelopes[gone.hash]
        self.archive.erasures[gone.hash] = date(2026, 11, 20)
        _first, beyond = batch([credential("Bilal Raza"), credential("Ayesha Khan", grade="A")])
        self.registry.register(beyond.root, 1)
        self.archive.add([beyond])
        self.archive.add_batch([_first, beyond])
        self.certificates["no place"] = beyond

        self._twice()

    def _twice(self) -> None:
        """One credential in two batches, of which one is withdrawn."""
        own = self.issue("registered twice", "Hira Baloch")
        (again,) = batch([own.credential], [sheet("again")])
        self.registry.register(again.root, 1)
        self.registry.withdraw(again.root)
        self.archive.add_batch([again])

    def _educator(self) -> None:
        academy = "Academy of Educational Planning (Sample)"
        educator = self._elsewhere("the educator's own", ACADEMY, academy, "Dr. Bilal Ahmed", "Certified Educator")
        envelope = self._key("educator", PROFESSOR)
        institution = self.registry.institutions[DOMAIN]
        institution.authorised.add(PROFESSOR)
        institution.educators[PROFESSOR] = (ACADEMY, educator.commitment)
        self.archive.educators[DOMAIN, envelope.root] = educator.hash

    def _elsewhere(
        self, name: str, domain: str, institution: str, recipient: str = "Ayesha Khan", course: str = "Teaching"
    ) -> Envelope:
        envelope = self.issue(name, recipient, course=course, domain=domain, institution=institution)
        self.registry.accredit(domain, institution)
        self.registry.register(envelope.root, 1, domain)
        self.archive.add_batch([envelope], domain)
        return envelope

    def _key(self, name: str, key: str) -> Envelope:
        envelope = self.issue(name, grade="A", hours="40")
        self.registry.institutions[DOMAIN].batches[envelope.root].signer = key
        return envelope


def views(world: World) -> list[View]:
    """Every view, in the order in which people would want to see them."""
    return [*_verdicts(world), *_unsure(world), *_files(world), *_others(), *_problems(world)]


def _verdicts(world: World) -> list[View]:
    names = (
        *("valid", "urdu", "long", "educator", "signer removed", "suspended", "revoked", "replaced"),
        *("replaced by nobody knows", "withdrawn", "distrusted", "no place", "expired", "not final", "not yet valid"),
    )
    valid = page_path(world.certificates["valid"])
    return [
        View("home"),
        View("home on a test network", site="test"),
        *(View(name, page_path(world.certificates[name])) for name in names),
        View("valid on a test network", valid, "test"),
        View("not in the archive", page_path(world.certificates["not in the archive"]), status=503),
        View("erased", page_path(world.certificates["erased"]), status=503),
        View("node down", valid, "down", status=503),
        View("unknown code", f"/c/{to_base64url(b'x' * 32)}"),
    ]


def _unsure(world: World) -> list[View]:
    own = world.certificates["valid"]
    bare = ("certificate.json", canonical(own.credential))
    twice = canonical(world.certificates["registered twice"].credential)
    return [
        View("one registry silent", page_path(own), "silent"),
        View("registered twice", file=("certificate.json", twice), status=503),
        View("no place at hand", site="bare", file=bare, status=503),
        View("signed a moment ago", site="fresh", file=("001-Ayesha-Khan.pdf", world.files["valid"]), status=503),
        View("false signature", file=("certificate.json", _changed(DOMAIN))),
        View("false signature, node down", site="down", file=("certificate.json", _changed(DOMAIN)), status=503),
    ]


def _files(world: World) -> list[View]:
    return [
        View("valid file", file=("001-Ayesha-Khan.pdf", world.files["valid"])),
        View("altered", file=("001-Ayesha-Khan.pdf", world.files["altered"])),
        View("altered, Urdu", file=("سند.pdf", world.files["urdu"] + b"\n")),
        View("altered, revoked", file=("scan.pdf", world.files["altered, revoked"])),
        View("altered beyond recognition", file=("certificate.json", world.files["altered beyond recognition"])),
        View("unknown file", file=("certificate.json", world.files["unknown"])),
        View("unreadable", file=("photo.pdf", b"%PDF-1.4\n%%EOF\n"), status=422),
        View("another system's", file=("badge.json", b'{"@context":"https://w3id.org/blockcerts/v1"}'), status=422),
        View("several in one file", file=("both.json", _presentation(world))),
        View("too large", file=("film.pdf", b"x" * 10_000_001), status=413),
    ]


def _presentation(world: World) -> bytes:
    return presentation([world.certificates[name].credential for name in ("valid", "urdu", "revoked")])


def _others() -> list[View]:
    given = {
        "somebody else's": canonical(credential("Somebody Else", domain=STRANGER, grade="A")),
        "somebody else's and genuine": _by_key(),
        "somebody else's and expired": _by_key(validUntil="2026-07-31T00:00:00Z"),
        "somebody else's and not valid yet": _by_key(validFrom="2126-01-01T00:00:00Z"),
        "somebody else's and false": _changed(STRANGER),
    }
    return [View(name, file=("badge.json", data)) for name, data in given.items()]


def _by_key(**changes: str) -> bytes:
    """Signed with a key that stands for nobody."""
    own = {**credential("Somebody Else", domain=STRANGER, institution="Sample College Abroad", grade="A"), **changes}
    del own["proof"]
    own["issuer"] = {**own["issuer"], "id": DID}
    return canonical(sign(own))


def _changed(domain: str) -> bytes:
    return canonical({**credential("Somebody Else", domain=domain, grade="A"), "name": "Doctor of Everything"})


def _problems(world: World) -> list[View]:
    valid = page_path(world.certificates["valid"])
    code, absent = short_code(world.certificates["valid"].hash), "Z" * 11 + check_character("Z" * 11)
    mistyped = ("0" if code[0] != "0" else "1") + code[1:]
    return [
        View("mistyped", f"/?q={mistyped}", status=400),
        View("not a code", "/?q=hello", status=400),
        View("not found", f"/?q={absent}", status=404),
        View("link cut short", f"/?q=http://localhost{valid[:-3]}", status=400),
        View("several codes", f"/?q={code} {short_code(world.certificates['urdu'].hash)}"),
        View("several matches", f"/?q={short_code(world.certificates['revoked'].hash)}"),
        View("nothing handed in", "/?q=", status=400),
        View("no page", "/nothing", status=404),
        View("not allowed", "/", method="PUT", status=405),
        View("rate limited", valid, "limited", status=429),
        View("our mistake", "/broken", status=500),
    ]


def _signed(world: World) -> str:
    return str(world.certificates["valid"].credential["proof"]["created"])


@contextmanager
def sites() -> Iterator[tuple[World, dict[str, str]]]:
    """The world, and each site's origin while it is served on loopback."""
    world = World(MAINNET)
    twin = world.certificates["revoked"].hash[:8] + bytes(24)
    world.archive.envelopes[twin] = b"{}"
    down = World(MAINNET)
    down.registry.problem = "No node gave an answer."
    silent = FakeRegistry(replace(MAINNET, programme="Provincial Skills Programme"))
    silent.problem = "No node gave an answer."
    empty = MemoryArchive()
    early = FakeRegistry(MAINNET, int(parse_timestamp(_signed(world)).timestamp()) + 60)
    with ExitStack() as stack:
        yield (
            world,
            {
                "silent": stack.enter_context(_served(Verifier([world.registry, silent], world.archive))),
                "bare": stack.enter_context(_served(Verifier([world.registry], empty))),
                "fresh": stack.enter_context(_served(Verifier([early], empty))),
                "main": stack.enter_context(_served(world.verifier)),
                "test": stack.enter_context(_served(World().verifier)),
                "down": stack.enter_context(_served(down.verifier)),
                "limited": stack.enter_context(_served(world.verifier, LIMIT)),
            },
        )


@contextmanager
def _served(verifier: Verifier, checks_per_minute: int = 0) -> Iterator[str]:
    with listen("127.0.0.1", 0) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(verifier, origin, checks_per_minute)
        app.add_url_rule("/broken", view_func=_break)
        silent, app.logger.disabled = app.logger.disabled, True  # one logger for all applications of the process
        server = serve_on(app, listener)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield origin
        server.shutdown()
        thread.join()
        app.logger.disabled = silent


def _break() -> NoReturn:
    raise RuntimeError("a mistake, for the picture")
