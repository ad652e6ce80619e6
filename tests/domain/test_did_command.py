"""`sanad did` and the institution's keys: what it writes is what verifiers, ours and others', confirm keys by."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from issuer.errors import KeyFileError
from issuer.keys.files import load_institution_key, new_institution_key, stated_public_key
from issuer.keys.key_history import KeyHistory
from issuer.keys.rotation import rotate
from tests.credential.test_independent import run as run_node
from tests.domain.servers import Site, Zone
from tests.journey.office import PASSPHRASE, Office, school_keys
from verifier.core.multikey import ed25519_multikey


@pytest.fixture
def office(embedded_office: Office, site: Site, zone: Zone, certificates: tuple[Path, Path]) -> Office:
    """An office whose domain's servers stand on this machine."""
    office = embedded_office
    school_keys(office)
    domains = f'\n[domains]\nplaces = {{ "{office.domain}" = "{site.url}" }}\nauthorities = "{certificates[0]}"\n'
    office.config.write_text(
        office.config.read_text() + domains + f'keep_seconds = 0\nnameserver = "127.0.0.1:{zone.port}"\n'
    )
    return office


def key_of(office: Office) -> str:
    key = load_institution_key(office.folder / "institution.pem", PASSPHRASE)
    return ed25519_multikey(key.public_key().public_bytes_raw())


def sanad(office: Office, *words: str, code: int = 0) -> str:
    result = office.run(*words, "--config", str(office.config))
    assert result.exit_code == code, result.output
    return result.stdout


def publish(office: Office, site: Site) -> dict[str, Any]:
    """`sanad did`, and its file on the university's web server."""
    text = sanad(office, "did")
    site.put(text.encode())
    document = json.loads(text)
    assert isinstance(document, dict)
    return document


def domain_step(office: Office, pdf: Path) -> tuple[str, str, str]:
    verdict = office.verdicts(pdf)[0]
    return verdict["verdict"], verdict["steps"][9]["state"], verdict["steps"][9]["sentence"]


def test_what_it_says(office: Office, site: Site) -> None:
    office.issue()
    document, key, did = publish(office, site), key_of(office), f"did:web:{office.domain}"
    deployed = office.deployed
    account = f"eip155:{deployed.chain.chain_id}"
    assert document["id"] == did
    assert document["assertionMethod"] == [f"{did}#{key}"]
    methods = {method["id"]: method for method in document["verificationMethod"]}
    assert methods.pop(f"{did}#{key}") == {
        "id": f"{did}#{key}", "type": "Multikey", "controller": did, "publicKeyMultibase": key,
    }  # fmt: skip
    accounts = {f"{account}:{each.address}" for each in (deployed.signer, deployed.admin)}
    assert {method["blockchainAccountId"] for method in methods.values()} == accounts
    (service,) = document["service"]
    assert (service["type"], service["serviceEndpoint"]["chainId"]) == ("SanadRegistry", deployed.chain.chain_id)
    assert service["serviceEndpoint"]["registry"] == f"{account}:{deployed.address}"
    assert sanad(office, "did") == json.dumps(document, indent=2) + "\n"
    credential = json.loads(office.envelopes[0].read_text())["credential"]
    assert run_node("did.mjs", {"credential": credential, "did": document}) == {"verified": True, "reasons": []}
    assert run_node("did.mjs", {"credential": credential, "did": document | {"assertionMethod": []}})["reasons"]
    colleague = deployed.stranger.address
    other = ed25519_multikey(bytes(32))
    more = json.loads(sanad(office, "did", "--signer", colleague, "--key", other, "--key", key))["verificationMethod"]
    assert [each["publicKeyMultibase"] for each in more if each["type"] == "Multikey"] == [key, other]
    assert f"{account}:{colleague}" in [each.get("blockchainAccountId") for each in more]
    since = "2026-01-01T00:00:00Z"
    sanad(office, "distrust", office.domain, deployed.signer.address, "--since", since)
    marked = [
        each["blockchainAccountId"]
        for each in publish(office, site)["verificationMethod"]
        if each.get("revoked") == since
    ]
    assert marked == [f"{account}:{deployed.signer.address}"]


def test_a_verdict_is_confirmed_by_it_and_by_dns(office: Office, site: Site, zone: Zone) -> None:
    office.issue()
    assert domain_step(office, office.pdfs[0])[:2] == ("valid", "note")
    assert "is not published" in sanad(office, "did", "--check", code=1)
    publish(office, site)
    assert domain_step(office, office.pdfs[0])[:2] == ("valid", "passed")
    assert sanad(office, "did", "--check") == f"{office.domain} confirms every key.\n"
    site.put(b"", 503)
    assert "answered with HTTP error 503" in sanad(office, "did", "--check", code=3)
    site.put(b"", 404)
    for line in sanad(office, "did", "--dns").splitlines():
        name, _, text = line.partition(". 3600 IN TXT ")
        zone.texts.setdefault(name, []).append(text.strip('"'))
    assert domain_step(office, office.pdfs[0])[:2] == ("valid", "passed")


