"""What a sheet says: `SheetWording` for a whole batch, `SheetFields` for one certificate."""

from dataclasses import dataclass, field
from datetime import datetime

DESIGN_NAMES = ("formal", "modern", "bilingual")
"""What issuer.sheet.designs holds; here, so that a course can be read without loading them."""


@dataclass(frozen=True)
class SheetLabels:
    """Words beside the values of a certificate, in English and for the bilingual design in Urdu."""

    father: str = "Father’s name:"
    student_number: str = "STUDENT NO."
    grade: str = "GRADE"
    credits: str = "CREDITS"
    hours: str = "HOURS"
    term: str = "TERM"
    date: str = "Date of award"
    expires: str = "Valid until"
    scan: str = "Scan to verify"
    father_urdu: str = "ولدیت:"
    student_number_urdu: str = "رول نمبر"
    grade_urdu: str = "درجہ"
    credits_urdu: str = "کریڈٹ"
    hours_urdu: str = "گھنٹے"
    term_urdu: str = "سمسٹر"
    date_urdu: str = "تاریخِ اجرا"
    expires_urdu: str = "مؤثر تا"
    scan_urdu: str = "تصدیق کے لیے اسکین کریں"


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
    statement: str = "has successfully completed the course"
    professor_title: str = ""
    how_to_check: str = "To check without the QR code, type the code {code} at {domain}, or drop this file there."
    """{code} and {domain} are filled in."""
    headline_urdu: str = "سندِ تکمیل"
    lead_urdu: str = "تصدیق کی جاتی ہے کہ"
    statement_urdu: str = "نے یہ کورس کامیابی سے مکمل کیا"
    course_urdu: str = ""
    professor_urdu: str = ""
    how_to_check_urdu: str = "کیو آر کوڈ کے بغیر تصدیق کے لیے {domain} پر کوڈ {code} لکھیں، یا یہ فائل وہاں پیش کریں۔"
    logo: bytes | None = None
    """PNG."""
    signature: bytes | None = None
    """PNG of the professor's signature."""
    design: str = "formal"
    """A name of issuer.sheet.designs."""
    colour: str = "#0B5D3B"
    """#RRGGBB"""
    second_colour: str = "#B08D3C"
    """#RRGGBB"""
    language: str = "en"
    """BCP 47 tag of the document."""
    specimen: bool = False
    """Whether the sheet is marked as a sample that is not valid."""
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
    date_urdu: str = ""
    expires: str = ""
    """The last day on which the certificate is valid, where there is one."""
    expires_urdu: str = ""
    father: str = ""
    student_number: str = ""
    grade: str = ""
    credits: str = ""
    hours: str = ""
    term: str = ""


FACTS = ("student_number", "grade", "credits", "hours", "term")
"""Fields that are shown side by side, with their labels."""
