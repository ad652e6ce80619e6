"""`sanad watch seen`: who has seen what, and what is then no longer reported or counted."""

import json
import re
from pathlib import Path

from issuer.watch.memory import MemoryFile
from tests.watch.conftest import Watched
from verifier.core.hashes import institution_id


def test_after_one_oddity_once_ends_with_nothing_again(shared: Watched) -> None:
    assert shared.watch(0) == []
    assert "No alert is open" in shared.run("watch", "seen")
    key = shared.key()
    (alert,) = shared.watch(1)
    assert alert["kind"] == "key"
    listed = shared.run("watch", "seen", code=1)
    assert f"{alert['id']}  open\n" in listed
    assert f"If it is in order: sanad watch seen {alert['id']}" in listed
    assert f"{key.address} may issue" in listed

    assert shared.typed(alert["seen_command"]) == "1 marked as seen.\n"
    assert shared.watch(0) == []
    (one,) = json.loads(shared.run("watch", "seen", "--json"))
    assert (one["id"], sorted(one["seen"])) == (alert["id"], ["at", "who"])
    assert re.search(rf"{alert['id']}  seen by \w+ at 20\d\d-", shared.run("watch", "seen"))

    assert shared.run("watch", "seen", alert["id"], "--undo") == "1 open again.\n"
    assert shared.watch(1) == []  # counted again, and told already
    assert shared.run("watch", "seen", "--all") == "1 marked as seen.\n"

    forged = shared.issue(key)
    (theft,) = shared.watch(1)  # another matter than the one that was seen
    assert f"0x{forged.hex()}" in theft["text"]
    shared.run("watch", "seen", "--all")
    assert shared.watch(0) == []
    second = shared.issue(key)
    (more,) = shared.watch(1)  # it does not stay the same, so it is told again
    assert (f"0x{second.hex()}" in more["text"], "2 batches" in more["text"]) == (True, True)
    shared.run("watch", "seen", "--all")


def test_what_is_typed_wrongly_is_said(shared: Watched) -> None:
    assert "There is no alert 12345678 now. sanad watch seen lists them." in shared.run(
        "watch", "seen", "12345678", code=2
    )
    assert "Give either alerts or --all." in shared.run("watch", "seen", "12345678", "--all", code=2)
    told = shared.office.run("watch", "--once", "seen")
    assert (told.exit_code, "Write the options after sanad watch seen." in told.output) == (2, True)


def test_records_that_were_lost_are_an_alert_and_no_theft(shared: Watched) -> None:
    assert shared.watch(0) == []
    data, archive = (shared.office.folder / name for name in ("data/records.sqlite", "archive/batches"))
    data.rename(data.with_suffix(".away"))
    archive.rename(archive.with_suffix(".away"))
    try:
        (alert,) = [each for each in shared.watch(1) if each["kind"] == "memory"]
        assert "1 batch of" in alert["text"]
        assert "sanad restore" in alert["text"]
    finally:
        data.with_suffix(".away").rename(data)
        archive.with_suffix(".away").rename(archive)
    shared.watch(0)


def test_an_archive_that_cannot_be_read_is_no_theft(shared: Watched) -> None:
    archive = shared.office.folder / "archive" / "batches"
    archive.rename(archive.with_suffix(".away"))
    archive.write_text("a file")
    try:
        result = shared.office.run("watch", "--once", "--config", str(shared.office.config))
    finally:
        archive.unlink()
        archive.with_suffix(".away").rename(archive)
    assert result.exit_code == 3
    assert "cannot be read: Not a directory." in result.stderr
    assert shared.watch(0) == []


