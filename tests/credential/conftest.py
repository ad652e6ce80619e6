"""One course, one class and one key, the same in every run."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import issuer
from issuer.course.course import Course, load_course
from issuer.credential.credential import draft_credential
from issuer.credential.identity import DraftIdentity
from issuer.roster import Row, read_roster

SAMPLES = Path(issuer.__file__).parent / "samples"
DRAFTED = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
IDENTITY = DraftIdentity(
    credential_id="0c7b1d3e-6f0a-4e52-9d1b-2f6f0a4e529d",
    subject_id="5a1e2c94-7b3d-4f60-8a21-c947b3d4f608",
    status_list="1f0a4e529d5a1e2c947b3d4f608a21c9",
    status_index=94_567,
    email_salt="00112233445566778899aabbccddeeff",
    drafted=DRAFTED,
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(SAMPLES / "course.toml")


@pytest.fixture(scope="session")
def rows(course: Course) -> tuple[Row, ...]:
    return read_roster(SAMPLES / "roster.csv", course).rows


@pytest.fixture
def draft(course: Course, rows: tuple[Row, ...]) -> dict[str, Any]:
    return draft_credential(course, rows[2], IDENTITY)
