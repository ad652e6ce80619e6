"""Uploaded files: limited in size, kept in memory only, and dropped with the request."""

from io import BytesIO
from typing import IO

from flask import Request, request

from verifier.core.limits import LIMITS

REQUEST_BYTES = LIMITS.file_bytes + 65_536
"""Largest request body: a file of the largest size, and the form around it."""

_DRAINED_BYTES = 40_000_000
_CHUNK_BYTES = 65_536


class InMemoryRequest(Request):
    """A request whose uploads are never written to disk; werkzeug's own are, from half a megabyte on."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO()


def uploaded_file() -> tuple[bytes, str | None] | None:
    """The bytes and the name of the file in a form's field `file`, or None if none was chosen.

    Raises:
        RequestEntityTooLarge: the request is over the limit.
    """
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return None
    return upload.stream.read(), upload.filename


def body_or_file() -> tuple[bytes, str | None] | None:
    """The file of a multipart form, else the whole body, or None if there is neither.

    Raises:
        RequestEntityTooLarge: the request is over the limit.
    """
    if request.mimetype == "multipart/form-data":
        return uploaded_file()
    data = request.get_data(cache=False)
    return (data, None) if data else None


def drain() -> None:
    """Read the rest of the body, even beyond the limit, and discard it.

    Browsers show "connection reset" instead of an error page that arrives while they are still sending.
    """
    left = min(request.content_length or 0, _DRAINED_BYTES)
    stream = request.environ["wsgi.input"]
    while left > 0 and (chunk := stream.read(min(left, _CHUNK_BYTES))):
        left -= len(chunk)
