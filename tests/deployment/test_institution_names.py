"""Names that nobody could read as they are never become an institution's."""

import pytest

from deploy.institution_names import check_name
from issuer.errors import ActError


@pytest.mark.parametrize(
    "name",
    [
        "Darya University",
        "جامعہ پنجاب",
        "دانشگاه می\u200cخواهم",
        "Universit\u00e9 d\u2019Alger 1",
        "A\u00a0University",
        "x" * 200,
        "جا" * 50,
    ],
)
def test_a_name_that_people_can_be_shown_is_taken(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "The name has no letter: an institution is shown under it on all its certificates."),
        ("   ", "The name has no letter"),
        ("\u200c", "The name has no letter"),
        ("\u00a0.", "The name has no letter"),
        ("Darya\nUniversity", "The name holds U+000A (a control character) as character 6: nobody can see it."),
        ("Darya\r", "U+000D"),
        ("Darya\tUniversity", "U+0009"),
        ("\x1b[31mDarya", "U+001B"),
        ("Darya\u2028University", "U+2028 (LINE SEPARATOR)"),
        ("Darya\u2029University", "U+2029"),
        ("Darya\u0085University", "U+0085"),
        ("\u202eytisrevinU", "The name holds U+202E (RIGHT-TO-LEFT OVERRIDE) as character 1: nobody can see it."),
        ("Darya\u200fUniversity", "U+200F (RIGHT-TO-LEFT MARK)"),
        ("Darya\u200eUniversity", "U+200E"),
        ("Darya\u061cUniversity", "U+061C (ARABIC LETTER MARK)"),
        ("Darya\u2066University\u2069", "U+2066"),
        ("Darya\u200bUniversity", "U+200B (ZERO WIDTH SPACE)"),
        ("\ufeffDarya", "U+FEFF"),
        ("Darya\u00adUniversity", "U+00AD (SOFT HYPHEN)"),
        ("Darya\ue000", "U+E000"),
        ("Darya\ud800", "U+D800"),
        ("\u3164", "The name holds U+3164 (HANGUL FILLER) as character 1: nobody can see it."),
        ("\u115f\u1160", "U+115F"),
        ("Darya\uffa0University", "U+FFA0"),
        ("Darya\u17b5", "U+17B5"),
        ("Darya\u034f", "U+034F (COMBINING GRAPHEME JOINER)"),
        ("Darya\ufe0f", "U+FE0F (VARIATION SELECTOR-16)"),
        ("Darya\u180b", "U+180B"),
        ("Darya\U000e0100", "U+E0100"),
        ("Darya\u2800", "U+2800 (BRAILLE PATTERN BLANK)"),
        ("Darya\u200c", "U+200C (ZERO WIDTH NON-JOINER) as character 6"),
        ("\u200dDarya", "U+200D"),
        ("Darya\u200c University", "U+200C"),
        ("Dar\u200c\u200cya", "U+200C"),
        ("\u0301Darya", "The name begins with U+0301, a mark that belongs on a letter before it."),
        (" Darya", "begins or ends with a space"),
        ("Darya\u00a0", "begins or ends with a space"),
        ("Universite\u0301", "not in its composed form (NFC)"),
        ("x" * 201, "The name has 201 bytes in UTF-8; the registry takes 200."),
        ("جا" * 51, "The name has 204 bytes"),
    ],
)
def test_a_name_that_nobody_could_read_is_refused_in_words(name: str, sentence: str) -> None:
    with pytest.raises(ActError) as caught:
        check_name(name)
    assert sentence in str(caught.value)
