"""Acts of a multisig: written as a file for the Safe Transaction Builder instead of being signed and sent.

The multisig is the owner or the admin that the registry names, so nobody says its address and no key is needed. Its
members load the file, sign and execute. What came of it is seen by typing the same command again: then the act is done
already, and the trail's entry is completed.
"""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from web3 import Web3

from issuer.disk.private_files import open_private
from issuer.disk.writing import write_whole, writing_to
from issuer.errors import ActError, IssuerError
from issuer.office.office import Office
from issuer.office.performing import SILENT, Listener, Performed, Report, follow_up
from issuer.office.records_place import acts_records, place_in
from issuer.office.written_calls import call_of, complete, in_words
from issuer.records import Records, open_existing
from issuer.registry.act import Act
from issuer.sending import Cost
from verifier.core.errors import SanadError

_VERSION, _BUILDER = "1.0", "1.18.2"


@dataclass(frozen=True)
class Calls:
    """What a multisig is to do, in order."""

    chain_id: int
    multisig: str
    acts: Sequence[Act]

    @property
    def meaning(self) -> str:
        """All of it, in words."""
        return "\n".join(f"{number}. {in_words(act)}" for number, act in enumerate(self.acts, 1))


def batch_of(calls: Calls, now: float) -> dict[str, Any]:
    """The file of the Safe Transaction Builder, with its check sum."""
    meta = {
        "name": f"Sanad: {', '.join(dict.fromkeys(act.name for act in calls.acts))}",
        "description": calls.meaning,
        "txBuilderVersion": _BUILDER,
        "createdFromSafeAddress": calls.multisig,
        "createdFromOwnerAddress": "",
    }
    transactions = [{**call_of(act), "contractMethod": None, "contractInputsValues": None} for act in calls.acts]
    batch = {
        "version": _VERSION,
        "chainId": str(calls.chain_id),
        "createdAt": int(now * 1000),
        "meta": meta,
        "transactions": transactions,
    }
    return {**batch, "meta": {**meta, "checksum": checksum(batch)}}


def checksum(batch: Mapping[str, Any]) -> str:
    """The builder's own check sum of a batch; it leaves out the batch's name and the check sum itself."""
    meta = {name: value for name, value in batch["meta"].items() if name != "checksum"}
    return Web3.to_hex(Web3.keccak(text=_written({**batch, "meta": {**meta, "name": None}})))


def _written(value: Any) -> str:
    """A value in the form that the check sum is taken of: an object as the list of its names, then its values."""
    if isinstance(value, list):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, dict):
        names = sorted(value)
        values = "".join(f"{_written(value[name])}," for name in names)
        return f"{{{_plain(names)}{values}}}"
    return _plain(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass
class Writing:
    """What became of acts that were to be written for a multisig."""

    file: Path
    report: Report = field(default_factory=Report)
    unseen: list[Act] = field(default_factory=list)
    """Acts that are possible only once those before them are done, so that nobody could try them out."""
    calls: Calls | None = None
    """None where nothing was left to do."""


def write_acts(
    office: Office,
    acts: Sequence[Act],
    file: Path,
    listener: Listener = SILENT,
    dry_run: bool = False,
    after: frozenset[str] = frozenset(),
) -> Writing:
    """Try each act out as the multisig, without sending anything, and write those that are still to be done.

    Args:
        office: whose records keep what was written.
        acts: of one multisig, in their order.
        file: a new file.
        listener: hears of each.
        dry_run: write nothing.
        after: names of acts that are possible only once those before them are done.
    """
    writing = Writing(file)
    try:
        _check_new(file)
        due = [act for act in acts if _tried(writing, act, listener, after)]
        if due:
            writing.calls = Calls(due[0].sender.chain_id, due[0].sender.address, due)
            if not dry_run:
                _write(office, writing.calls, file)
        if not dry_run:
            _complete(office, [act for act in acts if act not in due], writing.report)
    except (IssuerError, SanadError) as error:
        writing.report.error = error
    return writing


def _tried(writing: Writing, act: Act, listener: Listener, after: frozenset[str]) -> bool:
    """Whether an act is still to be done; the registry would allow it to the multisig."""
    writing.report.failed = act
    listener.begin(act)
    if act.name in after:
        if done := act.done():
            listener.end(Performed(act, None, None))
        else:
            writing.unseen.append(act)
    else:
        cost = _cost(act) if act.is_due() else None
        performed, done = Performed(act, cost, None), cost is None
        writing.report.performed.append(performed)
        listener.end(performed)
    writing.report.failed = None
    return not done


def _cost(act: Act) -> Cost:
    """What it takes; what the multisig has in coins is its members' business, who pay for the gas."""
    return Cost(act.sender.gas(act.call), 0, 0)


def _check_new(file: Path) -> None:
    if file.exists():
        raise ActError(f"{file} exists already. Name a new file with --safe. Nothing was written.")


def _write(office: Office, calls: Calls, file: Path) -> None:
    text = json.dumps(batch_of(calls, time.time()), ensure_ascii=False, indent=2) + "\n"
    with acts_records(office) as store:
        with writing_to(file):
            write_whole(file, text.encode(), lambda path: open_private(path, new=True))
        for act in calls.acts:
            _note(store, act, file)


def _note(store: Records, act: Act, file: Path) -> None:
    facts = {name: value for name, value in act.facts.items() if name != "institution"}
    place: dict[str, Any] = {"multisig": act.sender.address, "file": file.name, "chain_id": act.sender.chain_id}
    store.trail.add(act.name, act.facts.get("institution"), **place, call=call_of(act), act=facts)


def _complete(office: Office, done: Sequence[Act], report: Report) -> None:
    """The registry has these: complete the entries that were written for a multisig, and do what follows from them."""
    store = open_existing(place_in(office).records) if done else None
    if store is None:
        return
    with closing(store):
        for act in done:
            complete(store, act)
    there = Report([each for each in report.performed if each.already])
    follow_up(office, there)
    report.troubles += there.troubles
    report.letters += there.letters
