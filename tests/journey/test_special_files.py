"""Pipes, devices, sockets and folders are no files to read: a sentence and exit code 2, at once, and nothing hangs."""

import json
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from issuer.disk.private_files import write_private
from issuer.disk.shared_folder import write_public
from issuer.errors import CourseError, IssuerError, KeyFileError
from issuer.keys.files import Passphrases, describe_folder, load_account, load_institution_key
from issuer.mail.settings import load_mail_settings
from issuer.records import Records
from issuer.settings import load_issuer_settings
from issuer.watch.settings import load_watch_settings
from tests.journey.office import PASSPHRASE, Office, institution_key
from verifier.errors import SettingsError
from verifier.plain_file import read_plain, read_plain_text
from verifier.settings import load_settings

SANAD = [sys.executable, "-c", "from deploy.cli import main; main()"]
SECONDS = 60  # a process of its own on a busy machine; what hangs takes for ever
SETTINGS = '[[registry]]\nprogramme = "P"\nnetwork = "bsc-testnet"\naddress = "0x' + "1" * 40 + '"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    os.mkfifo("pipe.pdf")
    Path("sanad.toml").write_text(SETTINGS)
    Path("folder").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        yield tmp_path


def sanad(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*SANAD, *words], capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("/dev/zero", "a device"),
        ("/dev/null", "a device"),
        ("pipe", "a pipe"),
        ("pipe.pdf", "a pipe"),
        ("socket", "a socket"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_verify_answers_at_once(name: str, kind: str) -> None:
    done = sanad("verify", "--json", name)
    assert done.returncode == 2, done.stdout + done.stderr
    (answer,) = json.loads(done.stdout)
    assert f"{name} is {kind}, not a file. Give a file." in json.dumps(answer)
    text = sanad("verify", name)
    assert (text.returncode, f"{name} is {kind}, not a file" in " ".join(text.stdout.split())) == (2, True), text.stdout


@pytest.mark.usefixtures("folder")
def test_verify_takes_no_pipe_from_the_shell_either() -> None:
    command = f"{shlex.join(SANAD)} verify <(cat /dev/zero)"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=SECONDS)
    assert (done.returncode, "is a pipe, not a file" in done.stdout) == (2, True), done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "x.pdf", "--config", "pipe"),
        ("issue", "pipe", "--course", "course.toml"),
        ("issue", "roster.csv", "--course", "pipe"),
        ("preview", "pipe", "--course", "course.toml"),
        ("key", "show", "pipe", "--passphrase-file", "passphrase"),
        ("key", "show", "k.pem", "--passphrase-file", "pipe"),
        ("key", "new", "new.json", "--passphrase-file", "pipe"),
        ("key", "passphrase", "k.pem", "--passphrase-file", "passphrase", "--new-passphrase-file", "pipe"),
        ("restore", "pipe"),
        ("badge", "pipe.pdf"),
        ("badge", "k.pem", "--image", "pipe"),
    ],
)
def test_every_command_that_is_given_a_pipe_says_so(folder: Path, words: tuple[str, ...]) -> None:
    sample = (resources.files("issuer") / "samples" / "course.toml").read_text()
    (folder / "course.toml").write_text(sample)
    (folder / "roster.csv").write_text("Name\nAyesha Siddiqui\n")
    (folder / "passphrase").write_text(PASSPHRASE)
    institution_key(folder / "k.pem")
    with (folder / "sanad.toml").open("a") as file:
        file.write('[verifier]\narchive = "archive"\n[issuer]\ndata = "data"\nsigner_key = "k.json"\n')
        file.write('institution_key = "k.pem"\n')
    done = sanad(*words)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "a pipe, not a file" in done.stdout + done.stderr, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "new.json").exists()
    assert not (folder / "data").exists()


def test_a_shell_may_hand_a_passphrase_over(folder: Path) -> None:
    institution_key(folder / "k.pem")
    for given in (f"<(sleep 0.5; echo '{PASSPHRASE}')", f"/dev/stdin <<< '{PASSPHRASE}'"):
        command = f"{shlex.join(SANAD)} key show k.pem --passphrase-file {given}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=SECONDS)
        assert (done.returncode, "z6Mk" in done.stdout) == (0, True), done.stderr
    endless = f"{shlex.join(SANAD)} key show k.pem --passphrase-file <(cat /dev/zero)"
    done = subprocess.run(["bash", "-c", endless], capture_output=True, text=True, timeout=SECONDS)
    assert (done.returncode, "its first line is longer than 10,000 bytes" in done.stderr) == (2, True), done.stderr


