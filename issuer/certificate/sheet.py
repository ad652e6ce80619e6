"""Draw certificate sheets: one page, A4 landscape, PDF/A-3b, the same bytes for the same input everywhere.

A `SheetTemplate` is prepared once per batch; what its sheets share (ground, fixed texts, pictures, fonts for
them) is written once and stands at the front of every file. `draw` adds what differs.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources

from reportlab.pdfgen.canvas import Canvas

from issuer.certificate import qr
from issuer.certificate.designs import plain
from issuer.certificate.pdf_document import ASSOCIATED_FILES, NAMES, PdfWriter, number
from issuer.certificate.picture import read_picture
from issuer.certificate.shaping import ShapedLine
from issuer.certificate.sheet_errors import MissingGlyphError, SheetError
from issuer.certificate.sheet_metadata import SheetMetadata
from issuer.certificate.typesetting import FontShelf, Place, prepare, set_line

__all__ = ["SheetError", "SheetFields", "SheetLabels", "SheetTemplate", "SheetWording"]


@dataclass(frozen=True)
class SheetLabels:
    """Words that stand beside the values of a certificate."""

    father: str = "Father’s name:"
    student_number: str = "STUDENT NO."
    grade: str = "GRADE"
    credits: str = "CREDITS"
    hours: str = "HOURS"
    term: str = "TERM"
    date: str = "Date"


@dataclass(frozen=True)
class SheetWording:
    """What all sheets of a batch say. Empty texts are left out."""

    headline: str
    institution: str
    course: str
    professor: str
    verifier_domain: str
    """Where people type the short code, in words: verify.example.edu."""
    institution_urdu: str = ""
    programme: str = ""
    lead: str = "This is to certify that"
    statement: str = "has successfully completed"
    professor_title: str = ""
    how_to_check: str = "To check without the QR code, type the code {code} at {domain}, or drop this file there."
    """{code} and {domain} are filled in."""
    logo: bytes | None = None
    """PNG."""
    signature: bytes | None = None
    """PNG of the professor's signature."""
    accent: str = "#0F4C4A"
    """#RRGGBB"""
    language: str = "en"
    """BCP 47 tag of the document."""
    labels: SheetLabels = field(default_factory=SheetLabels)


@dataclass(frozen=True)
class SheetFields:
    """What one certificate says. Empty texts are left out."""

    recipient: str
    date: str
    link: str
    code: str
    """Short code, XXXX-XXXX-XXXX."""
    hash: str
    """Certificate hash as hex."""
    identity: str
    """Certificate id, urn:uuid:…"""
    drafted: datetime
    """Aware; the document's dates and the trailer's."""
    father: str = ""
    student_number: str = ""
    grade: str = ""
    credits: str = ""
    hours: str = ""
    term: str = ""


_FACTS = ("student_number", "grade", "credits", "hours", "term")
_FIXED_TEXTS = ("headline", "institution", "institution_urdu", "programme", "lead", "statement", "course",
                "professor", "professor_title")  # fmt: skip
