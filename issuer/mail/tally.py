"""The state of letters, for people and for exit codes."""

from collections.abc import Iterable

from issuer.mail.round import Tally


def tally_text(tally: Tally) -> str:
    """One line for people."""
    parts = [f"{tally.sent:,} sent"]
    parts += [f"{tally.refused:,} refused (sanad mail list --state refused)"] if tally.refused else []
    parts += [f"{tally.unknown:,} unknown (sanad mail list --state unknown)"] if tally.unknown else []
    parts += [f"{tally.queued:,} put off (sanad mail send, later)"] if tally.queued else []
    parts += [f"{tally.withheld:,} withheld (sanad mail list --state withheld)"] if tally.withheld else []
    parts += [f"{tally.without:,} without an address"] if tally.without else []
    return ", ".join(parts) + "."


def exit_code(tallies: Iterable[Tally]) -> int:
    """0 all settled, 1 a person has to look, 3 to be continued."""
    found = list(tallies)
    if any(tally.refused or tally.unknown for tally in found):
        return 1
    return 3 if any(tally.queued for tally in found) else 0
