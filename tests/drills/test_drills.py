"""docs/drills.md: every drill typed as it is printed; then what a verifier says of honest and forged certificates."""

import json
import re

from tests.drills.conftest import DOMAIN, Place


def address_in(printed: str) -> str:
    """The address that a new key has."""
    found = re.search(r"^address +(0x\w{40})$", printed, re.MULTILINE)
    assert found, printed
    return found[1]


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

    assert place.verdicts(*honest, *forged) == ["revoked", "revoked", "valid", "untrusted"]


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
