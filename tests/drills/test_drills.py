"""docs/drills.md: every drill typed as it is printed, and then what a verifier says of honest and forged certificates."""

import re
from pathlib import Path

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
    night.type()
    night.over()

    assert place.verdicts(*honest, *forged) == ["valid"] * 3 + ["revoked"] + ["untrusted"] * 3
    (later,) = place.issue("3", "Ömer Ansari")
    assert place.verdicts(later) == ["valid"]
