"""The named points of the machine: what the process is killed before, and after."""

from typing import Any

_CALLS: tuple[tuple[str, int], ...] = (
    ("issuer.batches.issuing:check_class", 1),
    ("issuer.registry.writer:RegistryWriter.cost_of_issuing", 1),
    ("issuer.records.locks:Locks.held", 1),
    ("issuer.batches.drafting:keep_course", 1),
    ("issuer.records:Records.add_batch", 1),
    ("issuer.batches.building:envelope_path", 3),
    ("issuer.batches.building:seal", 2),
    ("issuer.batches.issuing:build", 1),
    ("issuer.batches.issuing:force_to_disk", 1),
    ("issuer.records:Records.set_built", 1),
    ("issuer.batches.anchoring:Anchoring.begin", 1),
    ("issuer.records:Records.set_state", 1),
    ("issuer.sending.sender:Sender.count", 1),
    ("issuer.sending.sender:Sender.sign", 1),
    ("issuer.records.transactions:TransactionRecords.keep", 1),
    ("issuer.records.transactions:TransactionRecords.note", 1),
    ("issuer.sending.sender:Sender.send", 1),
    ("issuer.records.transactions:TransactionRecords.note", 2),
    ("issuer.sending.sender:Sender.receipt", 1),
    ("issuer.sending.sender:Sender.receipt", 2),
    ("issuer.records.transactions:TransactionRecords.note", 3),
    ("issuer.sending.settling:Settling._is_done", 2),
    ("issuer.batches.anchoring:Anchoring._is_final", 1),
    ("issuer.records.transactions:TransactionRecords.close", 1),
    ("issuer.records:Records.set_state", 2),
    ("issuer.publishing.archive_writer:ArchiveWriter.publish_batch", 1),
    ("issuer.publishing.archive_writer:ArchiveWriter.publish_pictures", 1),
    ("issuer.publishing.archive_writer:ArchiveWriter.publish_envelope", 3),
    ("issuer.batches.delivering:_place", 1),
    ("issuer.batches.delivering:_place", 6),
    ("issuer.publishing.archive_writer:ArchiveWriter._release", 1),
    ("issuer.publishing.archive_writer:force_to_disk", 1),
    ("issuer.batches.delivering:force_to_disk", 1),
    ("issuer.records:Records.set_state", 3),
    ("issuer.batches.issuing:shutil.rmtree", 2),
    ("issuer.commands.ending:_print", 1),
)
POINTS: tuple[dict[str, Any], ...] = tuple(
    {"point": point, "nth": nth, "when": when} for point, nth in _CALLS for when in ("before", "after")
)
SHORT: tuple[dict[str, Any], ...] = tuple(
    {"point": point, "nth": nth, "when": when}
    for point, nth, when in (
        ("issuer.batches.drafting:keep_course", 1, "after"),
        ("issuer.records:Records.add_batch", 1, "after"),
        ("issuer.records.transactions:TransactionRecords.keep", 1, "after"),
        ("issuer.sending.sender:Sender.send", 1, "after"),
        ("issuer.batches.delivering:_place", 6, "before"),
        ("issuer.publishing.archive_writer:ArchiveWriter._release", 1, "before"),
        ("issuer.records:Records.set_state", 3, "after"),
    )
)


BY_CHANCE = {
    ("issuer.sending.sender:Sender.receipt", 2),
    ("issuer.records.transactions:TransactionRecords.note", 3),
}
"""Points that a run passes only where the block takes its time."""


def point_of(kill: dict[str, Any]) -> tuple[str, int]:
    """Which call it is."""
    return kill["point"], kill["nth"]


def name_of(kill: dict[str, Any]) -> str:
    """How the log calls it."""
    if "line" in kill:
        return f"killed before {kill['line'][0]}:{kill['line'][1]}"
    return f"killed {kill['when']} call {kill['nth']} of {kill['point'].split(':')[1]}"
