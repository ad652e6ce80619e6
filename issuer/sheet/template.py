"""Draw certificate sheets: one page, A4 landscape, PDF/A-3b, the same bytes for the same input everywhere.

A `SheetTemplate` is prepared once per batch; what its sheets share (ground, fixed texts, pictures, fonts for
them, page, tags) is written once, at the front of every file. `draw` adds what differs.
"""

import io
import re
from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from issuer.sheet import designs, qr
from issuer.sheet.colours import Colour, parse_colour
from issuer.sheet.design import HEIGHT, WIDTH, Box, Columns, Flow, Look
from issuer.sheet.errors import MissingGlyphError, SheetError
from issuer.sheet.file import OWN_FONTS, SheetFile
from issuer.sheet.metadata import SheetMetadata
from issuer.sheet.passages import passages
from issuer.sheet.picture import read_picture
from issuer.sheet.specimen import specimen_mark
from issuer.sheet.structure import Element, artifact, figure_element, linked_figure, text_element
from issuer.sheet.texts import FACTS, SheetFields, SheetLabels, SheetWording
from issuer.sheet.typesetting import FontShelf, Place, SetText, prepare, set_pieces

__all__ = ["SheetError", "SheetFields", "SheetLabels", "SheetTemplate", "SheetWording"]

_TEXTS = (
    *("headline", "headline_urdu", "institution", "institution_urdu", "programme", "lead", "lead_urdu", "statement"),
    *("statement_urdu", "course", "course_urdu", "professor", "professor_urdu", "professor_title"),
)
_RESIDENT = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -.,:"
"""Letters that every sheet needs in the small face: code, hash, how to check."""
_OWN = frozenset(("code", "hash", "how_to_check", "how_to_check_urdu"))
"""Texts that differ from certificate to certificate, so keeping them set would gain nothing."""
_NEVER_AGAIN = _OWN | {"recipient"}
"""Texts for which keeping the operators would gain nothing."""
REMEMBERED = 4096
"""Texts of certificates that a template keeps set."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

Named = tuple[str, SetText]
Tagged = tuple[Element, list[str]]
"""An element and the operators of its pieces."""


class SheetTemplate:
    """Everything that the sheets of one batch share. Raises SheetError when it cannot be drawn."""

    def __init__(self, wording: SheetWording) -> None:
        if not _LANGUAGE.fullmatch(wording.language):
            raise SheetError(f"language {wording.language!r}: write a tag such as en or ur-PK")
        self._wording = wording
        self._design = designs.design(wording.design)
        self._fixed = _fixed_texts(wording)
        self._look = _look(wording, self._fixed)
        self.layout = self._design.layout(self._look)
        self._labels: dict[str, SetText] = {}
        self._shared_set: dict[str, SetText] = {}
        self._tagged_before: dict[tuple[str, str, float, float], Tagged] = {}
        self._memory: dict[tuple[str, str], SetText] = {}
        self._file = SheetFile(wording.language, sealable=not wording.specimen)
        self._write_shared()

    def draw(self, fields: SheetFields) -> bytes:
        """Return the sheet of one certificate. Raises SheetError before anything is drawn."""
        texts = self.check(fields)
        box = _box(self.layout.places["qr"])
        code = qr.path(qr.modules(fields.link), box.x, box.y, box.width)
        sheet = self._file.fork()
        figure = self._figure("qr", f"QR code with the link {fields.link}", box)
        sheet.add(linked_figure(figure, _sides(box)), [code])
        for name, text in texts:
            sheet.add(*self._tagged(name, text, sheet.shelf))
        wording = self._wording
        title = f"{wording.headline}: {fields.recipient}, {wording.course}"
        metadata = SheetMetadata(title, wording.institution, wording.language, fields.drafted)
        return sheet.finish(self.layout.order, metadata, fields.identity, fields.link)

    def check(self, fields: SheetFields) -> list[Named]:
        """Return the texts of a certificate, set but not drawn. Raises SheetError for what cannot be drawn."""
        if fields.expires and "expires" not in self.layout.places:
            raise SheetError(
                f"design {self._wording.design!r}: it has no place for the day on which certificates expire"
            )
        if fields.drafted.tzinfo is None:
            raise SheetError("drafted: the moment needs its time zone, or it would differ between machines")
        try:
            return [*self._placed(fields), *self._flow(self.layout.body, fields)]
        except MissingGlyphError as error:
            value = getattr(fields, error.field, error.value)  # without the words around it
            if error.character not in value:
                raise
            raise MissingGlyphError(error.field, value, error.character) from error

    def shared_texts(self) -> list[Named]:
        """Return the texts that all sheets share, at their places."""
        return [*self._fixed_places(), *self._flow(self.layout.head, None)]

    def _write_shared(self) -> None:
        file = self._file
        file.draw(artifact(self._ground()))
        if self._wording.specimen:
            mark = specimen_mark()
            file.add(Element("specimen", b"P"), [mark.operators(file.shelf)])
        self._add_pictures()
        for name, text in self.shared_texts():
            file.add(*self._tagged(name, text, file.shelf))
        for name, row in self.layout.body.rows.items():
            if name in self._fixed and isinstance(row, Place):
                self._shared_text(name, row)
        for text in [*self._shared_set.values(), *self._prepared_labels(), self._text("hash", _RESIDENT)]:
            file.keep(text)
        file.close()

    def _ground(self) -> str:
        canvas = Canvas(io.BytesIO(), pagesize=(WIDTH, HEIGHT), pageCompression=0, invariant=1)
        canvas.saveState()
        self._design.ground(canvas, self._look)
        canvas.restoreState()
        return str(canvas.getCurrentPageContent()) + "\n"

    def _add_pictures(self) -> None:
        wording = self._wording
        logo, signature = f"Logo of {wording.institution}", f"Signature of {wording.professor}"
        for name, png, alternative in (("emblem", wording.logo, logo), ("signature", wording.signature, signature)):
            if png is not None:
                picture = read_picture("logo" if name == "emblem" else name, png)
                box = _fitted(picture.width, picture.height, _box(self.layout.places[name]))
                self._file.add(self._figure(name, alternative, box), [self._file.place_picture(picture, box)])

    def _fixed_places(self) -> list[Named]:
        return [self._named(name, self._fixed[name]) for name in self.layout.places if name in self._fixed]

    def _prepared_labels(self) -> list[SetText]:
        columns = self.layout.body.rows["facts"]
        assert isinstance(columns, Columns)
        for name in FACTS:
            self._labels[name] = prepare(name, getattr(self._wording.labels, name), columns.label, "en")
            if columns.label_urdu:
                urdu = getattr(self._wording.labels, f"{name}_urdu")
                self._labels[f"{name}_urdu"] = prepare(name, urdu, columns.label_urdu, "ur")
        return list(self._labels.values())

    def _placed(self, fields: SheetFields) -> list[Named]:
        """Return what differs and has a fixed place."""
        wording = self._wording
        texts = {"date": fields.date, "date_urdu": fields.date_urdu, "code": fields.code, "hash": fields.hash}
        for name in ("expires", "expires_urdu"):
            if day := getattr(fields, name):
                texts[name] = f"{getattr(wording.labels, name)} {day}"
        for name in ("how_to_check", "how_to_check_urdu"):
            text = getattr(wording, name).replace("{code}", fields.code).replace("{domain}", wording.verifier_domain)
            texts[name] = text
        return [self._named(name, text) for name, text in texts.items() if text and name in self.layout.places]

    def _flow(self, flow: Flow, fields: SheetFields | None) -> list[Named]:
        """Return the rows of a flow, each at its height; without fields, only what all sheets say."""
        rows: list[tuple[str, SetText | Columns]] = []
        for name, row in flow.rows.items():
            if isinstance(row, Columns):
                if fields is not None and any(getattr(fields, fact) for fact in FACTS):
                    rows.append((name, row))
            elif name in self._fixed:
                rows.append((name, self._shared_text(name, row)))
            elif fields is not None and (text := self._varying(name, fields)):
                rows.append((name, self._prepared(name, text, row)))
        tops = flow.tops([name for name, _ in rows], [row.height for _, row in rows])
        found: list[Named] = []
        for (name, made), top in zip(rows, tops, strict=True):
            if isinstance(made, Columns):
                assert fields is not None
                found += self._facts(made, top, fields)
            else:
                found.append((name, replace(made, place=made.place.moved(y=round(made.baseline(top), 3)))))
        return found

    def _shared_text(self, name: str, place: Place) -> SetText:
        known = self._shared_set.get(name)
        if known is None:
            known = self._shared_set[name] = prepare(name, self._fixed[name], place, self._wording.language)
        return known

    def _varying(self, name: str, fields: SheetFields) -> str:
        value = str(getattr(fields, name, ""))
        if name != "father" or not value:
            return value
        labels = self._wording.labels
        urdu = self.layout.urdu_labels and not value.isascii() and value[0] >= "\u0600"
        return f"{labels.father_urdu if urdu else labels.father} {value}"

    def _facts(self, columns: Columns, top: float, fields: SheetFields) -> list[Named]:
        given = []
        for name in FACTS:
            if text := getattr(fields, name):
                value = self._prepared(name, text, columns.value)
                given.append([self._labels[each] for each in (f"{name}_urdu", name) if each in self._labels] + [value])
        places = columns.places([max(text.width for text in column) for column in given])
        return [
            ("facts", replace(text, place=text.place.moved(round(x, 3), round(top + text.place.y, 3))))
            for column, x in zip(given, places, strict=True)
            for text in column
        ]

    def _named(self, name: str, text: str) -> Named:
        return name, self._text(name, text)

    def _text(self, name: str, text: str) -> SetText:
        place = self.layout.places[name]
        assert isinstance(place, Place)
        return self._prepared(name, text, place)

    def _prepared(self, name: str, text: str, place: Place) -> SetText:
        """Set a text, or take it from memory: grades, hours, dates and many fathers' names repeat often."""
        known = self._memory.get((name, text))
        if known is None:
            known = prepare(name, text, place, self._wording.language)
            if name not in _OWN:
                if len(self._memory) >= REMEMBERED:
                    self._memory.clear()
                self._memory[name, text] = known
        return known

    def _tagged(self, name: str, text: SetText, shelf: FontShelf) -> Tagged:
        """Return a text's element and pieces, from memory where all its letters are in the batch's shared fonts."""
        key = (name, text.text, text.place.x, text.place.y)
        known = self._tagged_before.get(key)
        if known is None:
            known = self._tag(name, text, shelf)
            if name not in _NEVER_AGAIN and not any(f"/{OWN_FONTS}" in operators for operators in known[1]):
                if len(self._tagged_before) >= REMEMBERED:
                    self._tagged_before.clear()
                self._tagged_before[key] = known
        return known

    def _tag(self, name: str, text: SetText, shelf: FontShelf) -> Tagged:
        language = self._wording.language
        said = passages(text.text, language, self._linked(name, text.text))
        pieces = set_pieces(text, shelf, [passage.start for passage in said])
        operators = [piece.operators for piece in pieces]
        if name == "initial":
            emblem = f"Emblem of {self._wording.institution}"
            return self._figure(name, emblem, _box(self.layout.places["emblem"])), operators
        if len(said) == 1:
            operators = ["".join(operators)]
        return text_element(name, text, language, said, pieces), operators

    def _linked(self, name: str, text: str) -> str:
        """Return the part of a text that can be clicked: the code, and the address where it is typed."""
        if name == "code":
            return text
        return self._wording.verifier_domain if name in ("how_to_check", "how_to_check_urdu") else ""

    def _figure(self, name: str, alternative: str, box: Box) -> Element:
        return figure_element(name, alternative, _sides(box), self._wording.language)


