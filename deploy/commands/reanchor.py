"""The command `sanad reanchor`: batches and revocations from one registry into another.

No logic here: deploy/moving.py and issuer/registry/moving.py do the work.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deploy.moving import Moving, Wishes, data_of
from issuer.commands.acting import SAFE, YES, How, act_data, acting_with_key, confirm, end
from issuer.commands.acting import perform as perform_acts
from issuer.errors import NotFinalError
from issuer.office.key_choice import Seat
from issuer.office.performing import Listener, Performed, Report, perform
from issuer.text import moment
from verifier.commands.opening import FILE
from verifier.core.hashes import from_hex, is_hex

if TYPE_CHECKING:
    from deploy.moving import Step
    from issuer.registry.act import Act


@click.command()
@click.argument("domains", nargs=-1)
@click.option(
    "--from",
    "old",
    required=True,
    metavar="OLD",
    help="The registry that is left: address, network, or address@network.",
)
@click.option("--to", "new", required=True, metavar="NEW", help="The registry that takes its place, named alike.")
@click.option("--old-is-dead", is_flag=True, help="The old chain is gone: our own records say what was in it.")
@click.option(
    "--state",
    type=FILE,
    help="What the old registry said, from sanad registry state: used where its chain gives no answer.",
)
@click.option("--leave", multiple=True, metavar="ROOT", help="A batch that is not to be adopted. Repeatable.")
@click.option("--name-successor", is_flag=True, help="As the programme: close the old registry when all is done.")
@YES
@SAFE
@acting_with_key
def reanchor(
    domains: tuple[str, ...],
    old: str,
    new: str,
    old_is_dead: bool,
    state: Path | None,
    leave: tuple[str, ...],
    name_successor: bool,
    yes: bool,
    how: How,
) -> None:
    """Register again in NEW what OLD has, for DOMAINS or all its institutions.

    Revocations and withdrawals first, then, when they are final, the batches. Files, links and QR codes stay as they
    are. sanad.toml names both registries. If it is interrupted, run it again: it is safe to repeat.

    \b
    Exit codes: 0 done; 2 it could not be done; 3 begun: run it again to continue.
    """
    if wrong := [root for root in leave if not is_hex(root)]:
        raise click.UsageError(f"{wrong[0]} is not a root: 0x and 64 lower-case hex digits.")
    roots = [from_hex(root) for root in leave]
    moving = Moving(how.config, Wishes(old, new, domains, old_is_dead, state, roots, name_successor, how.choice))
    moving.check_direction()
    if how.safe is not None:
        _name_successor(moving, how)
        return
    old_state = _print_old_state(moving, how.as_json)
    question = f"Register all this in {moving.new.info.address}, permanently?"
    closing = f"Then {moving.old.info.address} is closed: it takes no more batches."
    lines = [*_source(moving, state), *([closing] if name_successor else [])]
    confirm(lines, question, yes, how)
    report, done = _perform(moving, how)
    if how.as_json:
        kept = None if moving.kept is None else {"block": moving.kept.block, "time": moment(moving.kept.time)}
        whole = {"state": kept, "stood": old_state, "acts": done, "waiting": moving.waiting}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
    if isinstance(report.error, NotFinalError):
        click.echo(str(report.error), err=True)
        sys.exit(3)
    end(report)
    if not how.as_json:
        _print_end(moving, how, done, sum(each["unseen"] for each in old_state))
    if (moving.waiting or any(each["unseen"] for each in old_state)) and not how.dry_run:
        sys.exit(3)


def _name_successor(moving: "Moving", how: How) -> None:
    """The owner of the old registry is a multisig: write its last act."""
    if not moving.wishes.name_successor:
        raise click.UsageError(
            "--safe goes with --name-successor: a multisig's admins move batches with sanad adopt --safe."
        )
    perform_acts([moving.successor(Seat.HOLDER)], moving.old_office, how)


def _print_old_state(moving: "Moving", quiet: bool) -> list[dict[str, Any]]:
    found = [moving.old_state(domain) for domain in moving.domains]
    if not quiet:
        _say_both(moving)
        click.echo(
            f"{'institution':<36} {'batches':>8} {'certificates':>13} {'revocations':>12} {'withdrawn':>10} {'left':>5}"
        )
    for each in () if quiet else found:
        size = sum(each.batches.values())
        numbers = f"{len(each.batches):>8,} {size:>13,} {len(each.revocations):>12,}"
        click.echo(f"{each.domain:<36} {numbers} {len(each.withdrawn):>10,} {len(each.left):>5,}")
        for root, why in each.left.items():
            click.echo(f"  left: 0x{root.hex()}, {why}")
        if each.unseen:
            click.echo(f"  {each.unseen:,} batches on record have no file in the archive; they are NOT moved.")
    return [data_of(each) for each in found]


def _source(moving: "Moving", path: Path | None) -> list[str]:
    """Whose word it is what the old registry has, where a kept state was named."""
    if path is None:
        return []
    kept, name = moving.kept, f"{moving.old.info.address} ({moving.old.info.network})"
    if kept is None:
        return [f"{name} answers, so {path} is not used."]
    since = f"{moment(kept.time)}, {_age(time.time() - kept.time)} ago"
    return [
        f"{name} gives no answer. {path} has what it said at block {kept.block:,}, {since}.",
        "What our own records signed since then is added; what others did since then is not known.",
        "Go on only if the chain is dead: what is registered now cannot be taken back.",
    ]


def _age(seconds: float) -> str:
    for size, one in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count:,} {one}{'' if count == 1 else 's'}"
    return "less than a minute"


def _say_both(moving: "Moving") -> None:
    for name, one in (("from", moving.old.info), ("to", moving.new.info)):
        click.echo(f"{name:<5} {one.address} ({one.network}, chain {one.chain_id})")


def _perform(moving: "Moving", how: How) -> tuple[Report, list[dict[str, Any]]]:
    """Do all that is left, or look at it; what became of it, and each act as data with the registry it is done in."""
    places: dict[int, Step] = {}
    reported: list[dict[str, Any]] = []

    def acts() -> "Iterator[Act]":
        for step in moving.planned() if how.dry_run else moving.steps():
            places[id(step.act)] = step
            yield step.act

    def end_of(performed: Performed) -> None:
        step = places[id(performed.act)]
        reported.append({**act_data(performed), "registry": step.info.address})
        if not how.as_json:
            click.echo(_line(step, performed))

    return perform(moving.office, acts(), Listener(end=end_of), how.dry_run), reported


def _line(step: "Step", performed: Performed) -> str:
    what = f"{step.act.name:<15} {step.act.facts.get('institution', step.info.address):<42}"
    if performed.cost is None:
        return f"{what} already so"
    if performed.done is None:
        return f"{what} up to {performed.cost.gas:,} gas"
    return f"{what} {performed.done.transaction or 'done by somebody else'}"


def _print_end(moving: "Moving", how: How, done: list[dict[str, Any]], unseen: int) -> None:
    for domain, admin in moving.waiting.items():
        click.echo(f"{domain} waits for its own admin, {admin}: sanad reanchor {domain} …, with that key.")
    if how.dry_run:
        click.echo(f"Dry run: {len(done)} acts to begin with. Nothing was sent.")
        return
    if moving.waiting:
        return
    if unseen:
        click.echo(
            f"All but these {unseen:,} batches are in the new registry. Find their batch files, and run it again."
        )
        return
    click.echo("Everything is in the new registry." if done else "Already so; nothing was sent.")
    click.echo(f"Verifiers: mark {moving.old.info.address} with retired = true, and trust {moving.new.info.address}.")
