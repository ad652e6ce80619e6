"""The command `sanad deploy`. No logic here: deploy/deployment does the work."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deploy.deployment.deploying import Wishes
from deploy.deployment.noting import perform_noted
from deploy.deployment.opening import (
    naming,
    open_deploying,
    own_networks,
    registry_table,
    settings_path,
    write_settings,
)
from deploy.deployment.sources import check_sources, etherscan_key
from deploy.error_reports import reporting_deploy_errors
from issuer.commands.acting import How, acting_with_key, check_addresses
from verifier.chain.networks import network
from verifier.commands.opening import FILE, CommandError

if TYPE_CHECKING:
    from deploy.deployment.deploying import Plan
    from deploy.deployment.records import Deployed
    from deploy.deployment.sources import Outcome

_WAYS = {
    "createx": "by CreateX: for this owner and --serial the same address on every chain",
    "plain": "plainly: CreateX is not used here, so the address is for this network only",
}


@click.command()
@click.option("--network", "name", required=True, help="Where: bsc-testnet, bsc, opbnb-testnet, local, or your own.")
@click.option("--owner", metavar="ADDRESS", help="The programme's address. Without it: the key that pays.")
@click.option("--serial", default=1, type=click.IntRange(1, 10**6), help="2 for a registry that takes another's place.")
@click.option("--plain", is_flag=True, help="Without CreateX.")
@click.option(
    "--records", type=FILE, default=Path("deployments"), show_default=True, help="The folder of what was deployed."
)
@click.option("--programme", metavar="NAME", help="Write the registry into sanad.toml (or --config), by this name.")
@click.option("--verify-source", is_flag=True, help="Have the source checked by Sourcify, and by Etherscan with a key.")
@click.option("--etherscan-key-file", type=FILE, help="File with Etherscan's API key; else ETHERSCAN_API_KEY.")
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@acting_with_key
@reporting_deploy_errors()
def deploy(
    name: str,
    owner: str | None,
    serial: int,
    plain: bool,
    records: Path,
    programme: str | None,
    verify_source: bool,
    etherscan_key_file: Path | None,
    yes: bool,
    how: How,
) -> None:
    """Put the registry on a chain, once: a second run finds what is deployed.

    First shows what it would do and what it would cost. If it is interrupted, run it again.

    \b
    Exit codes: 0 it is deployed; 2 it could not be done; 3 not known yet, run it again.
    """
    check_addresses([owner], yes, how)
    deploying = open_deploying(
        how.config, how.choice, Wishes(_network(how.config, name), owner, serial, plain, records)
    )
    plan = deploying.plan()
    if not how.as_json:
        _print_plan(plan)
    if how.dry_run:
        _end(how, plan, None, [])
        return
    if plan.cost is not None and not yes:
        _ask()
    deployed = perform_noted(deploying, plan, settings_path(how.config) or how.config)
    written = None if programme is None else _write_settings(how.config, deployed, programme)
    outcomes = _sources(plan, deployed, etherscan_key_file) if verify_source else []
    _end(how, plan, deployed, outcomes)
    if not how.as_json:
        click.echo(_next(how.config, deployed, written))
    if any(outcome.pending for outcome in outcomes):
        sys.exit(3)
    if any(outcome.problem for outcome in outcomes):
        sys.exit(2)


def _ask() -> None:
    if not sys.stdin.isatty():
        raise CommandError("This is not a terminal: nobody can be asked. Look with --dry-run, then deploy with --yes.")
    if not click.confirm("Deploy it?", err=True):
        raise CommandError("Nothing was sent.")


def _network(config: Path | None, name: str) -> Any:
    return network(name, own_networks(config))


def _print_plan(plan: "Plan") -> None:
    chain = plan.network.chain
    facts = {
        "network": f"{plan.network.name} (chain {chain.chain_id}{', a test network' if chain.test else ''})",
        "owner": plan.owner,
        "paid by": plan.deployer,
        "address": plan.address,
        "way": _WAYS[plan.way],
    }
    click.echo("deploy the registry")
    for name, value in facts.items():
        click.echo(f"  {name:<8} {value}")
    cost = plan.cost
    if cost is not None:
        click.echo(f"  {'cost':<8} up to {cost.gas:,} gas at {cost.price / 1e9:g} gwei: {cost.wei / 1e18:.6f} coins")
        enough = "" if cost.balance >= cost.wei else ", which is too little"
        click.echo(f"  {'balance':<8} {cost.balance / 1e18:.6f} coins{enough}")


def _end(how: How, plan: "Plan", deployed: "Deployed | None", outcomes: "list[Outcome]") -> None:
    if how.as_json:
        click.echo(json.dumps(_data(plan, deployed, outcomes), ensure_ascii=False, indent=1))
        return
    if deployed is None:
        click.echo("  It is deployed already." if plan.is_deployed else "  Dry run: nothing was sent.")
        return
    if plan.is_deployed:
        click.echo("  It is deployed already; nothing was sent.")
    elif deployed.gas_used is not None:
        click.echo(f"  Done: transaction {deployed.transaction}, block {deployed.block:,}, {deployed.gas_used:,} gas.")
    if plan.network.explorer:
        click.echo(f"  {plan.network.explorer}/address/{deployed.address}")
    for outcome in outcomes:
        click.echo(f"  {outcome.service}: {outcome.text}")


def _data(plan: "Plan", deployed: "Deployed | None", outcomes: "list[Outcome]") -> dict[str, Any]:
    cost = plan.cost
    return {
        "network": plan.network.name,
        "chain_id": plan.network.chain.chain_id,
        "address": plan.address if deployed is None else deployed.address,
        "owner": plan.owner,
        "way": plan.way,
        "stood_already": plan.is_deployed,
        "dry_run": deployed is None,
        "gas": None if cost is None else cost.gas,
        "wei": None if cost is None else cost.wei,
        "balance": None if cost is None else cost.balance,
        "deployed": None if deployed is None else asdict(deployed),
        "sources": [asdict(outcome) for outcome in outcomes],
    }


def _next(config: Path | None, deployed: "Deployed", written: Path | None) -> str:
    found = written or naming(config, deployed)
    return f"{found} names it." if found else f"To trust it, put into sanad.toml:\n\n{registry_table(deployed, '…')}"


def _write_settings(config: Path | None, deployed: "Deployed", programme: str) -> Path:
    return write_settings(config, deployed, programme)


def _sources(plan: "Plan", deployed: "Deployed", key_file: Path | None) -> "list[Outcome]":
    return check_sources(plan.network, deployed, etherscan_key(key_file))
