"""Rules that hold for all input, not for examples (Hypothesis)."""

import json
from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectors.pictures import cdata, credential, itxt, png, presentation, svg
from tests.vectors.samples import class_of_five, sheet
from verifier.core.batch_file import BatchFile, parse_batch_file, tree_of
from verifier.core.canonical import canonical, parse
from verifier.core.codes import CROCKFORD, ShortCode, check_character, link, parse_code, short_code
from verifier.core.dates import Instant, parse_instant, parse_timestamp
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import CredentialError, JsonError, MistypedCodeError, SanadError, SealError, UnreadableError
from verifier.core.hashes import to_base64url
from verifier.core.merkle import MerkleTree, leaf, root_from_path
from verifier.core.reading import read_file
from verifier.core.salvage import find_envelopes
from verifier.core.seal import seal, unseal

HASH = st.binary(min_size=32, max_size=32)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_canonical_bytes_are_a_fixed_point(value: object) -> None:
    once = canonical(parse(json.dumps(value).encode()))
    assert canonical(parse(once)) == once


PICTURES = {
    "png": png(itxt(canonical(credential()))),
    "svg": svg(cdata(canonical(credential()))),
    "presentation": presentation([credential()]),
}


@given(st.binary(max_size=200) | TEXT.map(str.encode))
def test_parse_raises_nothing_but_json_error(data: bytes) -> None:
    with suppress(JsonError):
        canonical(parse(data))


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
    st.integers(0, 999),
)
def test_a_date_is_read_to_the_nanosecond(moment: datetime, minutes: int, nanoseconds: int) -> None:
    at = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    text = f"{moment.replace(microsecond=0).isoformat()}.{moment.microsecond:06}{nanoseconds:03}{offset}"
    assert parse_instant(text).nanoseconds == Instant.of(at).nanoseconds + nanoseconds
    assert parse_timestamp(text) == at


@given(st.text(st.sampled_from("0123456789-:TZ+.\u06f4 "), max_size=40) | TEXT)
def test_reading_a_date_raises_nothing_but_credential_error(text: str) -> None:
    with suppress(CredentialError):
        assert parse_instant(text).seconds == Instant.of(parse_timestamp(text)).seconds


@settings(max_examples=200)
@given(st.binary(max_size=300), st.integers(0, 6000), st.booleans())
def test_read_file_raises_nothing_but_unreadable(junk: bytes, place: int, sealed: bool) -> None:
    whole = class_of_five_pdf if sealed else class_of_five_json
    data = whole[: place % len(whole)] + junk + whole[place % len(whole) + len(junk) // 2 :]
    with suppress(UnreadableError):
        read_file(data)


@settings(max_examples=300)
@given(st.sampled_from(list(PICTURES)), st.binary(max_size=40), st.integers(0, 6000))
def test_read_file_raises_nothing_but_unreadable_for_pictures(name: str, junk: bytes, place: int) -> None:
    whole = PICTURES[name]
    data = whole[: place % len(whole)] + junk + whole[place % len(whole) + len(junk) // 2 :]
    with suppress(UnreadableError):
        read_file(data)


@given(JSON)
def test_no_json_value_in_a_picture_or_presentation_is_a_fault_of_ours(value: object) -> None:
    text = json.dumps(value).encode()
    for data in (png(itxt(text)), svg(cdata(text)), presentation(value), b'{"type":%b}' % text):
        with suppress(UnreadableError):
            read_file(data)


@given(HASH)
def test_every_form_of_a_hash_is_read_back(hash_: bytes) -> None:
    forms = link("https://a.example/verify", hash_), hash_.hex(), "0x" + hash_.hex().upper(), to_base64url(hash_)
    assert {parse_code(form) for form in forms} == {hash_}
    code = parse_code(short_code(hash_))
    assert isinstance(code, ShortCode)
    assert code.matches(hash_)
    assert hash_.hex().startswith(code.hex_prefix)


@given(HASH, st.integers(0, 11), st.sampled_from(CROCKFORD))
def test_one_wrong_character_is_always_caught(hash_: bytes, place: int, wrong: str) -> None:
    code = short_code(hash_).replace("-", "")
    changed = code[:place] + wrong + code[place + 1 :]
    if changed != code:
        with pytest.raises(MistypedCodeError):
            parse_code(changed)


@given(HASH, st.integers(0, 11), st.integers(0, 11))
def test_two_exchanged_characters_are_always_caught(hash_: bytes, one: int, two: int) -> None:
    digits = list(short_code(hash_).replace("-", ""))
    digits[one], digits[two] = digits[two], digits[one]
    changed = "".join(digits)
    assert (check_character(changed[:11]) == changed[11]) == (changed == short_code(hash_).replace("-", ""))


@given(st.lists(HASH, min_size=1, max_size=40), st.data())
def test_every_path_leads_to_the_root_and_no_other_place_does(hashes: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf(index, each, bytes(32)) for index, each in enumerate(hashes)]
    tree = MerkleTree.of(leaves)
    place = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.integers(0, len(leaves) + 3))
    assert root_from_path(leaves[place], tree.path(place)) == tree.root
    if other != place:
        assert root_from_path(leaf(other, hashes[place], bytes(32)), tree.path(place)) != tree.root


@given(st.lists(st.tuples(HASH, HASH), min_size=1, max_size=20), st.data())
def test_a_batch_file_finds_its_commitments(records: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    body = b"".join(one + two for one, two in records)
    file = BatchFile("a.example", tree_of(records).root, body)
    assert parse_batch_file(file.to_bytes()) == file
    place = data.draw(st.integers(0, len(records) - 1))
    assert file.find(records[place][0]) == [one for one, _ in records].index(records[place][0])
    assert file.find(body[1:33]) in (None, *[n for n, (one, _) in enumerate(records) if one == body[1:33]])


@given(st.dictionaries(TEXT, JSON, max_size=3), st.integers(0, 2**32 - 2), HASH, HASH, st.lists(HASH, max_size=40))
def test_an_envelope_is_read_back(
    credential: dict[str, object], index: int, sheet_: bytes, root: bytes, path: list[bytes]
) -> None:
    envelope = Envelope(credential, index, sheet_, root, tuple(path))
    again = parse_envelope(envelope.to_bytes())
    assert again == parse_envelope(again.to_bytes())
    assert (again.index, again.sheet, again.root, again.path) == (index, sheet_, root, tuple(path))
    assert again.hash == envelope.hash


@given(st.binary(min_size=1, max_size=5000))
def test_whatever_is_sealed_comes_out_again(envelope: bytes) -> None:
    paper = sheet("Property")
    assert unseal(paper + seal(paper, envelope)) == (paper, envelope)


@given(st.binary(max_size=400))
def test_unseal_raises_nothing_but_seal_error(data: bytes) -> None:
    with pytest.raises(SealError):
        unseal(data + b"/SanadSeal[%010d %010d]>>\nstartxref\n0000000000\n%%%%EOF\n" % (len(data) // 2, 40))


@given(st.binary(max_size=300))
def test_salvage_never_raises(data: bytes) -> None:
    try:
        find_envelopes(b'{"credential":{' + data + b'"sanad":1,"sheet":"0x' + b"0" * 64 + b'"}')
    except SanadError:
        pytest.fail("salvage raised")


class_of_five_pdf = class_of_five().sealed(0)
class_of_five_json = class_of_five().envelopes[0].to_bytes()