def test_a_rotated_key_goes_on_confirming_and_a_distrusted_one_does_not(office: Office, site: Site) -> None:
    office.issue()
    first, old = office.pdfs[0], key_of(office)
    told, new = sanad(office, "key", "rotate"), key_of(office)
    assert old in told
    assert new in told
    assert new != old
    office.issue(out="later", code="BC-302")
    later = min((office.folder / "later").glob("*.pdf"))
    document = publish(office, site)
    assert len(document["assertionMethod"]) == 2
    assert "validUntil" in document["verificationMethod"][0]
    assert [domain_step(office, each)[1] for each in (first, later)] == ["passed", "passed"]
    sanad(office, "key", "distrust", old, "--since", "2020-01-01T00:00:00Z")
    assert "that is not published" in sanad(office, "did", "--check", code=1)
    publish(office, site)
    verdict, state, sentence = domain_step(office, first)
    assert (verdict, state) == ("valid", "failed")
    assert "distrusts it since 2020-01-01 00:00 UTC" in sentence
    assert domain_step(office, later)[1] == "passed"
    assert [each["multikey"] for each in json.loads(sanad(office, "key", "history", "--json"))] == [old, new]
    sanad(office, "key", "distrust", new, "--since", "2020-01-01T00:00:00Z")
    result = office.issue(out="more", code="BC-303")
    assert result.exit_code == 2
    assert "is distrusted since 2020-01-01T00:00:00Z: nothing is signed with it any more." in result.output


def test_what_is_wrong_is_told(office: Office) -> None:
    for words, sentence in {
        ("did",): "Which domain? Give it: sanad did university.example. The records know: none yet.",
        ("did", "https://university.example"): "'https://university.example' is not a domain",
        ("key", "distrust", "z6Mkx", "--since", "2020-01-01T00:00:00Z"): "z6Mkx is none of the keys in",
        ("key", "distrust", "z6Mkx", "--since", "yesterday"): "'yesterday' is not a date and time with an offset",
        ("did", office.domain, "--out", "nowhere/did.json"): "nowhere/did.json cannot be written",
        ("did", office.domain, "--signer", "0x" + "aB" * 20): "is not an address, or has a typing error",
        ("did", office.domain, "--key", "z6Mkx"): "z6Mkx is not an Ed25519 public key: z6Mk…, as sanad key show",
        ("did", "university.example"): "university.example is not accredited in the registry",
    }.items():
        result = office.run(*words, "--config", str(office.config))
        assert result.exit_code == 2
        assert sentence in result.output


def test_the_list_of_keys(tmp_path: Path) -> None:
    one, other = (ed25519_multikey(bytes([n]) * 32) for n in (1, 2))
    history = KeyHistory.beside(tmp_path / "institution.pem")
    noon = datetime(2026, 6, 30, 12, tzinfo=UTC)
    for key, day in ((one, 1), (one, 2), (other, 3), (other, 4), (one, 5)):
        history.note(key, noon.replace(day=day))
    assert [(key.multikey, key.since, key.until) for key in history.listed()] == [
        (other, "2026-06-03T12:00:00Z", "2026-06-05T12:00:00Z"),
        (one, None, None),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["institution.history.json"]
    for damage in ("{", '{"keys":[{"multikey":"z6Mk"}]}', '{"keys":[{}]}', "[]"):
        history.path.write_text(damage)
        with pytest.raises(KeyFileError, match="cannot be read"):
            history.listed()


def test_rotating_is_never_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off anywhere, one whole key is in its place; the old one is set aside, as secret as it was."""
    place = tmp_path / "institution.pem"
    new_institution_key(place, PASSPHRASE)

    def own() -> str:
        key = load_institution_key(place, PASSPHRASE)
        return ed25519_multikey(key.public_key().public_bytes_raw())

    old = own()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", dies)
        with pytest.raises(KeyboardInterrupt):
            rotate(place, PASSPHRASE)
    assert own() == old
    done = rotate(place, PASSPHRASE)
    assert (done.old, done.new) == (old, own())
    assert done.aside.stat().st_mode & 0o777 == place.stat().st_mode & 0o777 == 0o600
    assert [key.multikey for key in KeyHistory.beside(place).listed()] == [old, own()]
    assert not list(tmp_path.glob("*.new"))


@pytest.mark.parametrize("used", [True, False])
@pytest.mark.parametrize("order", [("distrust", "rotate"), ("rotate", "distrust"), ("distrust", "rotate", "distrust")])
def test_a_stolen_key_is_distrusted_and_replaced_in_either_order(
    office: Office, order: tuple[str, ...], used: bool
) -> None:
    place = office.folder / "institution.pem"
    place.unlink()
    key = new_institution_key(place, PASSPHRASE)
    old = ed25519_multikey(key.public_key().public_bytes_raw())
    history = KeyHistory.beside(place)
    if used:
        history.note(old)
    assert f"{old}  {'in use' if used else 'in '}" in sanad(office, "key", "history")
    words = {"rotate": ("rotate",), "distrust": ("distrust", old, "--since", "2020-01-01T00:00:00Z")}
    for position, each in enumerate(order):
        told = sanad(office, "key", *words[each])
        if each == "distrust":
            assert ("Make a new key, then publish: sanad key rotate" in told) == (position == 0)
    stolen, own = history.listed()
    assert (stolen.multikey, stolen.revoked, stolen.until is None) == (old, "2020-01-01T00:00:00Z", False)
    assert own.current
    assert own.multikey == stated_public_key(place) != old
    document = json.loads(sanad(office, "did", office.domain))
    assert [("revoked" in each) for each in document["verificationMethod"][:2]] == [True, False]
