"""What chats and social networks show of a shared link: course and institution, never the holder's name."""

from dataclasses import dataclass

from flask import url_for

from verifier.core.archive import PictureArchive
from verifier.core.credential import read_fields
from verifier.core.hashes import to_base64url
from verifier.core.verdict import Verdict
from verifier.web.site import site


@dataclass(frozen=True)
class Card:
    """The preview of a certificate's page."""

    title: str
    address: str
    picture: str | None


def card_of(verdict: Verdict) -> Card | None:
    """The card for a certificate that a registry holds; None for any other."""
    if verdict.record is None or verdict.hash is None or verdict.credential is None:
        return None
    title = " · ".join(filter(None, (read_fields(verdict.credential).course, verdict.record.institution_name)))
    path = to_base64url(verdict.hash)
    address = site().origin + url_for("certificates.show", code=path)
    held = verdict.domain is not None and picture_of(verdict.domain, verdict.record.root) is not None
    picture = site().origin + url_for("certificates.picture", code=path, lang=None) if held else None
    return Card(title, address, picture)


def picture_of(domain: str, root: bytes) -> bytes | None:
    """The PNG that the issuer drew for a batch's course, where the archive keeps such."""
    archive = site().verifier.archive
    return archive.picture(domain, root) if isinstance(archive, PictureArchive) else None
