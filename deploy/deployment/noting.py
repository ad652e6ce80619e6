"""A deployment in the trail: kept beside the settings, as every other act of the programme is."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from deploy.deployment.deploying import Deploying, Plan
from deploy.deployment.records import Deployed
from issuer.errors import UnresolvedError
from issuer.office.office import ADMIN
from issuer.office.trail import DONE, UNKNOWN
from issuer.office.written_calls import SETTLED
from issuer.records import Entry, Records
from issuer.records.place import in_folder
from issuer.settings import load_key_settings
from verifier.settings import FILE_NAME


def perform_noted(deploying: Deploying, plan: Plan, settings: Path | None) -> Deployed:
    """Deploy, and note what was sent; errors as Deploying.perform.

    Args:
        deploying: the deployment.
        plan: what it would do.
        settings: the sanad.toml, which need not exist yet.

    Raises:
        StoreError: the trail cannot be kept; nothing was sent.
    """
    if plan.is_deployed:
        return deploying.perform(plan)
    path = (settings or Path(FILE_NAME)).resolve()
    known = load_key_settings(path, "issuer", ADMIN) if path.exists() else None
    place = known.records if known is not None and known.records is not None else in_folder(path.parent / "data")
    with closing(Records(place)) as store:
        try:
            deployed = deploying.perform(plan)
        except UnresolvedError:
            if (pending := deploying.records.pending()) is not None:
                _note(store, plan, pending.transaction, {"outcome": UNKNOWN, "registry": pending.address})
            raise
        if deployed.transaction is not None:
            facts = {"outcome": DONE, "block": deployed.block, "gas_used": deployed.gas_used}
            _note(store, plan, deployed.transaction, {**facts, "registry": deployed.address})
    return deployed


def _note(store: Records, plan: Plan, transaction: str, facts: dict[str, Any]) -> None:
    of_it: Callable[[Entry], bool] = lambda entry: entry.facts.get("transaction") == transaction  # noqa: E731
    known = next(filter(of_it, store.trail.those_that("deploy")), None)
    if known is None:
        place: dict[str, Any] = {"chain_id": plan.network.chain.chain_id, "sent_by": plan.deployer}
        act = {"owner": plan.owner, "network": plan.network.name}
        store.trail.add("deploy", None, transaction=transaction, **place, **facts, act=act)
    elif facts["outcome"] != known.facts.get("outcome"):
        store.trail.add(SETTLED, None, entry=known.number, **facts)
