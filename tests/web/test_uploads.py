import subprocess
import tempfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from reportlab.pdfgen.canvas import Canvas

from tests.scenes import Scenes
from tests.web.reading import hand_in, multipart, words_of
from verifier.core.limits import LIMITS
from verifier.web.uploads import REQUEST_BYTES


def test_sealed_pdf_and_envelope_get_the_same_verdict(client: FlaskClient, scenes: Scenes) -> None:
    for name in ("valid", "envelope"):
        response = hand_in(client, scenes.files[name])
        assert response.status_code == 200
        assert "This certificate is valid." in words_of(response)


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing of ours", b"\xff\xd8\xff\xe0 a photo", b"{}", b"", b"{" * 999])
def test_a_file_without_a_certificate_gets_no_verdict(client: FlaskClient, data: bytes) -> None:
    response = hand_in(client, data)
    assert response.status_code == 422
    words = words_of(response)
    assert "No certificate was found in this file." in words
    assert "Altered" not in words
    assert "Unknown" not in words


def test_what_befell_a_pdf_is_said_as_far_as_it_can_be_seen(
    client: FlaskClient, scenes: Scenes, tmp_path: Path
) -> None:
    whole, locked = tmp_path / "whole.pdf", tmp_path / "locked.pdf"
    page = Canvas(str(whole))
    page.drawString(72, 72, "A certificate")
    page.save()
    subprocess.run(["qpdf", "--encrypt", "", "owner", "256", "--", str(whole), str(locked)], check=True)
    for data, why in (
        (
            locked.read_bytes(),
            "This PDF is locked with a password or against changes, so what is in it cannot be read.",
        ),
        (scenes.files["valid"][:400], "This PDF is cut off: it was not copied or downloaded to its end."),
    ):
        response = hand_in(client, data)
        assert response.status_code == 422
        assert why in words_of(response)


def test_a_form_without_a_file_is_told(client: FlaskClient) -> None:
    for response in (client.post("/"), hand_in(client, b"", "")):
        assert response.status_code == 400
        assert "You did not give anything to check." in words_of(response)


def test_the_largest_file_is_taken(client: FlaskClient) -> None:
    assert hand_in(client, bytes(LIMITS.file_bytes)).status_code == 422


@pytest.mark.parametrize("size", [LIMITS.file_bytes + 1, REQUEST_BYTES + 1])
def test_a_larger_file_is_refused_in_words(client: FlaskClient, size: int) -> None:
    page = hand_in(client, bytes(size))
    assert page.status_code == 413
    assert "This file is too large to be a certificate." in words_of(page)
    assert "10.1 MB; at most 10 MB are accepted." in words_of(page)
    for answer in (
        client.post("/api/v1/verify", data=bytes(size)),
        client.post("/api/v1/verify", **multipart(bytes(size), "x.pdf")),
    ):
        assert answer.status_code == 413
        assert answer.json is not None
        assert answer.json["problem"] == "too-large"
        assert "10.1 MB; at most 10 MB are accepted." in answer.json["explanation"]


def test_uploads_never_touch_a_disk(client: FlaskClient, scenes: Scenes, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("an upload went to a temporary file")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    # What werkzeug keeps large uploads in unless it is told otherwise.
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    large = scenes.files["valid"] + bytes(3_000_000)
    assert "Changed copy" in words_of(hand_in(client, large))
    answer = client.post("/api/v1/verify", **multipart(large, "x.pdf")).json
    assert answer is not None
    assert answer["verdict"] == "altered"
