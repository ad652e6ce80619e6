"""Who may issue for an institution: since when, on whose word, and with how many coins."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from deploy.registry_contract import registry_artifact
from issuer.errors import ActError, NodeUnusableError, RevertedError
from issuer.office.office import open_office
from issuer.sending import Cost, Pricing, Sender, connect_to_any, reading
from issuer.text import moment
from verifier.core.hashes import ZERO, institution_id, to_hex
from verifier.settings import RegistrySettings

SIGNER_COLUMNS = (
    *("address", "authorised_at", "on_the_word_of", "certifier_domain", "certifier_name", "educator_commitment"),
    *("distrusted_since", "may_issue", "wei", "enough_for_one_issue"),
)


@dataclass(frozen=True)
class Signers:
    """The keys that may issue for an institution, and those that could if nobody distrusted them."""

    domain: str
    suspended: bool
    keys: list[dict[str, Any]]
    """Plain data, in the order of their authorisation."""
    price: int | None
    """What registering one batch costs at most now, in wei; None where it is not known."""


def signers_of(config: Path | None, domain: str, which: str | None = None) -> Signers:
    """Ask the registry that a sanad.toml names, or `which` of several.

    Raises:
        SettingsError, ActError: the settings do not name one registry, or the institution is not in it.
        RegistryUnavailableError: too few nodes gave the same trustworthy answers.
        NodeUnusableError: the node gave no usable answer about the coins.
    """
    office = open_office(config, which=which)
    settings = office.registry_settings
    registry = settings.registry()
    institutions = {institution_id(each["domain"]): each for each in registry.institutions()}
    if institution_id(domain) not in institutions:
        raise ActError(office.not_accredited(domain))
    found = [key for key in registry.keys(domain) if key["authorised"]]
    suspended = bool(institutions[institution_id(domain)]["suspended"])
    chain = _Coins(settings, domain)
    able = [key["key"] for key in found if not key["distrustedSince"]]
    price = chain.price(able[0]) if able and not suspended else None
    keys = [_signer(key, institutions, chain.balance(key["key"]), price, suspended) for key in found]
    return Signers(domain, suspended, sorted(keys, key=lambda key: str(key["authorised_at"])), price)


def _signer(
    key: Mapping[str, Any],
    institutions: Mapping[bytes, Mapping[str, Any]],
    balance: int,
    price: int | None,
    suspended: bool,
) -> dict[str, Any]:
    certifier = institutions.get(key["certifier"], {})
    by_admin = key["certifier"] == ZERO
    return {
        "address": key["key"],
        "authorised_at": moment(key["authorisedAt"]),
        "on_the_word_of": "admin" if by_admin else "certifier",
        "certifier_domain": None if by_admin else certifier.get("domain"),
        "certifier_name": None if by_admin else certifier.get("name"),
        "educator_commitment": None if by_admin else to_hex(key["educatorCommitment"]),
        "distrusted_since": moment(key["distrustedSince"]) if key["distrustedSince"] else None,
        "may_issue": not key["distrustedSince"] and not suspended,
        "wei": balance,
        "enough_for_one_issue": None if price is None else balance >= price,
    }


def signers_data(found: Signers) -> dict[str, Any]:
    """All of it as plain data."""
    return {
        "domain": found.domain,
        "suspended": found.suspended,
        "wei_for_one_issue": found.price,
        "signers": found.keys,
    }


def signers_lines(found: Signers) -> Iterator[str]:
    """All of it for people."""
    if found.suspended:
        yield f"The programme has suspended {found.domain}: nobody can issue for it now."
    if not found.keys:
        yield f"Nobody may issue for {found.domain}. To let a key issue: sanad authorise {found.domain} ADDRESS"
    for key in found.keys:
        since, coins = key["authorised_at"], f"{key['wei'] / 1e18:.6f} coins"
        yield f"{key['address']}  authorised {since} on the word of {_word(key)}"
        distrusted = f", distrusted since {key['distrusted_since']}: may not issue" if key["distrusted_since"] else ""
        yield f"  {coins}{_enough(key['enough_for_one_issue'])}{distrusted}"
    if found.price is not None:
        yield f"Registering one class costs up to {found.price / 1e18:.6f} coins now, whatever its size."


def _word(key: Mapping[str, Any]) -> str:
    if key["on_the_word_of"] == "admin":
        return "the institution's admin"
    who = f"{key['certifier_name']} ({key['certifier_domain']})"
    return f"{who}, which certified the educator on {key['educator_commitment']}"


def _enough(enough: bool | None) -> str:
    if enough is None:
        return ""
    return ", enough for one class" if enough else ", too few for one class: sanad fund"


class _Coins:
    """What the keys have, and what registering one batch costs."""

    def __init__(self, settings: RegistrySettings, domain: str) -> None:
        self._web3 = connect_to_any(settings.nodes, settings.info.chain_id)
        address = self._web3.to_checksum_address(settings.info.address)
        self._contract = self._web3.eth.contract(address, abi=registry_artifact()["abi"])
        self._pricing = Pricing.of(settings.chain, settings.info.network)
        self._institution = institution_id(domain)

    def balance(self, key: str) -> int:
        return int(reading(lambda: self._web3.eth.get_balance(self._web3.to_checksum_address(key))))

    def price(self, key: str) -> int | None:
        """For that key, which may issue; None where the registry would not let it (it was closed)."""
        call = self._contract.functions.issue(self._institution, secrets.token_bytes(32), 1)
        try:
            cost: Cost = Sender(self._web3, _Somebody(key), self._pricing).cost(call)
        except RevertedError:
            return None
        return cost.wei


@dataclass(frozen=True)
class _Somebody:
    """A key of which only the address is known here."""

    address: str

    def sign_transaction(self, transaction_dict: Any) -> NoReturn:  # noqa: ARG002 - as the Protocol has it
        raise NodeUnusableError("Only its owner can sign with this key.")

    def sign_typed_data(self, *, full_message: Any) -> NoReturn:  # noqa: ARG002
        raise NodeUnusableError("Only its owner can sign with this key.")
