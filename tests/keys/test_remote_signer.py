"""A remote signer in place of a key file: used, and never believed."""

from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from issuer.errors import SignerError
from issuer.keys.remote_signer import _SIGN_TRANSACTION, _SIGN_TYPED_DATA, RemoteSigner
from issuer.registry.relaying import signed_arguments
from issuer.registry.writer import RegistryWriter
from issuer.sending import Sender, connect
from issuer.settings import load_issuer_settings
from tests.chain.batches import small_batch
from tests.chain_fixtures import Deployed
from tests.keys.remote import remote_signer, somebody

TYPED = {
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}],
        "Issue": [{"name": "root", "type": "bytes32"}],
    },
    "primaryType": "Issue",
    "domain": {"name": "Sanad"},
    "message": {"root": "0x" + "ab" * 32},
}


@pytest.mark.parametrize("clef", [False, True], ids=["Web3Signer", "Clef"])
def test_a_batch_is_registered_with_a_key_that_is_elsewhere(deployed: Deployed, clef: bool) -> None:
    batch = small_batch()
    with remote_signer(deployed.signer, clef) as url:
        signer = RemoteSigner(url, deployed.signer.address)
        sender = Sender(connect(deployed.chain.url, deployed.chain.chain_id), signer)
        done = RegistryWriter(sender, deployed.address).issue(deployed.institution, batch.root, 3)
    assert done.transaction is not None


@pytest.mark.parametrize("clef", [False, True], ids=["Web3Signer", "Clef"])
def test_typed_data_is_signed(clef: bool) -> None:
    account = somebody()
    with remote_signer(account, clef) as url:
        signed = RemoteSigner(url, account.address).sign_typed_data(full_message=TYPED)
    message = encode_typed_data(full_message=TYPED)
    assert Account.recover_message(message, signature=signed.signature) == account.address


@pytest.mark.parametrize(
    "change", [{"value": 1}, {"nonce": 99}, {"to": "0x" + "22" * 20}, {"data": b"\x01"}, {"chainId": 56}]
)
def test_what_comes_back_changed_is_not_sent(deployed: Deployed, change: dict[str, object]) -> None:
    batch = small_batch()
    with remote_signer(deployed.signer, twist=lambda fields: {**fields, **change}) as url:
        sender = Sender(
            connect(deployed.chain.url, deployed.chain.chain_id), RemoteSigner(url, deployed.signer.address)
        )
        with pytest.raises(SignerError, match="signed something else than it was asked to"):
            RegistryWriter(sender, deployed.address).issue(deployed.institution, batch.root, 3)


def test_another_key_is_noticed() -> None:
    with remote_signer(somebody()) as url, pytest.raises(SignerError, match="something else"):
        RemoteSigner(url, somebody().address).sign_typed_data(full_message=TYPED)


def test_a_signer_that_is_away_is_told_without_its_address_token() -> None:
    signer = RemoteSigner("http://token@127.0.0.1:9/secret", somebody().address)
    with pytest.raises(SignerError, match="gave no usable answer") as error:
        signer.sign_typed_data(full_message=TYPED)
    assert "token" not in str(error.value)
    assert "secret" not in str(error.value)


def test_the_page_says_what_is_asked_and_its_settings_are_read(deployed: Deployed, tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "remote-signers.md").read_text(encoding="utf-8")
    for method in (*_SIGN_TRANSACTION, *_SIGN_TYPED_DATA):
        assert f"`{method}`" in page
    asked: set[str] = set()

    def seen(fields: dict[str, object]) -> dict[str, object]:
        asked.update(fields)
        return fields

    with remote_signer(deployed.signer, twist=seen) as url:
        sender = Sender(
            connect(deployed.chain.url, deployed.chain.chain_id), RemoteSigner(url, deployed.signer.address)
        )
        RegistryWriter(sender, deployed.address).issue(deployed.institution, small_batch().root, 3)
    row = next(line for line in page.splitlines() if line.startswith("| a transaction"))
    assert {name for name in asked if f"`{name}`" not in row} == set()
    lines = page.splitlines()
    first = lines.index("    [issuer]")
    (tmp_path / "sanad.toml").write_text("\n".join(lines[first : first + 4]).replace("    ", ""))
    settings = load_issuer_settings(tmp_path / "sanad.toml")
    assert settings.signer_key.url == "http://127.0.0.1:9000"


@pytest.mark.parametrize("clef", [False, True], ids=["Web3Signer", "Clef"])
@pytest.mark.parametrize("act", ["issue", "revoke", "replace"])
def test_a_relayed_act_is_signed_elsewhere(act: str, clef: bool) -> None:
    account, one, two = somebody(), b"\x01" * 32, b"\x02" * 32
    arguments: dict[str, tuple[object, ...]] = {
        "issue": (one, 3),
        "revoke": (account.address, [one], 3),
        "replace": (account.address, [one], [two], 4),
    }
    place = (97, "0x" + "11" * 20, two)
    with remote_signer(account, clef) as url:
        signed = signed_arguments(RemoteSigner(url, account.address), act, *place, arguments[act], 1_800_000_000)
    assert signed == signed_arguments(account, act, *place, arguments[act], 1_800_000_000)
