import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli_verify.conftest import Run
from tests.doubles import MAINNET
from tests.scenes import Scenes
from verifier.commands import verify as cli
from verifier.core.codes import link, short_code
from verifier.core.hashes import to_base64url, to_hex
from verifier.core.limits import LIMITS


def test_a_certificate_is_found_by_link_hash_and_code(run: Run, scenes: Scenes) -> None:
    hash_ = scenes.certificates["valid"].hash
    for text in (
        link("https://any.example.com", hash_),
        to_hex(hash_),
        hash_.hex(),
        to_base64url(hash_),
        short_code(hash_),
        short_code(hash_).lower(),
    ):
        result = run("--", text)
        assert result.exit_code == 0, result.output
        assert "Ayesha Khan" in result.stdout


def test_a_certificate_is_found_in_what_people_paste(run: Run, scenes: Scenes) -> None:
    hash_ = scenes.certificates["valid"].hash
    for text in (
        f"(v.example/c/{to_base64url(hash_)})",
        f"My code: {short_code(hash_)}.",
        f"\u200e{hash_.hex()}\u00a0",
    ):
        result = run("--", text)
        assert result.exit_code == 0, result.output
        assert "Ayesha Khan" in result.stdout


def test_several_in_one_text_are_listed(run: Run, scenes: Scenes) -> None:
    one, other = (scenes.certificates[name].hash for name in ("valid", "revoked"))
    result = run("--", f"{link('https://a.example', one)} {link('https://a.example', other)}")
    assert result.exit_code == 3
    assert "This text contains 2 different links or codes." in result.stdout
    assert to_hex(one) in result.stdout
    assert to_hex(other) in result.stdout
    result = run("--", f"{short_code(one)} or {short_code(other)}")
    assert f"  {short_code(one)}\n" in result.stdout
    assert "VALID" not in result.stdout


def test_a_missing_file_is_not_taken_for_the_code_in_its_name(run: Run, scenes: Scenes) -> None:
    hash_ = scenes.certificates["valid"].hash
    for name in (f"{short_code(hash_)}.pdf", f"my {short_code(hash_)}.JSON", f"c/{to_base64url(hash_)}.png"):
        result = run("--", name)
        assert result.exit_code == 2
        assert f"There is no file {name}" in result.stdout


def test_a_file_is_a_file_whatever_its_name(run: Run, scenes: Scenes, folder: Path) -> None:
    name = short_code(scenes.certificates["valid"].hash)
    (folder / name).write_bytes(scenes.files["revoked"])
    assert run(name).exit_code == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("missing.pdf", "There is no file missing.pdf, and it is not a link, a hash or a short code either."),
        ("certificates/*.pdf", "No file matches certificates/*.pdf."),
        (".", ". is a folder. Give the files in it: ./*.pdf"),
        ("photo.jpg", "This is a photo or another picture."),
        ("empty.pdf", "The file is empty."),
        ("ABCD-EFGH-JKMN", "The code ABCD-EFGH-JKMN is mistyped: its check character does not fit."),
        (
            "https://example.org/c/cut",
            "This link does not have exactly 43 characters after /c/: it was not copied whole",
        ),
        ("x" * 5000, "There is no file xxx"),
        ("", "You did not give anything to check."),
    ],
)
def test_what_cannot_be_checked_is_told_in_a_sentence(run: Run, folder: Path, given: str, sentence: str) -> None:
    (folder / "empty.pdf").write_bytes(b"")
    result = run(given)
    assert result.exit_code == 2
    assert sentence in result.stdout


@contextmanager
def somebody() -> Iterator[None]:
    """Be nobody in particular where the tests run as root, who may read everything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_file_that_may_not_be_read_is_told(run: Run, folder: Path) -> None:
    folder.chmod(0o755)
    (folder / "secret.pdf").write_bytes(b"x")
    (folder / "secret.pdf").chmod(0)
    with somebody():
        result = run("secret.pdf")
    assert result.exit_code == 2
    assert "secret.pdf could not be read: Permission denied." in result.stdout


def test_a_file_that_cannot_be_read_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("verifier.plain_file.open_plain", refuse)
    result = run("valid.pdf")
    assert result.exit_code == 2
    assert "valid.pdf could not be read: Permission denied." in result.stdout


def test_a_large_file_is_not_even_read(run: Run, folder: Path) -> None:
    with (folder / "large.pdf").open("wb") as file:
        file.truncate(LIMITS.file_bytes * 300)
    result = run("large.pdf")
    assert result.exit_code == 2
    assert "The file has 3000.0 MB; at most 10 MB are accepted." in result.stdout


def test_several_matches_are_listed_and_none_is_chosen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    scenes = Scenes(MAINNET)
    hash_ = scenes.certificates["valid"].hash
    twin = hash_[:8] + bytes(24)
    scenes.archive.envelopes[twin] = b"{}"
    monkeypatch.setattr(cli, "_open", lambda config, ask_domains: scenes.verifier)
    result = run(short_code(hash_))
    assert result.exit_code == 3
    assert f"2 certificates have the code {short_code(hash_)}." in result.stdout
    assert to_hex(hash_) in result.stdout
    assert to_hex(twin) in result.stdout
    assert "VALID" not in result.stdout
