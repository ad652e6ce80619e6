"""Files that are not a roster at all, recognised by their first bytes, each with the way to get one."""

from issuer.roster.model import whole_file

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE = "open it in the spreadsheet program and save it as an Excel workbook (.xlsx) or as CSV UTF-8."
_STARTS = (
    (b"%PDF-", "is a PDF file; ask for the spreadsheet that it was made from."),
    (b"{\\rtf", f"is a text document (RTF); {_SAVE}"),
    (b"\x1f\x8b", "is compressed (gzip); unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "is compressed (7z); unpack it first."),
    (b"Rar!", "is compressed (RAR); unpack it first."),
    (b"\x89PNG", "is a picture; ask for the spreadsheet itself."),
    (b"\xff\xd8\xff", "is a picture; ask for the spreadsheet itself."),
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<workbook", b"mime-version:")


def refuse_foreign(data: bytes, name: str) -> None:
    """Refuse what only pretends to be a roster.

    Raises:
        RosterErrors: what the file is, and what to do.
    """
    if data.startswith(_COMPOUND):
        raise whole_file(f"{name} {_compound(data)}")
    for start, sentence in _STARTS:
        if data.startswith(start):
            raise whole_file(f"{name} {sentence}")
    if data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise whole_file(f"{name} is a web page or XML under another name; {_SAVE}")


def _compound(data: bytes) -> str:
    """Old Excel files and encrypted new ones are in the same kind of container."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is protected by a password; open it, save it without one, and give that file."
    return f"is a workbook of the old kind (.xls); {_SAVE}"
