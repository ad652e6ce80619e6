"""The three designs: nothing leaves its room, nothing overlaps, whatever is given and however long."""

import itertools
from dataclasses import replace

import pytest

from issuer.sheet.colours import READABLE, contrast, parse_colour
from issuer.sheet.design import HEIGHT, WIDTH, Box, Columns, Look
from issuer.sheet.designs import DESIGNS
from issuer.sheet.errors import TextTooLongError
from issuer.sheet.template import SheetTemplate
from issuer.sheet.texts import DESIGN_NAMES, SheetWording
from issuer.sheet.typesetting import ALIGNMENTS, SetText
from tests.sheet.samples import ALL, BARE, LATIN, LONG, PLAIN, RICH

NAMES = [
    *(fields.recipient for fields in ALL.values()),
    *("Li", "W" * 45, "ٹھٹھہ ڈیڑھ گھٹنے", "ÅẤ" * 12, "Nguyễn Thị Ánh Tuyết", "Ọlọ́runfẹ́mi Adéṣọlá", LONG.father * 2),
]
TEXTS = [PLAIN, RICH, replace(RICH, course="Foundations of Blockchain, Digital Trust and the Law of Records " * 2)]


def extent(text: SetText) -> tuple[float, float, float, float]:
    """Left, low, right and top of a text's ink on the page."""
    place, found = text.place, []
    for index, line in enumerate(text.lines):
        start = place.x - ALIGNMENTS[place.align] * line.width * text.size / 1000
        y = place.y - index * text.leading
        sides = (start, y, start, y)
        found.append(
            tuple(
                side + at * text.size / 1000
                for side, at in zip(sides, (line.left, line.bottom, line.right, line.top), strict=True)
            )
        )
    left, low, right, top = zip(*found, strict=True)
    return min(left), min(low), max(right), max(top)


def texts_of(template: SheetTemplate, fields: object) -> list[tuple[str, SetText]]:
    return [*template.shared_texts(), *template.check(fields)]  # type: ignore[arg-type]


@pytest.mark.parametrize("design", DESIGN_NAMES)
@pytest.mark.parametrize("wording", TEXTS, ids=["plain", "rich", "long"])
@pytest.mark.parametrize("whole", [True, False])
def test_no_text_touches_another_or_leaves_the_page(design: str, wording: SheetWording, whole: bool) -> None:
    template = SheetTemplate(replace(wording, design=design))
    for name in NAMES:
        fields = replace(LATIN if whole else BARE, recipient=name)
        if whole and len(name) > 20:
            fields = replace(fields, father=LONG.father)
        boxes = [(named, extent(text)) for named, text in texts_of(template, fields) if named != "initial"]
        boxes += [
            (named, (box.x, box.y, box.x + box.width, box.y + box.height))
            for named, box in template.layout.places.items()
            if isinstance(box, Box) and not (named == "signature" and wording.signature is None)
        ]
        for _, (left, low, right, top) in boxes:
            assert left >= 20
            assert low >= 20
            assert right <= WIDTH - 20
            assert top <= HEIGHT - 20
        overlapping = [
            (one, other)
            for (one, a), (other, b) in itertools.combinations(boxes, 2)
            if min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 0.5
        ]
        assert overlapping == [], name


@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_rooms_of_a_flow_have_height_for_all_rows_at_their_tallest(design: str) -> None:
    layout = SheetTemplate(replace(RICH, design=design)).layout
    for flow in (layout.head, layout.body):
        heights = [
            row.height if isinstance(row, Columns) else max(row.above + row.below, row.tall if row.wrap_below else 0)
            for row in flow.rows.values()
        ]
        assert sum(heights) <= flow.top - flow.bottom + 0.5


@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_a_course_of_any_length_is_drawn_or_refused_in_one_sentence(design: str) -> None:
    for course in ("AI", "Foundations of Blockchain, Digital Trust and the Law " * 3, "W" * 40):
        texts = dict(SheetTemplate(replace(RICH, design=design, course=course.strip()[:150])).check(LATIN))
        assert texts["course"].size >= texts["course"].place.smallest
    with pytest.raises(TextTooLongError, match=r"^course 'W+': too long for its place on the sheet; .* shorten it$"):
        SheetTemplate(replace(RICH, design=design, course="W" * 150))


@pytest.mark.parametrize("second", ["#ffffff", "#b08d3c", "#000000", "#ffee00"])
def test_small_letters_in_the_second_colour_can_be_read(second: str) -> None:
    look = Look(parse_colour("#0b5d3b"), parse_colour(second), frozenset())
    assert contrast(look.second_ink) >= READABLE


def test_the_names_of_the_designs_are_those_that_a_course_may_choose() -> None:
    assert tuple(DESIGNS) == DESIGN_NAMES


@pytest.mark.parametrize("design", DESIGN_NAMES)
def test_long_names_shrink_then_take_two_lines_then_are_refused(design: str) -> None:
    template = SheetTemplate(replace(RICH, design=design))
    hero = [dict(template.check(replace(BARE, recipient=name)))["recipient"] for name in ("Ali Raza", LONG.recipient)]
    assert [len(text.lines) for text in hero] == [1, 2]
    assert hero[0].size == hero[0].place.size > hero[1].size >= hero[1].place.smallest
    assert " ".join(line.text for line in hero[1].lines) == LONG.recipient
    with pytest.raises(TextTooLongError, match=r"too long for its place on the sheet; it would need \d+\.\d pt, "):
        template.check(replace(BARE, recipient="Wm" * 150))
