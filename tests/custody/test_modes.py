"""Personal data and secrets are for their owner alone, whatever the umask; the archive is for whom its folder says."""

import contextlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.disk.private_files import open_to_others, owner_only, private_folder, write_private
from issuer.disk.shared_folder import SharedFolder
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.records import Records
from issuer.watch.memory import Kept, MemoryFile
from tests.chain_fixtures import ChainNode, deploy_on
from tests.journey.office import Office, open_office, school_keys
from tests.mail.conftest import mail_server

ROSTER = "Student Number,Name,Email\n1,Ayesha Siddiqui,a@students.example\n2,فاطمہ نور,f@students.example\n"
PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
SANAD = [sys.executable, "-c", "from deploy.cli import main; main()"]


@contextlib.contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def open_modes(folder: Path) -> dict[str, str]:
    """All that others can read, enter or write, below a folder and itself."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & 0o077 and not path.is_symlink():
            found[str(path.relative_to(folder))] = oct(mode)
    return found


@pytest.fixture(params=["with the commands' umask", "with the files' own modes alone"])
def wide(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The widest umask; and nothing but what is said where a file is made."""
    if "alone" in request.param:
        monkeypatch.setattr("issuer.disk.private_files.owner_only", contextlib.nullcontext)
    with umask(0):
        yield


@pytest.mark.usefixtures("wide")
def test_all_that_commands_write_is_for_the_owner_alone(embedded_chain: ChainNode, tmp_path: Path) -> None:
    with umask(0o077):
        office = open_office(deploy_on(embedded_chain), tmp_path / "office")
        school_keys(office)
        with office.config.open("a") as file:
            file.write('[watch]\ndomains = ["darya-university.example"]\n')
    place = ("--config", str(office.config))
    with umask(0o077):
        (office.folder / "roster.csv").touch()
        (office.folder / "course.toml").touch()
    done = [office.issue(ROSTER)]
    with mail_server(tmp_path / "accepted") as server:
        with office.config.open("a") as file:
            file.write(
                f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
                'sender = "Office <office@darya-university.example>"\n'
            )
        done.append(office.run("mail", "send", *place))
    kept = Records(office.folder / "data" / "records.sqlite")
    kept.trail.add("looked")  # so that the log files are there
    assert (office.folder / "data" / "records.sqlite-wal").exists()
    hash_ = office.verdicts(office.pdfs[0])[0]["hash"]
    out = str(office.folder / "made" / "here")
    done += [
        office.run("revoke", hash_, "--reason", "other", *place),
        office.run("backup", str(office.folder / "copy.tar"), *place),
        office.run("export", f"{out}/export", "--keys", f"{out}/keys", *place),
        office.run("watch", "--once", *place),
        office.run("key", "new", f"{out}/more/k.json", "--passphrase-file", str(office.folder / "passphrase")),
        office.run("preview", str(office.folder / "roster.csv"), "--course", str(office.folder / "course.toml"),
                   "--out", str(office.folder / "preview.pdf"), "--pictures", f"{out}/pictures"),
    ]  # fmt: skip
    assert [(each.exit_code, each.output) for each in done if each.exit_code] == []
    assert open_modes(office.folder) == {}
    kept.close()
    for name in ("data", "archive"):
        shutil.move(office.folder / name, office.folder / f"old-{name}")
    restored = office.run("restore", str(office.folder / "copy.tar"), *place)
    assert restored.exit_code == 0, restored.output
    assert len(list((office.folder / "data" / "certificates").rglob("*.pdf"))) == 2
    assert open_modes(office.folder) == {}


@pytest.mark.parametrize("mask", [0o022, 0])
def test_the_demonstration_leaves_nothing_open(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        done = subprocess.run(
            [*SANAD, "demo", "--once", "--port", "0", "--chain-port", "0"],
            cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "sanad-demo" / "archive").rglob("*.json"))) >= 40
    assert open_modes(tmp_path / "sanad-demo") == {}


def test_commands_give_the_umask_back_and_checking_leaves_it(tmp_path: Path, embedded_office: Office) -> None:
    with umask(0o022):
        embedded_office.run("batches", "--config", str(embedded_office.config))
        (tmp_path / "after").touch()
        with owner_only():
            (tmp_path / "within").touch()
    assert stat.S_IMODE((tmp_path / "after").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "within").stat().st_mode) == 0o600


@pytest.mark.parametrize("mask", [0o077, 0o022, 0])
@pytest.mark.parametrize(
    ("mode", "folders", "files"),
    [(0o700, 0o700, 0o600), (0o2750, 0o2750, 0o640), (0o2770, 0o2770, 0o660), (0o755, 0o755, 0o644)],
)
def test_what_is_put_into_the_archive_has_the_archives_own_permissions(
    tmp_path: Path, mask: int, mode: int, folders: int, files: int
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    archive.chmod(mode)
    with umask(mask):
        writer = ArchiveWriter(archive)
        writer.publish_replacement(b"1" * 32, b"2" * 32)
        writer.publish_educator("a.example", b"1" * 32, b"3" * 32)
        writer.publish_status_list("a.example", "0" * 32, "verify.example", b"{}", None)
        writer.publish_pictures("a.example", "00000000-0000-4000-8000-000000000000", b"card", b"badge")
        with writer.together():
            writer.publish_replacement(b"4" * 32, b"5" * 32)
    found = list(archive.rglob("*"))
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in found if path.is_dir()} == {oct(folders)}
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in found if path.is_file()} == {oct(files)}
    assert len([path for path in found if path.is_file()]) == 8