def test_the_memory_is_that_of_one_registry_on_one_chain(shared: Watched) -> None:
    """And what an earlier version kept, by the address alone, is taken over once."""
    shared.watch(0)
    deployed, domain = shared.office.deployed, shared.office.domain
    folder = shared.office.folder / "data" / "watch"
    (kept,) = folder.rglob("watch-*.json")
    assert kept.parent.name == f"{deployed.chain.chain_id}-{deployed.address.lower()}"
    record = deployed.registry().institution(domain)
    roles = {name: record[name] for name in ("suspended", "mayCertify", "name")}
    roles |= {"admin": deployed.admin.address, "pendingAdmin": "0x" + "0" * 40}
    key = {"authorised": True, "distrustedSince": 0}
    old = {"explained_at": 1, "revocations": 0, "unseen_revocations": 0, "roles": {**roles, "name": "Old"}}
    old |= {"keys": {deployed.signer.address: key}, "withdrawn": []}
    earlier = folder / deployed.address.lower() / kept.name
    earlier.parent.mkdir()
    seen = kept.with_name(kept.name.replace("watch-", "seen-"))
    kept.unlink()
    seen.rename(seen.with_suffix(".away"))
    earlier.write_text(json.dumps({"memory": old, "told": {}}))
    try:
        told = {each["text"] for each in shared.watch(1) if each["kind"] in ("role", "key")}
    finally:
        seen.with_suffix(".away").rename(seen)
    assert told == {f"The programme has renamed {domain} from 'Old' to {record['name']!r}."}
    assert not earlier.parent.exists()
    assert shared.run("watch", "seen", "--all")


def test_two_registries_at_one_address_have_memories_of_their_own(shared: Watched, tmp_path: Path) -> None:
    from issuer.watch.notifying import Log
    from issuer.watch.opening import Opener

    office = shared.office
    text, address = office.config.read_text(), office.deployed.address
    again = text[text.index("[[registry]]") : text.index("[issuer]")].replace(
        f"chain_id = {office.deployed.chain.chain_id}", "chain_id = 97"
    )
    (tmp_path / "sanad.toml").write_text(
        text.replace("[issuer]", f"{again}\n[issuer]") + "[watch]\ndomains = ['a.example']\n"
    )
    (earlier := tmp_path / "data" / "watch" / address.lower()).mkdir(parents=True)
    (earlier / "watch-a.example.json").write_text(
        '{"memory": {"roles": {}, "keys": {}, "withdrawn": [], "explained_at": 1}, "told": {}}'
    )
    plan = Opener(tmp_path / "sanad.toml", Log(True)).first()
    memories = [watch.memory for watch in plan.watches]
    assert len({memory.path for memory in memories}) == 2
    assert [memory.load().memory for memory in memories] == [{}, {}]  # nobody knows whose the earlier one was
    assert isinstance(memories[0], MemoryFile)


def test_an_admin_on_a_machine_of_their_own_is_explained_by_the_exported_trail(shared: Watched) -> None:
    shared.watch(0)
    office = shared.office
    deployed, id_ = office.deployed, institution_id(office.domain)
    stranger = deployed.stranger.address
    shared.call(deployed.admin, "authorise", id_, stranger)
    act = {
        "institution": office.domain, "chain_id": deployed.chain.chain_id, "registry": deployed.address,
        "key": deployed.admin.address, "outcome": "done", "function": "authorise",
        "arguments": {"institution": "0x" + id_.hex(), "signer": stranger},
    }  # fmt: skip
    text = office.config.read_text()
    office.config.write_text(text + '[watch]\nexplained = ["acts.json"]\n')
    try:
        trail = office.folder / "acts.json"
        assert "acts.json" in office.run("watch", "--once", "--config", str(office.config)).stderr  # not there: blind
        for spoilt in ("", "[]", '{"sanad_trail": 2, "acts": []}', '{"sanad_trail": 1, "acts": [{}]}'):
            trail.write_text(spoilt)
            result = office.run("watch", "--once", "--config", str(office.config))
            assert (result.exit_code, "is not what sanad trail --json writes" in result.stderr) == (3, True)
        for wrong in ({"chain_id": 1}, {"registry": stranger}, {"outcome": "reverted"}, {"institution": "b.example"}):
            trail.write_text(json.dumps({"sanad_trail": 1, "acts": [{**act, **wrong}]}))
            shared.watch(1)
        trail.write_text(json.dumps({"sanad_trail": 1, "made": "", "acts": [act]}))
        assert shared.watch(0) == []
    finally:
        office.config.write_text(text)
    shared.watch(0)
