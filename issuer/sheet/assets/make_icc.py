"""Make srgb.icc: run `python issuer/sheet/assets/make_icc.py`.

Little CMS writes its built-in sRGB profile ("No copyright, use freely"); its date and version are fixed here, so
that it makes the same profile every time.
"""

import struct
from pathlib import Path

from PIL import ImageCms

VERSION_AT, VERSION = 8, b"\x04\x20\x00\x00"  # 4.2: the ICC version that PDF 1.7 knows; nothing newer is used
CREATED = (2026, 1, 1, 0, 0, 0)
DATE_AT = 24  # ICC.1, 7.2.8: creation date and time in the profile header


def main() -> None:
    """Write the profile beside this script."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[VERSION_AT : VERSION_AT + 4] = VERSION
    profile[DATE_AT : DATE_AT + 12] = struct.pack(">6H", *CREATED)
    Path(__file__).with_name("srgb.icc").write_bytes(profile)


if __name__ == "__main__":
    main()
