"""sanad.toml: every mistake told at once, with its place and what to do."""

from pathlib import Path

import pytest

from verifier.archive_folder import FolderArchive
from verifier.chain.values import NodeAddress
from verifier.core.archive import EmptyArchive
from verifier.core.registry import RegistryInfo
from verifier.domains.domain_lookup import DomainSettings
from verifier.errors import SettingsError
from verifier.settings import load_settings
from verifier.toml_table import checksummed

ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
REGISTRY = f"""
[[registry]]
programme = "National Educators Programme"
network = "bsc-testnet"
chain_id = 97
address = "{ADDRESS}"
nodes = ["https://a.example", {{ url = "https://b.example/v3/secret", operator = "B" }}]
agreement = 2
test = true
max_age_seconds = 60
"""
WHOLE = f"""
[verifier]
origin = "https://verify.example/"
archive = "archive"
{REGISTRY}
[issuer]
data = "data"
anything = "is the issuer's own"
"""

TRIALS = """
[domains]
seconds = 2
keep_seconds = 0
places = { "a.example" = "https://127.0.0.1:8443" }
authorities = "ca.pem"
nameserver = "127.0.0.1:5353"
"""


def write(folder: Path, text: str, name: str = "sanad.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_file(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, WHOLE))
    assert settings.origin == "https://verify.example"
    assert settings.archive == tmp_path / "archive"
    (one,) = settings.registries
    assert one.info == RegistryInfo("National Educators Programme", "bsc-testnet", 97, ADDRESS, True)
    assert one.nodes == (NodeAddress("https://a.example"), NodeAddress("https://b.example/v3/secret", "B"))
    assert (one.chain.agreement, one.chain.max_age_seconds) == (2, 60)
    assert "secret" not in repr(settings)
    verifier = settings.verifier()
    assert [registry.info for registry in verifier.registries] == [one.info]
    assert isinstance(verifier.archive, FolderArchive)


def test_budgets_finality_and_retired_registries(tmp_path: Path) -> None:
    old = REGISTRY.replace(ADDRESS, "0x" + "11" * 20) + "retired = true\n"
    new = REGISTRY.replace('operator = "B"', 'operator = "B", requests_per_minute = 60') + "final_blocks = 30\n"
    settings = load_settings(write(tmp_path, old + new))
    (asked,), (retired,) = settings.registries, settings.retired
    assert (asked.info.address, asked.chain.final_blocks, asked.nodes[1].budget) == (ADDRESS, 30, 60)
    assert (retired.info.address, retired.retired) == ("0x" + "11" * 20, True)
    verifier = settings.verifier()
    assert [registry.info for registry in verifier.registries] == [asked.info]
    assert verifier.retired == (retired.info,)


def test_the_smallest_file(tmp_path: Path) -> None:
    text = REGISTRY.replace("agreement = 2\n", "").replace("max_age_seconds = 60\n", "")
    settings = load_settings(write(tmp_path, text))
    assert (settings.origin, settings.archive) == (None, None)
    assert (settings.registries[0].chain.agreement, settings.registries[0].chain.max_age_seconds) == (2, 20)
    assert isinstance(settings.verifier().archive, EmptyArchive)
    alone = text.replace(', { url = "https://b.example/v3/secret", operator = "B" }', "")
    assert load_settings(write(tmp_path, alone)).registries[0].chain.agreement == 1


def test_where_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SANAD_CONFIG", raising=False)
    told = "There is no sanad.toml here. Give one with --config or SANAD_CONFIG, or run: sanad demo"
    with pytest.raises(SettingsError) as caught:
        load_settings(None)
    assert str(caught.value) == told
    own = write(tmp_path / "home", WHOLE)
    monkeypatch.setenv("SANAD_CONFIG", str(own))
    assert load_settings(None).path == own
    write(tmp_path / "sanad-demo", WHOLE)
    assert load_settings(None).path == Path("sanad-demo/sanad.toml")
    write(tmp_path, WHOLE)
    assert load_settings(None).path == Path("sanad.toml")
    other = write(tmp_path, WHOLE, "other.toml")
    assert load_settings(other).path == other


def told(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    first, *rest = str(caught.value).splitlines()
    assert first == f"{path} cannot be used:"
    return rest


MISTAKES = {
    ('programme = "National', 'program = "National'): [
        "[[registry]] number 1: program is not known. Did you mean programme?",
        "[[registry]] number 1: programme is missing. Set it to a name in quotes.",
    ],
    ("[verifier]", "[verifyer]"): ["the file: verifyer is not known. Did you mean verifier?"],
    ('archive = "archive"', 'zzz = "archive"'): [
        "[verifier]: zzz is not known. "
        "Known keys: origin, archive, checks_per_minute, proxies, trust_local, trust, pins, accredited."
    ],
    ('archive = "archive"', "archive = 3"): ["[verifier]: archive must be a folder in quotes."],
    ("https://verify.example/", "verify.example"): [
        "[verifier]: origin must be https:// and a host, and nothing after it."
    ],
    ("chain_id = 97", 'chain_id = "97"'): ["[[registry]] number 1: chain_id must be a whole number."],
    ("chain_id = 97", "chain_id = 0"): [
        "[[registry]] number 1: chain_id must be a whole number from 1 to 9223372036854775808."
    ],
    ("chain_id = 97", "chain_id = true"): ["[[registry]] number 1: chain_id must be a whole number."],
    (ADDRESS, ADDRESS[:-1]): ["[[registry]] number 1: address must be 0x and 40 hex digits."],
    (ADDRESS, ADDRESS[:-1] + "4"): [
        "[[registry]] number 1: address must be an address without a typing error "
        "(its capital letters are a checksum, EIP-55)."
    ],
    ("agreement = 2", "agreement = 3"): ["[[registry]] number 1: agreement must be a whole number from 1 to 2."],
    ("agreement = 2", "agreement = 0"): ["[[registry]] number 1: agreement must be a whole number from 1 to 2."],
    ("test = true", 'test = "yes"'): ["[[registry]] number 1: test must be true or false."],
    ("test = true\n", "test = false\n"): ["[[registry]] number 1: test must be true, because this is a test network."],
    ("chain_id = 97", "chain_id = 56"): ["[[registry]] number 1: chain_id must be 97, the chain of bsc-testnet."],
    ("https://a.example", "ws://a.example"): [
        "[[registry]] number 1, nodes: url must be http:// or https:// and a host."
    ],
    ('"https://a.example"', "7"): ["[[registry]] number 1, nodes: url must be an address in quotes."],
    ("operator", "owner"): [
        "[[registry]] number 1, nodes: owner is not known. Known keys: url, operator, requests_per_minute."
    ],
    ("max_age_seconds = 60", "max_age_seconds = -1"): [
        "[[registry]] number 1: max_age_seconds must be a whole number from 1 to 2147483648."
    ],
    ("[[registry]]", "[registry]"): ["the file: registry must be written as [[registry]]."],
    (REGISTRY, ""): ["There is no [[registry]]. Nothing can be checked without one: add the programme's."],
}


@pytest.mark.parametrize(("change", "sentences"), MISTAKES.items())
def test_each_mistake_is_told(tmp_path: Path, change: tuple[str, str], sentences: list[str]) -> None:
    assert change[0] in WHOLE
    assert told(tmp_path, WHOLE.replace(*change)) == sentences


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = (
        WHOLE.replace("chain_id = 97", "chain_id = 0")
        .replace("test = true\n", "test = 3\n")
        .replace("archive =", "arcive =")
    )
    assert len(told(tmp_path, text)) == 3


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sanad\.toml cannot be read: No such file or directory\."):
        load_settings(tmp_path / "sanad.toml")
    with pytest.raises(SettingsError, match=r"is not TOML: .*line 1"):
        load_settings(write(tmp_path, "[verifier\n"))
    (tmp_path / "latin.toml").write_bytes(b"a = '\xe9'")
    with pytest.raises(SettingsError, match="is not TOML"):
        load_settings(tmp_path / "latin.toml")


@pytest.mark.parametrize("table", ["verifier = 3", "registry = 3", "registry = [3]", "registry = []", "networks = 3"])
def test_tables_that_are_none(tmp_path: Path, table: str) -> None:
    assert told(tmp_path, table)


def test_check_sums_are_those_of_eip_55() -> None:
    for address in ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"):
        assert checksummed(address.lower()) == address


def test_domains_are_asked_unless_said_otherwise(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, REGISTRY)).domains == DomainSettings()
    off = load_settings(write(tmp_path, REGISTRY + "[domains]\nask = false\n"))
    assert off.verifier().domains is None
    (tmp_path / "ca.pem").touch()
    asked = load_settings(write(tmp_path, REGISTRY + TRIALS))
    assert asked.domains == DomainSettings(
        True, 2, 0, (("a.example", "https://127.0.0.1:8443"),), tmp_path / "ca.pem", ("127.0.0.1", 5353)
    )
    assert asked.verifier().domains is not None
    assert asked.verifier(ask_domains=False).domains is None


def test_every_mistake_about_domains_is_told(tmp_path: Path) -> None:
    wrong = TRIALS.replace("a.example", "A.example").replace(":5353", ":x").replace("ca.pem", "none.pem")
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, REGISTRY + wrong + "askk = 1\n"))
    assert str(caught.value).splitlines()[1:] == [
        "[domains]: askk is not known. Did you mean ask?",
        "[domains]: places must be a table of domains and addresses: "
        '{ "university.example" = "https://127.0.0.1:8443" }.',
        f"[domains]: authorities must be a file that exists: {tmp_path / 'none.pem'}.",
        '[domains]: nameserver must be an IP address, and a port if need be: "127.0.0.1:5353".',
    ]