def test_settings_and_keys_are_files(folder: Path) -> None:
    (folder / "with.toml").write_text('[watch]\nwebhook_secret_file = "pipe"\n')
    for read, raised in (
        (lambda path: load_settings(path), SettingsError),
        (lambda path: load_issuer_settings(path), IssuerError),
        (lambda path: load_mail_settings(path), IssuerError),
        (lambda path: load_watch_settings(path), IssuerError),
        (lambda path: load_account(path, "x"), KeyFileError),
        (lambda path: load_institution_key(path, "x"), KeyFileError),
        (lambda path: Passphrases(path).of(path) if path.name != "folder" else load_account(path, "x"), KeyFileError),
    ):
        for name, kind in (("pipe", "a pipe"), ("folder", "a folder"), ("socket", "a socket"), ("/dev/zero", "device")):
            with pytest.raises(raised, match=kind):  # type: ignore[arg-type]
                read(Path(name))
    with pytest.raises(IssuerError, match="webhook_secret_file names 'pipe', which cannot be read"):
        load_watch_settings(folder / "with.toml")
    with pytest.raises(KeyFileError, match="No passphrase for key: put it into folder/key"):  # a file for each key
        Passphrases(Path("folder")).of(Path("key"))
    assert describe_folder(folder) == []


@pytest.mark.parametrize("picture", ["pipe.png", "large.png"])
def test_a_picture_is_a_file_of_moderate_size(folder: Path, picture: str) -> None:
    from issuer.course.course import load_course

    os.mkfifo("pipe.png")
    Path("large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(10_000_001))
    sample = (resources.files("issuer") / "samples" / "course.toml").read_text()
    Path("course.toml").write_text(sample.replace("[institution]", f'[institution]\nlogo = "{picture}"', 1))
    said = {"pipe.png": "it is a pipe, not a file", "large.png": "The file has more than 10 MB; save the picture with"}
    with pytest.raises(CourseError, match=said[picture]):
        load_course(folder / "course.toml")


def test_what_is_too_large_for_settings_is_told(folder: Path) -> None:
    (folder / "sanad.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(SettingsError, match=r"cannot be read: it is larger than 1 MB, which no such file is"):
        load_settings(folder / "sanad.toml")


def test_a_backup_does_not_wait_for_a_pipe_that_lies_among_the_certificates(
    embedded_office: Office, tmp_path: Path
) -> None:
    office = embedded_office
    assert office.issue().exit_code == 0
    office.pdfs[0].unlink()
    os.mkfifo(office.folder / "certificates" / office.envelopes[0].with_suffix(".pdf").name)
    began = time.monotonic()
    done = office.run("backup", str(tmp_path / "copy.tar"), "--config", str(office.config))
    assert (done.exit_code, "it is a pipe, not a file" in done.output) == (2, True), done.output
    assert time.monotonic() - began < SECONDS
    assert not (tmp_path / "copy.tar").exists()
    Records(office.folder / "data" / "records.sqlite").close()


def test_a_file_is_read_whole_and_no_further_than_one_byte_too_many(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xef\xbb\xbfa\r\nb")
    assert read_plain(tmp_path / "file") == b"\xef\xbb\xbfa\r\nb"
    assert read_plain(tmp_path / "file", 2) == b"\xef\xbb\xbf"
    assert read_plain_text(tmp_path / "file") == "a\nb"
    (tmp_path / "link").symlink_to("file")
    assert read_plain(tmp_path / "link", 100) == b"\xef\xbb\xbfa\r\nb"
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "none")


@pytest.mark.parametrize("name", ["pipe", "socket", "/dev/null", "folder"])
def test_nothing_is_written_into_what_is_no_file(folder: Path, name: str) -> None:
    for write in (lambda path: write_private(path, "x"), lambda path: write_public(path, "x")):
        with pytest.raises(OSError, match="not a file"):
            write(Path(name))
    (folder / "link").symlink_to(name)
    with pytest.raises(OSError, match="not a file"):
        write_private(folder / "link", "x")


def test_a_preview_is_not_written_into_a_pipe(folder: Path) -> None:
    (folder / "course.toml").write_text((resources.files("issuer") / "samples" / "course.toml").read_text())
    (folder / "roster.csv").write_text("Name\nAyesha Siddiqui\n")
    done = sanad("preview", "roster.csv", "--course", "course.toml", "--out", "pipe")
    assert (done.returncode, "pipe cannot be written: it is a pipe, not a file" in done.stderr) == (2, True), (
        done.stderr
    )


@pytest.mark.parametrize("length", [10_001, 50_000])
def test_a_passphrase_is_used_whole_or_refused(folder: Path, length: int) -> None:
    (folder / "long").write_text("ab cd ef " * (length // 9 + 1))
    with pytest.raises(KeyFileError, match="its first line is longer than 10,000 bytes"):
        Passphrases(folder / "long").of(folder / "k.json")


LONG = "x" * 300


@pytest.mark.parametrize(
    "words",
    [
        ("key", "show", LONG, "--passphrase-file", "passphrase"),
        ("key", "passphrase", LONG, "--passphrase-file", "passphrase", "--new-passphrase-file", "passphrase"),
        ("backup", LONG),
        ("export", LONG),
        ("export", "pipe"),
        ("export", "passphrase"),
        ("export", "dangling"),
        ("backup", "passphrase/x"),
    ],
)
def test_a_name_that_cannot_be_one_ends_in_a_sentence(
    embedded_office: Office, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(embedded_office.folder)
    Records(embedded_office.folder / "data" / "records.sqlite").close()
    os.mkfifo("pipe")
    Path("dangling").symlink_to("nowhere")
    done = embedded_office.run(*words)
    assert (done.exit_code, type(done.exception)) == (2, SystemExit), done.output
    assert "\nError: " in f"\n{done.output}"
