"""What an institution's own domain says about its keys, and what follows: step 10 (SPEC.md sections 11 and 13).

The domain is asked outside the core (verifier/domains/domain_lookup.py). Its answer, or its silence, decides nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from verifier.core.canonical import Json, parse
from verifier.core.dates import Instant, parse_instant
from verifier.core.domain import did_web
from verifier.core.errors import CredentialError, DomainStatementError, JsonError
from verifier.core.registry import Record, RegistryInfo
from verifier.core.sentence import Sentence, in_a_row
from verifier.core.verdict import Check, State, Step, day

REGISTRY_SERVICE = "SanadRegistry"
"""The type of the service entry that names a registry in did.json."""
TXT_NAME = "_sanad"
"""The label of a domain's TXT records."""
TXT_VERSION = "sanad1"

_TXT_OF_OURS = re.compile(rf"v={TXT_VERSION}[ \t]*(;|\Z)")
_RESERVED = (".example", ".test", ".invalid", ".localhost", ".example.com", ".example.net", ".example.org")


@dataclass(frozen=True)
class ListedKey:
    """One key that a domain names as its own; times are None if it does not state them."""

    multikey: str
    until: Instant | None = None
    """When the institution stopped signing with it; what it signed before still counts."""
    revoked: Instant | None = None
    """Since when it must not be trusted."""


@dataclass(frozen=True)
class Statement:
    """What a domain says in one way, did.json or DNS."""

    keys: tuple[ListedKey, ...]
    registries: tuple[str, ...] = ()
    """As CAIP-10 writes contracts, in lower case: `eip155:97:0x…`."""


@dataclass(frozen=True)
class DomainAnswer:
    """The result of asking a domain in both ways."""

    statements: tuple[Statement, ...] = ()
    problems: tuple[Sentence, ...] = ()
    """Why a way could not be checked. A domain that publishes nothing gives neither statement nor problem."""


class DomainLookup(Protocol):
    """Asks domains about their keys, within a few seconds."""

    def look_up(self, domain: str) -> DomainAnswer | None:
        """What the domain says now, or said a little while ago; None if it is not asked. Never raises."""

    def document(self, did: str) -> Mapping[str, Any]:
        """The document of any `did:web`, with that `id`: for credentials of issuers that no registry knows.

        Raises:
            SanadError: it cannot be fetched.
        """

    def status_list(self, url: str) -> Mapping[str, Any]:
        """The credential of a status list, from the https address that a credential names.

        Raises:
            SanadError: it cannot be fetched.
        """


def is_reserved(domain: str) -> bool:
    """Whether a domain is reserved for examples and tests, and so does not exist (RFC 2606, RFC 6761)."""
    return domain.endswith(_RESERVED) or f".{domain}" in _RESERVED


def read_did_document(data: bytes, domain: str) -> Statement:
    """What a did.json says: the keys under its `assertionMethod`, and the registries among its services.

    Raises:
        DomainStatementError: it is not this domain's DID document, or part of it cannot be read.
    """
    try:
        document = parse(data)
    except JsonError as error:
        raise DomainStatementError("Its did.json is not JSON: {reason}", reason=error.sentence) from None
    if not isinstance(document, dict) or document.get("id") != did_web(domain):
        raise DomainStatementError("Its did.json is not the document of {did}.", did=did_web(domain))
    methods = _methods(document, domain)
    keys = []
    for entry in _list(document.get("assertionMethod")):
        method = entry if isinstance(entry, dict) else methods.get(_absolute(entry, domain))
        multikey = None if method is None else method.get("publicKeyMultibase")
        if method is not None and isinstance(multikey, str) and multikey:
            _time(method, "validFrom")  # decides nothing, but a document is read completely or not at all
            keys.append(ListedKey(multikey, _until(method), _time(method, "revoked")))
    return Statement(tuple(keys), tuple(_services(document)))


def _methods(document: Mapping[str, Json], domain: str) -> dict[str | None, dict[str, Any]]:
    """The document's verification methods by their full identifiers, each of which occurs once."""
    methods: dict[str | None, dict[str, Any]] = {}
    for place in ("verificationMethod", "assertionMethod"):
        for each in _objects(document.get(place)):
            identifier = _absolute(each.get("id"), domain)
            if identifier in methods:
                text = "Its did.json has two verification methods with the id {id}."
                raise DomainStatementError(text, id=str(identifier)[:300])
            if identifier is not None:
                methods[identifier] = each
    return methods


def read_txt_records(texts: Iterable[str]) -> Statement | None:
    """What a domain's TXT records say; None where none of them is ours.

    Raises:
        DomainStatementError: one that is ours cannot be read.
    """
    keys, registries, found = [], [], False
    for text in texts:
        if not _TXT_OF_OURS.match(text):
            continue
        tags, found = _tags(text), True
        if tags.get("key"):
            keys.append(ListedKey(tags["key"], _time(tags, "until"), _time(tags, "revoked")))
        if tags.get("registry"):
            registries.append(tags["registry"].lower())
    return Statement(tuple(keys), tuple(registries)) if found else None


