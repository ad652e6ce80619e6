"""What a report says of revocation, out of the list that somebody else's credential names; no list, no word."""

from pathlib import Path
from typing import Any

import pytest

from tests.domain.conftest import certificates, site
from tests.domain.servers import Site
from tests.scenes import Scenes
from tests.vc.conftest import DID, OTHER_KEY, Node, sign
from tests.vc.test_other_credentials import check, current
from verifier.answers.answer import Answer, exit_code, words_of
from verifier.answers.other_credentials import Line, Reply
from verifier.answers.wording import Tone
from verifier.core.canonical import canonical
from verifier.core.contexts import CREDENTIALS_V2
from verifier.core.status_list import encode, with_bits
from verifier.core.verifier import Verifier
from verifier.domains.domain_lookup import DomainLookups, DomainSettings
from verifier.web import create_app

__all__ = ["certificates", "site"]

URL, PATH, PLACE = "https://example.org/status/1", "/status/1", 7


@pytest.fixture
def verifier(site: Site, certificates: tuple[Path, Path]) -> Verifier:
    settings = DomainSettings(seconds=2.0, places=(("example.org", site.url),), authorities=certificates[0])
    return Verifier([Scenes().registry], domains=DomainLookups(settings))


def listed(*places: int, **changed: Any) -> Node:
    return {
        "@context": [CREDENTIALS_V2],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": f"{URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(with_bits(places)),
        },
        **changed,
    }


def revocation(answer: Answer) -> Line:
    assert answer.report is not None
    return answer.report.revocation


def test_a_list_that_has_it_as_revoked(verifier: Verifier, site: Site) -> None:
    site.put(canonical(sign(listed(PLACE))), path=PATH)
    answer = check(verifier, sign(current()))
    line = revocation(answer)
    assert (line.reply, str(line.sentence)) == (Reply.TAKEN_BACK, "Its issuer has revoked it.")
    words = words_of(answer)
    assert words.tone is Tone.BAD
    assert "Its issuer has revoked it." in str(words.explanation)
    assert str(words.advice) == "Do not rely on it: its issuer has revoked it."
    expected = "Signature genuine; revoked by its issuer; not registered with a programme that we trust."
    assert (str(words.word), str(words.headline)) == ("Revoked", expected)
    assert exit_code([answer]) == 1
    assert exit_code([check(verifier, sign(current()))]) == 1
    assert site.asked == [PATH]


def test_a_list_that_does_not(verifier: Verifier, site: Site) -> None:
    site.put(canonical(sign(listed(PLACE + 1))), path=PATH)
    answer = check(verifier, sign(current()))
    assert revocation(answer).reply is Reply.NOT_TAKEN_BACK
    assert words_of(answer).tone is Tone.UNSURE
    assert exit_code([answer]) == 3


@pytest.mark.parametrize("how", ["absent", "error", "a page", "unsigned", "tampered", "another's", "over", "to http"])
def test_a_list_that_could_not_be_had_says_nothing(verifier: Verifier, site: Site, how: str) -> None:
    tampered = sign(listed()) | {"credentialSubject": listed(1)["credentialSubject"]}
    put = {
        "absent": lambda: site.put(b"", 404, PATH),
        "error": lambda: site.put(b"", 500, PATH),
        "a page": lambda: site.put(b"<html>", path=PATH),
        "unsigned": lambda: site.put(canonical(listed()), path=PATH),
        "tampered": lambda: site.put(canonical(tampered), path=PATH),
        "another's": lambda: site.put(canonical(sign(listed(), OTHER_KEY)), path=PATH),
        "over": lambda: site.put(canonical(sign(listed(validUntil="2026-02-01T00:00:00Z"))), path=PATH),
        "to http": lambda: site.put(b"", 302, PATH),
    }
    put[how]()
    answer = check(verifier, sign(current()))
    line = revocation(answer)
    assert line.reply is Reply.UNCHECKED
    assert "could not be checked" in str(line.sentence)
    assert exit_code([answer]) == 3


def test_one_without_a_list_and_one_with_two(verifier: Verifier) -> None:
    node = current()
    del node["credentialStatus"]
    assert revocation(check(verifier, sign(node))).reply is Reply.NO_LIST
    node = current()
    node["credentialStatus"] = [node["credentialStatus"], {**node["credentialStatus"], "id": "https://example.org/2#7"}]
    assert revocation(check(verifier, sign(node))).reply is Reply.UNCHECKED


def test_nobody_is_asked_about_a_false_one(verifier: Verifier, site: Site) -> None:
    node = sign(current())
    node["name"] = "Another"
    assert revocation(check(verifier, node)).reply is Reply.UNCHECKED
    assert site.asked == []


def test_the_page_says_it(verifier: Verifier, site: Site) -> None:
    from io import BytesIO

    site.put(canonical(sign(listed(PLACE))), path=PATH)
    client = create_app(verifier, "https://verify.example.org").test_client()
    data = {"file": (BytesIO(canonical(sign(current()))), "badge.json")}
    html = client.post("/", data=data, content_type="multipart/form-data").get_data(as_text=True)
    assert '<section class="verdict bad">' in html
    assert "Its issuer has revoked it." in html
    assert "revocation: <b>taken back</b>" in html
