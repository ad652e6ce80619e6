"""Pages as people read them."""

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from verifier.core.envelope import Envelope
from verifier.core.hashes import to_base64url


def text_of(response: TestResponse) -> str:
    """The words of a page, without markup, on one line."""
    body = re.sub(r"<(head|style|script)\b.*?</\1>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"</?bdi[^>]*>", "", body).replace("<", " <"))).strip()


def words_of(response: TestResponse) -> str:
    """`text_of` without any tag."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))


def page_path(envelope: Envelope) -> str:
    return f"/c/{to_base64url(envelope.hash)}"


def multipart(data: bytes, name: str) -> dict[str, Any]:
    """A form with one file, as a browser sends it; written here because the test client keeps large ones on disk."""
    head = f'--limit\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: application/pdf\r\n\r\n" + data + b"\r\n--limit--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=limit"}


def hand_in(client: FlaskClient, data: bytes, name: str = "certificate.pdf", address: str = "/") -> TestResponse:
    return client.post(address, **multipart(data, name))
