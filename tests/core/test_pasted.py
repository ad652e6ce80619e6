"""What people paste, for all input: nothing is raised but what is promised, and a good code is found in any noise."""

from contextlib import suppress
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectors.pasted import ARABIC, DASHES, INVISIBLE, SPACES, URDU
from verifier.core.codes import ShortCode, link, parse_code, short_code
from verifier.core.errors import CodeError
from verifier.core.hashes import to_base64url
from verifier.core.pasted import read_pasted

HASH = st.binary(min_size=32, max_size=32)
PIECES = st.sampled_from(
    [
        *(
            "/c/",
            "/C/",
            "https://a.example",
            "0x",
            "%2F",
            "%25",
            "=\n",
            "\r\n",
            "> ",
            "/v2/url?u=",
            "-3A",
            "__",
            "-",
            "_",
        ),
        *(
            "\u0131",
            "\u017f",
            "\u212a",
            "\ufb00",
            "\ufdfa",
            "\ud800",
            "\u0301",
            "ABCD",
            "0123",
            "Bt2-lwgpe8nLlDxedM060TaUG",
        ),
        *map(chr, (*DASHES.values(), *INVISIBLE.values())),
        *SPACES.values(),
    ]
)
ANY = st.text(st.characters()) | st.lists(PIECES | st.text(st.characters(), max_size=3), max_size=40).map("".join)
BEFORE = st.sampled_from(
    ["", "(", "[", "<", "\u201c", "'", "\u2022 ", "Code: ", "see\n", "\u06a9\u0648\u0688 ", "\ufeff", "**", "> "]
)
BEHIND = st.sampled_from(
    [
        "",
        ".",
        ",",
        ")",
        "].",
        ">",
        "\u201d",
        "!",
        "\u06d4",
        "\u060c ",
        "\r\nThank you",
        " thanks",
        "\u200f",
        "**",
        "\u2026",
    ]
)
MARKS = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(sorted(INVISIBLE.values()))), max_size=4)


def marked(text: str, marks: list[tuple[int, int]]) -> str:
    for place, code in marks:
        text = text[:place] + chr(code) + text[place:]
    return text


@settings(max_examples=500)
@given(ANY)
def test_nothing_is_raised_but_code_errors_and_what_is_strict_is_found(text: str) -> None:
    found: tuple[bytes | ShortCode, ...] = ()
    with suppress(CodeError):
        found = read_pasted(text)
    with suppress(CodeError):
        assert parse_code(text) in found


@settings(max_examples=300)
@given(
    HASH, st.sampled_from([None, *DASHES.values()]), st.sampled_from([{}, URDU, ARABIC]), BEFORE, BEHIND, st.booleans()
)
def test_a_code_is_found_in_any_noise(
    hash_: bytes, dash: int | None, digits: dict[int, int | str], before: str, behind: str, small: bool
) -> None:
    code = short_code(hash_).lower() if small else short_code(hash_)
    shown = code.replace("-", chr(dash) if dash else "-").translate(digits)
    assert [str(each) for each in read_pasted(before + shown + behind)] == [short_code(hash_)]


@given(HASH, st.sampled_from(sorted(SPACES.values())), MARKS)
def test_a_code_alone_is_found_whatever_spaces_and_marks_are_in_it(
    hash_: bytes, space: str, marks: list[tuple[int, int]]
) -> None:
    shown = marked(short_code(hash_).replace("-", space), marks)
    assert [str(each) for each in read_pasted(shown)] == [short_code(hash_)]


@settings(max_examples=300)
@given(HASH, BEFORE, BEHIND, MARKS, st.integers(0, 3), st.sampled_from(["https://v.example/c/", "v.example/C/", "/c/"]))
def test_a_link_is_found_in_any_noise(
    hash_: bytes, before: str, behind: str, marks: list[tuple[int, int]], wrappings: int, front: str
) -> None:
    shown = front + to_base64url(hash_)
    for _ in range(wrappings):
        shown = f"https://l.example/?url={quote(shown, safe='')}&data=1"
    assert read_pasted(before + marked(shown, marks) + behind) == (hash_,)


@given(HASH, st.integers(0, 43), st.sampled_from(["\n", "\r\n", " \r\n", "\n  ", "\n> ", "=\r\n"]), BEFORE, BEHIND)
def test_a_link_broken_once_is_found(hash_: bytes, place: int, end: str, before: str, behind: str) -> None:
    text = to_base64url(hash_)
    assert read_pasted(f"{before}https://v.example/c/{text[:place]}{end}{text[place:]}{behind}") == (hash_,)


@given(HASH, HASH)
def test_two_are_never_chosen_among(one: bytes, other: bytes) -> None:
    if short_code(one) != short_code(other):
        assert set(read_pasted(f"{link('https://a.example', one)} {link('https://b.example', other)}")) == {one, other}
        assert len(read_pasted(f"{short_code(one)}, {short_code(other)}")) == 2
