"""Step 10 against a university's own servers: real https, real DNS, good and bad, and never decisive."""

import socket
import threading
import time
from pathlib import Path
from typing import Any

import dns.rcode
import pytest

from tests.domain.servers import WELL_KNOWN, Site, Zone, did_json, make_certificates, serve_site
from tests.doubles import DOMAIN, INFO, credential
from tests.journey.office import Office
from tests.scenes import STRANGER, Scenes
from verifier.core.canonical import canonical
from verifier.core.domain_keys import DomainAnswer
from verifier.core.verdict import Check, Outcome, State, Step
from verifier.core.verifier import Verifier
from verifier.domains.domain_lookup import DomainLookups, DomainSettings

KEY = str(credential()["proof"]["verificationMethod"]).partition("#")[2]  # type: ignore[call-overload,index]
OTHER = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
NOT = "The university's own site does not confirm this key"
REGISTERED = "2026-11-17T11:06:40Z"
"""When the certificates of tests.doubles are registered: a day before the FakeRegistry's now."""


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return Scenes()


@pytest.fixture
def settings(site: Site, zone: Zone, certificates: tuple[Path, Path]) -> DomainSettings:
    places, nameserver = ((DOMAIN, site.url),), ("127.0.0.1", zone.port)
    return DomainSettings(seconds=1.0, places=places, authorities=certificates[0], nameserver=nameserver)


def judge(scenes: Scenes, settings: DomainSettings, name: str = "valid") -> Step:
    """Step 10 of a certificate whose verdict the domain does not change."""
    verifier = Verifier([scenes.registry], scenes.archive, domains=DomainLookups(settings))
    verdict = verifier.check_file(scenes.files[name])
    assert verdict.outcome is scenes.verifier.check_file(scenes.files[name]).outcome
    step = verdict.steps[Check.DOMAIN.number - 1]
    assert step.check is Check.DOMAIN
    return step


def test_did_json_confirms_the_key(scenes: Scenes, site: Site, settings: DomainSettings) -> None:
    site.put(did_json(DOMAIN, OTHER, KEY))
    step = judge(scenes, settings)
    assert (step.state, step.sentence) == (State.PASSED, f"{DOMAIN} itself confirms the key that signed it.")


def test_a_txt_record_is_the_second_way(scenes: Scenes, site: Site, zone: Zone, settings: DomainSettings) -> None:
    zone.texts[f"_sanad.{DOMAIN}"] = ["google-site-verification=x", f"v=sanad1; key={OTHER}", f"v=sanad1; key={KEY}"]
    assert judge(scenes, settings).state is State.PASSED
    assert (site.asked, zone.asked) == ([WELL_KNOWN], [f"_sanad.{DOMAIN}"])


@pytest.mark.parametrize(
    ("method", "state", "sentence"),
    [
        ({"publicKeyMultibase": OTHER}, State.FAILED, f"{NOT}: {DOMAIN} names other keys."),
        (
            {"revoked": "2026-11-01T00:00:00Z"},
            State.FAILED,
            f"{NOT}: {DOMAIN} distrusts it since 2026-11-01 00:00 UTC.",
        ),
        ({"revoked": REGISTERED}, State.FAILED, f"{NOT}: {DOMAIN} distrusts it since 2026-11-17 11:06 UTC."),
        (
            {"revoked": "2026-11-17T11:06:41Z"},
            State.NOTE,
            f"{DOMAIN} itself confirms the key for that time; it distrusts",
        ),
        ({"validUntil": "2026-06-30T12:00:00Z"}, State.PASSED, "itself confirms the key"),
        ({"validUntil": "2026-06-30T11:59:59Z"}, State.FAILED, f"{NOT}: {DOMAIN} used it until 2026-06-30 11:59 UTC"),
        ({"expires": "2026-06-01T00:00:00Z"}, State.FAILED, f"{NOT}: {DOMAIN} used it until 2026-06-01 00:00 UTC"),
        ({"revoked": "yesterday"}, State.UNCHECKED, "It gives a key a date that cannot be read"),
        ({"revoked": None}, State.UNCHECKED, "It gives a key a date that cannot be read"),
        ({"expires": "2026-11-17T24:00:00Z"}, State.UNCHECKED, "It gives a key a date that cannot be read"),
    ],
)
def test_what_the_key_s_entry_says_counts(
    scenes: Scenes, site: Site, settings: DomainSettings, method: dict[str, str], state: State, sentence: str
) -> None:
    site.put(did_json(DOMAIN, {"publicKeyMultibase": KEY, **method}))
    step = judge(scenes, settings)
    assert step.state is state
    assert sentence in step.sentence


def test_a_key_listed_for_something_else_is_not_confirmed(scenes: Scenes, site: Site, settings: DomainSettings) -> None:
    site.put(did_json(DOMAIN, OTHER, KEY, assertionMethod=[f"did:web:{DOMAIN}#key-0"]))
    assert judge(scenes, settings).state is State.FAILED


