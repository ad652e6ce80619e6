"""What a registry holds, for people and programs: owner, successor, institutions and their counts."""

from pathlib import Path
from typing import Any

from deploy.registry_contract import registry_artifact
from issuer.errors import ActError
from issuer.office.office import open_office
from issuer.registry.abi import fields_of
from issuer.sending import connect_to_any, reading
from issuer.text import moment
from verifier.core.registry import NO_ADDRESS


def registry_data(config: Path | None, registry: str | None = None) -> dict[str, Any]:
    """The registry that a sanad.toml names, or `registry` of several, as plain data.

    Raises:
        SettingsError, ActError: the settings do not name one registry.
        NodeUnusableError: the node gave no usable answer.
    """
    settings = open_office(config, which=registry).registry_settings
    info = settings.info
    web3 = connect_to_any(settings.nodes, info.chain_id)
    contract = web3.eth.contract(web3.to_checksum_address(info.address), abi=registry_artifact()["abi"])
    count = reading(contract.functions.institutionCount().call)
    successor = reading(contract.functions.successor().call)
    return {
        "programme": info.programme,
        "network": info.network,
        "chain_id": info.chain_id,
        "address": info.address,
        "owner": reading(contract.functions.owner().call),
        "nominee": _somebody(reading(contract.functions.pendingOwner().call)),
        "successor": _somebody(successor),
        "successor_chain": reading(contract.functions.successorChain().call) or None,
        "claims_of_signers": ["certificates"],
        "institutions": [_institution(contract, position) for position in range(count)],
    }


def keys_data(config: Path | None, domain: str, registry: str | None = None) -> list[dict[str, Any]]:
    """Every key that was ever an institution's signer or admin, as plain data; times in UTC, None for none.

    Raises:
        SettingsError, ActError: the settings do not name one registry, or the institution never was in it.
        RegistryUnavailableError: too few nodes gave the same trustworthy answers.
    """
    office = open_office(config, which=registry)
    found = office.registry.keys(domain)
    if not found:  # every accredited institution has had an admin
        raise ActError(office.not_accredited(domain))
    return [
        {
            "address": key["key"],
            "admin": key["isAdmin"],
            "signer": key["authorised"],
            "was_admin": key["everAdmin"],
            "authorised_at": moment(key["authorisedAt"]),
            "distrusted_since": moment(key["distrustedSince"]) if key["distrustedSince"] else None,
        }
        for key in found
    ]


def _institution(contract: Any, position: int) -> dict[str, Any]:
    view = contract.functions.institutionRecord(reading(contract.functions.institutionAt(position).call))
    record = fields_of(view.abi["outputs"][0], reading(view.call))
    names = ("domain", "name", "admin", "suspended", "certificates", "batches", "revocations")
    more = {"may_certify": record["mayCertify"], "pending_admin": _somebody(record["pendingAdmin"])}
    return {name: record[name] for name in names} | more


def _somebody(address: str) -> str | None:
    return None if address == NO_ADDRESS else address
