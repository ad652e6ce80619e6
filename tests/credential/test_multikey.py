import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.core.errors import SignatureError
from verifier.core.multikey import ed25519_multikey, ed25519_public_key, from_multibase, to_multibase


@given(st.binary(min_size=1, max_size=80))
def test_there_and_back(data: bytes) -> None:
    assert from_multibase(to_multibase(data)) == data


@pytest.mark.parametrize(
    ("data", "text"),
    [
        # IETF draft-msporny-base58-03, section 5.
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    ],
)
def test_known_values(data: bytes, text: str) -> None:
    assert to_multibase(data) == text
    assert from_multibase(text) == data


@given(st.binary(min_size=32, max_size=32))
def test_keys(key: bytes) -> None:
    multikey = ed25519_multikey(key)
    assert multikey.startswith("z6Mk")
    assert ed25519_public_key(multikey) == key


@pytest.mark.parametrize("text", [None, 5, "", "z", "u2NEpo", "z0", "zO", "zé", "z" + "2" * 129, "z2\n"])
def test_what_is_no_multibase(text: object) -> None:
    with pytest.raises(SignatureError, match="not a base58btc multibase value"):
        from_multibase(text)


@pytest.mark.parametrize("data", [b"\xed\x01" + bytes(31), b"\xed\x01" + bytes(33), b"\xec\x01" + bytes(32)])
def test_what_is_no_ed25519_key(data: bytes) -> None:
    with pytest.raises(SignatureError, match="not an Ed25519 Multikey"):
        ed25519_public_key(to_multibase(data))