def caip10(info: RegistryInfo) -> str:
    """A registry as CAIP-10 writes it, in lower case."""
    return f"eip155:{info.chain_id}:{info.address.lower()}"


def confirmed(
    credential: Mapping[str, Any],
    domain: str,
    answer: DomainAnswer | None,
    record: Record | None = None,
    info: RegistryInfo | None = None,
) -> Step:
    """Step 10, for a credential whose signature is genuine. Never decides.

    Args:
        credential: whose proof names the key.
        domain: the institution's.
        answer: what the domain said.
        record: the registry's answer about the certificate, where there is one.
        info: that registry.
    """
    if answer is None:
        text = "The domain {domain} was not asked: it stands for examples and exists nowhere."
        return Step(Check.DOMAIN, State.SKIPPED, text, {"domain": domain})
    multikey, created = _signed_by(credential)
    listed = [key for said in answer.statements for key in said.keys if key.multikey == multikey]
    # An adopted batch has the time of its adoption, so only the proof's own time is left.
    registered = Instant.of_seconds(record.issued_at) if record is not None and not record.adopted else created
    revoked = min((key.revoked for key in listed if key.revoked is not None), default=None)
    if revoked is not None and (registered is None or registered >= revoked):
        text = "The university's own site does not confirm this key: {domain} distrusts it since {time}."
        return Step(Check.DOMAIN, State.FAILED, text, {"domain": domain, "time": _shown(revoked)})
    if not listed:
        return _unlisted(domain, answer)
    if all(key.until is not None and created is not None and created > key.until for key in listed):
        last = max(key.until for key in listed if key.until is not None)
        text = "The university's own site does not confirm this key: {domain} used it until {time} and not after."
        return Step(Check.DOMAIN, State.FAILED, text, {"domain": domain, "time": _shown(last)})
    if revoked is not None:
        text = "{domain} itself confirms the key for that time; it distrusts it since {time}."
        return Step(Check.DOMAIN, State.NOTE, text, {"domain": domain, "time": _shown(revoked)})
    registries = {each for said in answer.statements for each in said.registries}
    if info is not None and registries and caip10(info) not in registries:
        text = "{domain} itself confirms the key, but names another registry than the one that answered."
        return Step(Check.DOMAIN, State.NOTE, text, {"domain": domain})
    return Step(Check.DOMAIN, State.PASSED, "{domain} itself confirms the key that signed it.", {"domain": domain})


def _unlisted(domain: str, answer: DomainAnswer) -> Step:
    if any(said.keys for said in answer.statements):
        text = "The university's own site does not confirm this key: {domain} names other keys."
        return Step(Check.DOMAIN, State.FAILED, text, {"domain": domain})
    if answer.problems:
        text = "Whether the university's own site confirms this key could not be checked. {problem}"
        return Step(Check.DOMAIN, State.UNCHECKED, text, {"problem": in_a_row(answer.problems)})
    text = "The university's own site does not confirm this key: {domain} publishes none."
    return Step(Check.DOMAIN, State.NOTE, text, {"domain": domain})


def _signed_by(credential: Mapping[str, Any]) -> tuple[str, Instant | None]:
    """The key that a genuine proof names, and when the proof says that it was made."""
    proofs = credential.get("proof")
    proof = next(iter(_objects(proofs)), {})
    method, created = proof.get("verificationMethod"), proof.get("created")
    try:
        made = parse_instant(created) if isinstance(created, str) else None
    except CredentialError:
        made = None
    return str(method).partition("#")[2], made


def _services(document: Mapping[str, Json]) -> Iterator[str]:
    for service in _objects(document.get("service")):
        endpoint = service.get("serviceEndpoint")
        if service.get("type") == REGISTRY_SERVICE and isinstance(endpoint, dict):
            registry = endpoint.get("registry")
            if isinstance(registry, str):
                yield registry.lower()


def _until(method: Mapping[str, Json]) -> Instant | None:
    """The earlier of the standard's `expires` and our `validUntil`."""
    ends = [end for name in ("expires", "validUntil") if (end := _time(method, name)) is not None]
    return min(ends, default=None)


def _time(holder: Mapping[str, Any], name: str) -> Instant | None:
    if name not in holder:
        return None
    value = holder[name]
    try:
        return parse_instant(value if isinstance(value, str) else repr(value))
    except CredentialError as error:
        raise DomainStatementError(
            "It gives a key a date that cannot be read: {reason}", reason=error.sentence
        ) from None


def _tags(text: str) -> dict[str, str]:
    """`v=sanad1; key=z6Mk…; revoked=…` as DKIM and DMARC write their records; the first of a name counts."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        if sign:
            found.setdefault(name.strip(" \t"), value.strip(" \t"))
    return found


def _absolute(identifier: Json, domain: str) -> str | None:
    if not isinstance(identifier, str):
        return None
    return did_web(domain) + identifier if identifier.startswith("#") else identifier


def _objects(value: Json) -> Iterator[dict[str, Any]]:
    return (item for item in _list(value) if isinstance(item, dict))


def _list(value: Json) -> Sequence[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _shown(time: Instant) -> str:
    return day(time.seconds)