def _fixed_texts(wording: SheetWording) -> dict[str, str]:
    texts = {name: getattr(wording, name) for name in _TEXTS}
    texts |= {f"{label}_label": getattr(wording.labels, label) for label in ("date", "scan")}
    texts |= {f"{label}_label_urdu": getattr(wording.labels, f"{label}_urdu") for label in ("date", "scan")}
    if wording.logo is None:
        texts["initial"] = designs.initial(wording.institution)
    return {name: text for name, text in texts.items() if text}


def _look(wording: SheetWording, fixed: dict[str, str]) -> Look:
    given = {*fixed, *(name for name in ("logo", "signature") if getattr(wording, name) is not None)}
    return Look(_colour("colour", wording.colour), _colour("second_colour", wording.second_colour), frozenset(given))


def _colour(name: str, text: str) -> Colour:
    """Read #RRGGBB."""
    try:
        return parse_colour(text)
    except ValueError as error:
        raise SheetError(f"{name} {text!r}: write a colour as #RRGGBB") from error


def _box(place: Place | Box) -> Box:
    assert isinstance(place, Box)
    return place


def _fitted(width: int, height: int, box: Box) -> Box:
    """Return a picture's own rectangle in a box, keeping its proportions."""
    scale = min(box.width / width, box.height / height)
    size = (width * scale, height * scale)
    return Box(box.x + (box.width - size[0]) * box.align, box.y + (box.height - size[1]) / 2, *size)


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.x + box.width, box.y + box.height
