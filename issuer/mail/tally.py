"""The state of letters, for people and for exit codes."""

from collections.abc import Iterable

from issuer.mail.round import Tally, with_students
from issuer.records import Batch, DeliveryState, Records

_SHOWN = 20


def tally_text(tally: Tally) -> str:
    """One line for people."""
    parts = [f"{tally.sent:,} sent"]
    parts += [f"{tally.refused:,} refused (sanad mail list --state refused)"] if tally.refused else []
    parts += [f"{tally.unknown:,} not known (sanad mail list --state unknown)"] if tally.unknown else []
    parts += [f"{tally.queued:,} put off (sanad mail send, later)"] if tally.queued else []
    parts += [f"{tally.withheld:,} withheld (sanad mail list --state withheld)"] if tally.withheld else []
    parts += [f"{tally.without:,} without an address"] if tally.without else []
    return ", ".join(parts) + "."


def unknown_text(store: Records, batch: Batch) -> list[str]:
    """Of whose letters nobody knows whether they arrived, and what to type; empty where there are none."""
    found = list(with_students(store, batch, DeliveryState.UNKNOWN))
    if not found:
        return []
    letters = "1 letter was" if len(found) == 1 else f"{len(found):,} letters were"
    lines = [f"{letters} handed over, and no answer came. Ask whether it arrived:"]
    lines += [f"  row {draft.row.number}  {draft.row.name} <{each.recipient}>" for each, draft in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"  … and {len(found) - _SHOWN:,} more: sanad mail list --batch {batch.id[:8]} --state unknown")
    return [
        *lines,
        f"If it arrived: sanad mail settle {batch.id[:8]} {found[0][1].row.number} --arrived",
        f"To send {'it' if len(found) == 1 else 'all of them'} again, which may arrive twice: "
        f"sanad mail send --batch {batch.id[:8]} --unknown-again",
    ]


def exit_code(tallies: Iterable[Tally]) -> int:
    """0 all settled, 1 a person has to look, 3 to be continued."""
    found = list(tallies)
    if any(tally.refused or tally.unknown for tally in found):
        return 1
    return 3 if any(tally.queued for tally in found) else 0
