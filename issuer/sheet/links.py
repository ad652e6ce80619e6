"""Links on a sheet that can be clicked (ISO 32000-1, 12.5.6.5; ISO 14289-1, 7.18.5)."""

from urllib.parse import quote, urlsplit

from issuer.sheet.pdf_document import number, pdf_text
from issuer.sheet.structure import Sides

MOST_LINKS = 7
"""Links that a sheet may have; keys of the parent tree are kept free for them."""

_PRINTED = 4
"""The flag that ISO 19005-3, 6.3.2 asks for."""


def link_annotation(area: Sides, link: str, page: int, key: int, language: str) -> bytes:
    """Return the annotation that makes `area` lead to `link`; `key` is its own in the parent tree."""
    sides = " ".join(map(number, area)).encode()
    return (
        b"<</Type/Annot/Subtype/Link/Rect[%b]/Border[0 0 0]/F %d/P %d 0 R/StructParent %d/Contents%b"
        b"/A<</S/URI/URI(%b)>>>>"
    ) % (sides, _PRINTED, page, key, pdf_text(_spoken(link, language)), address(link))


def address(link: str) -> bytes:
    """Return a link as the inside of a PDF string: ASCII without brackets and backslashes."""
    return quote(link, safe=":/?#[]@!$&'*+,;=%").encode("ascii")


def _spoken(link: str, language: str) -> str:
    """What is read aloud for the link."""
    site = urlsplit(link).netloc
    if language.partition("-")[0] == "ur":
        return f"اس سند کی تصدیق {site} پر کریں"
    return f"Check this certificate at {site}"
