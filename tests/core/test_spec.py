"""SPEC.md's worked examples, computed again. `python -m tests.core.test_spec` writes them into SPEC.md."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.keys.key_history import InstitutionKey
from issuer.publishing.did_document import Institution, SignerAddress
from tests.core.vector_files import FOLDER
from tests.relaying import typed_data
from verifier.core.batch_file import parse_batch_file
from verifier.core.canonical import canonical, parse
from verifier.core.codes import check_character, link, parse_code, short_code
from verifier.core.contexts import context_files
from verifier.core.dates import parse_instant
from verifier.core.domain_keys import read_did_document
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.hashes import institution_id, keccak256, sha256, to_base64url, to_hex
from verifier.core.merkle import MerkleTree, leaf
from verifier.core.multikey import ed25519_multikey
from verifier.core.programme_file import Place, ProgrammeFile, write_programme_file
from verifier.core.registry import NO_ADDRESS, SENTINEL, RegistryInfo
from verifier.core.seal import FOOT_BYTES, read_trailer, seal, unseal
from verifier.core.status_list import decode, encode, with_bits
from verifier.core.verdict import PRECEDENCE, Check, Outcome, State, Step, bottom_line

SPEC = Path(__file__).parents[2] / "SPEC.md"
CONTEXTS = SPEC.parent / "verifier" / "core" / "contexts"
_EXAMPLE = re.compile(r"<!-- example: ([a-z-]+) -->\n(?:```\n.*?```\n)?", re.DOTALL)
STATUS_LIST = "uH4sIAAAAAAAC_-3BMQEAAAgDINfMaEY3xh7gdgAAAAAAAAAAAAAAAAAAAICuPKgSuh0AQAAA"
"""One gzip form of many: other builds of zlib pack otherwise."""
ENVELOPES = [parse_envelope((FOLDER / "good" / f"class-of-five.{n}.json").read_bytes()) for n in range(5)]


def _leaf(envelope: Envelope) -> bytes:
    return leaf(envelope.index, envelope.commitment, envelope.sheet)


def _jcs() -> Iterator[str]:
    text = r'{"b":[1.0,1e2],"a":"\u00e9","B":null}'
    yield f"input  {text}"
    yield f"JCS    {canonical(parse(text.encode())).decode()}"


def _hashes() -> Iterator[str]:
    first = ENVELOPES[0]
    yield f"H            {to_hex(first.hash)}"
    yield f"H, base64url {to_base64url(first.hash)}"
    yield f"C            {to_hex(first.commitment)}"
    yield f"P            {to_hex(first.sheet)}"


def _leaf_example() -> Iterator[str]:
    yield f"leaf {to_hex(_leaf(ENVELOPES[0]))}"


def _tree() -> Iterator[str]:
    leaves = [_leaf(envelope) for envelope in ENVELOPES]
    tree = MerkleTree.of(leaves)
    for index, each in enumerate(leaves):
        yield f"leaf {index}  {to_hex(each)}"
    yield f"root    {to_hex(tree.root)}"
    for place, sibling in enumerate(tree.path(0)):
        yield f"path[{place}] {to_hex(sibling)}"


def _seal() -> Iterator[str]:
    file = (FOLDER / "good" / "class-of-five.0.pdf").read_bytes()
    sheet, envelope = unseal(file)
    trailer = read_trailer(sheet)
    yield f"sheet            {len(sheet)} bytes, sha256 {to_hex(sha256(sheet))}"
    yield f"envelope         {len(envelope)} bytes, sha256 {to_hex(sha256(envelope))}"
    numbers = (trailer.size, trailer.root, trailer.info, trailer.startxref)
    yield f"N, R, I, X       {', '.join(number.decode() for number in numbers)}"
    yield f"D                {trailer.date.decode()}"
    yield f"ID               {trailer.id.decode()}"
    yield f"seal             {len(seal(sheet, envelope))} bytes, sha256 {to_hex(sha256(seal(sheet, envelope)))}"
    yield f"last {FOOT_BYTES} bytes    {file[-FOOT_BYTES:]!r}"


def _batch_file() -> Iterator[str]:
    data = (FOLDER / "good" / "class-of-five.sanad").read_bytes()
    yield data.split(b"\n")[0].decode()
    yield f"{len(data)} bytes, {parse_batch_file(data).size} certificates"


def _dates() -> Iterator[str]:
    for text in ("2026-06-30T17:00:00.000000001+05:00", "2026-06-30T12:00:00.000000002-00:00"):
        seconds, nanoseconds = divmod(parse_instant(text).nanoseconds, 1_000_000_000)
        yield f"{text}   {seconds} {nanoseconds:09}"


def _codes() -> Iterator[str]:
    first = ENVELOPES[0].hash
    code = short_code(first)
    digits = code.replace("-", "")[:11]
    yield f"H          {to_hex(first)}"
    yield f"link       {link('https://verify.example', first)}"
    yield f"digits     {digits}, check character {check_character(digits)}"
    yield f"short code {code}"


def _registry() -> Iterator[str]:
    yield f"institution of university.example  {to_hex(institution_id('university.example'))}"
    yield f"sentinel                           {to_hex(SENTINEL)}"


def _domain() -> Iterator[str]:
    key, old = (ed25519_multikey(sha256(bytes([number]))) for number in (1, 2))
    keys = [InstitutionKey(old, until="2026-06-01T00:00:00Z"), InstitutionKey(key, since="2026-06-01T00:00:00Z")]
    info = RegistryInfo("", "bsc-testnet", 97, "0x5FbDB2315678afecb367f032d93F642f64180aa3", True)
    signer = SignerAddress(97, "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")
    institution = Institution("university.example", keys, [signer], [info])
    document = json.dumps(institution.did_document(), indent=1)
    told = [*read_did_document(document.encode(), institution.domain).keys]
    assert [(each.multikey, each.until is None) for each in told] == [(old, False), (key, True)]
    yield document
    yield ""
    yield from institution.zone_lines()


def _status_list() -> Iterator[str]:
    bits = with_bits([0, 9, 131_071])
    yield f"first two bytes  {to_hex(bits[:2])}"
    yield f"last byte        {to_hex(bits[-1:])}"
    yield f"sha256           {to_hex(sha256(bits))}"
    assert decode(STATUS_LIST) == bits == decode(encode(bits))
    yield f"encodedList      {STATUS_LIST}"


def _relayed() -> Iterator[str]:
    from eth_account import Account
    from eth_account.messages import encode_typed_data

    signer = Account.from_key((1).to_bytes(32))
    registry = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    who = {"institution": institution_id("university.example"), "signer": signer.address}
    issue = {**who, "root": b"\1" * 32, "size": 5, "deadline": 1_790_000_000}
    listed = {"commitments": [b"\1" * 32, b"\2" * 32], "reason": 2, "deadline": 1_790_000_000}
    acts = {
        "issue": ("Issue", issue),
        "revoke, as signer": ("Revoke", {**who, "authority": signer.address, **listed}),
        "revoke, as institution": ("Revoke", {**who, "authority": NO_ADDRESS, **listed}),
    }
    signables = {
        name: encode_typed_data(full_message=typed_data(kind, 97, registry, **message))
        for name, (kind, message) in acts.items()
    }
    yield f"domain separator  {to_hex(signables['issue'].header)}"
    for name, signable in signables.items():
        yield ""
        yield name
        yield f"struct hash       {to_hex(signable.body)}"
        yield f"digest            {to_hex(keccak256(bytes([0x19, 1]) + signable.header + signable.body))}"
        yield f"signature         {to_hex(signer.sign_message(signable).signature)}"


def _programme_file() -> Iterator[str]:
    registry = Place(97, "0x5fbdb2315678afecb367f032d93f642f64180aa3")
    value = parse(write_programme_file(ProgrammeFile("National Educators Programme", registry)))
    yield json.dumps(value, separators=(",", ":"))


def _contexts() -> Iterator[str]:
    for address, names in context_files().items():
        for name in names:
            yield f"{sha256(canonical(parse((CONTEXTS / name).read_bytes()))).hex()}  {address}"


EXAMPLES = {
    "dates": _dates, "jcs": _jcs, "hashes": _hashes, "leaf": _leaf_example, "tree": _tree, "seal": _seal,
    "batch-file": _batch_file, "codes": _codes, "registry": _registry, "relayed": _relayed,
    "domain": _domain, "contexts": _contexts, "programme-file": _programme_file, "status-list": _status_list,
}  # fmt: skip


def _block(name: str) -> str:
    lines = "\n".join(EXAMPLES[name]())
    return f"<!-- example: {name} -->\n```\n{lines}\n```\n"


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_what_the_code_computes(name: str) -> None:
    assert _block(name) in SPEC.read_text()


def test_every_example_of_the_spec_is_computed() -> None:
    assert set(_EXAMPLE.findall(SPEC.read_text())) == set(EXAMPLES)


def test_the_spec_numbers_the_steps_as_the_code_does() -> None:
    rows = re.findall(r"^\| (\d+) \| ([a-z ]+) \|", SPEC.read_text(), re.MULTILINE)
    assert rows == [(str(check.number), check.value) for check in Check]


def test_the_spec_orders_the_outcomes_as_the_code_does() -> None:
    assert " · ".join(f"`{outcome}`" for outcome in PRECEDENCE) in SPEC.read_text()


def test_a_date_that_cannot_be_read_comes_between_untrusted_and_pending() -> None:
    date = Step(Check.DATES, State.UNCHECKED, "", outcome=Outcome.UNAVAILABLE)
    others = {each: Step(Check.ANCHORED, State.FAILED, "", outcome=each) for each in PRECEDENCE if each != "valid"}
    first = [each.value for each, step in others.items() if bottom_line([date, step]) is each]
    assert first == ["altered", "unavailable", "unknown", "revoked", "replaced", "untrusted"]


def test_a_code_of_the_spec_is_read() -> None:
    code = parse_code(short_code(ENVELOPES[0].hash))
    assert not isinstance(code, bytes)
    assert code.matches(ENVELOPES[0].hash)


if __name__ == "__main__":
    SPEC.write_text(_EXAMPLE.sub(lambda found: _block(found[1]), SPEC.read_text()))
