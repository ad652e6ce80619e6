"""What becomes of a roster's rows is told from the records, wherever they are."""

from dataclasses import replace
from pathlib import Path

import issuer
from issuer.batches.dispositions import dispositions
from issuer.course.course import load_course
from issuer.credential.achievement import achievement_id
from issuer.office.class_report import issued_already
from issuer.records import Records, RecordsPlace
from issuer.roster import Roster, Row
from tests.store.samples import batch, drafts

COURSE = load_course(Path(issuer.__file__).parent / "samples" / "course.toml")


def test_who_has_the_course_is_told_from_either_database(place: RecordsPlace, store: Records, tmp_path: Path) -> None:
    config = tmp_path / "sanad.toml"
    records = "" if place.file is not None else f'records = "{place.url.render_as_string()}"\n'
    config.write_text(f'[issuer]\ndata = "."\nsigner_key = "a"\ninstitution_key = "b"\n{records}')
    assert issued_already(COURSE, config) == {}

    domain, achievement = COURSE.institution.domain, achievement_id(COURSE)
    had = [replace(draft, achievement=achievement) for draft in drafts(2)]
    store.add_batch(batch(2, domain=domain), had)
    issued = issued_already(COURSE, config)
    assert issued is not None
    assert sorted(issued) == ["number 1", "number 2"]

    rows = (*(draft.row for draft in had), Row(9, "Sana", "9"))
    found = dispositions(Roster(rows), issued, again=["3"])
    assert [row.number for row in found.to_issue] == [3, 9]
    assert [each.row.number for each in found.issued] == [2]
    assert found.issued[0].waits
