"""`sanad fund`, and keys named by their files."""

import json
from typing import Any

import pytest
from eth_account import Account

from issuer.errors import ActError
from issuer.keys.files import address_named
from issuer.registry.funding import wei_of
from tests.journey.office import Office, school_keys


@pytest.fixture
def school(embedded_office: Office) -> Office:
    school_keys(embedded_office)
    return embedded_office


def fund(school: Office, *words: str) -> list[dict[str, Any]]:
    result = school.run("fund", *words, "--config", str(school.config), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert isinstance(told, list)
    return told


def test_keys_are_topped_up_and_not_twice(school: Office) -> None:
    web3 = school.deployed.chain.web3
    poor, rich = Account.create().address, str(school.folder / "admin.json")
    shown = fund(school, poor, rich, "--up-to", "0.01", "--dry-run")
    assert [each["stood_already"] for each in shown] == [False, True]
    assert shown[0]["gas"] >= 21_000
    assert web3.eth.get_balance(poor) == 0
    assert fund(school, poor, rich, "--up-to", "0.01")[0]["transaction"]
    assert web3.eth.get_balance(poor) == 10**16
    assert fund(school, poor, "--up-to", "0.01")[0]["stood_already"]
    assert fund(school, poor, "--up-to", "0.015")[0]["facts"]["gets"] == "0.005000 coins"
    assert web3.eth.get_balance(poor) == 15 * 10**15


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_who_has_too_few_coins_for_all_gives_none(school: Office, more: list[str]) -> None:
    web3, keys = school.deployed.chain.web3, [Account.create().address for _ in range(2)]
    has = web3.eth.get_balance(school.deployed.programme.address)
    each = f"{has * 2 // 3 / 10**18:.6f}"
    result = school.run("fund", *keys, "--up-to", each, "--config", str(school.config), *more)
    assert result.exit_code == 2
    assert f"has {has / 10**18:.6f} coins and would give {2 * float(each):.6f} coins, besides gas" in result.output
    assert [web3.eth.get_balance(key) for key in keys] == [0, 0]


@pytest.mark.parametrize("coins", ["0", "-1", "much", "1e-19", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(coins: str) -> None:
    with pytest.raises(ActError, match="is not an amount of coins"):
        wei_of(coins)


def test_a_key_may_be_named_by_its_file(school: Office) -> None:
    admin = school.deployed.admin.address
    assert address_named(str(school.folder / "admin.json")) == admin
    assert address_named(admin.lower()) == admin
    result = school.run(
        *("authorise", school.domain, str(school.folder / "admin.json"), "--config", str(school.config), "--json")
    )
    assert json.loads(result.stdout)[0]["facts"]["key"] == admin
    wrong = admin[:-1] + ("0" if admin[-1] != "0" else "1")
    for named in (wrong, "0x12", str(school.folder / "passphrase"), "none.json", str(school.folder)):
        with pytest.raises(ActError, match=r"is neither an address .* nor a keystore file"):
            address_named(named)
