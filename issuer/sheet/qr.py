"""The QR code of a link, as rows of modules and as one vector path.

Error correction M (15 % of the code may be lost) and a fixed mask: any of the eight is valid, and trying them all
takes five times as long.
"""

import re
from functools import cache

from qrcode import constants
from qrcode.main import QRCode
from qrcode.util import BIT_LIMIT_TABLE, MODE_8BIT_BYTE, QRData

from issuer.sheet.errors import LinkTooLongError

MASK = 0
QUIET_MODULES = 4
"""White modules that must stay free on every side (ISO/IEC 18004)."""
LARGEST_VERSION = 10
"""57 modules a side: 0.5 mm each on the sheet, about the least that a worn print still gives."""
LONGEST_LINK = BIT_LIMIT_TABLE[constants.ERROR_CORRECT_M][LARGEST_VERSION] // 8 - 3

BEFORE_TABLE = 100
"""Links of one length whose codes are made without the table of their length."""

_DARK = re.compile("1+")


@cache
def _version(length: int) -> int:
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, mask_pattern=MASK)
    code.add_data(QRData(b"a" * length, mode=MODE_8BIT_BYTE), optimize=0)
    return int(code.best_fit(start=1))


def modules(link: str) -> tuple[str, ...]:
    """Return the code's rows from the top, 1 for a dark module, 0 for a light one. Raises LinkTooLongError."""
    data = link.encode()
    if len(data) > LONGEST_LINK:
        raise LinkTooLongError(link, LONGEST_LINK)
    return _table(len(data)).rows(data)


class QrTable:
    """The codes of all links of one length, as an affine function of their bits.

    With version, level, mask and length fixed, each module of the code is a sum modulo 2 of some bits of the link and a
    constant: error correction is linear, masking adds a constant. So the code of a link is that of one other, with a
    pattern added for each bit in which the two differ. Each pattern is made by qrcode when it is first needed. Until a
    table has paid for itself, codes are made by qrcode as they are.
    """

    def __init__(self, length: int) -> None:
        self.version = _version(length)
        self.side = 17 + 4 * self.version
        self._known: tuple[int, int] | None = None
        self._patterns: dict[int, int] = {}
        self._asked = 0

    def rows(self, data: bytes) -> tuple[str, ...]:
        """Return the rows of the code of `data`."""
        self._asked += 1
        if self._asked <= BEFORE_TABLE:
            return drawn_by_qrcode(data, self.version)
        digits = f"{self._bits(data):0{self.side * self.side}b}"
        return tuple(digits[at : at + self.side] for at in range(0, len(digits), self.side))

    def _bits(self, data: bytes) -> int:
        """All modules as one number, the upper left one first."""
        value = int.from_bytes(data, "big")
        if self._known is None:
            self._known = value, self._drawn(value, len(data))
        first, bits = self._known
        differing = value ^ first
        while differing:
            bit = differing & -differing
            pattern = self._patterns.get(bit)
            if pattern is None:
                pattern = self._patterns[bit] = self._drawn(first ^ bit, len(data)) ^ self._known[1]
            bits ^= pattern
            differing ^= bit
        return bits

    def _drawn(self, value: int, length: int) -> int:
        return int("".join(drawn_by_qrcode(value.to_bytes(length, "big"), self.version)), 2)


@cache
def _table(length: int) -> QrTable:
    return QrTable(length)


def drawn_by_qrcode(data: bytes, version: int) -> tuple[str, ...]:
    """Return the rows of a code as the library qrcode makes it."""
    code = QRCode(version, constants.ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(QRData(data, mode=MODE_8BIT_BYTE), optimize=0)
    code.make(fit=False)
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.modules)


def path(rows: tuple[str, ...], x: float, y: float, side: float) -> str:
    """Return operators that fill the dark modules as one path in a square of `side` points at (x, y)."""
    step = side / len(rows)
    bars = "".join(
        [
            f"{begin} {height} {end - begin} 1 re\n"
            for height, row in zip(range(len(rows) - 1, -1, -1), rows, strict=True)
            for begin, end in map(re.Match.span, _DARK.finditer(row))
        ]
    )
    return f"q {step:.5f} 0 0 {step:.5f} {x:.3f} {y:.3f} cm 0 0 0 rg\n{bars}f Q\n"
