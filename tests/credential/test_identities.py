import re
from datetime import UTC, datetime

from issuer.credential import identity
from issuer.credential.identity import STATUS_LIST_LENGTH, draw_identities, draw_indexes, draw_status_list

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


LIST = "1f0a4e529d5a1e2c947b3d4f608a21c9"


def test_identities_are_random_and_distinct() -> None:
    drawn = draw_identities([(LIST, index) for index in range(500)])
    ids = [value for one in drawn for value in (one.credential_id, one.subject_id)]
    assert all(UUID4.fullmatch(value) for value in ids)
    assert len(set(ids)) == 1000
    assert [(one.status_list, one.status_index) for one in drawn] == [(LIST, index) for index in range(500)]
    assert len({one.email_salt for one in drawn}) == 500


def test_places_are_drawn_by_chance_over_the_whole_list() -> None:
    drawn = draw_indexes(500, ())
    assert len(set(drawn)) == 500
    assert drawn != sorted(drawn)
    assert max(drawn) > 10_000, "spread over the whole list, not its beginning"


def test_no_place_is_given_twice_and_a_full_list_gives_what_it_has() -> None:
    assert set(draw_indexes(1000, set(range(1000, STATUS_LIST_LENGTH)))) == set(range(1000))
    assert set(draw_indexes(10, set(range(3, STATUS_LIST_LENGTH)))) == {0, 1, 2}
    assert draw_indexes(10, range(STATUS_LIST_LENGTH)) == []


def test_a_list_s_identifier_is_32_hex_digits_and_never_the_same() -> None:
    drawn = {draw_status_list() for _ in range(100)}
    assert len(drawn) == 100
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in drawn)


def test_the_moment_is_cut_to_seconds() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    assert draw_identities([(LIST, 0)], moment)[0].drafted == moment.replace(microsecond=0)


def test_the_list_length_is_fixed() -> None:
    assert identity.STATUS_LIST_LENGTH == 131_072
