"""What holds SPEC.md together: its parts, its list of contents, and the one table of limits."""

import re
from dataclasses import asdict

from tests.core.test_spec import SPEC
from verifier.core.limits import LIMITS

TEXT = SPEC.read_text()
PARTS = ("I. Wire format", "II. Registry", "III. Verifier's policy", "IV. Publishing")


def test_the_contents_list_every_section() -> None:
    contents = TEXT[: TEXT.index("\n# Part I.")]
    for title in re.findall(r"^## (.*)$", TEXT, re.MULTILINE):
        anchor = re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        assert f"](#{anchor})" in contents, title


def test_the_parts_are_four_and_in_order() -> None:
    assert tuple(re.findall(r"^# Part (.*)$", TEXT, re.MULTILINE)) == PARTS
    table = re.findall(r"^\| (I{1,3}|IV) ([A-Z][^|]*) \|", TEXT, re.MULTILINE)
    assert tuple(f"{number}. {name}" for number, name in table) == PARTS


def test_every_limit_is_in_the_one_table() -> None:
    table = TEXT[TEXT.index("## Appendix A.") : TEXT.index("## Appendix B.")]
    rows = re.findall(r"^\| [^|]+ \| ([0-9,]+)[^|]* \|[^|]*\| `([a-z_]+)` \|$", table, re.MULTILINE)
    assert {name for _, name in rows} == asdict(LIMITS).keys()
    for value, name in rows:
        assert int(value.replace(",", "")) == asdict(LIMITS)[name], name


def test_every_word_of_the_glossary_names_sections_that_exist() -> None:
    words = TEXT[TEXT.index("## 1. Words") : TEXT.index("## 2. JSON")]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ?([0-9, ]*?) ?\|$", words, re.MULTILINE)
    assert len(rows) > 40
    for word, _, sections in rows:
        for number in filter(None, sections.split(", ")):
            assert f"\n## {number}. " in TEXT, word
