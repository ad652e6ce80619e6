import re
from datetime import UTC, datetime

from issuer.certificate import identity
from issuer.certificate.identity import STATUS_LIST_LENGTH, draw_identities

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_identities_are_random_and_distinct() -> None:
    drawn = draw_identities(500, [])
    ids = [value for one in drawn for value in (one.credential_id, one.subject_id)]
    assert all(UUID4.fullmatch(value) for value in ids)
    assert len(set(ids)) == 1000
    assert len({one.status_index for one in drawn}) == 500
    assert len({one.email_salt for one in drawn}) == 500
    assert [one.status_index for one in drawn] != sorted(one.status_index for one in drawn)
    assert max(one.status_index for one in drawn) > 10_000, "spread over the whole list, not its beginning"


def test_no_place_is_given_twice() -> None:
    taken = set(range(1000, STATUS_LIST_LENGTH))
    drawn = {one.status_index for one in draw_identities(1000, taken)}
    assert drawn == set(range(1000))


def test_a_full_list_is_followed_by_the_next() -> None:
    taken = set(range(STATUS_LIST_LENGTH - 3))
    drawn = draw_identities(10, taken)
    assert {one.status_index for one in drawn[:3]} == set(range(STATUS_LIST_LENGTH - 3, STATUS_LIST_LENGTH))
    assert [one.status_list for one in drawn] == [1] * 3 + [2] * 7
    assert all(0 <= one.status_list_index < STATUS_LIST_LENGTH for one in drawn)
    assert all(one.status_index == STATUS_LIST_LENGTH + one.status_list_index for one in drawn[3:])


def test_the_moment_is_cut_to_seconds() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    assert draw_identities(1, [], moment)[0].drafted == moment.replace(microsecond=0)


def test_the_list_length_is_fixed() -> None:
    assert identity.STATUS_LIST_LENGTH == 131_072
