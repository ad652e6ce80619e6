"""The signature of nobody, for the pictures of the documentation: a pen's way through a few loops."""

import math

from PIL import Image, ImageDraw

INK = (26, 44, 110, 255)
_WIDTH, _HEIGHT, _FINER, _STEPS = 640, 180, 4, 2600


def sample_signature() -> Image.Image:
    """Draw it on transparent ground."""
    image = Image.new("RGBA", (_WIDTH * _FINER, _HEIGHT * _FINER))
    draw = ImageDraw.Draw(image)
    x, y = _pen(0.0)
    for step in range(1, _STEPS):
        to_x, to_y = _pen(step / _STEPS)
        width = max(1.1, 3.6 - 1.1 * math.hypot(to_x - x, to_y - y)) * _FINER  # thinner where the pen is quick
        left, top = to_x * _FINER, to_y * _FINER
        draw.line([x * _FINER, y * _FINER, left, top], fill=INK, width=int(width))
        draw.ellipse([left - width / 2, top - width / 2, left + width / 2, top + width / 2], fill=INK)
        x, y = to_x, to_y
    small = image.resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS)
    return small.crop(small.getbbox())


def _pen(t: float) -> tuple[float, float]:
    """Where the pen is: a tall initial, loops that calm down, a stroke back beneath."""
    turn = 2 * math.pi
    if t < 0.18:
        u = t / 0.18
        x = 60 + 70 * math.sin(1.3 * turn * u) * (1 - 0.3 * u) + 40 * u
        return x, 95 - 75 * math.cos(1.15 * turn * u) * (1 - 0.25 * u)
    if t < 0.8:
        u = (t - 0.18) / 0.62
        loops = math.sin(7.5 * turn * u) * (1 + 0.5 * math.sin(1.3 * turn * u))
        return 112 + 370 * u + 16 * math.sin(7.5 * turn * u + 0.6), 100 - 38 * (1 - 0.72 * u) * loops - 8 * u
    u = (t - 0.8) / 0.2
    x = 482 + 110 * math.sin(turn * u / 4) - 374 * u * u
    return x, 92 + 48 * math.sin(0.45 * turn * u) + 8 * u
