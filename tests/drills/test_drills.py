"""docs/drills.md: every drill typed as it is printed; then what a verifier says of honest and forged certificates."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

from tests.chain_fixtures import ChainNode
from tests.drills.conftest import DOMAIN, Place
from tests.pointers import slug_of
from tests.printed import blocks, outside, page, sections

CLASS = "Student Number,Name\n1,Ayesha Khan\n2,Bilal Ahmed\n"


def address_in(printed: str) -> str:
    """The address that a new key has."""
    found = re.search(r"^address +(0x\w{40})$", printed, re.MULTILINE)
    assert found, printed
    return found[1]


def root_of(file: Path) -> str:
    """The batch that a certificate is of."""
    return str(json.loads(file.with_suffix(".json").read_text())["root"])


def test_a_professors_key_is_stolen(place: Place) -> None:
    before = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    since = place.now()
    honest = [*before, *place.issue("2", "Hira Iqbal", "Zoë Fernandes")]
    place.revoke(honest[3])
    thief = place.thief("signer")
    forged = [thief.issue(str(number), f"A Buyer {number}")[0] for number in (7, 8, 9)]
    assert place.verdicts(*honest, *forged) == ["valid"] * 3 + ["revoked"] + ["valid"] * 3

    night = place.night("A professor's key is stolen")
    night.type(DOMAIN=DOMAIN, STOLEN=place.deployed.signer.address, SINCE=since)
    night.type()
    new = address_in(night.type())
    night.type(NEW=new)
    night.type(NEW=new)
    night.over()

    assert place.verdicts(*honest, *forged) == ["valid"] * 3 + ["revoked"] + ["untrusted"] * 3
    (later,) = place.issue("3", "Ömer Ansari")
    assert place.verdicts(later) == ["valid"]


def test_the_admins_key_is_stolen(place: Place) -> None:
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed", "Hira Iqbal")
    place.revoke(honest[0], "admin")
    since = place.now()
    place.revoke(honest[1], "admin")
    withdrawn = place.issue("2", "Zoë Fernandes")
    place.sanad("withdraw", DOMAIN, root_of(withdrawn[0]))
    thief = place.thief("stranger")
    place.deployed.revoke(place.deployed.admin, [place.commitment(honest[2])], 3, DOMAIN)
    own = thief.deployed.signer.address
    thief.sanad("authorise", DOMAIN, own)
    forged = thief.issue("9", "A Buyer")
    assert place.verdicts(*honest, *forged) == ["revoked"] * 3 + ["valid"]

    old, night = place.deployed.admin.address, place.night("The admin's key is stolen")
    new = address_in(night.type())
    night.type(DOMAIN=DOMAIN, OLD=old, NEW=new, SINCE=since)
    assert own in night.type(DOMAIN=DOMAIN)
    night.type(THIEF=own, SINCE=since)
    night.type(OLD=old)
    night.type()
    night.over()

    assert place.verdicts(*honest, *withdrawn, *forged) == ["revoked", "revoked", "valid", "untrusted", "untrusted"]


def test_the_institutions_signing_key_is_stolen(place: Place) -> None:
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    place.revoke(honest[1])
    night = place.night("The institution's signing key is stolen")
    (stolen,) = re.findall(r"z6Mk\w+", night.type())
    night.type(STOLEN=stolen, SINCE=place.now())
    night.type()
    night.type()
    night.over()
    published = json.loads((place.office.folder / "did.json").read_text())["verificationMethod"]
    assert [(each["id"].rpartition("#")[2] == stolen, "revoked" in each) for each in published[:2]] == [
        (True, True),
        (False, False),
    ]
    assert place.verdicts(*honest, *place.issue("2", "Hira Iqbal")) == ["valid", "revoked", "valid"]


def test_a_professors_key_is_lost(place: Place) -> None:
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    night = place.night("A professor's key or passphrase is lost")
    new = address_in(night.type())
    night.type(DOMAIN=DOMAIN, LOST=place.deployed.signer.address, NEW=new)
    night.type(NEW=new)
    night.over()
    place.revoke(honest[1], "admin")
    assert place.verdicts(*honest, *place.issue("2", "Hira Iqbal")) == ["valid", "revoked", "valid"]


def test_the_admins_key_is_lost(place: Place) -> None:
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    place.revoke(honest[1], "admin")
    night = place.night("The admin's key or passphrase is lost")
    new = address_in(night.type())
    night.type(DOMAIN=DOMAIN, NEW=new)
    night.type(DOMAIN=DOMAIN)
    night.over()
    place.revoke(honest[0], "admin-new")
    assert place.verdicts(*honest) == ["revoked", "revoked"]


def test_the_institutions_signing_key_is_lost(place: Place) -> None:
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    night = place.night("The institution's signing key or passphrase is lost")
    night.type()
    night.over()
    published = json.loads((place.office.folder / "did.json").read_text())["verificationMethod"]
    assert sum("publicKeyMultibase" in each for each in published) == 2
    place.revoke(honest[1])
    assert place.verdicts(*honest, *place.issue("2", "Hira Iqbal")) == ["valid", "revoked", "valid"]


def test_a_professor_leaves(place: Place) -> None:
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    night = place.night("A professor leaves")
    night.type(DOMAIN=DOMAIN, LEAVING=place.deployed.signer.address)
    night.over()
    refused = place.office.issue("Student Number,Name\n1,Hira Iqbal\n", "2", code="BC-2")
    assert refused.exit_code == 2
    assert "is not an authorised signer" in refused.output
    place.revoke(honest[1], "admin")
    assert place.verdicts(*honest) == ["valid", "revoked"]


def test_the_universitys_domain_changed(place: Place) -> None:
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    other, deployed = "new-university.example", place.deployed
    night = place.night("The university's domain changed")
    night.type(NEW_DOMAIN=other, NAME="A University", ADMIN=deployed.admin.address, answer=other)
    night.type(NEW_DOMAIN=other, PROFESSOR=deployed.signer.address)
    night.type(OLD_DOMAIN=DOMAIN)
    night.over()
    assert f'domain = "{other}"' in (place.office.folder / "course.toml").read_text()
    later = replace(place, office=replace(place.office, domain=other)).issue("2", "Hira Iqbal")
    place.revoke(honest[1])
    assert place.verdicts(*honest, *later) == ["valid", "revoked", "valid"]


def test_a_student_is_erased(place: Place) -> None:
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    kept = place.folder / "kept-by-the-student.pdf"
    kept.write_bytes(honest[1].read_bytes())
    night = place.night("A student asks to be erased")
    night.type(NUMBER="2")
    night.over()
    assert not honest[1].exists()
    assert place.verdicts(honest[0], kept) == ["valid", "valid"]
    (found,) = place.office.verdicts(place.office.folder / "1" / "001-Ayesha-Khan.pdf")
    assert found["verdict"] == "valid"


def test_the_records_are_lost(place: Place) -> None:
    files = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    (place.office.folder / "1" / "course.toml").write_text((place.office.folder / "course.toml").read_text())
    shutil.rmtree(place.office.folder / "data")
    night = place.night("The records are lost")
    night.type(FILES=str(place.office.folder / "1"))
    night.over()
    place.revoke(files[1])
    assert place.verdicts(*files) == ["valid", "revoked"]
    assert "2 who have it already" in place.office.issue(CLASS, "again", code="BC-1").output


def test_the_archive_is_lost(place: Place) -> None:
    files = place.issue("1", "Ayesha Khan", "Bilal Ahmed")
    place.revoke(files[1])
    hashes = [each["hash"] for each in place.office.verdicts(*files)]
    shutil.rmtree(place.office.folder / "archive")
    night = place.night("The archive is lost")
    night.type(FILES=str(place.office.folder / "1"))
    night.over()
    assert [each["verdict"] for each in place.office.verdicts(*hashes)] == ["valid", "revoked"]


def test_the_programmes_key_is_lost(place: Place, other_chain: ChainNode) -> None:
    honest = place.issue("1", "Ayesha Khan")
    place.moved_to(other_chain)
    night = place.night("The programme's key or passphrase is lost")
    night.type(OLD="bsc-testnet", NEW="opbnb-testnet")
    night.over()
    assert place.verdicts(*honest) == ["valid"]


def test_the_registry_is_moved(place: Place, other_chain: ChainNode) -> None:
    """To the same address on another chain."""
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed", "Hira Iqbal")
    place.revoke(honest[1])
    there = place.moved_to(other_chain)
    assert there.address == place.deployed.address
    both = {"OLD": "bsc-testnet", "NEW": "opbnb-testnet"}
    show = "registry", "show", "--config", str(place.office.config), "--registry"
    assert f"Give address and network: {there.address}@bsc-testnet." in place.office.run(*show, there.address).output
    for named in (f"{there.address}@opbnb-testnet", f"opbnb-testnet:{there.address.lower()}", "opbnb-testnet"):
        assert "chain_id        5611" in place.office.run(*show, named).output
    night = place.night("The registry is moved")
    night.type(**both, FROM=str(place.office.folder / "archive" / "batches"), code=3)
    night.type(DOMAIN=DOMAIN, **both, PROFESSOR=there.signer.address)
    back = "reanchor", "--from", "opbnb-testnet", "--to", "bsc-testnet", "--yes", "--config", str(place.office.config)
    ring = place.office.run(*back)
    assert (ring.exit_code, "This would lead in a ring: the batch 0x" in ring.output) == (2, True), ring.output
    night.type()
    night.over()
    place.leave_old()
    place.issue("2", "Zoë Fernandes")
    assert place.verdicts(*honest, *sorted((place.office.folder / "2").glob("*.pdf"))) == [
        *("valid", "revoked", "valid", "valid"),
    ]
    refused = place.office.run(*back)
    assert refused.exit_code == 2
    assert "This is the wrong way round" in refused.output
    assert f"--from {there.address}@bsc-testnet --to {there.address}@opbnb-testnet" in refused.output


def test_the_chain_is_dead(doomed: Place, other_chain: ChainNode) -> None:
    """Forged batches and their revocations stay behind; what was revoked after the state was kept is carried."""
    place = doomed
    honest = place.issue("1", "Ayesha Khan", "Bilal Ahmed", "Hira Iqbal")
    place.revoke(honest[1])
    withdrawn = place.issue("2", "Zoë Fernandes")
    root = root_of(withdrawn[0])
    place.sanad("withdraw", DOMAIN, root)
    place.sanad("withdraw", DOMAIN, root, "--undo")
    thief = place.thief("stranger")
    place.sanad("authorise", DOMAIN, thief.deployed.signer.address)
    forged = thief.issue("9", "A Buyer")
    place.take_batch_files(thief)
    place.deployed.revoke(place.deployed.stranger, [place.commitment(honest[2])], 3, DOMAIN)  # in its own name: in vain
    place.revoke(withdrawn[0], "admin")
    place.sanad("distrust", DOMAIN, thief.deployed.signer.address, "--since", "2026-01-01T00:00:00Z")

    night = place.night("The chain is dead")
    night.type()
    place.programme_takes_batch_files()
    night.type()
    later = place.issue("3", "Ömer Ansari", "Sana Tariq")
    place.revoke(later[1])
    place.revoke(honest[0])
    there = place.moved_to(other_chain)
    place.end_chain()
    both = {"OLD": "bsc-testnet", "NEW": "opbnb-testnet"}
    night.type(**both, code=3)
    night.type(DOMAIN=DOMAIN, **both, PROFESSOR=there.signer.address)
    night.type()
    night.over()
    place.leave_old()
    expected = ["revoked", "revoked", "valid", "revoked", "valid", "revoked"]
    assert place.verdicts(*honest, *withdrawn, *later) == expected
    assert place.verdicts(*forged) == ["unavailable"]  # in no registry, and so young that nodes may not know it yet
    record = there.registry().batch(DOMAIN, bytes.fromhex(root_of(forged[0])[2:]))
    assert record["issuedAt"] == 0


def test_every_drill_is_in_the_table_and_is_run() -> None:
    """And nothing is typed outside of its blocks."""
    whole = page("drills.md")
    titles = sections(whole)
    run = set(re.findall(r'\.night\("(.+)"\)', Path(__file__).read_text()))
    assert set(titles) == run
    for title, text in titles.items():
        assert f"](#{slug_of(title)})" in whole, title
        for part in ("**You notice**", "**Afterwards**", "**Cannot be undone**"):
            assert part in text, (title, part)
        assert {block.kind for block in blocks(text)} <= {"sh", "text"}
    assert not re.findall(r"^\s*(?:\$ )?sanad .*$", outside(whole), re.MULTILINE)
