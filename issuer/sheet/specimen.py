"""The mark across a sample sheet, so that nobody takes it for a certificate."""

import math
from dataclasses import dataclass

from issuer.sheet.design import BOLD, HEIGHT
from issuer.sheet.pdf_document import number
from issuer.sheet.typesetting import FontShelf, Place, SetText, prepare, set_text

SPECIMEN = "SPECIMEN · NOT VALID"
_TILT = math.radians(27)
_TINT = (0.98, 0.80, 0.78)
_CENTRE = 505.0
"""Right of the middle, so that it clears the bands and cards that designs have on their left."""


@dataclass(frozen=True)
class SpecimenMark:
    """The mark's text, set along its own line."""

    text: SetText

    def operators(self, shelf: FontShelf) -> str:
        """Return the operators that draw it across the page."""
        cosine, sine = number(math.cos(_TILT)), number(math.sin(_TILT))
        turn = f"{cosine} {sine} -{sine} {cosine} {number(_CENTRE)} {number(HEIGHT / 2)} cm"
        return f"q {turn}\n{set_text(self.text, shelf)}Q\n"


def specimen_mark() -> SpecimenMark:
    """Return the mark."""
    place = Place(0, 600, 50, BOLD, _TINT, y=-17, tracking=30)
    return SpecimenMark(prepare("specimen", SPECIMEN, place))