def test_a_revocation_in_either_way_outweighs_a_confirmation_in_the_other(
    scenes: Scenes, site: Site, zone: Zone, settings: DomainSettings
) -> None:
    site.put(did_json(DOMAIN, KEY))
    zone.texts[f"_sanad.{DOMAIN}"] = [f"v=sanad1; key={KEY}; revoked=2026-01-01T00:00:00Z"]
    assert judge(scenes, settings).state is State.FAILED


@pytest.mark.parametrize(
    ("registry", "state"),
    [(f"eip155:97:{INFO.address}", State.PASSED), (f"eip155:97:{INFO.address.lower()}", State.PASSED),
     (f"eip155:56:{INFO.address}", State.NOTE)],
)  # fmt: skip
def test_the_registry_that_it_names_is_compared(
    scenes: Scenes, site: Site, settings: DomainSettings, registry: str, state: State
) -> None:
    service = {"id": "#sanad", "type": "SanadRegistry", "serviceEndpoint": {"registry": registry}}
    site.put(did_json(DOMAIN, KEY, service=[service]))
    assert judge(scenes, settings).state is state


def test_a_domain_that_publishes_nothing_neither_confirms_nor_contradicts(
    scenes: Scenes, site: Site, settings: DomainSettings
) -> None:
    step = judge(scenes, settings)
    assert (step.state, step.sentence) == (State.NOTE, f"{NOT}: {DOMAIN} publishes none.")


def _misbehave(site: Site, how: str) -> None:
    {
        "error": lambda: site.put(b"", 500),
        "huge": lambda: site.put(did_json(DOMAIN, KEY) + b" " * 300_000),
        "slow": lambda: site.drip(),
        "a page": lambda: site.put(b"<html>Welcome to our university"),
        "another's": lambda: site.put(did_json("college.example.org", KEY)),
        "twice": lambda: site.put(b'{"id":"x","id":"did:web:' + DOMAIN.encode() + b'"}'),
        "to http": lambda: site.redirect(f"http://{DOMAIN}{WELL_KNOWN}"),
        "to itself": lambda: site.redirect(f"https://{DOMAIN}{WELL_KNOWN}"),
        "to a private address": lambda: site.redirect(f"https://127.0.0.1{WELL_KNOWN}"),
        "to a private name": lambda: site.redirect(f"https://localhost{WELL_KNOWN}"),
        "to a file": lambda: site.redirect("file:///etc/passwd"),
    }[how]()


@pytest.mark.parametrize(
    "how",
    ["error", "huge", "slow", "a page", "another's", "twice", "to http", "to itself", "to a private address",
     "to a private name", "to a file"],
)  # fmt: skip
def test_a_server_that_misbehaves_could_not_be_checked(
    scenes: Scenes, site: Site, settings: DomainSettings, how: str
) -> None:
    _misbehave(site, how)
    begun = time.monotonic()
    step = judge(scenes, settings)
    assert step.state is State.UNCHECKED
    assert "could not be checked" in step.sentence
    assert time.monotonic() - begun < 2.5


def test_a_redirect_within_reach_is_followed(scenes: Scenes, site: Site, settings: DomainSettings) -> None:
    site.redirect(f"https://{DOMAIN}/keys.json")
    site.put(did_json(DOMAIN, KEY), path="/keys.json")
    assert judge(scenes, settings).state is State.PASSED


def test_a_certificate_of_a_strange_authority_is_not_believed(
    scenes: Scenes, settings: DomainSettings, tmp_path: Path
) -> None:
    with serve_site(make_certificates(tmp_path)[1]) as strange:
        strange.put(did_json(DOMAIN, KEY))
        step = judge(scenes, DomainSettings(**vars(settings) | {"places": ((DOMAIN, strange.url),)}))
    assert step.state is State.UNCHECKED
    assert not strange.asked


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_dns_that_fails_is_no_answer(
    scenes: Scenes, zone: Zone, settings: DomainSettings, rcode: dns.rcode.Rcode
) -> None:
    zone.rcode = rcode
    step = judge(scenes, settings)
    assert step.state is State.UNCHECKED
    assert f"DNS gave no usable answer for _sanad.{DOMAIN}." in step.sentence


def test_dead_servers_delay_a_verdict_by_seconds_once(scenes: Scenes, zone: Zone, settings: DomainSettings) -> None:
    zone.silent = True
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes connections, never says a word
        places = ((DOMAIN, f"https://127.0.0.1:{deaf.getsockname()[1]}"),)
        verifier = Verifier(
            [scenes.registry],
            scenes.archive,
            domains=DomainLookups(DomainSettings(**vars(settings) | {"places": places})),
        )
        begun = time.monotonic()
        assert verifier.check_file(scenes.files["valid"]).outcome is Outcome.VALID
        assert time.monotonic() - begun < 2.5
        begun = time.monotonic()
        step = verifier.check_file(scenes.files["urdu"]).steps[Check.DOMAIN.number - 1]
        assert time.monotonic() - begun < 0.9
    assert step.sentence.count("in time") == 2


