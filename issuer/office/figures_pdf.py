"""The figures as a PDF: A4, landscape, set with the sheets' own fonts and shaping, so that Urdu names are right.

Nothing is clipped: a text that is too long for its column is set smaller, then in two lines, and at last shortened
with an ellipsis that shows it.
"""

from collections.abc import Sequence
from dataclasses import replace

from issuer.office.figures import Figures
from issuer.office.figures_tables import EXPLAINED, FiguresTable, detailed, tables
from issuer.office.targets import Reached
from issuer.sheet.colours import Colour
from issuer.sheet.design import BOLD, HEIGHT, SANS, WIDTH
from issuer.sheet.errors import MissingGlyphError, TextTooLongError
from issuer.sheet.pdf_document import ENTRY_0, PdfWriter, number, pdf_text
from issuer.sheet.shaping import FontStyle
from issuer.sheet.typesetting import FontShelf, Place, SetText, prepare, set_text

_MARGIN, _GAP = 40.0, 6.0
_NUMBER_WIDTH = 54.0
_SIZE, _SMALLEST, _TITLE = 8.5, 5.5, 12.0
_ROW, _TALL_ROW, _HEADING_ROW = 15.0, 27.0, 24.0
"""Heights of a row; what has letters beyond Latin ones, or needs two lines, takes a tall one."""
_INK: Colour = (0.1, 0.1, 0.12)
_GREY: Colour = (0.4, 0.4, 0.44)
_RULE, _STRIPE = "0.75 0.75 0.78", "0.955 0.96 0.97"


def figures_pdf(figures: Figures, targets: Sequence[Reached] = ()) -> bytes:
    """The whole report as a PDF file."""
    pages = _Pages()
    info = figures.registry
    pages.line(f"Figures of {info.programme}", _TITLE + 6, BOLD)
    where = f"Registry {info.address} on {info.network} (chain {info.chain_id}), as of {figures.as_of}"
    pages.line(where, _SIZE, SANS, _GREY)
    if info.test:
        pages.line("Test network: this registry is for trials. It proves nothing.", _SIZE + 1, BOLD)
    for trouble in figures.troubles:
        pages.line(f"Not in these figures: {trouble}", _SIZE, BOLD)
    for sentence in EXPLAINED:
        pages.line(sentence, _SIZE, SANS, _GREY)
    for table in [*tables(figures, targets), detailed(figures)]:
        pages.table(table)
    return pages.finish(f"Figures of {info.programme}, {figures.as_of}")


class _Pages:
    """Pages that are filled from top to bottom."""

    def __init__(self) -> None:
        self._shelf = FontShelf("F")
        self._pages: list[list[str]] = []
        self._top = 0.0
        self._turn()

    def line(self, text: str, size: float, style: FontStyle, colour: Colour = _INK) -> None:
        """One line over the whole width; in two where it needs them."""
        made = self._prepared(text, WIDTH - 2 * _MARGIN, size, style, "left", colour)
        height = size * (1.7 if _is_low(made) else 3.1)
        self._make_room(height)
        self._set(made, _MARGIN, height)
        self._top -= height

    def table(self, table: FiguresTable) -> None:
        """A table with its title; its headings are on each page that it goes over."""
        if not table.rows:
            return
        self._make_room(_TITLE * 2 + _HEADING_ROW + 2 * _TALL_ROW)
        self._top -= _TITLE / 2
        self.line(table.title, _TITLE, BOLD)
        self._headings(table)
        for at, row in enumerate(table.rows):
            height = _ROW if self._is_plain(table, row) else _TALL_ROW
            if self._top - height < _MARGIN + _ROW:
                self._turn()
                self._headings(table)
            if at % 2:
                self._pages[-1].append(_filled(_MARGIN, self._top - height, WIDTH - 2 * _MARGIN, height))
            self._row(table, row, height, SANS)

    def finish(self, title: str) -> bytes:
        """The file."""
        count = len(self._pages)
        for at, page in enumerate(self._pages, 1):
            made = self._prepared(f"{at} / {count}", 80.0, 7.5, SANS, "right", _GREY)
            page.append(set_text(replace(made, place=made.place.moved(WIDTH - _MARGIN, _MARGIN - 14)), self._shelf))
        return _file(title, ["".join(page) for page in self._pages], self._shelf)

    def _turn(self) -> None:
        self._pages.append([])
        self._top = HEIGHT - _MARGIN

    def _make_room(self, height: float) -> None:
        if self._top - height < _MARGIN:
            self._turn()

    def _headings(self, table: FiguresTable) -> None:
        self._row(table, table.headings, _HEADING_ROW, BOLD, _GREY)
        self._pages[-1].append(f"q {_RULE} RG 0.6 w {number(_MARGIN)} {number(self._top)} m ")
        self._pages[-1].append(f"{number(WIDTH - _MARGIN)} {number(self._top)} l S Q\n")

    def _row(
        self, table: FiguresTable, row: Sequence[str], height: float, style: FontStyle, colour: Colour = _INK
    ) -> None:
        for at, (text, (left, width)) in enumerate(zip(row, _columns(table), strict=True)):
            if not text:
                continue
            align = "left" if at < table.texts else "right"
            made = self._prepared(text, width, _SIZE, style, align, colour, height)
            self._set(made, left if align == "left" else left + width, height)
        self._top -= height

    def _is_plain(self, table: FiguresTable, row: Sequence[str]) -> bool:
        """Whether a low row is enough for each of its texts."""
        texts = zip(row, _columns(table), strict=True)
        made = [(text, self._prepared(text, width, _SIZE, SANS, "left", _INK)) for text, (_, width) in texts if text]
        return all(_is_low(each) and each.size > _SIZE * 0.7 for _, each in made)

    def _set(self, text: SetText, x: float, height: float) -> None:
        """Draw a text in a row of that height: Latin ones on one line with each other, others with their ink amidst."""
        baseline = self._top - height / 2 - 0.36 * text.size
        if not _is_low(text):
            first, last = text.lines[0], text.lines[-1]
            top, bottom = first.top * text.size / 1000, -last.bottom * text.size / 1000
            ink = top + bottom + text.leading * (len(text.lines) - 1)
            baseline = self._top - (height - ink) / 2 - top
        self._pages[-1].append(set_text(replace(text, place=text.place.moved(x, round(baseline, 3))), self._shelf))

    def _prepared(
        self, text: str, width: float, size: float, style: FontStyle, align: str, colour: Colour, height: float = 0.0
    ) -> SetText:
        room = (height or size * 3.1) - 2.0
        place = Place(0.0, width, size, style, colour, align, smallest=_SMALLEST, above=room * 0.72, below=room * 0.5)
        if height != _ROW:
            place = replace(place, wrap_below=min(size, 7.0), tall=room)
        return _fitting(text, place)


