"""Data Integrity proofs: the W3C's vectors, our own round trip, and everything that must not pass."""

import copy
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import verifier.core
from issuer.credential.credential import sign_credential
from tests.credential.conftest import DRAFTED, KEY
from tests.credential.w3c_vectors import (
    CONTEXTS,
    DOCUMENT,
    JCS_DOCUMENT_HASH,
    JCS_PROOF,
    MULTIKEY,
    RDFC_HASH_DATA,
    RDFC_PROOF,
    SECRET_KEY,
)
from verifier.core.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from verifier.core.data_integrity import JCS, RDFC, check_proof, proof_hash_data, verify_proof
from verifier.core.errors import SanadError, SignatureError, SignatureUncheckedError
from verifier.core.linked_data import canonical_quads
from verifier.core.multikey import ed25519_multikey, ed25519_public_key, from_multibase, to_multibase

Credential = dict[str, Any]
with_examples = partial(canonical_quads, contexts=CONTEXTS)


@pytest.fixture(params=[RDFC, JCS])
def signed(request: pytest.FixtureRequest, draft: Credential) -> Credential:
    return copy.deepcopy(sign_credential(draft, KEY, DRAFTED, request.param))


@pytest.fixture
def rdfc(draft: Credential) -> Credential:
    return copy.deepcopy(sign_credential(draft, KEY, DRAFTED))


@pytest.mark.parametrize(("proof", "ending"), [(RDFC_PROOF, RDFC_HASH_DATA), (JCS_PROOF, JCS_DOCUMENT_HASH)])
def test_the_w3c_vectors_byte_for_byte(proof: Credential, ending: str) -> None:
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    assert proof_hash_data(DOCUMENT, options, with_examples).hex().endswith(ending)
    check_proof(DOCUMENT, proof, ed25519_public_key(MULTIKEY), with_examples)


@pytest.mark.parametrize("proof", [RDFC_PROOF, JCS_PROOF])
def test_the_w3c_keys_sign_the_w3c_signatures(proof: Credential) -> None:
    secret = from_multibase(SECRET_KEY)
    assert secret.startswith(b"\x80\x26")  # a Multikey of an Ed25519 private key
    key = Ed25519PrivateKey.from_private_bytes(secret[2:])
    assert ed25519_multikey(key.public_key().public_bytes_raw()) == MULTIKEY
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    assert to_multibase(key.sign(proof_hash_data(DOCUMENT, options, with_examples))) == proof["proofValue"]


def test_what_a_test_adds_to_the_contexts_stays_in_the_test() -> None:
    check_proof(DOCUMENT, RDFC_PROOF, ed25519_public_key(MULTIKEY), with_examples)
    with pytest.raises(SignatureUncheckedError, match="examples/v2 is not among those that this verifier carries"):
        check_proof(DOCUMENT, RDFC_PROOF, ed25519_public_key(MULTIKEY))


def test_ours_is_genuine_and_names_its_key(signed: Credential) -> None:
    key = verify_proof(signed)
    assert key.verification_method == signed["proof"]["verificationMethod"]
    assert key.public_key == KEY.public_key().public_bytes_raw()
    assert key.verification_method.endswith("#" + key.multikey)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    return [path] if items is None else [leaf for key, item in items for leaf in leaves(item, (*path, key))]


def change(credential: Credential, path: tuple[Any, ...]) -> None:
    *parents, last = path
    for key in parents:
        credential = credential[key]
    value = credential[last]
    credential[last] = (
        not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else value[:-1] + "~"
    )


def test_no_changed_value_passes(signed: Credential) -> None:
    passed = []
    for path in leaves(signed):
        tampered = copy.deepcopy(signed)
        change(tampered, path)
        try:
            verify_proof(tampered)
            passed.append(path)
        except (SignatureError, SignatureUncheckedError):
            pass
    assert passed == []


def test_no_missing_key_passes(signed: Credential) -> None:
    passed = []
    for key in signed:
        tampered = {name: value for name, value in signed.items() if name != key}
        try:
            verify_proof(tampered)
            passed.append(key)
        except SanadError:
            pass
    assert passed == []


