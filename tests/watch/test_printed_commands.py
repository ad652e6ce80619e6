"""Every command that an alert prints is typed as printed, and leads where the person wanted."""

import json
from typing import Any

from eth_account import Account

from tests.watch.conftest import Watched
from verifier.core.hashes import institution_id, to_hex


def commands(alerts: list[dict[str, Any]], word: str) -> list[str]:
    """The commands of the one alert whose text has a word."""
    (alert,) = [each for each in alerts if word in each["text"]]
    return list(alert["commands"])


def test_each_theft_is_stopped_from_its_own_moment_and_honest_batches_stay_valid(watched: Watched) -> None:
    office = watched.office
    other = watched.key()
    assert watched.watch(0) == []
    first = watched.issue(other)
    forged = watched.issue(office.deployed.signer)
    watched.run("batches", "--accept-missing", "--yes")
    assert office.issue(out="later", code="BC-302").exit_code == 0  # honest, by the key that is stolen
    alerts = watched.watch(1)
    assert [other.address in each["text"] for each in alerts].count(True) == 1
    for alert in alerts:
        (command,) = alert["commands"]
        watched.typed(command)
    assert (watched.counts(first), watched.counts(forged)) == (False, False)
    assert watched.verdicts() == {"valid"}
    assert watched.verdicts("later") == {"valid"}
    assert watched.watch(0) == []  # stopped, and our own acts: nothing is left to be seen


def test_a_batch_that_only_the_archive_has_is_kept_by_its_root(watched: Watched) -> None:
    office = watched.office
    watched.watch(0)
    watched.issue(office.deployed.signer)
    watched.run("batches", "--accept-missing", "--yes")
    assert office.issue(out="later", code="BC-302").exit_code == 0
    root = json.loads(sorted((office.folder / "later").glob("*.json"))[0].read_bytes())["root"]
    # A colleague's office issued it, with records of its own and the same archive.
    text = office.config.read_text()
    office.config.write_text(text.replace('data = "data"', 'data = "colleague"'))
    (command,) = commands(watched.watch(1), office.deployed.signer.address)
    assert f"--keep {root}" in command
    watched.typed(command)
    assert watched.verdicts("later") == {"valid"}


def test_a_strange_revocation_is_undone(watched: Watched) -> None:
    office = watched.office
    watched.watch(0)
    commitment = bytes.fromhex(office.verdicts(office.pdfs[0])[0]["commitment"][2:])
    office.deployed.revoke(office.deployed.signer, [commitment], 3, office.domain)
    (command,) = commands(watched.watch(1), to_hex(commitment))
    watched.typed(command)
    assert watched.verdicts() == {"valid"}
    assert watched.watch(0) == []


def test_a_revocation_of_a_strangers_certificate_names_its_writer_too(watched: Watched) -> None:
    watched.watch(0)
    key = watched.key()
    watched.run("watch", "seen", "--all")
    watched.watch(None)
    watched.run("watch", "seen", "--all")
    watched.office.deployed.revoke(key, [bytes([5] * 32)], 3, watched.office.domain)
    (alert,) = [each for each in watched.watch(1) if each["kind"] == "revocation"]
    assert "none of the certificates known" not in alert["text"]
    assert key.address in alert["text"]
    watched.typed(alert["commands"][0])
    assert watched.watch(0) == []


def test_what_the_admins_key_changed_is_put_right(watched: Watched) -> None:
    office, id_ = watched.office, institution_id(watched.office.domain)
    deployed = office.deployed
    watched.watch(0)
    strange, root = Account.create(), bytes.fromhex(json.loads(office.envelopes[0].read_bytes())["root"][2:])
    watched.call(deployed.admin, "authorise", id_, strange.address)
    watched.call(deployed.admin, "withdraw", id_, root)
    watched.call(deployed.admin, "transferAdmin", id_, deployed.stranger.address)
    watched.call(deployed.admin, "remove", id_, deployed.signer.address)
    alerts = watched.watch(1)
    assert {each["kind"] for each in alerts} == {"key", "batch", "role", "status list"}
    for word in (f"{strange.address} may issue", "was withdrawn", "was nominated", "may no longer issue"):
        (command,) = commands(alerts, word)
        watched.typed(command)
    assert watched.verdicts() == {"valid"}
    facts = deployed.registry()
    assert facts.key(office.domain, strange.address)["distrustedSince"]
    assert facts.key(office.domain, deployed.signer.address)["authorised"]
    assert facts.institution(office.domain)["pendingAdmin"] == deployed.admin.address.lower()
    assert watched.watch(0) == []  # put right by acts of ours


def test_distrust_that_nobody_of_ours_spoke_is_lifted_and_spoken_again(watched: Watched) -> None:
    office, id_ = watched.office, institution_id(watched.office.domain)
    signer = office.deployed.signer.address
    watched.watch(0)
    watched.call(office.deployed.admin, "distrust", id_, signer, 1)
    (command,) = commands(watched.watch(1), f"{signer} of")
    assert watched.verdicts() == {"untrusted"}
    watched.typed(command)
    assert watched.verdicts() == {"valid"}
    assert watched.watch(0) == []
    since = office.deployed.registry().institution(office.domain)["accreditedAt"]
    watched.run("distrust", office.domain, signer, "--since", "2026-01-01T00:00:00Z", "--keep-recorded")
    watched.watch(0)
    watched.call(office.deployed.admin, "liftDistrust", id_, signer)
    (command,) = commands(watched.watch(1), "is distrusted no more")
    watched.typed(command)
    assert 0 < office.deployed.registry().key(office.domain, signer)["distrustedSince"] <= since
    assert watched.watch(0) == []
