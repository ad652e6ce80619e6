import re

import pytest
from flask.testing import FlaskClient

from tests.doubles import MAINNET
from tests.gallery import ACADEMY, World
from tests.scenes import HOSTILE_NAME, URDU_NAME, Scenes
from tests.web.reading import hand_in, page_path, words_of
from verifier.core.hashes import to_base64url, to_hex
from verifier.web import create_app

INSTITUTION = "University of Lahore (Sample)"
PAGES = {
    "valid": (
        "good",
        "Valid",
        "This certificate is valid.",
        f"{INSTITUTION} registered it with National Educators Programme, and it has not been changed, revoked or "
        "withdrawn.",
    ),
    "revoked": (
        "bad",
        "Revoked",
        "This certificate has been revoked.",
        f"It was issued by {INSTITUTION} and was revoked on 2026-11-18 09:06 UTC: misconduct. It no longer counts.",
    ),
    "replaced": (
        "changed",
        "Replaced",
        "This certificate has been replaced by a newer one.",
        f"{INSTITUTION} replaced it on 2026-11-18 09:06 UTC: error in its data. This one no longer counts.",
    ),
    "withdrawn": (
        "bad",
        "Not trusted",
        "The institution has withdrawn this certificate.",
        f"On 2026-11-18 10:06 UTC, {INSTITUTION} withdrew this certificate and all others that were registered with "
        "it.",
    ),
    "distrusted": (
        "bad",
        "Not trusted",
        "This certificate was registered with a key that is not trusted.",
        f"{INSTITUTION} stopped trusting that key on 2026-11-17 07:20 UTC, and the certificate was not registered "
        "before then.",
    ),
    "expired": (
        "changed",
        "Expired",
        "This certificate has expired.",
        "It expired on 2026-09-30 00:00 UTC.",
    ),
    "not final": (
        "wait",
        "Not final yet",
        "This certificate was registered a moment ago.",
        "Check again in a minute.",
    ),
    "not yet valid": (
        "wait",
        "Not valid yet",
        "This certificate is not valid yet.",
        "It is valid only from 2027-01-01 00:00 UTC on.",
    ),
    "not in the archive": (
        "unsure",
        "Could not check",
        "This certificate could not be checked from its link or code.",
        "This speaks neither for nor against the certificate.",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_verdict_has_its_words_and_tone(client: FlaskClient, scenes: Scenes, name: str) -> None:
    tone, word, headline, explanation = PAGES[name]
    response = client.get(page_path(scenes.certificates[name]))
    body, words = response.get_data(as_text=True), words_of(response)
    assert response.status_code == (503 if name == "not in the archive" else 200)
    assert f'<section class="verdict {tone}">' in body
    assert f'<p class="word">{word}</p>' in body
    assert headline in words
    assert explanation in words


def test_a_verdict_page_shows_what_whom_by_whom_and_when(client: FlaskClient, scenes: Scenes) -> None:
    words = words_of(client.get(page_path(scenes.certificates["valid"])))
    for part in (
        "Ayesha Khan Teaching with Data University of Lahore (Sample) lahore.example.edu.pk",
        "Professor Dr. Bilal Ahmed Professor of Education",
        "Father’s name Imran Khan",
        "Grade A+",
        "Hours 40",
        "Awarded on 2026-06-30",
        "This key, authorised by the institution, registered the certificate on 2026-11-17 11:06 UTC.",
        "Compare this with your copy.",
        "Checked on 20",
        to_hex(scenes.certificates["valid"].hash),
    ):
        assert part in words


def test_a_day_that_began_yesterday_in_utc_is_no_other_day(client: FlaskClient, scenes: Scenes) -> None:
    words = words_of(client.get(page_path(scenes.certificates["urdu"])))
    assert "Awarded on 2026-06-30" in words
    assert "Valid from" not in words
    assert "Valid from 2027-01-01" in words_of(client.get(page_path(scenes.certificates["not yet valid"])))


def test_all_steps_are_there_folded_numbered_and_with_their_state(client: FlaskClient, scenes: Scenes) -> None:
    body = client.get(page_path(scenes.certificates["valid"])).get_data(as_text=True)
    folded = body[body.index("<details>") :]
    assert re.findall(r'<li class="\w+" value="(\d+)"', folded) == [str(number) for number in range(1, 12)]
    assert "<details open" not in body
    assert '<span class="state">passed</span>' in folded


def test_only_valid_pages_are_green(client: FlaskClient, scenes: Scenes) -> None:
    green = [
        name
        for name, each in scenes.certificates.items()
        if "verdict good" in client.get(page_path(each)).get_data(as_text=True)
    ]
    assert green == ["valid", "urdu", "long", "hostile", "newer"]


def test_a_replaced_certificate_leads_to_the_new_one(client: FlaskClient, scenes: Scenes) -> None:
    body = client.get(page_path(scenes.certificates["replaced"])).get_data(as_text=True)
    assert f'href="{page_path(scenes.certificates["newer"])}">Go to the newer certificate' in body
    orphan = client.get(page_path(scenes.certificates["replaced by nobody knows"]))
    assert "Ask its holder for the newer certificate" in words_of(orphan)
    assert "Go to the newer" not in words_of(orphan)


def test_a_changed_copy_says_first_what_was_issued_and_is_never_green(client: FlaskClient, scenes: Scenes) -> None:
    response = hand_in(client, scenes.files["altered"])
    words, body = words_of(response), response.get_data(as_text=True)
    assert response.status_code == 200
    assert re.search(r"<title>(.*)</title>", body)[1] == "Changed copy · Sanad"  # type: ignore[index]
    box = body[body.index('<section class="verdict changed">') :]
    assert (
        "Changed copy What was issued reads: Ayesha Khan Teaching with Data A+ 2026-06-30 Compare every word of the "
        "file with this, or open the original. Open the original"
    ) in " ".join(re.sub("<[^>]*>", " ", box).split())
    assert f'<a class="button" href="{page_path(scenes.certificates["valid"])}">Open the original</a>' in body
    assert "The certificate registered under this code says: As it was registered Ayesha Khan" in words
    assert f"{INSTITUTION} registered it with National Educators Programme, and has neither revoked" in words
    assert "good" not in re.findall(r'class="([^"]*)"', body)
    assert not re.search(r"\bvalid\b", words, re.IGNORECASE)
    assert "<img" not in body
    assert body.count('class="shape"') == 1


def test_the_other_language_of_a_changed_copy_is_not_the_page_of_the_original(
    client: FlaskClient, scenes: Scenes
) -> None:
    body = hand_in(client, scenes.files["altered"]).get_data(as_text=True)
    assert '<a href="/?lang=ur" lang="ur" hreflang="ur">' in body


def test_an_altered_file_shows_the_registered_certificates_own_bad_verdict(client: FlaskClient, scenes: Scenes) -> None:
    response = hand_in(client, scenes.files["altered, revoked"])
    assert "This file is not the one that was issued." in words_of(response)
    assert "The answer for that certificate: Revoked." in words_of(response)
    assert '<section class="verdict bad">' in response.get_data(as_text=True)


def test_an_altered_file_without_a_whole_envelope_shows_no_name(client: FlaskClient, scenes: Scenes) -> None:
    response = hand_in(client, scenes.files["altered beyond recognition"])
    words = words_of(response)
    assert "This file is not the one that was issued." in words
    assert "What it says, or the proof in it, was changed after it was issued." in words
    assert "Ayesha" not in words
    assert "What was registered" not in words
    verdict, folded = response.get_data(as_text=True).split("<details>", 1)
    assert not re.search("0x[0-9a-f]{64}", verdict), "numbers belong into the folded part"
    assert re.search("0x[0-9a-f]{64}", folded)


def test_an_unknown_files_fields_are_claims(client: FlaskClient, scenes: Scenes) -> None:
    words = words_of(hand_in(client, scenes.files["unknown"]))
    assert "No programme that this verifier trusts has a record of this certificate." in words
    assert "This is what it says; it is not confirmed Somebody Else" in words
    assert "The file names college.example.org as its issuer" in words
    assert "Who vouches" not in words


def test_an_unknown_hash_is_unknown_only_when_everything_was_looked_through(client: FlaskClient) -> None:
    words = words_of(client.get(f"/c/{to_base64url(b'x' * 32)}"))
    assert "No certificate was issued under this code." in words


def test_an_unreachable_registry_is_neither_true_nor_false(down_client: FlaskClient, scenes: Scenes) -> None:
    response = down_client.get(page_path(scenes.certificates["valid"]))
    words = words_of(response)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "This certificate could not be checked now." in words
    assert "This speaks neither for nor against the certificate." in words
    assert "This is what it says; it could not be confirmed now" in words
    assert "None of the 3 nodes answered." in words
    assert "verdict unsure" in response.get_data(as_text=True)


def test_a_false_signature_is_told_prominently(client: FlaskClient) -> None:
    scenes = Scenes(MAINNET)
    scenes.issue("signed by another", domain="other.example.edu.pk")
    scenes.registry.accredit("other.example.edu.pk", "Other University")
    envelope = scenes.certificates["signed by another"]
    forged = {**envelope.credential, "proof": scenes.certificates["valid"].credential["proof"]}
    from tests.doubles import batch

    (own,) = batch([forged])
    scenes.registry.register(own.root, 1, "other.example.edu.pk")
    words = words_of(hand_in(create_app(scenes.verifier, "").test_client(), own.to_bytes()))
    assert "This certificate is valid." in words
    assert "Please note The credential's own signature is false" in words
    copy = words_of(hand_in(create_app(scenes.verifier, "").test_client(), own.to_bytes() + b"\n"))
    assert "has neither revoked nor withdrawn it. The credential's own signature is false" in copy


def test_every_verdict_from_a_test_network_says_so(test_network_client: FlaskClient, scenes: Scenes) -> None:
    assert "Test network: this website checks certificates that were made for trials." in words_of(
        test_network_client.get("/")
    )
    pages = [test_network_client.get(page_path(each)) for each in scenes.certificates.values()]
    pages += [hand_in(test_network_client, data) for data in scenes.files.values()]
    for page in pages:
        assert "Test network: this registry runs on BNB Smart Chain Testnet, for trials." in words_of(page)


def test_no_verdict_from_a_main_network_says_test(client: FlaskClient, scenes: Scenes) -> None:
    assert "test network" not in words_of(client.get(page_path(scenes.certificates["valid"]))).lower()


def test_urdu_names_have_their_own_language_and_direction(client: FlaskClient, scenes: Scenes) -> None:
    body = client.get(page_path(scenes.certificates["urdu"])).get_data(as_text=True)
    assert f'<p class="recipient" dir="auto" lang="ur">{URDU_NAME}</p>' in body
    assert '<html lang="en" dir="ltr">' in body


def test_names_are_text_never_markup(client: FlaskClient, scenes: Scenes) -> None:
    body = client.get(page_path(scenes.certificates["hostile"])).get_data(as_text=True)
    assert HOSTILE_NAME not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<b>bold</b>" not in body
    assert "{reason} %(x)s" in body
    assert not re.search(r"<(script|style)\b(?![^>]* src=)|\son\w+=\"|style=\"", body)


def test_file_names_are_text_never_markup(client: FlaskClient, scenes: Scenes) -> None:
    body = hand_in(client, scenes.files["valid"], "<img src=x>.pdf").get_data(as_text=True)
    assert "<img" not in body
    assert "&lt;img src=x&gt;.pdf" in body


def test_the_chain_of_trust_leads_from_the_programme_through_the_educator_to_the_certificate() -> None:
    world = World(MAINNET)
    path = page_path(world.certificates["educator"])
    client = create_app(world.verifier, "").test_client()
    own = page_path(world.certificates["the educator's own"])
    body = client.get(path).get_data(as_text=True)
    roles = re.findall(r'<p class="role">(\w+) <span class="state">([\w ]+)</span>', body)
    links = ("Programme", "Institution", "Certifier", "Educator", "Key", "Certificate")
    assert roles == [(role, "Confirmed") for role in links]
    assert f'<a href="{own}"><bdi>Dr. Bilal Ahmed</bdi></a>' in body
    world.archive.educators.clear()
    assert 'Educator <span class="state">Could not check</span>' in client.get(path).get_data(as_text=True)


def test_an_educators_fall_is_shown_and_voids_nothing() -> None:
    world = World(MAINNET)
    world.registry.revoke(world.certificates["the educator's own"].commitment, domain=ACADEMY)
    response = create_app(world.verifier, "").test_client().get(page_path(world.certificates["educator"]))
    words = words_of(response)
    assert "This certificate is valid." in words
    assert "Educator Please note Dr. Bilal Ahmed" in words
    assert "whose own certificate was revoked on" in words
