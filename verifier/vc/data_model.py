"""The MUSTs of the Verifiable Credentials Data Model 2.0 that software can check, section by section.

Whether contexts define the terms is checked when the document is expanded (verifier.core.linked_data).
"""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from verifier.core.canonical import Json
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.sentence import Sentence
from verifier.vc.faults import Fault, Faults, Kind, malformed
from verifier.vc.resources import related_resources
from verifier.vc.values import identifier, is_url, language_value, objects, timestamp, types

Node = dict[str, Any]

CREDENTIAL = "VerifiableCredential"
PRESENTATION = "VerifiablePresentation"
ENVELOPED = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION = "EnvelopedVerifiablePresentation"

MOST_FAULTS = 100
"""The most faults that are reported for one document."""

_TYPED_PROPERTIES: Mapping[str, bool] = {
    "credentialStatus": False,
    "credentialSchema": True,
    "refreshService": False,
    "termsOfUse": False,
    "evidence": False,
    "confidenceMethod": False,
    "renderMethod": False,
}
"""Properties whose values are one or more objects with a type, and whether each needs an id."""


def credential_faults(credential: Json) -> list[Fault]:
    """What is wrong with a credential, signed or not, by sections 4 and 5."""
    if not isinstance(credential, dict):
        return [Fault(Kind.PARSING, Sentence("A credential must be a JSON object."))]
    checks: tuple[Callable[[Node], Faults], ...] = (
        _contexts,
        lambda node: identifier(node, ""),
        lambda node: _typed_as(node, CREDENTIAL),
        lambda node: _named(node, ""),
        _issuer,
        _subjects,
        _validity,
        _typed_properties,
        _status_entries,
        _related,
        _proofs,
    )
    return list(islice((fault for check in checks for fault in check(credential)), MOST_FAULTS))


def presentation_faults(presentation: Json) -> list[Fault]:
    """What is wrong with a presentation (section 4.13); the credentials in it are checked separately."""
    if not isinstance(presentation, dict):
        return [Fault(Kind.PARSING, Sentence("A presentation must be a JSON object."))]
    checks: tuple[Callable[[Node], Faults], ...] = (
        _contexts,
        lambda node: identifier(node, ""),
        lambda node: _typed_as(node, PRESENTATION),
        _holder,
        _presented,
        _terms,
        _proofs,
    )
    return list(islice((fault for check in checks for fault in check(presentation)), MOST_FAULTS))


def presented(presentation: Node) -> list[tuple[Json, str]]:
    """The credentials of a presentation, each with its place."""
    value = presentation.get("verifiableCredential", [])
    return objects(value, "/verifiableCredential")


def is_enveloped(node: Json, kind: str = ENVELOPED) -> bool:
    """Whether a credential or presentation is enveloped in another format (section 4.13.2)."""
    return isinstance(node, dict) and kind in [each for each, _ in objects(node.get("type"), "")]


def enveloped_faults(node: Node, kind: str = ENVELOPED) -> list[Fault]:
    """What is wrong with such an envelope."""
    return [*_enveloped(node, "", kind)]


def party_id(node: Node, key: str) -> Json:
    """The identifier of an issuer or holder, written as a URL or as an object with an id."""
    value = node.get(key)
    return value.get("id") if isinstance(value, dict) else value


def _contexts(node: Node) -> Faults:
    value = node.get("@context")
    if not isinstance(value, list) or not value or value[0] != CREDENTIALS_V2:
        yield malformed("/@context", "The first context is not {first}.", first=CREDENTIALS_V2)
        return
    for place, context in enumerate(value):
        if not is_url(context) and not isinstance(context, dict):
            yield malformed(f"/@context/{place}", "A context must be a URL or an object.")


def _typed_as(node: Node, wanted: str) -> Faults:
    yield from types(node, "")
    values = [each for each, _ in objects(node.get("type"), "")]
    if "type" in node and values and wanted not in values:
        yield malformed("/type", "{wanted} is not among its types.", wanted=wanted)


def _named(node: Node, pointer: str) -> Faults:
    for key in ("name", "description"):
        if key in node:
            yield from language_value(node[key], f"{pointer}/{key}")


def _issuer(node: Node) -> Faults:
    yield from _party(node, "issuer", "There is no issuer here.")
    if isinstance(node.get("issuer"), dict):
        yield from _named(node["issuer"], "/issuer")


def _party(node: Node, key: str, missing: str) -> Faults:
    """A URL, or an object with an id that is one (sections 4.7 and 4.13)."""
    value = node.get(key)
    if key not in node:
        yield malformed("", missing)
    elif isinstance(value, dict):
        yield from identifier(value, f"/{key}", required=True)
    elif not is_url(value):
        yield malformed(f"/{key}", "This is neither a URL nor an object with an id.")


