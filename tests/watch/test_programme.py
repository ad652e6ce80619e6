"""`sanad watch --programme`: institutions, admins and the owner, compared with what the programme did itself."""

from eth_account import Account

from tests.watch.conftest import Watched
from verifier.core.hashes import institution_id

P = "--programme"


def test_what_the_programme_did_is_explained(shared: Watched) -> None:
    admin, domain = Account.create().address, "quetta.example"
    assert shared.watch(0, P) == []
    shared.run("accredit", domain, "Quetta", admin)
    shared.run("suspend", domain)
    assert shared.watch(0, P) == []
    shared.run("reinstate", domain)
    shared.run("registry", "rename", domain, "University of Quetta")
    shared.run("registry", "permit-certifying", domain)
    shared.run("registry", "replace-admin", domain, Account.create().address)
    shared.run("registry", "transfer", admin)
    assert shared.watch(0, P) == []
    shared.run("registry", "transfer", shared.office.deployed.programme.address)  # takes it back
    assert shared.watch(0, P) == []


def test_what_it_did_not_do_is_told_and_undone_as_printed(shared: Watched) -> None:
    deployed, id_ = shared.office.deployed, institution_id(shared.office.domain)
    shared.watch(0, P)
    before = deployed.registry().institution(shared.office.domain)
    thief = Account.create().address
    owner = deployed.programme
    shared.call(owner, "accredit", "mill.example", "Diploma Mill", thief, True)
    shared.call(owner, "rename", id_, "It's another")
    shared.call(owner, "permitCertifying", id_, True)
    shared.call(owner, "suspend", id_)
    shared.call(owner, "transferOwnership", thief)
    shared.call(owner, "replaceAdmin", id_, thief)
    alerts = shared.watch(1, P)
    kinds = sorted((each["kind"], each["domain"]) for each in alerts)
    assert kinds == [
        *[("institution", shared.office.domain)] * 4,
        ("institution", "mill.example"),
        ("owner", deployed.address),
    ]
    assert all(each["text"].split(" The programme's records do not explain it.")[0] for each in alerts)
    for alert in alerts:
        for command in alert["commands"]:
            shared.typed(command)
    after = deployed.registry().institution(shared.office.domain)
    assert {**after, "pendingAdmin": ""} == {**before, "pendingAdmin": ""}
    assert deployed.registry().institution("mill.example")["suspended"]
    assert deployed.registry().pending_owner() == deployed.programme.address
    assert [each["domain"] for each in shared.watch(None, P)] == []
    # What was put right by acts of ours is settled; that somebody was accredited stays until it is seen.
    assert "mill.example was accredited" in shared.run("watch", "seen", P, code=1)
    (left,) = [each for each in alerts if each["domain"] == "mill.example"]
    assert shared.typed(left["seen_command"]) == "1 marked as seen.\n"
    assert shared.watch(0, P) == []


def test_an_institutions_own_hand_over_is_told_with_whom_to_ask(shared: Watched) -> None:
    deployed, id_ = shared.office.deployed, institution_id(shared.office.domain)
    shared.watch(0, P)
    shared.call(deployed.admin, "transferAdmin", id_, deployed.stranger.address)
    shared.call(deployed.stranger, "acceptAdmin", id_)
    (alert,) = shared.watch(1, P)
    assert f"is {deployed.stranger.address} now, and was {deployed.admin.address}" in alert["text"]
    assert "Ask the institution" in alert["text"]
    shared.typed(alert["commands"][0])
    assert deployed.registry().institution(shared.office.domain)["admin"] == deployed.admin.address.lower()
    assert shared.watch(0, P) == []


def test_an_owner_without_issuer_is_watched_as_a_programme(shared: Watched) -> None:
    config = shared.office.folder / "owner" / "sanad.toml"
    config.parent.mkdir()
    text = shared.office.config.read_text()
    issuer, programme = text.index("[issuer]"), text.index("[programme]")
    config.write_text(text[:issuer] + text[programme:].replace('"p', '"../p'))
    words = ("watch", "--once", "--config", str(config))
    first = shared.office.run(*words)
    assert first.exit_code == 0
    assert "This was the first look: later ones compare with" in first.output, "nothing explains what is there"
    result = shared.office.run(*words)
    assert (result.exit_code, result.output) == (
        0,
        f"Everything under the registry {shared.office.deployed.address} is explained by our records.\n",
    )


def test_owner_and_successor(shared: Watched) -> None:
    deployed = shared.office.deployed
    shared.watch(0, P)
    shared.call(deployed.programme, "transferOwnership", deployed.stranger.address)
    shared.call(deployed.stranger, "acceptOwnership")
    shared.call(deployed.stranger, "nameSuccessor", 56, deployed.admin.address)
    texts = " ".join(each["text"] for each in shared.watch(1, P))
    assert f"The registry's owner is {deployed.stranger.address} now" in texts
    assert f"{deployed.admin.address} on chain 56 was named as the registry that takes this one's place" in texts
    (told,) = [each for each in shared.watch(1) if each["kind"] == "registry"]  # the institution hears of it too
    assert f"{deployed.admin.address} on chain 56" in told["text"]
