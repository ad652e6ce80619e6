"""Colours of sheets and pictures: red, green and blue from 0 to 1, and what can be read on white paper."""

Colour = tuple[float, float, float]

INK: Colour = (0.11, 0.12, 0.14)
GREY: Colour = (0.36, 0.37, 0.40)
WHITE: Colour = (1.0, 1.0, 1.0)
READABLE = 4.5
"""The least contrast of small letters with their ground (WCAG 2.2, level AA)."""


def parse_colour(text: str) -> Colour:
    """Read #RRGGBB. Raises ValueError."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return (red / 255, green / 255, blue / 255)


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """Return a mixture of two colours with `share` of the first."""
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def contrast(colour: Colour) -> float:
    """Return a colour's contrast with white, 1 to 21 (WCAG 2.2, contrast ratio)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 1.05 / (sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) + 0.05)


def as_ink(colour: Colour) -> Colour:
    """Return a colour fit for small letters on white: itself, or darkened as far as that takes."""
    share = 1.0
    while contrast(blend(colour, INK, share)) < READABLE:
        share = round(share - 0.05, 2)
    return blend(colour, INK, share)
