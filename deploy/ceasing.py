"""What of a former admin ceases to count when the programme distrusts it, as far as batch files are here.

The chain cannot be asked for what a key wrote. So every batch of the institution of which a file is here is looked at,
and each of its certificates; of how many batches no file is here is said.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from issuer.registry.act import ActingRegistry
from issuer.registry.repeating import parts
from issuer.text import moment
from verifier.core.batch_file import BatchFile
from verifier.core.hashes import institution_id, to_hex
from verifier.core.registry import NO_ADDRESS


def ceasing(registry: ActingRegistry, domain: str, key: str, since: int, files: Sequence[BatchFile]) -> list[str]:
    """What counts now and would cease to, in lines for people; nothing is sent.

    Args:
        registry: as the programme sees it.
        domain: the institution's.
        key: of the former admin.
        since: Unix seconds.
        files: the institution's batch files that are here.

    Raises:
        NodeUnusableError: the node gave no usable answer.
    """
    id_, key = institution_id(domain), registry.checksummed(key)
    found: list[str] = []
    seen = 0
    for file in {file.root: file for file in files}.values():
        record = registry.record("batchRecord", id_, file.root)
        seen += bool(record["issuedAt"])
        found += _of_batch(file, record, key, since)
        found += _revocations(registry, id_, file, record, key, since) if record["issuedAt"] else []
    unseen = registry.record("institutionRecord", id_)["batches"] - seen
    if not found:
        found.append("Nothing that is known here ceases to count.")
    if unseen > 0:
        more = (
            "1 more batch of the institution is" if unseen == 1 else f"{unseen:,} more batches of the institution are"
        )
        found.append(f"{more} on record, of which no file is here.")
    return found


def _of_batch(file: BatchFile, record: dict[str, Any], key: str, since: int) -> Iterator[str]:
    named = f"batch {to_hex(file.root)}"
    if record["counts"] and record["signer"] == key and record["issuedAt"] >= since:
        adopted = ", in the institution's own name" if record["adopted"] else ""
        yield f"ceases to count: {named}, {record['size']:,} certificates, {moment(record['issuedAt'])}{adopted}"
    if record["withdrawnBy"] == key and record["withdrawnAt"] >= since:
        yield f"ceases to count: the withdrawal of {named}, {moment(record['withdrawnAt'])}"


def _revocations(
    registry: ActingRegistry, id_: bytes, file: BatchFile, record: dict[str, Any], key: str, since: int
) -> Iterator[str]:
    """Those that take effect on a batch's certificates; on an adopted one, only the institution's own do."""
    signer = NO_ADDRESS if record["adopted"] else record["signer"]
    commitments = [file.record(index)[0] for index in range(file.size)]
    for part in parts(commitments):
        answers = registry.structs("revocations", 3, id_, signer, part)
        for commitment, answer in zip(part, answers, strict=True):
            if answer["reason"] and answer["revokedBy"] == key and answer["revokedAt"] >= since:
                yield f"ceases to count: revocation of commitment {to_hex(commitment)}, {moment(answer['revokedAt'])}"
