"""What a deployment needs before there is a registry: key, network and node; and the sanad.toml that it leads to."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.deployment.deploying import Deploying, Wishes
from deploy.deployment.records import Deployed
from deploy.errors import DeploymentError
from issuer.keys.signers import open_signer
from issuer.office.key_choice import KeyChoice, chosen_key
from issuer.sending import Pricing, Sender, connect_to_any
from issuer.settings import KeySettings, load_key_settings
from verifier.errors import SettingsError
from verifier.plain_file import read_plain_text
from verifier.settings import FILE_NAME, find_settings

_KEYS = ("owner_key", "passphrase_file")
_ARCHIVE = 'archive = "archive"'
_VERIFIER = re.compile(r"^[ \t]*\[[ \t]*verifier[ \t]*\][ \t]*(?:#.*)?$", re.MULTILINE)


def open_deploying(config: Path | None, choice: KeyChoice, wishes: Wishes) -> Deploying:
    """A deployment with its key unlocked and its node reached.

    Raises:
        ActError, KeyFileError, SignerError: the key cannot be used.
        NodeUnusableError: the node cannot be asked, or is of another chain.
        DeploymentError: the owner is not an address.
    """
    path = settings_path(config)
    known = KeySettings(None, None) if path is None else load_key_settings(path, "programme", "owner_key", _KEYS)
    place, passphrases = chosen_key(choice, known, "[programme] owner_key")
    chain = wishes.network.chain
    web3 = connect_to_any(chain.nodes, chain.chain_id)
    return Deploying(Sender(web3, open_signer(place, passphrases), Pricing.of(chain, wishes.network.name)), wishes)


def own_networks(config: Path | None) -> Mapping[str, Any]:
    """The tables under [networks] of the sanad.toml that is in use, if any: before there is a registry to name.

    Raises:
        SettingsError: the file cannot be read.
    """
    path = settings_path(config)
    if path is None:
        return {}
    try:
        tables = tomllib.loads(read_plain_text(path)).get("networks", {})
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"{path} is not TOML: {error}.") from None
    return tables if isinstance(tables, dict) else {}


def registry_table(deployed: Deployed, programme: str) -> str:
    """A [[registry]] of sanad.toml for what was deployed."""
    return (
        f"[[registry]]\nprogramme = {_quoted(programme)}\nnetwork = {_quoted(deployed.network)}\n"
        f'address = "{deployed.address}"\n'
    )


def write_settings(config: Path | None, deployed: Deployed, programme: str) -> Path:
    """Name the registry, and an archive if none is named, in the settings' file; its content stays.

    Raises:
        DeploymentError: it cannot be written.
    """
    path = config or Path(FILE_NAME)
    try:
        known = read_plain_text(path) if path.exists() else ""
        text = with_archive(known, deployed.network == "local")
        if not _names(text, deployed):
            text = f"{text.rstrip()}\n\n{registry_table(deployed, programme)}"
        if text != known:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DeploymentError(f"{path} cannot be written: {error.strerror}.") from None
    return path


def naming(config: Path | None, deployed: Deployed) -> Path | None:
    """The settings' file, where it names the registry already."""
    path = settings_path(config)
    text = "" if path is None else path.read_text(encoding="utf-8-sig", errors="replace")
    return path if path is not None and _names(text, deployed) else None


def _names(text: str, deployed: Deployed) -> bool:
    """Whether settings name this registry: at this address, and on this chain."""
    try:
        tables = tomllib.loads(text).get("registry", [])
    except ValueError:  # reading the settings says what is wrong
        return deployed.address.lower() in text.lower()
    return any(
        str(table.get("address", "")).lower() == deployed.address.lower()
        and (table.get("network") == deployed.network or table.get("chain_id") == deployed.chain_id)
        for table in (tables if isinstance(tables, list) else [])
        if isinstance(table, dict)
    )


def with_archive(text: str, local: bool = False) -> str:
    """Settings that name an archive: somebody who named nodes first would else stop at the first class issued.

    Args:
        text: the settings; without a [verifier] table they get one.
        local: such a new table trusts local chains.
    """
    try:
        tables = tomllib.loads(text)
    except ValueError:
        return text  # reading the settings says what is wrong
    verifier = tables.get("verifier")
    if verifier is None:
        trust = "trust_local = true\n" if local else ""
        return f"{text.rstrip()}\n\n[verifier]\n{_ARCHIVE}\n{trust}".lstrip()
    if not isinstance(verifier, dict) or "archive" in verifier:
        return text
    return _VERIFIER.sub(rf"\g<0>\n{_ARCHIVE}", text, count=1)


def settings_path(config: Path | None) -> Path | None:
    """The sanad.toml that is in use: `config`, or wherever one is found; None where there is none."""
    if config is not None:
        return config if config.exists() else None
    try:
        return find_settings()
    except SettingsError:
        return None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