def _is_low(text: SetText) -> bool:
    """Whether it is one line of letters that need no more height than Latin ones."""
    return len(text.lines) == 1 and not text.lines[0].right_to_left


def _fitting(text: str, place: Place) -> SetText:
    """The text at its place, shortened only where it does not fit in any other way."""
    shown, left = text, len(text)
    while True:
        try:
            return prepare("figures", shown, place)
        except TextTooLongError:
            left = left * 9 // 10
            if not left:
                return prepare("figures", "…", replace(place, smallest=0.1))
            shown = text[:left].rstrip() + "…"
        except MissingGlyphError as error:
            text, shown = text.replace(error.character, "?"), shown.replace(error.character, "?")


def _columns(table: FiguresTable) -> list[tuple[float, float]]:
    """Left edge and width of each column: numbers take what they need, texts share the rest by their lengths."""
    numbers = len(table.headings) - table.texts
    longest = [
        max(11, min(36, max(len(row[at]) for row in [*table.rows, table.headings]))) for at in range(table.texts)
    ]
    free = WIDTH - 2 * _MARGIN - numbers * _NUMBER_WIDTH
    widths = [free * each / sum(longest) for each in longest] + [_NUMBER_WIDTH] * numbers
    found, left = [], _MARGIN
    for width in widths:
        found.append((left + _GAP / 2, width - _GAP))
        left += width
    return found


def _filled(x: float, y: float, width: float, height: float) -> str:
    return f"q {_STRIPE} rg {number(x)} {number(y)} {number(width)} {number(height)} re f Q\n"


def _file(title: str, pages: Sequence[str], shelf: FontShelf) -> bytes:
    writer = PdfWriter()
    fonts = shelf.embed(writer)
    contents = [writer.add_stream(b"", page.encode()) for page in pages]
    parent = writer.next_number + len(contents)
    size = f"{number(WIDTH)} {number(HEIGHT)}".encode()
    kids = [
        writer.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %b]/Resources<</Font<<%b>>>>/Contents %d 0 R>>"
            % (parent, size, fonts, content)
        )
        for content in contents
    ]
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    writer.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), listed))
    root = writer.add(b"<</Type/Catalog/Pages %d 0 R/Lang(en)/ViewerPreferences<</DisplayDocTitle true>>>>" % parent)
    info = writer.add(b"<</Title%b/Producer(Sanad)>>" % pdf_text(title))
    start, count = len(writer.data), writer.next_number
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in writer.offsets)
    writer.data += b"xref\n0 %d\n%b%b" % (count, ENTRY_0, entries)
    end = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, root, info, start)
    return bytes(writer.data + end)
