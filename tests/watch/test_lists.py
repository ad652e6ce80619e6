"""Status lists that say something else than the registry, that are missing, or that are not genuine."""

import json

from tests.watch.conftest import Watched


def test_a_list_that_others_made_wrong_is_published_as_printed(shared: Watched) -> None:
    office, deployed = shared.office, shared.office.deployed
    assert shared.watch(0) == []
    commitment = bytes.fromhex(office.verdicts(office.pdfs[0])[0]["commitment"][2:])
    deployed.revoke(deployed.admin, [commitment], 3, office.domain)  # another office of ours, whose lists are elsewhere
    alerts = shared.watch(1)
    (alert,) = [each for each in alerts if each["kind"] == "status list"]
    assert "of 1 of its places" in alert["text"]
    assert "1 that are revoked are shown as good" in alert["text"]
    (command,) = alert["commands"]
    assert command.startswith(f"sanad status publish {office.domain}")
    shared.typed(command)
    assert [each for each in shared.watch(None) if each["kind"] == "status list"] == []
    shared.run("watch", "seen", "--all")
    assert shared.watch(0) == []


def test_a_list_that_is_missing_or_not_ours_is_told(shared: Watched) -> None:
    (path,) = (shared.office.folder / "archive" / "status").rglob("*.json")
    whole = path.read_bytes()
    listed = json.loads(whole)
    spoilt = json.dumps({**listed, "validFrom": "2020-01-01T00:00:00Z"}).encode()
    try:
        for data, told in (
            (None, "is missing in the archive"),
            (spoilt, "is not the institution's list"),
            (b"", "is not"),
        ):
            path.unlink(missing_ok=True)
            if data is not None:
                path.write_bytes(data)
            (alert,) = shared.watch(1)
            assert (alert["kind"], told in alert["text"], alert["commands"]) == ("status list", True, [])
            assert "sanad status publish" in alert["text"]
    finally:
        path.write_bytes(whole)
    foreign = path.with_name("0" * 32 + ".json")
    foreign.write_bytes(whole)
    (alert,) = shared.watch(1)
    assert foreign.name in alert["text"]
    foreign.unlink()
    assert shared.watch(0) == []