def test_another_key_does_not_pass(draft: Credential) -> None:
    signed = sign_credential(draft, KEY, DRAFTED)
    other = sign_credential(draft, Ed25519PrivateKey.generate(), DRAFTED)
    signed["proof"]["proofValue"] = other["proof"]["proofValue"]
    with pytest.raises(SignatureError, match="The signature is false"):
        verify_proof(signed)


def test_a_key_of_another_domain_does_not_pass(rdfc: Credential) -> None:
    method = rdfc["proof"]["verificationMethod"]
    rdfc["issuer"]["id"] = "did:web:other.example"
    with pytest.raises(SignatureError, match=f"key belongs to {method.partition('#')[0]}, not to the issuer"):
        verify_proof(rdfc)


def _set(*path: Any) -> Callable[[Credential], None]:
    *parents, last, value = path

    def apply(credential: Credential) -> None:
        for key in parents:
            credential = credential[key]
        credential[last] = value

    return apply


def _drop(key: str) -> Callable[[Credential], None]:
    return lambda credential: credential.pop(key) and None


def _plainly(key: str, value: Any) -> Callable[[Credential], None]:
    """Under the first context alone, of which there is one edition and never another."""

    def apply(credential: Credential) -> None:
        for name in [name for name in credential if name not in ("issuer", "proof")]:
            del credential[name]
        credential["@context"], credential["issuer"] = [CREDENTIALS_V2], credential["issuer"]["id"]
        credential[key] = value

    return apply


def _hashed_as_text(credential: Credential) -> None:
    credential["credentialSubject"]["identifier"][0]["hashed"] = "false"


def _repeated(credential: Credential) -> None:
    credential["id"] = "urn:x"
    credential["credentialSubject"]["source"] = {"id": "urn:x", "validUntil": "2020-01-01T00:00:00Z"}


