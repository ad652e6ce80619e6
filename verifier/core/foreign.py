"""For files that contain nothing to judge: one plain sentence that says what the file is and what to do.

It is found by cheap fixed marks, after every rule of SPEC.md section 11 has failed. It is help, not a verdict: nothing
here says that a file is genuine or false.
"""

import re
from collections.abc import Mapping
from typing import Any

from verifier.core.canonical import BYTE_ORDER_MARK
from verifier.core.errors import OtherSystemError, UnreadableError

_BEGINNING = 65_536
"""Bytes at the beginning of a file in which its marks must be."""
_SYSTEMS = (
    (
        "This is an OpenAttestation or OpenCerts document. Check it at opencerts.io or where its issuer says.",
        (b"openattestation.com", b"SHA3MerkleProof", b"OpenAttestationMerkleProofSignature"),
    ),
    (
        "This is a Blockcerts certificate. Check it at blockcerts.org or where its issuer says.",
        (b"w3id.org/blockcerts", b"MerkleProof2017", b"MerkleProof2019", b"BlockchainCertificate"),
    ),
    (
        "This is an Open Badge of version 2 or older, which carries no signature. Check it where its issuer says.",
        (b"w3id.org/openbadges/", b"//openbadges.org", b"tEXtopenbadges\0", b"iTXtopenbadges\0"),
    ),
)
_COMPACT = re.compile(rb"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?:~[A-Za-z0-9_.~-]*)?")
_BAKED = re.compile(rb"<(?:[\w.-]+:)?credential[ \t\r\n][^<>]*?verify[ \t\r\n]*=[ \t\r\n]*[\"']eyJ[\w-]+\.")
"""As Open Badges 3.0 section 5.3.2 bakes a token into an SVG."""
_JWT = "This is a credential in the form of a signed token (JWT). Ask its issuer where such are checked."
_ARCHIVE = "This is an archive of files. Unpack it and hand in the PDF or certificate.json that is in it."
_OFFICE = "This is an office document. Hand in the PDF as the institution sent it."
_MAIL = "This is an e-mail. Save what is attached to it, and hand that in; or use the link that it carries."
_PHOTO = "This is a photo or another picture. Use the link, the QR code or the short code that is in it."
_PAGE = "This is a web page. Hand in the PDF itself, or paste the page's address if it is a certificate's link."
_MEDIA = "This is a film or a sound recording. Hand in the PDF as the institution sent it."
_BATCH = "This is a batch file: it carries no certificate, only what proves one. Hand in the PDF or certificate.json."

ZIP = b"PK\x03\x04"
"""How an archive begins, and most office documents, which are archives too."""
_PICTURES = (b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\1\0")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_OFFICE_MARKS = (b"word/", b"xl/", b"ppt/", b"application/vnd.oasis.opendocument", b"Index/Document.iwa")
_OUTLOOK = "__substg1.0_".encode("utf-16-le")
_HEADER = re.compile(
    rb"(?:return-path|received|delivered-to|from|to|cc|subject|date|message-id|mime-version|reply-to|sender"
    rb"|content-type|dkim-signature|arc-[a-z-]+|authentication-results|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE,
)
_MAIL_MARKS = re.compile(rb"^(?:from|subject|mime-version|message-id)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_HTML = re.compile(rb"<(?:!doctype[ \t\r\n]+html|html|head|body)\b", re.IGNORECASE)


def of_another_kind(data: bytes) -> UnreadableError | None:
    """The error that says what a file with nothing to judge is; None if that is not known."""
    start = data[:_BEGINNING].removeprefix(BYTE_ORDER_MARK).lstrip()
    if _COMPACT.fullmatch(data.strip()) or (start.startswith(b"<") and _BAKED.search(data)):
        return OtherSystemError(_JWT)
    for sentence, marks in _SYSTEMS:
        if start[:1] in (b"{", b"[", b"<", b"\x89") and any(mark in data for mark in marks):
            return OtherSystemError(sentence)
    carrier = _carrier(data, start)
    return None if carrier is None else UnreadableError(carrier)


def _carrier(data: bytes, start: bytes) -> str | None:
    """What kind of file it is by its first bytes."""
    if data.startswith((ZIP, b"PK\x05\x06")):
        return _OFFICE if any(mark in data for mark in _OFFICE_MARKS) else _ARCHIVE
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _MAIL if _OUTLOOK in data else _OFFICE
    if data.startswith(_ARCHIVES) or data[257:262] == b"ustar":
        return _ARCHIVE
    bitmap = data[:2] == b"BM" and data[6:10] == bytes(4)
    if bitmap or data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _PHOTO
    if data[4:8] == b"ftyp":
        return _PHOTO if data[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif") else _MEDIA
    return _text(start)


def _text(start: bytes) -> str | None:
    if start.startswith(b"{\\rtf"):
        return _OFFICE
    if start.startswith(b"sanad-batch "):
        return _BATCH
    if _HTML.match(start) or (start.startswith(b"<") and _HTML.search(start[:1000])):
        return _PAGE
    if start.startswith(b"From ") or (_HEADER.match(start) and _MAIL_MARKS.search(start)):
        return _MAIL
    return None


def system_of(credential: Mapping[str, Any]) -> OtherSystemError | None:
    """The error for a bare credential that another system proves in its own way; None for any other."""
    proof = credential.get("proof")
    kind = str(proof.get("type")) if isinstance(proof, Mapping) else ""
    found = (sentence for sentence, marks in _SYSTEMS if any(kind.startswith(mark.decode()) for mark in marks))
    return next(map(OtherSystemError, found), None)
