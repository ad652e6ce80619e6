"""What a credential says, read for people: ours whole, others' as far as they go, never an exception."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.course.course import Course
from issuer.credential.credential import draft_credential
from issuer.roster import Row
from tests.credential.conftest import IDENTITY
from tests.credential.variants import FULL_COURSE, FULL_ROW, VARIANTS
from verifier.core.credential import CertificateFields, issuer_domain, read_fields, validity
from verifier.core.dates import Instant, parse_instant, parse_timestamp
from verifier.core.errors import CredentialError

PAKISTAN = timezone(timedelta(hours=5))

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.text(max_size=9)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


def test_everything_that_was_written_is_read() -> None:
    assert read_fields(draft_credential(FULL_COURSE, FULL_ROW, IDENTITY)) == CertificateFields(
        credential_id=f"urn:uuid:{IDENTITY.credential_id}",
        recipient="عائشہ O’Brien",
        father_name="گل زمان",
        student_number="U-7",
        masked_national_id="*****-****567-1",
        email_hashed=True,
        course="Numbers",
        course_urdu="اعداد",
        course_code="N-1",
        course_description="About numbers.",
        language="en",
        criteria="Pass.",
        grade="A-",
        credits="1.25",
        hours="11",
        term="Summer",
        institution="Uni",
        institution_urdu="جامعہ",
        institution_url="https://uni.example/",
        programme="Programme",
        professor="P. Rof",
        professor_title="Reader",
        awarded=date(2026, 6, 1),
        valid_from=datetime(2026, 6, 30, 12, tzinfo=UTC),
        valid_until=datetime(2029, 6, 1, 23, 59, 59, tzinfo=PAKISTAN),
    )


def test_the_courses_values_stand_where_the_row_has_none() -> None:
    fields = read_fields(draft_credential(*VARIANTS["full course, bare row"], IDENTITY))
    assert (fields.credits, fields.hours, fields.term, fields.grade) == ("1.5", "12.25", "Spring", None)


def test_every_name_comes_back(course: Course, rows: tuple[Row, ...]) -> None:
    names = [read_fields(draft_credential(course, row, IDENTITY)).recipient for row in rows]
    assert names == [row.name for row in rows]


def test_alignments_are_read_by_their_names() -> None:
    assert read_fields(draft_credential(*VARIANTS["aligned"], IDENTITY)).skills == "counting; گننا"


def test_an_empty_credential_says_nothing() -> None:
    fields = read_fields({})
    assert fields.email_hashed is False
    assert {value for name, value in vars(fields).items() if name != "email_hashed"} == {None}


@given(json_values, st.data())
def test_reading_never_fails(value: Any, data: st.DataObject) -> None:
    credential = draft_credential(FULL_COURSE, FULL_ROW, IDENTITY)
    place: Any = credential
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = value
    read_fields(credential)


def test_another_issuers_credential() -> None:
    fields = read_fields(
        {
            "issuer": {"id": "did:key:z6Mk", "name": {"de": "Schule", "en": "School"}},
            "credentialSubject": [
                {
                    "name": "Maria",
                    "identifier": {"identityType": "emailAddress", "hashed": True, "identityHash": "sha256$x"},
                    "result": {"status": "Completed"},
                    "achievement": {"name": "Course", "creditsAvailable": 2.0},
                }
            ],
            "validFrom": "2026-07-01T00:00:00-11:30",
        }
    )
    assert (fields.institution, fields.recipient, fields.email_hashed) == ("School", "Maria", True)
    assert (fields.grade, fields.credits, fields.course) == ("Completed", "2", "Course")
    assert fields.awarded == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-30T12:00:00Z", datetime(2026, 6, 30, 12, tzinfo=UTC)),
        ("2026-06-30T12:00:00.1234567+05:00", datetime(2026, 6, 30, 12, 0, 0, 123456, tzinfo=PAKISTAN)),
        ("2027-01-01T00:00:00+14:00", datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
        ("2026-06-30T12:00:00-00:00", datetime(2026, 6, 30, 12, tzinfo=UTC)),
    ],
)
def test_timestamps(text: str, moment: datetime) -> None:
    assert parse_timestamp(text) == moment
    assert parse_timestamp(text).utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        *("2026-06-30", "2026-06-30T12:00:00", "2026-06-30 12:00:00Z", "2026-06-30T12:00Z", "20260630T120000Z", ""),
        *("2026-06-30T12:00:00+5:00", "2026-06-30T12:00:00z", "٢٠٢٦-06-30T12:00:00Z", "2026-06-30T12:00:00Z\n"),
        *("2026-06-30T12:00:00.1234567890Z", "2026-06-30T12:00:00.Z", "12026-06-30T12:00:00Z", "-0001-06-30T12:00:00Z"),
    ],
)
def test_what_is_no_timestamp(text: str) -> None:
    with pytest.raises(CredentialError, match="is not a date and time with an offset"):
        parse_timestamp(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-29T12:00:00Z", "2026-06-30T24:00:00Z", "2026-06-30T12:00:60Z", "2026-06-30T12:00:00+14:01"),
        *(
            "2026-06-30T12:00:00+05:60",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-00:01",
        ),
    ],
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(CredentialError, match="is not a date and time that exists"):
        parse_timestamp(text)


def test_validity() -> None:
    assert validity({}) == (None, None)
    start, end = validity({"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00+05:00"})
    assert start is not None
    assert end is not None
    assert start < end
    with pytest.raises(CredentialError, match="The credential's validUntil: 'soon' is not"):
        validity({"validUntil": "soon"})
    with pytest.raises(CredentialError, match="The credential's validFrom is not a text"):
        validity({"validFrom": 2026})
    with pytest.raises(CredentialError, match="The credential's validUntil is not a text"):
        validity({"validUntil": None})


def test_dates_are_compared_exactly() -> None:
    earlier, later = "2026-06-30T12:00:00.000000001Z", "2026-06-30T17:00:00.000000002+05:00"
    assert parse_instant(earlier) < parse_instant(later)
    assert parse_timestamp(earlier) == parse_timestamp(later), "what is shown is cut to microseconds"
    assert parse_instant(earlier) > Instant.of(datetime(2026, 6, 30, 12, tzinfo=UTC)) == Instant.of_seconds(1782820800)
    assert Instant.of(datetime.min.replace(tzinfo=UTC)) == parse_instant("0001-01-01T00:00:00Z")
    assert parse_instant("1969-12-31T23:59:59.999999999Z").seconds == -1


def test_the_issuers_domain(draft: dict[str, Any]) -> None:
    assert issuer_domain(draft) == "darya-university.example"


@pytest.mark.parametrize(
    "issuer",
    [
        *(None, "did:web:uni.example", {}, {"id": 5}, {"id": "uni.example"}, {"id": "did:web:"}, {"id": "did:web:uni"}),
        *({"id": "did:web:Uni.example"}, {"id": "did:web:uni.example:dep"}, {"id": "did:web:uni.example%3A8443"}),
        *({"id": "did:web:did:web:uni.example"}, {"id": "did:web:uni.example#k"}, {"id": "did:web:uni.example "}),
        *({"id": "did:key:z6Mk"}, {"id": ["did:web:uni.example"]}, [{"id": "did:web:uni.example"}]),
    ],
)
def test_an_issuer_without_a_domain(issuer: Any) -> None:
    with pytest.raises(CredentialError, match="The credential's issuer"):
        issuer_domain({"issuer": issuer})