FALSE = {
    "no proof": (_drop("proof"), "carries no proof"),
    "an empty list of proofs": (_set("proof", []), "carries no proof"),
    "a proof that is a text": (_set("proof", "x"), "proof is not an object"),
    "an undefined term": (_plainly("honours", "summa"), "'honours' that no context defines"),
    "a relative id": (_set("credentialSubject", "id", "me"), "identifier 'me' is not absolute"),
    "an undefined type": (_plainly("type", ["VerifiableCredential", "Degree"]), "type 'Degree' is not absolute"),
    "an id with a blank": (_set("credentialSubject", "id", "urn:a b"), "identifier 'urn:a b' is not absolute"),
    "an id that is no IRI": (_set("credentialSubject", "id", "urn:%zz"), "cannot be written as RDF"),
    "a number for an id": (_set("credentialSubject", "id", 5), '"@id" value must be a string'),
    "another purpose": (_set("proof", "proofPurpose", "authentication"), "not made to assert a credential"),
    "no key": (_set("proof", "verificationMethod", "did:web:darya-university.example"), "no verification method"),
    "half a key": (_set("proof", "verificationMethod", "did:web:darya-university.example#z6Mkx"), "Ed25519 Multikey"),
    "another did:key": (_set("proof", "verificationMethod", "did:key:z6Mka#z6Mkb"), "two different keys"),
    "a time without offset": (_set("proof", "created", "2026-06-30T12:00:00"), "not a date and time with an offset"),
    "a time in other digits": (_set("proof", "created", "٢٠٢٦-06-30T12:00:00Z"), "not a date and time with an offset"),
    "no signature": (_set("proof", "proofValue", None), "not a base58btc multibase"),
    "a short signature": (_set("proof", "proofValue", "z2"), "The signature is false"),
    "no context": (_drop("@context"), "no context defines"),
}
UNCHECKED = {
    "two proofs": (_set("proof", [{}, {}]), "carries 2 proofs"),
    "another suite": (_set("proof", "cryptosuite", "ecdsa-rdfc-2019"), "'ecdsa-rdfc-2019', which this verifier"),
    "another type": (_set("proof", "type", "Ed25519Signature2020"), "'Ed25519Signature2020'; only DataIntegrityProof"),
    "a key to fetch": (_set("proof", "verificationMethod", "did:web:x.example#key-1"), "does not carry its key"),
    "an expiry of the proof": (_set("proof", "expires", "2027-01-01T00:00:00Z"), "the option expires"),
    "a time that is null": (_set("proof", "created", None), "time null cannot be read"),
    "a time with hour 24": (_set("proof", "created", "2026-06-30T24:00:00Z"), "T24:00:00Z cannot be read"),
    "a time of a year beyond 9999": (_set("proof", "created", "10000-01-01T00:00:00Z"), "Z cannot be read"),
    "a time too exact": (_set("proof", "created", "2026-06-30T12:00:00.1234567890Z"), "Z cannot be read"),
    "an unknown context": (_set("@context", [CREDENTIALS_V2, "https://x.example/c"]), "https://x.example/c is not"),
    "a context of its own": (_set("@context", [CREDENTIALS_V2, {"honours": "urn:h"}]), "defines terms of its own"),
    "a context inside": (_set("credentialSubject", "@context", {"x": "urn:x"}), "keyword '@context'"),
    "an index": (_set("credentialSubject", "@index", "evil"), "keyword '@index'"),
    "a direction": (_set("name", {"@value": "x", "@direction": "rtl"}), "covers the writing direction"),
    "a term of another edition": (
        _set("credentialSubject", "honours", "summa"),
        "It holds 'honours', which no",
    ),
    "a type of another edition": (_set("type", ["VerifiableCredential", "Degree"]), "It holds 'Degree', which no edit"),
    "a key spelled out": (_set("https://schema.org/name", "x"), "'https://schema.org/name' is not written as a name"),
    "a compact key": (_set("credentialSubject", "schema:name", "x"), "'schema:name' is not written as a name"),
    "a key without an address": (_set("credentialSubject", "_:degree", "x"), "'_:degree' is not written as a name"),
    "a class for a property": (_set("credentialSubject", "Criteria", {"id": "urn:x"}), "'Criteria' is not written as"),
    "an identifier by keyword": (_set("credentialSubject", "@id", "urn:x"), "keyword '@id'"),
    "types by keyword": (_set("credentialSubject", "@type", "Profile"), "keyword '@type'"),
    "a set": (_set("name", {"@set": ["x"]}), "keyword '@set'"),
    "a list": (_set("name", {"@list": ["x"]}), "keyword '@list'"),
    "a graph": (_set("@graph", [{"id": "urn:x"}]), "keyword '@graph'"),
    "the reverse": (_set("@reverse", {"issuer": {"id": "urn:x"}}), "keyword '@reverse'"),
    "something included": (_set("@included", [{"id": "urn:x"}]), "keyword '@included'"),
    "a nest": (_set("credentialSubject", "@nest", {"name": "x"}), "keyword '@nest'"),
    "an unknown keyword": (_set("credentialSubject", "@nonsense", "x"), "keyword '@nonsense'"),
    "null": (_set("credentialSubject", "name", None), "'name' is null, which no signature covers"),
    "null in a list": (_set("credentialSubject", "name", ["x", None]), "'name' is null"),
    "an empty list": (_set("evidence", []), "'evidence' is an empty list"),
    "one text in a list": (_set("name", ["x"]), "'name' is one value, written as a list"),
    "a text twice": (_set("name", ["x", "x"]), "'name' has a value twice"),
    "a list of lists": (_set("name", [["x"]]), "'name' is a list of lists"),
    "a date in a list": (_set("validFrom", ["2026-06-30T12:00:00Z"]), "validFrom is written as a list"),
    "a plain text as an object": (_set("name", {"@value": "x"}), "written as an object"),
    "a text of no language": (_set("name", {"@value": "x", "@language": "not one"}), "written as an object"),
    "a typed value": (_set("name", {"@value": "x", "@type": "urn:x"}), "written as an object"),
    "a type spelled out": (
        _set("credentialSubject", "type", ["https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject"]),
        "is not written as a name that contexts define",
    ),
    "false as a text": (_hashed_as_text, "hashed is neither true nor false"),
    "a compact address": (_set("credentialSubject", "id", "xsd:string"), "'xsd:string' is a compact address"),
    "a property for a class": (_set("credentialSubject", "type", ["criteria"]), "The type 'criteria' is not written"),
    "what it says of itself elsewhere": (_repeated, "stands in several places"),
    "a node too many": (_set("evidence", [{"id": f"urn:{n}"} for n in range(250)]), "More than 256 nodes"),
    "a value too many": (
        _set("evidence", [{"id": "urn:x", "name": [str(n) for n in range(200)]} for _ in range(6)]),
        "More than 768 values",
    ),
    "a context too many": (_set("@context", [CREDENTIALS_V2, OPEN_BADGES_3] * 9), "names more than 16 contexts"),
    "a list too long": (_set("name", [str(n) for n in range(257)]), "lists has more than 256 values"),
    "a labelled node": (_set("credentialSubject", "id", "_:me"), "labels a node _:me"),
    "a crowd of nameless nodes": (
        _set(
            "credentialSubject", "identifier", [{"type": "IdentityObject", "identityHash": str(n)} for n in range(99)]
        ),
        "More than 64 of its nodes",
    ),
}


