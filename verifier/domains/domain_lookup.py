"""Asks an institution's own domain about its keys: its did.json over https, and its TXT records (SPEC.md section 13).

It asks in both ways at once, for a few seconds at most, and caches the answer for a while. So neither a dead server nor
five hundred certificates of one university cause long waits. Implements the Protocol of verifier/core/domain_keys.py.
"""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from verifier.core.domain_keys import (
    TXT_NAME,
    DomainAnswer,
    Statement,
    is_reserved,
    read_did_document,
    read_txt_records,
)
from verifier.core.errors import SanadError
from verifier.core.sentence import Sentence
from verifier.domains.did_web import FetchedDocuments
from verifier.domains.fetching import Limits, fetch
from verifier.domains.memory import Remembered
from verifier.domains.status_fetching import FetchedLists
from verifier.errors import DomainError, FetchError

_BYTES = 16_000_000
"""The most that the answers of all domains together may take."""
_TXT_RECORDS = 100
_UNANSWERED_SECONDS = 60.0
"""How long to wait before asking again in a way that failed."""
Found = Statement | Sentence | None


@dataclass(frozen=True)
class DomainSettings:
    """The `[domains]` table of sanad.toml."""

    ask: bool = True
    """Whether to ask the institutions' own domains at all."""
    seconds: float = 3.0
    """How long to wait for one domain, in both ways together."""
    keep_seconds: float = 900.0
    """How long to use its answer."""
    places: tuple[tuple[str, str], ...] = ()
    """For trials: domains whose did.json is fetched elsewhere, as ("university.example", "https://127.0.0.1:8443")."""
    authorities: Path | None = None
    """For trials: a PEM file of certificate authorities that are trusted in addition to the usual ones."""
    nameserver: tuple[str, int] | None = None
    """For trials: the nameserver to ask for TXT records; by default the system's."""


class DomainLookups:
    """Asks domains and caches their answers. Safe to use from several threads.

    Args:
        settings: how long to wait, how long to remember, and where trials look.
        clock: seconds that only grow.
    """

    def __init__(self, settings: DomainSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._documents = FetchedDocuments(_limits(settings), clock)
        self._lists = FetchedLists(_limits(settings), clock)
        self._lock = threading.Lock()
        self._known: Remembered[DomainAnswer] = Remembered(_BYTES, clock)
        self._asking: dict[str, threading.Lock] = {}

    def look_up(self, domain: str) -> DomainAnswer | None:
        """What the domain says, or said within `keep_seconds`; None for a domain that cannot exist."""
        if is_reserved(domain) and domain not in dict(self._settings.places):
            return None
        with self._lock:
            turn = self._asking.setdefault(domain, threading.Lock())
        with turn:  # of many threads that need the same domain, one asks
            known = self._known.get(domain)
            if known is None:
                known = self._ask(domain)
                self._remember(domain, known)
        with self._lock:
            self._asking.pop(domain, None)
        return known

    def document(self, did: str) -> Mapping[str, Any]:
        """The document of any `did:web`, within the same limits; cached for five minutes.

        Raises:
            SanadError: it cannot be fetched.
        """
        domain = did.removeprefix("did:web:").partition(":")[0]
        if is_reserved(domain) and domain not in dict(self._settings.places):
            raise FetchError("{domain} does not exist: it is reserved for examples.", domain=domain)
        return self._documents.document(did)

    def status_list(self, url: str) -> Mapping[str, Any]:
        """The credential of a status list, within the same limits; cached for five minutes.

        Raises:
            SanadError: it cannot be fetched.
        """
        domain = urlsplit(url).hostname or ""
        if is_reserved(domain) and domain not in dict(self._settings.places):
            raise FetchError("{domain} does not exist: it is reserved for examples.", domain=domain)
        return self._lists.credential(url)

    def _remember(self, domain: str, answer: DomainAnswer) -> None:
        kept = self._settings.keep_seconds
        seconds = min(kept, _UNANSWERED_SECONDS) if answer.problems else kept
        said = [text for each in answer.statements for text in (*(key.multikey for key in each.keys), *each.registries)]
        self._known.put(domain, answer, domain, sum(len(text) + 200 for text in said) + 2_000, seconds)

    def _ask(self, domain: str) -> DomainAnswer:
        ways: tuple[Callable[[str], Found], ...] = (self._did_json, self._txt)
        arrived: queue.SimpleQueue[tuple[int, Found]] = queue.SimpleQueue()

        def ask(place: int) -> None:
            arrived.put((place, ways[place](domain)))

        for place in range(len(ways)):
            # Daemon threads: whatever a server does with its connection, no command waits for it.
            threading.Thread(target=ask, args=(place,), daemon=True).start()
        late = Sentence("{domain} did not answer in time.", {"domain": domain})
        found: list[Found] = [late for _ in ways]
        deadline = time.monotonic() + self._settings.seconds + 0.5  # each way keeps the time limit itself
        with suppress(queue.Empty):
            for _ in ways:
                place, answer = arrived.get(timeout=max(0.0, deadline - time.monotonic()))
                found[place] = answer
        statements = tuple(each for each in found if isinstance(each, Statement))
        return DomainAnswer(statements, tuple(each for each in found if isinstance(each, Sentence)))

    def _did_json(self, domain: str) -> Found:
        settings = self._settings
        try:
            return read_did_document(fetch(f"https://{domain}/.well-known/did.json", _limits(settings)), domain)
        except FetchError as error:
            return None if error.absent else error.sentence
        except SanadError as error:
            return error.sentence

    def _txt(self, domain: str) -> Found:
        try:
            return read_txt_records(txt_records(f"{TXT_NAME}.{domain}", self._settings))
        except SanadError as error:
            return error.sentence


def _limits(settings: DomainSettings) -> Limits:
    return Limits(seconds=settings.seconds, places=settings.places, authorities=settings.authorities)


def txt_records(name: str, settings: DomainSettings) -> list[str]:
    """The TXT records of a name, the strings of each joined; empty if it has none.

    Raises:
        DomainError: DNS gave no answer.
    """
    import dns.exception  # late: only a question to the domain needs it
    import dns.rdatatype
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=settings.nameserver is None)
        if settings.nameserver is not None:
            host, resolver.port = settings.nameserver
            resolver.nameservers = [host]
        answer = resolver.resolve(f"{name}.", dns.rdatatype.TXT, lifetime=settings.seconds, search=False)
        records = [b"".join(record.strings) for record in answer][:_TXT_RECORDS]
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.Timeout:
        raise DomainError("DNS did not answer for {name} in time.", name=name) from None
    except (dns.exception.DNSException, OSError, ValueError):
        raise DomainError("DNS gave no usable answer for {name}.", name=name) from None
    return [record.decode("utf-8", "replace") for record in records]
