"""The QR code of a link, as rows of modules and as one vector path.

Error correction M (15 % of the code may be lost) and a fixed mask: any of the eight is valid, and trying them all
takes five times as long.
"""

import re
from functools import cache

from qrcode import constants
from qrcode.main import QRCode
from qrcode.util import BIT_LIMIT_TABLE, MODE_8BIT_BYTE, QRData

from issuer.certificate.sheet_errors import LinkTooLongError

MASK = 0
QUIET_MODULES = 4
"""White modules that must stay free on every side (ISO/IEC 18004)."""
LARGEST_VERSION = 10
"""57 modules a side: 0.5 mm each on the sheet, about the least that a worn print still gives."""
LONGEST_LINK = BIT_LIMIT_TABLE[constants.ERROR_CORRECT_M][LARGEST_VERSION] // 8 - 3

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
    code = QRCode(_version(len(data)), constants.ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(QRData(data, mode=MODE_8BIT_BYTE), optimize=0)
    code.make(fit=False)
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.modules)


def path(rows: tuple[str, ...], x: float, y: float, side: float) -> str:
    """Return operators that fill the dark modules as one path in a square of `side` points at (x, y)."""
    step = side / len(rows)
    bars = "".join(
        f"{bar.start()} {height} {bar.end() - bar.start()} 1 re\n"
        for height, row in zip(range(len(rows) - 1, -1, -1), rows, strict=True)
        for bar in _DARK.finditer(row)
    )
    return f"q {step:.5f} 0 0 {step:.5f} {x:.3f} {y:.3f} cm 0 0 0 rg\n{bars}f Q\n"
