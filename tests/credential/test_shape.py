"""The credential's shape is final: Open Badges 3.0 by its schema, deterministic, and nothing in it that may change."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from issuer.course.course import Course, Expiry
from issuer.credential.credential import draft_credential, sign_credential
from issuer.credential.identity import DraftIdentity
from issuer.errors import CourseError
from issuer.roster import Row
from tests.credential.conftest import DRAFTED, IDENTITY, KEY
from tests.credential.variants import BARE_COURSE, BARE_ROW, FULL_COURSE, FULL_ROW, VARIANTS
from verifier.core.canonical import canonical, parse
from verifier.core.data_integrity import JCS, RDFC

SCHEMA = json.loads(
    (Path(__file__).parent.parent / "schemas" / "ob_v3p0_achievementcredential_schema.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft201909Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [node for item in value for node in nodes(item)]
    if isinstance(value, dict):
        return [value, *(node for item in value.values() for node in nodes(item))]
    return []


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_every_variant_is_valid_by_the_open_badges_schema(variant: str, suite: str) -> None:
    signed = sign_credential(draft_credential(*VARIANTS[variant], IDENTITY), KEY, DRAFTED, suite)
    assert [error.message for error in VALIDATOR.iter_errors(signed)] == []


def test_the_schema_is_not_toothless(draft: dict[str, Any]) -> None:
    del draft["credentialSubject"]["achievement"]["criteria"]
    assert not VALIDATOR.is_valid(draft)


def test_the_whole_class_is_valid(course: Course, rows: tuple[Row, ...]) -> None:
    for row in rows:
        VALIDATOR.validate(draft_credential(course, row, IDENTITY))


@pytest.mark.parametrize("variant", VARIANTS)
def test_only_nodes_whose_schema_forbids_it_lack_an_id(variant: str) -> None:
    without = {str(node["type"]) for node in nodes(draft_credential(*VARIANTS[variant], IDENTITY)) if "id" not in node}
    assert without <= {"IdentityObject", "IdentifierEntry"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_ids_are_unique_in_a_credential(variant: str) -> None:
    ids = [node["id"] for node in nodes(draft_credential(*VARIANTS[variant], IDENTITY)) if "id" in node]
    assert len(ids) == len(set(ids))


def test_the_bytes_never_change() -> None:
    """Certificates that are out depend on these bytes; a change here needs a new version beside version 1."""
    hashes = {
        name: sha256(canonical(sign_credential(draft_credential(*variant, IDENTITY), KEY, DRAFTED))).hexdigest()[:16]
        for name, variant in VARIANTS.items()
    }
    assert hashes == FINAL


FINAL = {
    "aligned": "3dd64f94a39acdd8",
    "bare": "88082b6730c1506b",
    "full": "c2a5c7d4eb576b75",
    "full course, bare row": "98aa4295d63a5372",
    "bare course, full row": "6442a713d5cd724e",
    "ends on a day": "9e822e803cc1b0e9",
    "nothing but the name": "013c0e27a5159d13",
}


def test_canonical_bytes_come_back_as_they_went(draft: dict[str, Any]) -> None:
    assert parse(canonical(draft)) == draft


def test_achievement_and_professor_are_the_same_for_all_students(course: Course, rows: tuple[Row, ...]) -> None:
    subjects = [draft_credential(course, row, IDENTITY)["credentialSubject"] for row in rows]
    assert all(subject["achievement"] == subjects[0]["achievement"] for subject in subjects)
    assert all(subject["source"] == subjects[0]["source"] for subject in subjects)


def test_the_achievement_follows_the_code_and_not_the_title() -> None:
    def achievement(course: Course) -> str:
        return str(draft_credential(course, BARE_ROW, IDENTITY)["credentialSubject"]["achievement"]["id"])

    assert achievement(FULL_COURSE) == achievement(replace(FULL_COURSE, title="Corrected"))
    assert achievement(FULL_COURSE) != achievement(replace(FULL_COURSE, code="N-2"))
    assert achievement(BARE_COURSE) != achievement(replace(BARE_COURSE, title="Other"))
    elsewhere = replace(FULL_COURSE.institution, domain="other.example")
    assert achievement(FULL_COURSE) != achievement(replace(FULL_COURSE, institution=elsewhere))


def test_the_status_entry_says_list_and_place_and_nothing_of_the_certificate(draft: dict[str, Any]) -> None:
    url = "https://verify.darya-university.example/status/darya-university.example/1f0a4e529d5a1e2c947b3d4f608a21c9"
    assert draft["credentialStatus"] == {
        "id": f"{url}#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": url,
    }


def test_the_email_is_hashed_with_its_salt_and_only_on_request() -> None:
    identifiers = draft_credential(FULL_COURSE, FULL_ROW, IDENTITY)["credentialSubject"]["identifier"]
    digest = sha256(b"ayesha@uni.example" + IDENTITY.email_salt.encode()).hexdigest()
    assert identifiers[-1] == {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": IDENTITY.email_salt,
    }
    silent = replace(FULL_COURSE, include=replace(FULL_COURSE.include, email=False))
    text = json.dumps(draft_credential(silent, FULL_ROW, IDENTITY))
    assert "emailAddress" not in text
    assert IDENTITY.email_salt not in text
    assert "Ayesha@" not in text


def test_no_chain_and_no_other_key_stands_in_it(draft: dict[str, Any]) -> None:
    signed = sign_credential(draft, KEY, DRAFTED)
    assert json.dumps(signed).count("z6Mk") == 1
    multikey = "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
    assert signed["proof"]["verificationMethod"] == f"did:web:darya-university.example#{multikey}"
    assert "eip155" not in json.dumps(signed)
    assert "0x" not in json.dumps(signed)


def dates(course: Course, row: Row, drafted: datetime = DRAFTED) -> tuple[Any, ...]:
    draft = draft_credential(course, row, replace(IDENTITY, drafted=drafted))
    return draft["awardedDate"], draft["validFrom"], draft.get("validUntil")


def test_dates() -> None:
    assert dates(BARE_COURSE, BARE_ROW) == ("2026-06-30T00:00:00Z", "2026-06-30T12:00:00Z", None)
    begins, ends = "2026-06-30T12:00:00Z", "2029-06-01T23:59:59+05:00"
    assert dates(FULL_COURSE, FULL_ROW) == ("2026-06-01T00:00:00+05:00", begins, ends)


def test_the_day_is_the_institutions_own() -> None:
    late = datetime(2026, 6, 30, 19, 0, 1, tzinfo=UTC)
    assert dates(FULL_COURSE, BARE_ROW, late)[0] == "2026-07-01T00:00:00+05:00"


def test_a_certificate_dated_ahead_begins_on_its_day() -> None:
    row = replace(BARE_ROW, date=date(2026, 7, 14))
    assert dates(FULL_COURSE, row)[:2] == ("2026-07-14T00:00:00+05:00",) * 2


def test_years_from_a_leap_day_end_on_the_last_of_february() -> None:
    row = replace(BARE_ROW, date=date(2024, 2, 29))
    assert dates(FULL_COURSE, row)[2] == "2027-02-28T23:59:59+05:00"


def test_what_is_over_before_it_begins_is_refused() -> None:
    course = replace(BARE_COURSE, expiry=Expiry(until=date(2026, 6, 29)))
    with pytest.raises(CourseError, match="expiry = '2026-06-29': It ends before the certificate begins"):
        draft_credential(course, BARE_ROW, IDENTITY)


@pytest.mark.parametrize("moment", [DRAFTED.replace(microsecond=1), DRAFTED.astimezone().replace(tzinfo=None)])
def test_an_identity_has_a_moment_that_stays_the_same(moment: datetime) -> None:
    with pytest.raises(ValueError, match="UTC and whole seconds"):
        DraftIdentity("a", "b", "0" * 32, 0, "", moment)