def test_a_name_that_is_bound_anew_between_two_looks_leads_nowhere(
    scenes: Scenes, site: Site, settings: DomainSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public when it is looked at, this very machine when it is connected to: it is looked at once, and that counts."""
    looks, reached = [], []

    def rebound(host: str, *_: Any, **__: Any) -> list[Any]:
        looks.append(host)
        address = "1.1.1.1" if len(looks) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    def refuse(address: tuple[str, int], **_: Any) -> None:
        reached.append(address)
        raise OSError("nobody is to be reached by a test")

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert judge(scenes, DomainSettings(**vars(settings) | {"places": ()})).state is State.UNCHECKED
    assert (looks, reached) == ([DOMAIN], [("1.1.1.1", 443)])


def test_an_answer_is_remembered_until_its_deadline(site: Site, zone: Zone, settings: DomainSettings) -> None:
    now = [0.0]
    lookups = DomainLookups(settings, clock=lambda: now[0])
    site.put(did_json(DOMAIN, KEY))
    first = lookups.look_up(DOMAIN)
    site.put(did_json(DOMAIN, OTHER))
    now[0] = settings.keep_seconds - 1
    assert lookups.look_up(DOMAIN) == first
    now[0] = settings.keep_seconds + 1
    assert lookups.look_up(DOMAIN) != first
    site.put(b"", 500)
    now[0] *= 3
    assert lookups.look_up(DOMAIN).problems  # type: ignore[union-attr]
    site.put(did_json(DOMAIN, KEY))
    now[0] += 61  # what could not be checked is tried again sooner
    assert lookups.look_up(DOMAIN) == first
    assert len(site.asked) == len(zone.asked) == 4


def test_a_crowd_asks_once(site: Site, settings: DomainSettings) -> None:
    site.put(did_json(DOMAIN, KEY))
    lookups, answers = DomainLookups(settings), list[DomainAnswer | None]()
    crowd = [threading.Thread(target=lambda: answers.append(lookups.look_up(DOMAIN))) for _ in range(20)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert len(site.asked) == 1
    assert len(answers) == 20


def test_names_of_examples_are_not_asked(scenes: Scenes, zone: Zone, settings: DomainSettings) -> None:
    assert DomainLookups(settings).look_up("darya-university.example") is None
    assert not zone.asked


def test_only_a_genuine_signature_names_a_key(scenes: Scenes, site: Site, settings: DomainSettings) -> None:
    site.put(did_json(DOMAIN, KEY))
    bad = credential("Somebody", key="none")
    bad["name"] = "changed after signing"
    verifier = Verifier([scenes.registry], scenes.archive, domains=DomainLookups(settings))
    step = verifier.check_file(canonical(bad)).steps[Check.DOMAIN.number - 1]
    assert (step.state, step.sentence) == (State.SKIPPED, "Not asked, because no genuine signature names a key.")
    assert not site.asked


def test_a_stranger_does_not_choose_whom_we_ask(
    scenes: Scenes, site: Site, zone: Zone, settings: DomainSettings
) -> None:
    """Anyone can sign in any domain's name; where no registry holds it, that domain is left alone."""
    places = (*settings.places, (STRANGER, site.url))
    lookups = DomainLookups(DomainSettings(**vars(settings) | {"places": places}))
    verifier = Verifier([scenes.registry], scenes.archive, domains=lookups)
    verdict = verifier.check_file(scenes.files["unknown"])
    step = verdict.steps[Check.DOMAIN.number - 1]
    assert (verdict.outcome, step.sentence) == (Outcome.UNKNOWN, "Not asked, because no registry holds it.")
    assert site.asked == zone.asked == []


def test_a_domain_is_asked_while_the_registry_is_silent(site: Site, settings: DomainSettings) -> None:
    site.put(did_json(DOMAIN, KEY))
    world = Scenes()
    world.registry.problem = "None of the 3 nodes answered."
    verifier = Verifier([world.registry], world.archive, domains=DomainLookups(settings))
    verdict = verifier.check_file(world.files["valid"])
    assert (verdict.outcome, verdict.steps[Check.DOMAIN.number - 1].state) == (Outcome.UNAVAILABLE, State.PASSED)


def test_verify_asks_unless_told_not_to(
    embedded_office: Office, site: Site, zone: Zone, certificates: tuple[Path, Path]
) -> None:
    office = embedded_office
    office.issue()
    domains = f'\n[domains]\nplaces = {{ "{office.domain}" = "{site.url}" }}\nauthorities = "{certificates[0]}"\n'
    office.config.write_text(office.config.read_text() + domains + f'nameserver = "127.0.0.1:{zone.port}"\n')
    steps = office.verdicts(office.pdfs[0])[0]["steps"]
    assert (steps[9]["name"], steps[9]["state"]) == ("domain", "note")
    assert len(site.asked) == 1
    shown = office.run("verify", "--no-domain", str(office.pdfs[0]), "--config", str(office.config))
    assert "The institution's domain was not asked." in shown.output
    assert len(site.asked) == 1
    site.put(did_json(office.domain, OTHER))
    shown = office.run("verify", str(office.pdfs[0]), "--config", str(office.config))
    assert shown.exit_code == 0
    assert f"Please note: {NOT}: {office.domain} names other keys." in shown.output
