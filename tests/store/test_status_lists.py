"""Status lists in the records, the same on SQLite and PostgreSQL; and what tells records from a copy of them."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from issuer.records import Records, RecordsPlace
from issuer.records.database import Database
from issuer.records.place import in_folder
from issuer.records.status_lists import this_copy
from issuer.records.upgrading import migrate
from tests.store.samples import DOMAIN, batch, drafts
from tests.store.test_upgrading import old_data

ORIGIN = "https://verify.example"


def test_lists_are_begun_closed_and_published(store: Records) -> None:
    lists = store.status_lists
    one, other = lists.begin(DOMAIN, ORIGIN), lists.begin(DOMAIN, "https://another.example")
    assert one.id != other.id
    assert lists.open(DOMAIN, ORIGIN) == [one]
    assert {each.id for each in lists.of(DOMAIN)} == {one.id, other.id}
    lists.set_published(one.id, b"p" * 32)
    assert [each.published for each in lists.open(DOMAIN, ORIGIN)] == [b"p" * 32]
    lists.close(one.id, "it is full")
    lists.close(one.id, "again")
    assert lists.open(DOMAIN, ORIGIN) == []
    assert lists.close_all("college.example", "why") == 0
    assert lists.close_all(None, "why") == 1
    told = [(each.did, each.facts) for each in store.trail.entries()]
    assert told.count(("status list closed", {"list": one.id, "why": "it is full"})) == 1
    assert len(told) == 4


def test_the_places_of_a_list_are_those_of_built_certificates(store: Records) -> None:
    own, made = store.status_lists.begin(DOMAIN, ORIGIN), batch()
    whole = drafts(status_list=own.id)
    store.add_batch(made, whole)
    assert store.status_lists.taken(own.id) == {each.identity.status_index for each in whole}
    assert store.status_lists.places(DOMAIN) == []
    store.set_built(made.id, b"r" * 32, [(bytes([n]) * 32, b"s" * 32) for n in range(3)])
    store.erase(made.id, 1)
    found = {each.position: each for each in store.status_lists.places(DOMAIN)}
    assert {at: each.index for at, each in found.items()} == {
        each.position: each.identity.status_index for each in whole
    }
    assert [found[at].hash for at in range(3)] == [bytes(32), None, bytes([2]) * 32]
    assert {(each.list, each.origin, each.root) for each in found.values()} == {(own.id, ORIGIN, b"r" * 32)}


def test_a_copy_of_the_file_is_another(tmp_path: Path) -> None:
    one, other = in_folder(tmp_path / "one"), in_folder(tmp_path / "other")
    with closing(Records(one)) as store:
        own = store.status_lists.begin(DOMAIN, ORIGIN)
        assert store.status_lists.open(DOMAIN, ORIGIN) == [own]
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    with closing(Records(other)) as store:
        assert store.status_lists.open(DOMAIN, ORIGIN) == []
        assert [each.id for each in store.status_lists.of(DOMAIN)] == [own.id]
        assert this_copy(store.database) != own.copy
    with closing(Records(one)) as store:
        assert store.status_lists.open(DOMAIN, ORIGIN) == [own], "the original goes on"
    (tmp_path / "one").rename(tmp_path / "moved")
    with closing(Records(in_folder(tmp_path / "moved"))) as store:
        assert store.status_lists.open(DOMAIN, ORIGIN) == [own], "a folder that got another name is no copy"


def test_another_database_is_another(postgres: Callable[[], RecordsPlace]) -> None:
    with closing(Records(postgres())) as one, closing(Records(postgres())) as other:
        assert this_copy(one.database) == this_copy(one.database) != this_copy(other.database)


def test_numbered_lists_of_before_are_closed(place: RecordsPlace) -> None:
    migrate(place, "0001")
    with closing(Database(place)) as database:
        database.write(old_data)
    migrate(place, "0002")
    with closing(Database(place)) as database:
        far = text("UPDATE certificates SET status_index = 131072 + 7, identity = '{}' WHERE batch = 'b2'")
        database.write(lambda connection: connection.execute(far))
    with closing(Records(place)) as store:
        found = store.status_lists.of("a.example")
        assert len(found) == 2
        assert all(each.closed is not None and each.published is None for each in found)
        assert store.status_lists.open("a.example", "https://v") == []
        places = {each.root: (each.list, each.index) for each in store.status_lists.places("a.example")}
        assert set(places) == {b"r" * 32, b"s" * 32}
        assert (places[b"s" * 32][1], len({each for each, _ in places.values()})) == (7, 2)
        (draft,) = store.drafts("b1")
        assert draft.identity.status_list == places[b"r" * 32][0]
