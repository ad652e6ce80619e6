"""Courses and rows that use every optional part, and none."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from issuer.course.alignment import Alignment
from issuer.course.course import Course, Expiry, Include, Institution, Professor, Programme, VerifierAddress, Wording
from issuer.roster import Row

BARE_COURSE = Course(
    title="Numbers",
    description="About numbers.",
    criteria="Pass.",
    institution=Institution(name="Uni", domain="uni.example"),
    professor=Professor(name="P. Rof"),
    verifier=VerifierAddress(origin="http://127.0.0.1:8000"),
)
BARE_ROW = Row(number=2, name="Ali")
FULL_COURSE = replace(
    BARE_COURSE,
    title_urdu="اعداد",
    criteria_url="https://uni.example/criteria",
    code="N-1",
    credits=1.5,
    hours=12.25,
    term="Spring",
    tags=("numbers", "zero"),
    image="https://uni.example/badge.png",
    institution=Institution(
        name="Uni",
        domain="uni.example",
        name_urdu="جامعہ",
        url="https://uni.example/",
        logo=Path("logo.png"),
        logo_url="https://uni.example/logo.png",
        utc_offset="+05:00",
    ),
    professor=Professor(name="P. Rof", title="Reader", email="p@uni.example", url="https://uni.example/p"),
    programme=Programme(name="Programme", url="https://programme.example/"),
    wording=Wording(headline_urdu="سند"),
    expiry=Expiry(years=3),
    include=Include(email=True),
)
FULL_ROW = Row(
    number=3,
    name="عائشہ O’Brien",
    student_number="U-7",
    father_name="گل زمان",
    masked_national_id="*****-****567-1",
    grade="A-",
    credits=1.25,
    hours=11,
    term="Summer",
    email="Ayesha@uni.example",
    date=date(2026, 6, 1),
)
ALIGNED_COURSE = replace(
    FULL_COURSE,
    alignment=(
        Alignment(name="counting", url="https://uni.example/skills/1"),
        Alignment("گننا", "https://uni.example/skills/2", "Framework", "S-2", "To count\nup.", "CFItem"),
    ),
)
VARIANTS = {
    "aligned": (ALIGNED_COURSE, FULL_ROW),
    "bare": (BARE_COURSE, BARE_ROW),
    "full": (FULL_COURSE, FULL_ROW),
    "full course, bare row": (FULL_COURSE, BARE_ROW),
    "bare course, full row": (BARE_COURSE, FULL_ROW),
    "ends on a day": (replace(FULL_COURSE, expiry=Expiry(until=date(2027, 12, 31))), FULL_ROW),
    "nothing but the name": (replace(FULL_COURSE, include=Include(False, False, False, False)), FULL_ROW),
}
