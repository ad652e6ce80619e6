"""Programmes trusted by their domain: pinned on first use, changed by the old registry or the operator alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from deploy.cli import main
from deploy.programme_acts import ProgrammeActs
from tests.chain_fixtures import Deployed, deploy_on
from tests.fetching.website import Website, page, status, website
from tests.journey.office import Office, school_keys
from verifier.core.errors import ProgrammeFileError
from verifier.core.programme_file import PATH, Place, ProgrammeFile, parse_programme_file, write_programme_file
from verifier.errors import SettingsError
from verifier.settings import Settings, load_settings
from verifier.trust import FRESH_SECONDS, with_trusted

DOMAIN = "programme.example"
ADDRESS, OTHER = "0x" + "a1" * 20, "0x" + "b2" * 20
NAME = "National Educators Programme"


class Desk:
    """A verifier that trusts a domain, and the domain's website."""

    def __init__(self, folder: Path, site: Website, more: str = "") -> None:
        self.path, self.site, self.said, self.now = folder / "sanad.toml", site, list[str](), 1_790_000_000
        self.path.write_text(
            f'[verifier]\ntrust = ["{DOMAIN}"]\ntrust_local = true\n'
            f'[domains]\nseconds = 5\nplaces = {{ "{DOMAIN}" = "{site.origin}" }}\n{more}'
        )

    def publish(self, chain: int = 97, address: str = ADDRESS, *retired: str, name: str = NAME) -> None:
        old = tuple(Place(chain, each) for each in retired)
        self.site.pages[PATH] = page(write_programme_file(ProgrammeFile(name, Place(chain, address.lower()), old)))

    def open(self) -> Settings:
        self.said.clear()
        self.now += FRESH_SECONDS
        return with_trusted(load_settings(self.path), self.said.append, lambda: self.now)

    def addresses(self) -> list[str]:
        return [one.info.address for one in self.open().registries]

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--config", str(self.path)])


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as made:
        yield made


@pytest.fixture
def desk(site: Website, tmp_path: Path) -> Desk:
    return Desk(tmp_path, site)


def test_the_first_word_is_pinned(desk: Desk) -> None:
    desk.publish(97, ADDRESS, OTHER)
    settings = desk.open()
    (one,), (old,) = settings.registries, settings.retired
    assert (one.info.programme, one.info.network, one.info.address, one.info.test) == (
        *(NAME, "bsc-testnet", ADDRESS, True),
    )
    assert (old.info.address, old.retired) == (OTHER, True)
    assert desk.said == [f"{DOMAIN} is trusted from now on: {NAME}, registry eip155:97:{ADDRESS}."]
    assert desk.site.asked == [(DOMAIN, PATH)]
    assert desk.addresses() == [ADDRESS]
    assert desk.said == []


def test_it_is_not_asked_for_again_within_the_hour(desk: Desk) -> None:
    desk.publish()
    desk.open()
    desk.now -= FRESH_SECONDS
    desk.site.pages[PATH] = status(500)
    assert desk.addresses() == [ADDRESS]
    assert len(desk.site.asked) == 1


def test_a_silent_domain_changes_nothing(desk: Desk) -> None:
    desk.publish()
    desk.open()
    for answer in (status(404), status(500), page(b"<html>"), page(b'{"sanad":2}'), page(b"x" * 70_000)):
        desk.site.pages[PATH] = answer
        assert desk.addresses() == [ADDRESS]
    asked = len(desk.site.asked)
    desk.now -= FRESH_SECONDS
    assert desk.addresses() == [ADDRESS]
    assert len(desk.site.asked) == asked, "who did not answer is not waited for by every command"
    desk.now += 61 - FRESH_SECONDS
    desk.open()
    assert len(desk.site.asked) == asked + 1


def test_a_domain_that_was_never_read_is_not_guessed(desk: Desk) -> None:
    desk.site.pages[PATH] = status(500)
    told = f"The programme of {DOMAIN} is not known here yet: {DOMAIN} answered with HTTP error 500."
    with pytest.raises(SettingsError) as caught:
        desk.open()
    assert str(caught.value) == told
    result = desk.run("verify", "0x" + "00" * 32)
    assert (result.exit_code, result.output.strip()) == (2, f"Error: {told}")


@pytest.mark.parametrize(("chain", "address"), [(97, OTHER), (56, ADDRESS), (56, OTHER)])
def test_another_registry_is_not_taken_by_the_domains_word_alone(desk: Desk, chain: int, address: str) -> None:
    desk.path.write_text(desk.path.read_text() + '[networks.bsc-testnet]\nnodes = ["http://127.0.0.1:1"]\n')
    desk.publish()
    desk.open()
    desk.publish(chain, address, name="Somebody else")
    (one,) = desk.open().registries
    assert (one.info.address, one.info.chain_id, one.info.programme) == (ADDRESS, 97, NAME)
    (said,) = desk.said
    assert f"names another registry, eip155:{chain}:{address}" in said
    assert "could not be asked whether it is its successor" in said
    assert said.endswith(f"The new one is NOT trusted. If it is correct, run: sanad registry trust {DOMAIN}")


def test_the_operators_word_is_taken(desk: Desk) -> None:
    desk.publish()
    desk.open()
    desk.publish(56, OTHER, name="The National Programme")
    told = json.loads(desk.run("registry", "trust", DOMAIN, "--dry-run", "--json").stdout)
    assert told["registry"] == f"eip155:56:{OTHER}"
    assert told["registry_before"] == f"eip155:97:{ADDRESS}"
    assert desk.addresses() == [ADDRESS]
    result = desk.run("registry", "trust", DOMAIN)
    assert result.exit_code == 0, result.output
    assert f"trusted now   eip155:97:{ADDRESS}" in result.output
    (one,) = desk.open().registries
    assert (one.info.address, one.info.programme, one.info.test) == (OTHER, "The National Programme", False)
    assert desk.said == []