def test_a_new_archive_is_its_owners_alone(tmp_path: Path) -> None:
    with umask(0):
        ArchiveWriter(tmp_path / "some" / "archive").publish_replacement(b"1" * 32, b"2" * 32)
    assert open_modes(tmp_path / "some") == {}


@pytest.fixture
def root() -> None:
    if os.getuid() != 0:
        assert "CI" not in os.environ, "CI has to try this, and only root may become another user"
        pytest.skip("only root may become another user")


@pytest.mark.usefixtures("root")
def test_a_web_server_of_the_folders_group_reads_the_archive_and_nothing_else() -> None:
    """As docs/privacy.md says to set it up: what is there already, and what comes later."""
    web, others = 65533, 65532
    (commands,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        archive = folder / "archive"
        with umask(0o077):
            before = ArchiveWriter(archive).publish_replacement(b"3" * 32, b"4" * 32)
            shared = commands.replace("www-data", str(web))
            subprocess.run(["bash", "-ec", shared], cwd=folder, check=True)
            path = ArchiveWriter(archive).publish_replacement(b"1" * 32, b"2" * 32)
            write_private(folder / "records", b"names")

        def reads(file: Path, group: int) -> bool:
            done = subprocess.run(["cat", str(file)], user=65534, group=group, extra_groups=[], capture_output=True)
            return done.returncode == 0

        assert stat.S_IMODE(archive.stat().st_mode) == 0o2750
        assert [reads(each, web) for each in (before, path)] == [True, True]
        assert [reads(each, others) for each in (before, path)] == [False, False]
        assert not reads(folder / "records", web)


def test_a_domains_file_is_for_everybody(tmp_path: Path) -> None:
    with umask(0o077):
        shared = SharedFolder(tmp_path / "site", 0o755)
        shared.make(tmp_path / "site" / ".well-known")
        with shared.open_new(tmp_path / "site" / ".well-known" / "sanad.json") as file:
            file.write(b"{}")
    assert oct(stat.S_IMODE((tmp_path / "site" / ".well-known").stat().st_mode)) == oct(0o755)
    assert oct(stat.S_IMODE((tmp_path / "site" / ".well-known" / "sanad.json").stat().st_mode)) == oct(0o644)


def test_records_that_lay_open_are_closed(tmp_path: Path) -> None:
    """As earlier versions left them, with their log files."""
    file = tmp_path / "data" / "records.sqlite"
    with umask(0o022):
        first = Records(file)
        first.trail.add("looked")
        for path in file.parent.glob("records.sqlite*"):
            path.chmod(0o644 if path.is_file() else 0o755)
        Records(file).close()
        again = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in file.parent.iterdir() if path.is_file()}
        first.close()
    assert again == dict.fromkeys(("records.sqlite", "records.sqlite-wal", "records.sqlite-shm"), oct(0o600))


def test_what_the_watch_keeps_lay_open_and_is_closed(tmp_path: Path) -> None:
    (tmp_path / "watch-a.example.json").touch(0o644)
    with umask(0):
        MemoryFile(tmp_path, "watch-a.example").save(Kept())
    assert stat.S_IMODE((tmp_path / "watch-a.example.json").stat().st_mode) == 0o600


def test_a_file_that_was_open_is_closed_when_it_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "preview.pdf").touch(0o644)
    write_private(tmp_path / "preview.pdf", b"name")
    assert stat.S_IMODE((tmp_path / "preview.pdf").stat().st_mode) == 0o600


def test_folders_that_stood_open_are_named_and_left_as_they_are(embedded_office: Office) -> None:
    office = embedded_office
    out = office.folder / "certificates"
    with tempfile.TemporaryDirectory() as name:
        outside = Path(name)
        outside.chmod(0o755)
        out = outside / "certificates"
        out.mkdir()
        out.chmod(0o755)
        result = office.issue(out=str(out))
        assert result.exit_code == 0, result.output
        assert f"Note: others on this machine can look into {out}. To close it: chmod go= {out}" in result.stderr
        assert stat.S_IMODE(out.stat().st_mode) == 0o755
        assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
        assert open_to_others([out, out / "none", next(out.iterdir())]) == [out]
        outside.chmod(0o700)
        assert open_to_others([out]) == []


def test_a_folder_is_made_with_all_that_is_missing_above(tmp_path: Path) -> None:
    with umask(0):
        private_folder(tmp_path / "a" / "b" / "c")
        private_folder(tmp_path / "a" / "b" / "c")
    assert open_modes(tmp_path / "a") == {}
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        private_folder(tmp_path / "file")
