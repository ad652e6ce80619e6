"""What can be wrong with a sheet before it is drawn.

SheetError
├── MissingGlyphError      a character that no packaged font can draw
├── TextTooLongError       a text that does not fit its place even at the smallest size
├── BadPictureError        a logo or signature that cannot be read as a PNG
└── LinkTooLongError       a link that no QR code of a legible size can carry
"""

import unicodedata


class SheetError(Exception):
    """Base of all errors of drawing a sheet; nothing has been drawn when it is raised."""


class MissingGlyphError(SheetError):
    """None of the packaged fonts has a character of a text."""

    def __init__(self, field: str, value: str, character: str) -> None:
        self.field, self.value, self.character = field, value, character
        name = unicodedata.name(character, "unnamed character")
        super().__init__(
            f"{field} {value!r}: no packaged font can draw {character!a} (U+{ord(character):04X} {name}); "
            "write it in letters that the certificate can show"
        )


class TextTooLongError(SheetError):
    """A text would have to be set smaller than its place allows."""

    def __init__(self, field: str, value: str, fits: float, smallest: float) -> None:
        self.field, self.value = field, value
        super().__init__(
            f"{field} {value!r}: too long for its place on the sheet; it would need {fits:.1f} pt, "
            f"the smallest legible size there is {smallest:g} pt; shorten it"
        )


class BadPictureError(SheetError):
    """A logo or a signature image cannot be used."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(f"{field}: not a usable PNG picture ({reason})")


class LinkTooLongError(SheetError):
    """A link needs a QR code so dense that a print of it would not be read."""

    def __init__(self, link: str, limit: int) -> None:
        super().__init__(f"link {link!r}: {len(link)} bytes, at most {limit} can be printed as a QR code")