def test_what_cannot_be_trusted_is_told(desk: Desk) -> None:
    def refused(*words: str) -> str:
        result = desk.run(*words)
        assert result.exit_code == 2
        return result.output

    assert 'put trust = ["other.example"] into [verifier].' in refused("registry", "trust", "other.example")
    desk.site.pages[PATH] = status(404)
    told = f"What {DOMAIN} publishes cannot be used: {DOMAIN} has no such document."
    assert told in refused("registry", "trust", DOMAIN)
    desk.publish(4711)
    assert "on chain 4711, which is not known here" in refused("registry", "trust", DOMAIN)
    desk.publish(1337)
    desk.path.write_text(desk.path.read_text().replace("trust_local = true", ""))
    assert "on a local chain. It is trusted only if [verifier] has trust_local = true." in refused("verify", "x")


def test_no_programme_takes_away_another_ones_registry(site: Website, tmp_path: Path) -> None:
    own = f'[[registry]]\nprogramme = "Another"\nnetwork = "bsc-testnet"\naddress = "{OTHER}"\n'
    desk = Desk(tmp_path, site, own)
    desk.publish(97, ADDRESS, OTHER)
    settings = desk.open()
    assert [one.info.address for one in settings.registries] == [OTHER, ADDRESS]
    assert settings.retired == ()


def test_pins_that_cannot_be_read_are_told(desk: Desk) -> None:
    desk.publish()
    desk.open()
    for text in ("{", "[" * 100_000, '{"programme.example": {}}', "[]"):
        (desk.path.parent / "trusted.json").write_text(text)
        with pytest.raises(SettingsError, match=r"cannot be read\. Repair it, or move it away"):
            desk.open()


MISTAKES: dict[str, Any] = {
    "not JSON": b"{",
    "lacks one of": {"sanad": 1, "programme": "A", "registry": f"eip155:97:{ADDRESS}"},
    "of a version": {"sanad": 2},
    "of a version ": {"sanad": True},
    "no name": {"programme": "a\nb"},
    "no name ": {"programme": "x" * 201},
    "no list": {"retired": [f"eip155:97:0x{number:040x}" for number in range(101)]},
    "not eip155": {"registry": f"eip155:097:{ADDRESS}"},
    "not eip155 ": {"registry": {"chain": 97}},
    "names a registry twice": {"retired": [f"eip155:97:{ADDRESS.upper().replace('0X', '0x')}"]},
}


@pytest.mark.parametrize("sentence", MISTAKES)
def test_files_that_are_none(sentence: str) -> None:
    good = {"sanad": 1, "programme": "A", "registry": f"eip155:97:{ADDRESS}", "retired": [], "more": "passed over"}
    text = json.dumps(good)
    for spelled in (text, text.replace('"sanad": 1', '"sanad": 1.0'), text.replace('"sanad": 1', '"sanad": 1e0')):
        assert parse_programme_file(spelled.encode()).registry == Place(97, ADDRESS)
    change = MISTAKES[sentence]
    value = (
        change if isinstance(change, bytes) else json.dumps(change if "lacks" in sentence else good | change).encode()
    )
    with pytest.raises(ProgrammeFileError, match=sentence.strip()):
        parse_programme_file(value)


@pytest.fixture
def office(embedded_office: Office) -> Office:
    school_keys(embedded_office)
    return embedded_office


def test_from_publishing_to_a_move_that_verifiers_follow(office: Office, site: Website, tmp_path: Path) -> None:
    """The programme publishes; a stranger trusts its domain; the programme moves; the stranger follows by itself."""
    old, chain = office.deployed, office.deployed.chain
    assert office.issue().exit_code == 0
    chain.finalize()
    root = tmp_path / "htdocs"
    run = office.run("registry", "publish", str(root), "--config", str(office.config))
    assert run.exit_code == 0, run.output
    desk = Desk(tmp_path, site, f'[networks.local]\nnodes = ["{chain.url}"]\n')
    site.pages[PATH] = page((root / PATH.lstrip("/")).read_bytes())
    result = desk.run("verify", "--json", str(office.pdfs[0]))
    assert json.loads(result.stdout)[0]["verdict"] == "valid", result.output
    assert f"{DOMAIN} is trusted from now on" in result.stderr

    new: Deployed = deploy_on(chain)
    desk.publish(chain.chain_id, new.address, old.address)
    settings = desk.open()
    assert [one.info.address for one in settings.registries] == [old.address.lower()]
    assert "which does not name it as its successor. The new one is NOT trusted" in desk.said[0]
    ProgrammeActs(old.sender(old.programme), old.address).name_successor(chain.chain_id, new.address).perform()
    chain.finalize()
    settings = desk.open()
    assert [one.info.address for one in settings.registries] == [new.address.lower()]
    assert [one.info.address for one in settings.retired] == [old.address.lower()]
    assert "has a new registry, and the old one confirms it" in desk.said[0]
    refused = office.run("registry", "publish", str(root), "--config", str(office.config))
    assert refused.exit_code == 2
    assert f"has a successor, {new.address}: mark it as retired" in refused.output


def test_publishing_shows_before_it_writes(office: Office, tmp_path: Path) -> None:
    result = office.run("registry", "publish", str(tmp_path / "www"), "--dry-run", "--config", str(office.config))
    assert parse_programme_file(result.stdout.encode()).registry.address == office.deployed.address.lower()
    assert not (tmp_path / "www").exists()
    (tmp_path / "file").write_text("")
    result = office.run("registry", "publish", str(tmp_path / "file"), "--config", str(office.config))
    assert result.exit_code == 2