def _subjects(node: Node) -> Faults:
    value = node.get("credentialSubject")
    if "credentialSubject" not in node or value == []:
        yield malformed("", "There is no credentialSubject here.")
        return
    for subject, place in objects(value, "/credentialSubject"):
        if not isinstance(subject, dict) or not subject:
            yield malformed(place, "This says nothing about a subject.")
        else:
            yield from identifier(subject, place)


def _validity(node: Node) -> Faults:
    moments = {}
    for key in ("validFrom", "validUntil"):
        if key in node:
            moments[key], faults = timestamp(node[key], f"/{key}")
            yield from faults
    begins, ends = moments.get("validFrom"), moments.get("validUntil")
    if begins is not None and ends is not None and ends < begins:
        yield malformed("/validUntil", "It ends before it begins: validUntil is before validFrom.")


def _typed_properties(node: Node) -> Faults:
    for key, needs_id in _TYPED_PROPERTIES.items():
        if key not in node:
            continue
        if node[key] == []:
            yield malformed(f"/{key}", "This list is empty.")
        for item, place in objects(node[key], f"/{key}"):
            if not isinstance(item, dict):
                yield malformed(place, "This is not an object with a type.")
                continue
            yield from types(item, place)
            yield from identifier(item, place, required=needs_id)


def _status_entries(node: Node) -> Faults:
    """Bitstring Status List 1.0 section 2.1."""
    for entry, place in objects(node.get("credentialStatus"), "/credentialStatus"):
        if not isinstance(entry, dict) or entry.get("type") != "BitstringStatusListEntry":
            continue
        index, purpose = entry.get("statusListIndex"), entry.get("statusPurpose")
        if not isinstance(purpose, str) or not purpose:
            yield malformed(f"{place}/statusPurpose", "A status entry must state its purpose.")
        if not isinstance(index, str) or not index.isascii() or not index.isdigit():
            yield malformed(f"{place}/statusListIndex", "A status entry must have its index, written as text.")
        if not is_url(entry.get("statusListCredential")):
            yield malformed(f"{place}/statusListCredential", "A status entry must name its list by a URL.")


def _related(node: Node) -> Faults:
    if "relatedResource" in node:
        yield from related_resources(node["relatedResource"], "/relatedResource")


def _holder(node: Node) -> Faults:
    if "holder" in node:
        yield from _party(node, "holder", "")


def _presented(node: Node) -> Faults:
    for credential, place in presented(node):
        if not isinstance(credential, dict):
            yield malformed(place, "A presented credential must be an object, not a text, a number or a link.")
        elif is_enveloped(credential):
            yield from _enveloped(credential, place)


def _enveloped(node: Node, pointer: str, kind: str = ENVELOPED) -> Faults:
    contexts = [each for each, _ in objects(node.get("@context"), "")]
    if CREDENTIALS_V2 not in contexts:
        yield malformed(f"{pointer}/@context", "No context here defines {term}.", term=kind)
    if not isinstance(node.get("id"), str) or not node["id"].startswith("data:"):
        yield malformed(f"{pointer}/id", "The id of an enveloped credential must be a data: URL.")


def _terms(node: Node) -> Faults:
    if "termsOfUse" in node:
        yield from _typed_properties({"termsOfUse": node["termsOfUse"]})


def _proofs(node: Node) -> Faults:
    """Data Integrity 1.0 section 2.1, for each proof."""
    if "proof" not in node:
        return
    if node["proof"] == []:
        yield malformed("/proof", "This list is empty.")
    for proof, place in objects(node["proof"], "/proof"):
        if not isinstance(proof, dict):
            yield malformed(place, "A proof must be an object.")
        else:
            yield from _proof(proof, place)


def _proof(proof: Node, pointer: str) -> Faults:
    yield from identifier(proof, pointer)
    for key in ("type", "proofPurpose", "verificationMethod", "proofValue"):
        if not isinstance(proof.get(key), str) or not proof[key]:
            yield malformed(f"{pointer}/{key}", "A proof must have a {key}, written as text.", key=key)
    if isinstance(proof.get("verificationMethod"), str) and not is_url(proof["verificationMethod"]):
        yield malformed(f"{pointer}/verificationMethod", "The verification method is not a URL.")
    if proof.get("type") == "DataIntegrityProof" and not isinstance(proof.get("cryptosuite"), str):
        yield malformed(f"{pointer}/cryptosuite", "A proof must have a {key}, written as text.", key="cryptosuite")
    for key in ("created", "expires"):
        if key in proof:
            yield from timestamp(proof[key], f"{pointer}/{key}")[1]
    yield from _proof_texts(proof, pointer)


def _proof_texts(proof: Node, pointer: str) -> Faults:
    for key in ("domain", "previousProof"):
        for value, place in objects(proof[key], f"{pointer}/{key}") if key in proof else ():
            if not isinstance(value, str):
                yield malformed(place, "This is not a text or a list of texts.")
    for key in ("challenge", "nonce"):
        if key in proof and not isinstance(proof[key], str):
            yield malformed(f"{pointer}/{key}", "This is not a text.")