_RESIDENT = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -.,:"
"""Letters that every sheet needs in the small face: code, hash, how to check."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class SheetTemplate:
    """Everything that the sheets of one batch share. Raises SheetError when it cannot be drawn."""

    def __init__(self, wording: SheetWording) -> None:
        if not _LANGUAGE.fullmatch(wording.language):
            raise SheetError(f"language {wording.language!r}: write a tag such as en or ur-PK")
        self._wording = wording
        self._accent = _colour(wording.accent)
        self._places = plain.places(self._accent, bilingual=bool(wording.institution_urdu))
        self._writer = PdfWriter()
        self._write_shared()

    def draw(self, fields: SheetFields) -> bytes:
        """Return the sheet of one certificate. Raises SheetError before anything is drawn."""
        lines = self.check(fields)
        code = qr.path(qr.modules(fields.link), plain.QR.x, plain.QR.y, plain.QR.width)
        writer = self._writer.fork()
        shelf = FontShelf("G", self._shelf.subsets, resident_names=self._shelf.names)
        content = code + "".join(set_line(line, size, place, shelf) for line, size, place in lines)
        page = self._write_page(writer, content.encode(), shelf)
        return self._write_end(writer, page, fields)

    def check(self, fields: SheetFields) -> list[tuple[ShapedLine, float, Place]]:
        """Return the lines of a certificate, set but not drawn. Raises SheetError for what cannot be drawn."""
        if fields.drafted.tzinfo is None:
            raise SheetError("drafted: the moment needs its time zone, or it would differ between machines")
        try:
            return self._varying_lines(fields)
        except MissingGlyphError as error:
            value = getattr(fields, error.field, error.value)  # without the words that stand around it
            if error.character not in value:
                raise
            raise MissingGlyphError(error.field, value, error.character) from error

    def _write_shared(self) -> None:
        wording, writer = self._wording, self._writer
        pictures = [("L", wording.logo, plain.LOGO, "logo"), ("S", wording.signature, plain.SIGNATURE, "signature")]
        content, images = self._ground(), b""
        for name, png, box, title in pictures:
            if png is not None:
                picture = read_picture(title, png)
                images += b"/%b %d 0 R" % (name.encode(), writer.add_stream(picture.dictionary, picture.data))
                content += _place_picture(name, picture.width, picture.height, box)
        self._shelf = FontShelf("F")
        content += "".join(set_line(*line, self._shelf) for line in self._fixed_lines())
        resident, _ = prepare("letters", _RESIDENT, self._places["hash"])
        for glyph in resident.glyphs:
            self._shelf.look_up(glyph)
        self._fonts, self._images = self._shelf.embed(writer), images
        self._content = writer.add_stream(b"", content.encode())
        self._intent = _write_output_intent(writer)

    def _ground(self) -> str:
        canvas = Canvas(io.BytesIO(), pagesize=plain.PAGE, pageCompression=0, invariant=1)
        canvas.saveState()
        plain.ground(canvas, self._accent)
        canvas.restoreState()
        return str(canvas.getCurrentPageContent()) + "\n"

    def _fixed_lines(self) -> list[tuple[ShapedLine, float, Place]]:
        texts = {name: getattr(self._wording, name) for name in _FIXED_TEXTS}
        texts["date_label"] = self._wording.labels.date
        return [self._line(name, text, self._places[name]) for name, text in texts.items() if text]

    def _varying_lines(self, fields: SheetFields) -> list[tuple[ShapedLine, float, Place]]:
        wording = self._wording
        how = wording.how_to_check.replace("{code}", fields.code).replace("{domain}", wording.verifier_domain)
        father = f"{wording.labels.father} {fields.father}" if fields.father else ""
        texts = {"recipient": fields.recipient, "father": father, "date": fields.date, "code": fields.code,
                 "how_to_check": how, "hash": fields.hash}  # fmt: skip
        lines = [self._line(name, text, self._places[name]) for name, text in texts.items() if text]
        return lines + self._fact_lines(fields)

    def _fact_lines(self, fields: SheetFields) -> list[tuple[ShapedLine, float, Place]]:
        given = [(name, getattr(fields, name)) for name in _FACTS if getattr(fields, name)]
        lines = []
        for index, (name, value) in enumerate(given):
            x = plain.MIDDLE + (index - (len(given) - 1) / 2) * plain.FACTS_PITCH
            label = getattr(self._wording.labels, name)
            lines.append(self._line(name, label, self._places["fact_label"].shifted(x)))
            lines.append(self._line(name, value, self._places["fact_value"].shifted(x)))
        return lines

    def _line(self, name: str, text: str, place: Place) -> tuple[ShapedLine, float, Place]:
        return (*prepare(name, text, place, self._wording.language), place)

    def _write_page(self, writer: PdfWriter, content: bytes, shelf: FontShelf) -> int:
        """Write content, the sheet's own fonts, page and page tree; return the page tree's number."""
        stream = writer.add_stream(b"", content)
        fonts = self._fonts + shelf.embed(writer)
        width, height = (number(side).encode() for side in plain.PAGE)
        page = writer.next_number
        writer.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %b %b]/Resources<</Font<<%b>>/XObject<<%b>>>>"
            b"/Contents[%d 0 R %d 0 R]>>" % (page + 1, width, height, fonts, self._images, self._content, stream)
        )
        return writer.add(b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % page)

    def _write_end(self, writer: PdfWriter, pages: int, fields: SheetFields) -> bytes:
        wording = self._wording
        title = f"{wording.headline}: {fields.recipient}, {wording.course}"
        metadata = SheetMetadata(title, wording.institution, wording.language, fields.drafted)
        xmp = writer.add_stream(b"/Type/Metadata/Subtype/XML", metadata.xmp())
        root = writer.add(
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents[%d 0 R]/Lang(%b)%b%b"
            b"/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (pages, xmp, self._intent, wording.language.encode("ascii"), ASSOCIATED_FILES, NAMES)
        )
        info = writer.add(metadata.info())
        return writer.finish(root, info, fields.identity, fields.drafted)


def _colour(text: str) -> tuple[float, float, float]:
    """Read #RRGGBB."""
    try:
        red, green, blue = bytes.fromhex(text.removeprefix("#"))
    except ValueError as error:
        raise SheetError(f"accent {text!r}: write a colour as #RRGGBB") from error
    return (red / 255, green / 255, blue / 255)


def _place_picture(name: str, width: int, height: int, box: plain.Box) -> str:
    """Return operators that fit a picture into a box, keeping its proportions, in the middle."""
    scale = min(box.width / width, box.height / height)
    size = (width * scale, height * scale)
    x, y = box.x + (box.width - size[0]) / 2, box.y + (box.height - size[1]) / 2
    return f"q {number(size[0])} 0 0 {number(size[1])} {number(x)} {number(y)} cm /{name} Do Q\n"


def _write_output_intent(writer: PdfWriter) -> int:
    profile = resources.files("issuer.certificate").joinpath("assets/srgb.icc").read_bytes()
    icc = writer.add_stream(b"/N 3", profile)
    return writer.add(
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
        b"/DestOutputProfile %d 0 R>>" % icc
    )
