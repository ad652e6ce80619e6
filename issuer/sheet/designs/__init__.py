"""The designs by name. A new one is a file here that defines DESIGN, and a line in this table."""

from issuer.sheet.design import Design
from issuer.sheet.designs import bilingual, formal, modern
from issuer.sheet.errors import SheetError

DESIGNS: dict[str, Design] = {"formal": formal.DESIGN, "modern": modern.DESIGN, "bilingual": bilingual.DESIGN}


def design(name: str) -> Design:
    """Return a design by its name. Raises SheetError."""
    found = DESIGNS.get(name)
    if found is None:
        raise SheetError(f"design {name!r}: there are {', '.join(DESIGNS)}")
    return found


def initial(institution: str) -> str:
    """Return the letter in the emblem of an institution without a logo."""
    return next((letter.upper() for letter in institution if letter.isalpha()), "")
