"""Sheets per second on one core: `python bench/sheet.py [seconds]`.

Every sheet has another name, number, hash, code and link. Beside ours stands the naive way with the same fonts, texts
and pictures: reportlab with fonts and images read again for each sheet, the QR code with all eight masks tried and
drawn square by square. It does not even shape the Urdu names, embed a colour profile or write metadata.
"""

import io
import itertools
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import qrcode
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from issuer.sheet.fonts import FONT_FOLDER
from issuer.sheet.template import SheetFields, SheetTemplate, SheetWording
from issuer.sheet.texts import DESIGN_NAMES
from verifier.core.codes import link, short_code
from verifier.core.hashes import sha256

FLOOR = 150
"""Sheets a second that a batch of 80,000 needs at the least."""
WARM = 450
"""Sheets before the clock starts: the QR table has its patterns then."""


def picture() -> bytes:
    """Return a logo of 300 x 300 pixels."""
    image = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(image).ellipse((10, 10, 290, 290), outline="#0F4C4A", width=14)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


WORDING = SheetWording(
    headline="Certificate of Completion",
    institution="National University of Modern Languages",
    institution_urdu="قومی جامعہ برائے جدید زبانیں",
    programme="National Digital Skills Programme",
    course="Foundations of Machine Learning",
    professor="Dr. Ayesha Siddiqui",
    professor_title="Associate Professor, Department of Computer Science",
    verifier_domain="verify.numl.example",
    logo=picture(),
    signature=picture(),
)
LATIN = SheetFields(
    recipient="Muhammad Bilal Ahmed",
    father="Ahmed Raza Khan",
    student_number="NUML-2026-0417",
    grade="A",
    credits="3",
    hours="48",
    term="Fall 2026",
    date="14 November 2026",
    link="https://verify.numl.example/c/Yq3v0nB2mX8kL5sT7uWzA1cD4eF6gH9iJ-K_MNoPqRs",
    code="7QK3-M9TA-2XHV",
    hash="3f9a" * 16,
    identity="urn:uuid:5d0b6a9e-6b1c-4d5d-9d5e-0c8c8e8c6f11",
    drafted=datetime(2026, 11, 23, 8, 30, 15, tzinfo=UTC),
)
NAMES = {
    "Latin": (
        "Muhammad Ayesha Bilal Hira Omar Zoë Fatima Hassan",
        "Ahmed Khan Siddiqui Čapková Raza Malik Baloch Rizvi",
    ),
    "Urdu": ("محمد عائشہ بلال حرا عمر زہرا فاطمہ حسن", "احمد خان صدیقی بخاری رضا ملک بلوچ رضوی"),
}


def students(script: str) -> Iterator[SheetFields]:
    """Return the fields of one student after another; names come again only after 512."""
    first, last = (words.split() for words in NAMES[script])
    for number in itertools.count():
        hash_ = sha256(f"{script} {number}".encode())
        parts = (first[number % 8], first[number // 8 % 8], last[number // 64 % 8])
        yield replace(
            LATIN,
            recipient=" ".join(parts),
            father=f"{first[number // 3 % 8]} {parts[2]}",
            student_number=f"NUML-2026-{number:05d}",
            grade=("A", "A-", "B+", "B")[number % 4],
            link=link("https://verify.numl.example", hash_),
            code=short_code(hash_),
            hash=hash_.hex(),
            identity=f"urn:uuid:5d0b6a9e-6b1c-4d5d-9d5e-{number:012d}",
        )


def naive(fields: SheetFields) -> bytes:
    """Draw a sheet as one would at first."""
    for name in ("NotoSerifDisplay-Regular", "NotoSerif-Regular", "NotoSans-Regular", "NotoNastaliqUrdu-Regular"):
        pdfmetrics.registerFont(TTFont(name, FONT_FOLDER / f"{name}.ttf"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=landscape(A4))
    middle = landscape(A4)[0] / 2
    hero = "NotoNastaliqUrdu-Regular" if fields.recipient[0] > "\u0600" else "NotoSerifDisplay-Regular"
    for font, size, y, text in (
        ("NotoSerifDisplay-Regular", 23, 525, WORDING.institution),
        ("NotoNastaliqUrdu-Regular", 20, 494, WORDING.institution_urdu),
        ("NotoSans-Regular", 9, 465, WORDING.programme),
        ("NotoSerifDisplay-Regular", 34, 404, WORDING.headline),
        (hero, 44, 316, fields.recipient),
        ("NotoSerif-Regular", 12, 277, fields.father),
        ("NotoSerifDisplay-Regular", 24, 221, WORDING.course),
        ("NotoSerif-Regular", 11, 175, f"{fields.grade} {fields.credits} {fields.hours} {fields.term}"),
        ("NotoSerif-Regular", 11, 82, WORDING.professor),
        ("NotoSans-Regular", 8, 51, f"{fields.code} {WORDING.verifier_domain}"),
        ("NotoSans-Regular", 6.5, 39, fields.hash),
    ):
        canvas.setFont(font, size)
        canvas.drawCentredString(middle, y, text)
    for png, x in ((WORDING.logo, 62), (WORDING.signature, middle - 36)):
        canvas.drawImage(ImageReader(io.BytesIO(png or b"")), x, 470, 72, 72)
    draw_qr(canvas, fields.link)
    canvas.save()
    return file.getvalue()


def draw_qr(canvas: Canvas, address: str) -> None:
    """Draw the QR code, a square for each module."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    rows = code.get_matrix()
    step = 28 * mm / len(rows)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(700 + x * step, 170 - y * step, step, step, stroke=0, fill=1)


def per_second(draw: Callable[[SheetFields], bytes], script: str, seconds: float, warm: int) -> float:
    """Return how many sheets `draw` makes in a second of one core, after some to warm up, as within a batch."""
    fields = students(script)
    for _ in range(warm):
        draw(next(fields))
    start, count = time.process_time(), 0
    while (spent := time.process_time() - start) < seconds:
        draw(next(fields))
        count += 1
    return count / spent


def main() -> int:
    """Print the rates of each design and script; fail below the floor."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    slowest = float("inf")
    before = {script: per_second(naive, script, seconds, 1) for script in NAMES}
    for design in DESIGN_NAMES:
        start = time.perf_counter()
        template = SheetTemplate(replace(WORDING, design=design))
        print(f"{design}: a batch's template is prepared in {1000 * (time.perf_counter() - start):.0f} ms")
        for script in NAMES:
            now = per_second(template.draw, script, seconds, WARM)
            slowest = min(slowest, now)
            slow = before[script]
            print(f"  {script:6} naive {slow:5.1f} a second, ours {now:6.1f} a second: {now / slow:5.1f} times as fast")
    return 0 if slowest >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
