"""`[signature] cryptosuite` of course.toml decides how a whole batch is signed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from issuer.batches.building import build, envelope_path
from issuer.course.course import CRYPTOSUITES, Course, Signature
from issuer.records import Draft
from issuer.roster import Row
from tests.credential.conftest import IDENTITY, KEY
from verifier.core.data_integrity import JCS, RDFC, verify_proof


def test_the_course_knows_the_suites_that_the_verifier_knows(course: Course) -> None:
    assert CRYPTOSUITES == (RDFC, JCS)
    assert course.signature.cryptosuite == RDFC


@pytest.mark.parametrize("suite", CRYPTOSUITES)
def test_a_batch_is_signed_as_the_course_says(
    course: Course, rows: tuple[Row, ...], tmp_path: Path, suite: str
) -> None:
    chosen = replace(course, signature=Signature(suite))
    build(chosen, [Draft(0, "urn:uuid:x", "a person", IDENTITY, rows[0])], KEY, tmp_path, lambda _: None)
    credential = json.loads(envelope_path(tmp_path, 0).read_bytes())["credential"]
    assert credential["proof"]["cryptosuite"] == suite
    assert credential["proof"].get("@context") == (credential["@context"] if suite == JCS else None)
    assert verify_proof(credential).public_key == KEY.public_key().public_bytes_raw()
