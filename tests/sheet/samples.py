"""A batch and its certificates, for the tests of the sheet."""

import io
from dataclasses import replace
from datetime import UTC, datetime

from PIL import Image, ImageDraw

from issuer.sheet.template import SheetFields, SheetWording

LINK = "https://verify.numl.example/c/Yq3v0nB2mX8kL5sT7uWzA1cD4eF6gH9iJ-K_MNoPqRs"
CODE = "7QK3-M9TA-2XHV"
DRAFTED = datetime(2026, 11, 23, 8, 30, 15, tzinfo=UTC)


def png(mode: str, colour: object = "#C02040", size: tuple[int, int] = (120, 120)) -> bytes:
    """A disc on nothing (RGBA) or on white."""
    image = Image.new(mode, size, (0, 0, 0, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(image).ellipse((10, 10, size[0] - 10, size[1] - 10), fill=colour)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


PLAIN = SheetWording(
    headline="Certificate of Completion",
    institution="National University of Modern Languages",
    course="Foundations of Machine Learning",
    professor="Dr. Ayesha Siddiqui",
    verifier_domain="verify.numl.example",
)
RICH = replace(
    PLAIN,
    institution_urdu="قومی جامعہ برائے جدید زبانیں",
    programme="National Digital Skills Programme",
    course_urdu="مشین لرننگ کی بنیادیں",
    professor_urdu="ڈاکٹر عائشہ صدیقی",
    professor_title="Associate Professor, Department of Computer Science",
    logo=png("RGB"),
    signature=png("RGBA", "#102080", (300, 80)),
)
LATIN = SheetFields(
    recipient="Muhammad Bilal Ahmed",
    date="14 November 2026",
    date_urdu="14 نومبر 2026",
    expires="14 November 2031",
    expires_urdu="14 نومبر 2031",
    link=LINK,
    code=CODE,
    hash="3f9a" * 16,
    identity="urn:uuid:5d0b6a9e-6b1c-4d5d-9d5e-0c8c8e8c6f11",
    drafted=DRAFTED,
    father="Ahmed Raza Khan",
    student_number="NUML-2026-0417",
    grade="A",
    credits="3",
    hours="48",
    term="Fall 2026",
)
BARE = replace(
    LATIN, expires="", expires_urdu="", father="", student_number="", grade="", credits="", hours="", term=""
)
URDU = replace(LATIN, recipient="محمد بلال احمد", father="احمد رضا خان")
MIXED = replace(BARE, recipient="Zoë Čapková (زوئی) بنت علی 2")
ARABIC = replace(BARE, recipient="عَبْدُ ٱلرَّحْمٰن")
LONG = replace(
    LATIN,
    recipient="Syeda Umm-e-Kulthum Fatima Zahra Naqvi Bukhari bint Syed Muhammad Hassan Askari Rizvi",
    father="سید محمد حسن عسکری رضوی نقوی بخاری",
)
ALL = {"latin": LATIN, "bare": BARE, "urdu": URDU, "mixed": MIXED, "arabic": ARABIC, "long": LONG}
