"""New keys take no passphrase that is soon guessed; old keys go on opening; a passphrase can be changed."""

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account

from deploy.cli import main
from issuer.errors import KeyFileError
from issuer.keys import reencrypting
from issuer.keys.files import Passphrases, load_account, load_institution_key
from issuer.keys.passphrases import weakness
from issuer.keys.reencrypting import change_passphrase, weaker_than_new

WEAK, GOOD = "abc", "blue lamp over nine rivers"
SECRET = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"  # of nobody: from web3's documentation


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weak").write_text(WEAK + "\n")
    (tmp_path / "good").write_text(GOOD + "\n")
    return tmp_path


def key(*words: str, **more: str | None) -> Result:
    return CliRunner().invoke(main, ["key", *words], **more)  # type: ignore[arg-type]


def old_institution_key(path: Path, passphrase: str = WEAK) -> Ed25519PrivateKey:
    """As earlier versions wrote it."""
    made = Ed25519PrivateKey.generate()
    form, encryption = serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(passphrase.encode())
    path.write_bytes(made.private_bytes(serialization.Encoding.PEM, form, encryption))
    path.chmod(0o600)
    return made


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("", "is empty"),
        ("  \t ", "is empty"),
        ("abc", "is too short"),
        ("elevenchars", "is too short"),
        ("     abcdefg     ", "is too short"),
        ("aaaaaaaaaaaaaaaa", "repeats itself"),
        ("lamplamplamplamp", "repeats itself"),
        ("abababababababa1", "repeats itself"),
        ("123456789012", "first that anybody tries"),
        ("210987654321", "first that anybody tries"),
        ("abcdefghijklmn", "first that anybody tries"),
        ("qwertyuiopasdf", "first that anybody tries"),
        ("Password!2024", "first that anybody tries"),
        ("correct horse battery staple", "first that anybody tries"),
    ],
)
def test_a_weak_passphrase_is_refused_with_what_to_take(passphrase: str, said: str) -> None:
    told = weakness(passphrase)
    assert told is not None
    assert said in told
    assert "is empty" in told or "five random words" in told
    assert passphrase not in told or not passphrase.strip()


@pytest.mark.parametrize("passphrase", [GOOD, "V0sQ7aJrB2xK", "چار لفظ کسی کو معلوم نہیں", "h3Xd-99a1-zz0q"])
def test_a_good_one_is_taken(passphrase: str) -> None:
    assert weakness(passphrase) is None


@pytest.mark.parametrize("kind", ["chain", "institution"])
@pytest.mark.parametrize("command", ["new", "import"])
def test_no_new_key_gets_a_weak_one(folder: Path, command: str, kind: str) -> None:
    result = key(command, "k", "--kind", kind, "--passphrase-file", "weak", input=SECRET)
    assert result.exit_code == 2
    assert "The passphrase is too short: fewer than 12 characters." in result.output
    assert "Nothing was written." in result.output
    assert not (folder / "k").exists()


def test_old_keys_with_a_weak_one_open_and_are_named(folder: Path) -> None:
    old_institution_key(folder / "old.pem")
    keystore = Account.encrypt("0x" + SECRET, WEAK, kdf="pbkdf2", iterations=1000)
    (folder / "old.json").write_text(json.dumps(keystore))
    for name in ("old.pem", "old.json"):
        result = key("show", name, "--passphrase-file", "weak")
        assert result.exit_code == 0, result.output
        assert f"{name} is encrypted less well than new keys are. To mend it: sanad key passphrase {name}" in (
            result.stderr
        )
    listed = key("list", ".")
    assert listed.stderr.count("sanad key passphrase") == 2


@pytest.mark.parametrize("same", [True, False])
def test_a_passphrase_is_changed_and_the_key_stays(folder: Path, same: bool) -> None:
    made = old_institution_key(folder / "k.pem", GOOD if same else WEAK)
    keystore = Account.encrypt("0x" + SECRET, GOOD if same else WEAK, kdf="pbkdf2", iterations=1000)
    (folder / "k.json").write_text(json.dumps(keystore))
    for name in ("k.pem", "k.json"):
        words = ("--passphrase-file", "good" if same else "weak", "--new-passphrase-file", "good")
        result = key("passphrase", name, *words)
        assert result.exit_code == 0, result.output
        assert result.stdout == f"{name} opens with the new passphrase.\n"
        assert GOOD not in result.output
        assert not weaker_than_new(folder / name)
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert load_institution_key(folder / "k.pem", GOOD).private_bytes_raw() == made.private_bytes_raw()
    assert load_account(folder / "k.json", GOOD).address == Account.from_key(SECRET).address
    assert sorted(each.name for each in folder.iterdir()) == ["good", "k.json", "k.pem", "weak"]
    assert "z6Mk" in (folder / "k.pem").read_text().splitlines()[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--passphrase-file", "good", "--new-passphrase-file", "good"), "the passphrase is wrong"),
        (("--passphrase-file", "weak", "--new-passphrase-file", "weak"), "The passphrase is too short"),
        (("--passphrase-file", "weak"), "Use --new-passphrase-file or SANAD_NEW_PASSPHRASE."),
        (("--passphrase-file", "weak", "--new-passphrase-file", "none"), "The passphrase file none cannot be read"),
    ],
)
def test_what_goes_wrong_leaves_the_file_alone(folder: Path, words: tuple[str, ...], said: str) -> None:
    old_institution_key(folder / "k.pem")
    before = (folder / "k.pem").read_bytes()
    result = key("passphrase", "k.pem", *words)
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert (folder / "k.pem").read_bytes() == before
    assert sorted(each.name for each in folder.iterdir()) == ["good", "k.pem", "weak"]