@pytest.mark.parametrize("case", FALSE)
def test_what_is_false(rdfc: Credential, case: str) -> None:
    damage, text = FALSE[case]
    damage(rdfc)
    with pytest.raises(SignatureError, match=text):
        verify_proof(rdfc)


@pytest.mark.parametrize("case", UNCHECKED)
def test_what_cannot_be_checked(rdfc: Credential, case: str) -> None:
    damage, text = UNCHECKED[case]
    damage(rdfc)
    if case == "a key to fetch":
        rdfc["issuer"]["id"] = "did:web:x.example"
    with pytest.raises(SignatureUncheckedError, match=text):
        verify_proof(rdfc)


def test_a_jcs_proof_holds_under_its_own_contexts_only(draft: Credential) -> None:
    signed = sign_credential(draft, KEY, DRAFTED, JCS)
    assert signed["proof"]["@context"] == signed["@context"]
    # The standard lets others append to the contexts (section 3.3.2); what they append is not signed.
    with pytest.raises(SignatureUncheckedError, match="contexts that were added after it was signed"):
        verify_proof({**signed, "@context": [*signed["@context"], "https://x.example/c"]})
    with pytest.raises(SignatureError, match="contexts are not those that were signed"):
        verify_proof({**signed, "@context": [OPEN_BADGES_3, CREDENTIALS_V2]})


def test_a_whole_float_is_the_same_number(rdfc: Credential) -> None:
    assert rdfc["credentialSubject"]["creditsEarned"] == 3
    rdfc["credentialSubject"]["creditsEarned"] = 3.0
    verify_proof(rdfc)


def test_nothing_is_fetched(rdfc: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*arguments: Any, **options: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    verify_proof(rdfc)
    rdfc["@context"].append("https://www.w3.org/2018/credentials/v1")
    with pytest.raises(SignatureUncheckedError, match="not among those"):
        verify_proof(rdfc)


def test_the_core_loads_no_rdf_before_a_signature_is_checked() -> None:
    code = (
        "import sys, verifier.core.verifier, verifier.core.data_integrity\n"
        "print([name for name in ('pyld', 'pyoxigraph', 'requests', 'aiohttp') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_contexts_are_those_that_were_published() -> None:
    folder = Path(verifier.core.__file__).parent / "contexts"
    found = {path.name: sha256(path.read_bytes()).hexdigest()[:16] for path in folder.glob("*.json")}
    assert found == {
        "credentials-v2.json": "8a9f494a89ecc51d",
        "data-integrity-v1.json": "b5d829bd09aa7c42",
        "data-integrity-v2.json": "0f77743daf5b4e8f",
        "open-badges-3.0.0.json": "b077fa134d909d92",
        "open-badges-3.0.1.json": "cfc147db5fd5e357",
        "open-badges-3.0.2.json": "00666ad080ba4076",
        "open-badges-3.0.3-of-2026.json": "3d34f4d4ef1bce69",
        "open-badges-3.0.3.json": "ef2fa9c7846dce23",
        "open-badges-extensions.json": "2d013f981d1f4516",
    }
