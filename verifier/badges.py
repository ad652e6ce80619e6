"""Badges for download: the course's picture with the certificate's credential inside, for any Open Badges wallet."""

from collections.abc import Mapping
from typing import Any

from verifier.core.archive import Archive
from verifier.core.baking import bake_png, bake_svg
from verifier.core.canonical import canonical
from verifier.core.credential import course_uuid, issuer_domain, read_fields
from verifier.core.errors import CredentialError

KINDS = {"png": "image/png", "svg": "image/svg+xml"}


def course_badge(archive: Archive, credential: Mapping[str, Any]) -> bytes | None:
    """The archive's badge picture for a credential's course; None if it has none."""
    course = course_uuid(credential)
    try:
        return None if course is None else archive.badge(issuer_domain(credential), course)
    except CredentialError:
        return None


def baked(picture: bytes, credential: Mapping[str, Any], kind: str) -> bytes:
    """The picture (a PNG) with the credential inside, as `png` or `svg`.

    Raises:
        BakingError: the picture is not a PNG.
    """
    data = canonical(dict(credential))
    if kind == "png":
        return bake_png(picture, data)
    return bake_svg(picture, data, read_fields(credential).course or "Badge")
