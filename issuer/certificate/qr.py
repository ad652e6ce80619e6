"""The QR code of a link, as rows of modules and as one vector path.

Error correction M (15 % of the code may be lost) and a fixed mask: any of the eight is valid, and trying them all
takes five times as long.
"""

from functools import cache

from qrcode import constants
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, BIT_LIMIT_TABLE, QRData

from issuer.certificate.sheet_errors import LinkTooLong

MASK = 0
QUIET_MODULES = 4
"""White modules that must stay free on every side (ISO/IEC 18004)."""
LARGEST_VERSION = 10
"""57 modules a side: 0.5 mm each on the sheet, about the least that a worn print still gives."""
LONGEST_LINK = BIT_LIMIT_TABLE[constants.ERROR_CORRECT_M][LARGEST_VERSION] // 8 - 3

Rows = tuple[tuple[bool, ...], ...]


@cache
def _version(length: int) -> int:
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, mask_pattern=MASK)
    code.add_data(QRData(b"a" * length, mode=MODE_8BIT_BYTE), optimize=0)
    return int(code.best_fit(start=1))


def modules(link: str) -> Rows:
    """Return the code's rows from the top, True for dark. Raises LinkTooLong."""
    data = link.encode()
    if len(data) > LONGEST_LINK:
        raise LinkTooLong(link, LONGEST_LINK)
    code = QRCode(_version(len(data)), constants.ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(QRData(data, mode=MODE_8BIT_BYTE), optimize=0)
    code.make(fit=False)
    return tuple(tuple(bool(cell) for cell in row) for row in code.modules)


def path(rows: Rows, x: float, y: float, side: float) -> str:
    """Return operators that fill the dark modules as one path in a square of `side` points at (x, y)."""
    count = len(rows)
    step = side / count
    bars = "".join(_bars(row, count - 1 - index) for index, row in enumerate(rows))
    return f"q {step:.5f} 0 0 {step:.5f} {x:.3f} {y:.3f} cm 0 0 0 rg\n{bars}f Q\n"


def _bars(row: tuple[bool, ...], y: int) -> str:
    """Return one rectangle for each stretch of dark modules in a row."""
    out, start = [], None
    for x, dark in enumerate((*row, False)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            out.append(f"{start} {y} {x - start} 1 re\n")
            start = None
    return "".join(out)
