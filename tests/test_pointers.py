"""Pointers lead somewhere: links and anchors of pages; paths, modules and file names in pages, comments, docstrings."""

from pathlib import Path

import pytest

from tests.pointers import SUFFIXES, Text, lost_pointers, prose_of, slug_of
from tests.sources import kept_files

FROZEN = {"contracts/src/ISanadRegistryErrors.sol": "issuer/revert_reasons.py"}
"""Pointers that stay though their file has moved: the contract's text is part of its bytecode's hash."""


def test_every_pointer_leads_somewhere() -> None:
    lost = [
        pointer
        for path in kept_files()
        if (path.suffix or path.name) in SUFFIXES
        for text in prose_of(path)
        for pointer in lost_pointers(text)
        if str(path) not in FROZEN or FROZEN[str(path)] not in pointer
    ]
    assert not lost, "name the file as it is called now, or leave it out:\n" + "\n".join(sorted(lost))


@pytest.mark.parametrize(
    ("page", "words", "wrong"),
    [
        ("README.md", "see `verifier/core/no_such.py`", "verifier/core/no_such.py"),
        ("README.md", "see tests/no_such/", "tests/no_such/"),
        ("README.md", "see tests/vectors/no-such-*.pdf", "tests/vectors/no-such-*.pdf"),
        ("README.md", "run `python -m tests.core.no_such`", "tests.core.no_such"),
        ("README.md", "`verifier.core.errors.NoSuchError` is raised", "verifier.core.errors.NoSuchError"),
        ("README.md", "SPEC.md section 99.1", "SPEC.md has no section 99.1"),
        ("README.md", "as BLUEPRINT.md draws it", "BLUEPRINT.md"),
        ("docs/api.md", "[the spec](SPEC.md)", "(SPEC.md) leads to no file"),
        ("docs/api.md", "[a word](../SPEC.md#1-words-of-wisdom)", "leads to no heading"),
    ],
)
def test_a_pointer_to_nowhere_is_named_with_its_line(page: str, words: str, wrong: str) -> None:
    found = list(lost_pointers(Text(Path(page), 1, f"# A page\n\n{words}\n")))
    assert found
    assert all(pointer.startswith(f"{page}:3: ") for pointer in found)
    assert wrong in " ".join(found)


@pytest.mark.parametrize(
    "words",
    [
        "`verifier/core/errors.py`, tests/vectors/, verifier/core.",
        "`tests/faults/*.toml` and `requirements/<group>.txt`",
        "`python -m tests.core.test_spec`, `verifier.core.errors.SanadError`",
        "SPEC.md section 15.5 and `core/errors.py`",
        "https://university.example/docs/none.md and sanad.toml",
        "[the spec](SPEC.md#1-words), [outside](https://example.org/none)",
    ],
)
def test_what_exists_is_left_in_peace(words: str) -> None:
    assert list(lost_pointers(Text(Path("README.md"), 1, words))) == []


def test_comments_and_docstrings_are_read_and_code_is_not() -> None:
    read = " ".join(text.words for text in prose_of(Path("tests/test_pointers.py")))
    assert "Pointers lead somewhere" in read
    assert "no-such-*.pdf" not in read


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("1 Words", "1-words"),
        ("Appendix B. Who may lie, and what that costs", "appendix-b-who-may-lie-and-what-that-costs"),
        ("2026-11-23 · `npm install --no-save`, not `npm ci`", "2026-11-23--npm-install---no-save-not-npm-ci"),
    ],
)
def test_anchors_are_made_as_github_makes_them(heading: str, slug: str) -> None:
    assert slug_of(heading) == slug