def test_the_new_passphrase_may_come_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_institution_key(folder / "k.pem")
    monkeypatch.setenv("SANAD_PASSPHRASE", WEAK)
    monkeypatch.setenv("SANAD_NEW_PASSPHRASE", GOOD)
    assert key("passphrase", "k.pem").exit_code == 0
    assert load_institution_key(folder / "k.pem", GOOD)


@pytest.mark.parametrize("step", ["fsync", "replace", "_secret_of"])
def test_cut_off_anywhere_the_old_file_stands(folder: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = old_institution_key(folder / "k.pem")

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        where: dict[str, object] = {"fsync": os, "replace": Path, "_secret_of": reencrypting}
        patch.setattr(where[step], step, dies)
        with pytest.raises(KeyboardInterrupt):
            change_passphrase(folder / "k.pem", WEAK, GOOD)
    assert load_institution_key(folder / "k.pem", WEAK).private_bytes_raw() == made.private_bytes_raw()
    change_passphrase(folder / "k.pem", WEAK, GOOD)
    assert load_institution_key(folder / "k.pem", GOOD).private_bytes_raw() == made.private_bytes_raw()


def test_a_file_that_does_not_come_out_right_is_not_put_in_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_institution_key(folder / "k.pem")
    before = (folder / "k.pem").read_bytes()
    monkeypatch.setattr(reencrypting, "_secret_of", lambda *_: b"another")
    with pytest.raises(KeyFileError, match="did not come out as it was, so it is left alone"):
        change_passphrase(folder / "k.pem", WEAK, GOOD)
    assert (folder / "k.pem").read_bytes() == before


def test_a_link_goes_on_leading_to_the_file(folder: Path) -> None:
    (folder / "safe").mkdir()
    made = old_institution_key(folder / "safe" / "k.pem")
    (folder / "k.pem").symlink_to("safe/k.pem")
    change_passphrase(folder / "k.pem", WEAK, GOOD)
    assert (folder / "k.pem").is_symlink()
    assert load_institution_key(folder / "safe" / "k.pem", GOOD).private_bytes_raw() == made.private_bytes_raw()


def test_a_rotated_key_gets_no_weak_passphrase_either(folder: Path) -> None:
    old_institution_key(folder / "k.pem")
    (folder / "sanad.toml").write_text(
        '[verifier]\n[[registry]]\nprogramme = "P"\nnetwork = "local"\naddress = "0x' + "1" * 40 + '"\n'
        '[issuer]\ndata = "data"\nsigner_key = "s.json"\ninstitution_key = "k.pem"\npassphrase_file = "weak"\n'
    )
    result = key("rotate", "--config", "sanad.toml")
    assert result.exit_code == 2
    assert "The passphrase is too short" in result.output
    assert f"Change it first: sanad key passphrase {folder / 'k.pem'}. Nothing was changed." in result.output
    assert not list(folder.glob("*.new"))
    assert not list(folder.glob("k-*"))


def test_a_folder_has_a_passphrase_for_each_key(folder: Path) -> None:
    words = folder / "words"
    words.mkdir()
    (words / "one").write_text("the passphrase of one\n")
    (words / "two.json").write_text("the passphrase of two\n")
    found = Passphrases(words)
    assert found.of(folder / "one.json") == "the passphrase of one"
    assert found.of(folder / "one.pem") == "the passphrase of one"
    assert found.of(folder / "two.json") == "the passphrase of two"
    with pytest.raises(
        KeyFileError, match=r"^No passphrase for three\.json: put it into .*words/three, or the variable"
    ):
        found.of(Path("three.json"))
    assert Passphrases(words, lambda what: what).of(Path("three.json")) == "Passphrase of three.json"
    assert key("new", "one.json", "--passphrase-file", "words").exit_code == 0
    assert load_account(folder / "one.json", "the passphrase of one").address
