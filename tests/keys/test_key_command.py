"""`sanad key`: files that only their owner reads, and secrets that stand nowhere else."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account

from deploy.cli import main
from issuer.errors import KeyFileError
from issuer.keys.files import load_account, load_institution_key
from tests.journey.office import PASSPHRASE, Office

SECRET = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"  # of nobody: from web3's documentation


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    return tmp_path


def key(*words: str, **more: str | None) -> Result:
    return CliRunner().invoke(main, ["key", *words], **more)  # type: ignore[arg-type]


def test_a_new_chain_key(folder: Path) -> None:
    result = key("new", "professor.json", "--passphrase-file", "passphrase")
    assert result.exit_code == 0, result.output
    account = load_account(folder / "professor.json", PASSPHRASE)
    assert account.address in result.stdout
    assert stat.S_IMODE((folder / "professor.json").stat().st_mode) == 0o600
    assert account.key.hex() not in result.output + (folder / "professor.json").read_text()


def test_a_folder_for_keys_is_its_owners_alone(folder: Path) -> None:
    result = key("new", "keys/professor.json", "--passphrase-file", "passphrase")
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o700


def test_a_new_institution_key(folder: Path) -> None:
    result = key("new", "institution.pem", "--kind", "institution", "--passphrase-file", "passphrase")
    assert result.exit_code == 0, result.output
    assert "z6Mk" in result.stdout
    assert "ENCRYPTED" in (folder / "institution.pem").read_text()
    assert load_institution_key(folder / "institution.pem", PASSPHRASE)
    assert stat.S_IMODE((folder / "institution.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["chain", "institution", "secp256k1", "ed25519"])
def test_an_imported_key_is_the_one_that_was_piped_in(folder: Path, kind: str) -> None:
    result = key("import", "k", "--kind", kind, "--passphrase-file", "passphrase", input="0x" + SECRET + "\n")
    assert result.exit_code == 0, result.output
    assert SECRET not in result.output
    if kind in ("chain", "secp256k1"):
        assert load_account(folder / "k", PASSPHRASE).address == Account.from_key(SECRET).address
    else:
        expected = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SECRET))
        assert load_institution_key(folder / "k", PASSPHRASE).private_bytes_raw() == expected.private_bytes_raw()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_taken_off(folder: Path, encoding: str) -> None:
    piped = f"{SECRET}\r\n".encode(encoding)
    result = key("import", "k", "--passphrase-file", "passphrase", input=piped)  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    assert load_account(folder / "k", PASSPHRASE).address == Account.from_key(SECRET).address
    (folder / "k").write_bytes("\ufeff".encode() + (folder / "k").read_bytes())
    assert load_account(folder / "k", PASSPHRASE).address == Account.from_key(SECRET).address


WORDS = "test test test test test test test test test test test junk"


@pytest.mark.parametrize("kind", ["chain", "institution"])
@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        (WORDS, "Let the wallet show the private key of the one account (64 hex digits) and import that."),
        (WORDS.replace(" ", "\n"), "Let the wallet show the private key of the one account"),
        (json.dumps({"address": "", "crypto": {}}), "Copy its file to where your keys are"),
        (json.dumps({"address": "", "crypto": {}}, indent=1), "This is a keystore, which is an encrypted key already."),
    ],
)
def test_a_keystore_or_a_wallets_words_are_told_what_to_do_with(
    folder: Path, kind: str, typed: str, advice: str
) -> None:
    result = key("import", "k", "--kind", kind, "--passphrase-file", "passphrase", input=typed + "\n")
    assert result.exit_code == 2
    assert advice in result.output
    assert "junk" not in result.output
    assert "Nothing was written." in result.output
    assert not (folder / "k").exists()


def stating(path: Path, address: object) -> None:
    keystore = Account.encrypt(SECRET, PASSPHRASE, kdf="pbkdf2", iterations=1000)
    path.write_text(json.dumps({**keystore, "address": address}))


def test_a_keystore_that_states_another_address_is_refused(folder: Path) -> None:
    own, other = Account.from_key(SECRET).address, Account.create().address
    stating(folder / "k", other.lower())
    result = key("show", "k", "--passphrase-file", "passphrase")
    assert result.exit_code == 2
    assert f"k states {other.lower()} as its address, and holds the key of {own}." in result.output
    assert "take the key from a copy that you trust" in result.output
    stating(folder / "k", "lahore")
    with pytest.raises(KeyFileError, match="states something that is not an address"):
        load_account(folder / "k", PASSPHRASE)


@pytest.mark.parametrize("write", [str, str.lower, lambda address: address[2:].lower(), lambda _: None, lambda _: ""])
def test_a_keystore_that_states_its_own_address_in_any_way_opens(folder: Path, write: Callable[[str], object]) -> None:
    own = Account.from_key(SECRET).address
    stating(folder / "k", write(own))
    assert load_account(folder / "k", PASSPHRASE).address == own


def test_list_and_show(folder: Path) -> None:
    key("new", "a.json", "--passphrase-file", "passphrase")
    key("new", "b.pem", "--kind", "institution", "--passphrase-file", "passphrase")
    (folder / "notes.txt").write_text("{}")
    found = json.loads(key("list", ".", "--json").stdout)
    assert [(each["file"], each["kind"]) for each in found] == [("a.json", "chain"), ("b.pem", "institution")]
    told = json.loads(key("show", "b.pem", "--passphrase-file", "passphrase", "--json").stdout)
    assert found[1]["public"] == told["public"]
    assert told["public"] in key("list", ".").stdout
    (folder / "b.pem").write_bytes((folder / "b.pem").read_bytes().partition(b"\n")[2])  # as other tools write them
    assert json.loads(key("show", "b.pem", "--passphrase-file", "passphrase", "--json").stdout) == told
    assert "(public key: sanad key show)" in key("list", ".").stdout
    shown = json.loads(key("show", "a.json", "--passphrase-file", "passphrase", "--json").stdout)
    assert shown["address"] == found[0]["address"]


@pytest.mark.parametrize("command", ["new", "import"])
def test_an_empty_passphrase_is_refused(folder: Path, command: str) -> None:
    (folder / "passphrase").write_text("  \n")
    result = key(command, "a.json", "--passphrase-file", "passphrase", input=SECRET)
    assert result.exit_code == 2
    assert "The passphrase is empty, so the key would not be protected. Nothing was written." in result.output
    assert not (folder / "a.json").exists()


def test_a_remote_signers_key_is_shown_without_what_its_address_holds(folder: Path) -> None:
    place = f"https://name:token@signer.example/path#{Account.from_key(SECRET).address}"
    result = key("show", place, "--json")
    assert json.loads(result.stdout) == {
        "kind": "remote",
        "address": Account.from_key(SECRET).address,
        "signer": "signer.example",
    }


def test_a_key_is_never_overwritten(folder: Path) -> None:
    key("new", "a.json", "--passphrase-file", "passphrase")
    before = (folder / "a.json").read_bytes()
    result = key("new", "a.json", "--passphrase-file", "passphrase")
    assert result.exit_code == 2
    assert "a.json exists already; a key is never overwritten." in result.output
    assert (folder / "a.json").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "nowhere.json", "--passphrase-file", "passphrase"), "There is no key file nowhere.json."),
        (("show", "nowhere.json"), "There is no key file nowhere.json."),
        (
            ("new", "a.json", "--passphrase-file", "nowhere"),
            "The passphrase file nowhere cannot be read: No such file or directory.",
        ),
        (("new", "a.json"), "nobody is there to type it"),
        (("import", "a.json", "--passphrase-file", "passphrase"), "This is not a key: a key has 64 hex digits."),
        (("list", "nowhere"), "The folder nowhere cannot be read"),
    ],
)
def test_what_is_wrong_is_told(folder: Path, words: tuple[str, ...], sentence: str) -> None:
    result = key(*words, input="hello\n")
    assert result.exit_code == 2
    assert sentence in result.output
    assert not (folder / "a.json").exists()


def test_a_key_that_is_given_as_an_argument_is_not_repeated(folder: Path) -> None:
    result = key("import", "a.json", SECRET, "--passphrase-file", "passphrase", input=SECRET)
    assert result.exit_code == 2
    assert "A key is never an argument" in result.output
    assert SECRET not in result.output
    assert not (folder / "a.json").exists()
    assert "FILE [" not in key("import", "--help").output


def test_a_wrong_passphrase_is_told_and_not_repeated(folder: Path) -> None:
    key("new", "a.json", "--passphrase-file", "passphrase")
    (folder / "wrong").write_text("a wrong passphrase")
    result = key("show", "a.json", "--passphrase-file", "wrong")
    assert result.exit_code == 2
    assert "the passphrase is wrong" in result.output
    assert "a wrong passphrase" not in result.output


def test_nothing_that_a_full_run_writes_holds_a_key_or_the_passphrase(embedded_office: Office) -> None:
    """Output, files, database, errors: all of it is searched, in every form that a key is written in."""
    office = embedded_office
    told = [office.issue(), office.issue(), office.run("batches", "--config", str(office.config))]
    certificate = office.verdicts(office.pdfs[0])[0]["hash"]
    told.append(office.run("revoke", certificate, "--reason", "other", "--config", str(office.config)))
    (office.folder / "passphrase").write_text("not the passphrase")
    told.append(office.issue(out="more", code="BC-302"))
    assert "the passphrase is wrong" in told[-1].output
    (office.folder / "passphrase").unlink()
    seed = load_institution_key(office.folder / "institution.pem", PASSPHRASE).private_bytes_raw()
    secrets = [PASSPHRASE.encode()]
    for raw in (bytes(office.deployed.signer.key), seed):
        secrets += [raw, raw.hex().encode(), raw.hex().upper().encode(), str(int.from_bytes(raw)).encode()]
    written = {path: path.read_bytes() for path in office.folder.rglob("*") if path.is_file()}
    assert len(written) > 20
    written |= {Path(f"output {number}"): each.output.encode() for number, each in enumerate(told)}
    assert [str(path) for path, data in written.items() if any(secret in data for secret in secrets)] == []
