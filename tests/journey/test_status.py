"""A revocation is in the status list when the command that revokes returns, on a chain whose finality trails too."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.journey.office import Office
from verifier.archive_folder import FolderArchive
from verifier.core.status_list import is_revoked


def _listed(office: Office, own: dict[str, Any]) -> dict[str, Any]:
    identifier = own["credentialStatus"]["statusListCredential"].rpartition("/")[2]
    found = FolderArchive(office.folder / "archive").status_list(office.domain, identifier, "127.0.0.1:8000")
    assert found is not None
    return dict(json.loads(found))


def test_the_list_has_what_was_just_revoked(office: Office) -> None:
    told = office.issue()
    assert told.exit_code == 0, told.output
    assert "not published" not in told.output
    own = [json.loads(path.read_bytes())["credential"] for path in office.envelopes[:2]]
    assert "validUntil" not in _listed(office, own[0])
    hash_ = office.verdicts(office.envelopes[1])[0]["hash"]
    told = office.run("revoke", hash_, "--reason", "data-error", "--config", str(office.config))
    assert told.exit_code == 0, told.output
    assert "not published" not in told.output
    assert "Not every status list" not in told.output
    moment = datetime(2100, 1, 1, tzinfo=UTC)  # a chain for trials may be ahead of the clock
    assert [is_revoked(each, _listed(office, each), moment) for each in own] == [False, True]
