"""Everything an institution needs to leave, in plain files that need no Sanad to be read.

    README.txt
    batches/<root>/batch.sanad        the batch file: domain, root, commitments and sheet hashes by index
    batches/<root>/leaves.csv         the same, readable, with each leaf of the Merkle tree
    batches/<root>/roster.csv         who has which certificate: row, name, H, link, short code, address of the letter
    batches/<root>/certificates/      the sealed PDFs and the envelopes
    batches/<root>/course/            the course description as it was when the batch was drafted
    batches/<root>/registration.json  chain, registry, institution, signer, the transactions with their receipts
    revocations.csv                   every revocation and replacement of our records that took effect
    records/<table>.jsonl             the records, table by table

Every envelope and PDF is read with the verifier's own code before the export is called done.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from issuer.batches.filenames import file_stem
from issuer.custody.rows import lines_of, tables
from issuer.disk.private_files import open_private, private_folder, write_private
from issuer.errors import ExportError
from issuer.records import Batch, BatchState, Draft, Records
from issuer.registry.repeating import that_took_effect
from verifier.archive_folder import FolderArchive, batch_path
from verifier.core.batch_file import BatchFile, parse_batch_file
from verifier.core.codes import link, short_code
from verifier.core.errors import BatchFileError, SanadError
from verifier.core.hashes import ZERO, commitment, institution_id, to_hex
from verifier.core.merkle import leaf
from verifier.core.reading import read_file
from verifier.plain_file import read_plain

_ISSUED = (BatchState.FINAL, BatchState.DELIVERED)
_README = """\
What {domains} issued with Sanad, exported on {day}.

Every certificate in batches/*/certificates verifies by itself, with any Sanad verifier: SPEC.md of the Sanad project
says how, byte by byte. registration.json of each batch says which registry has its root. To register the same
batches in another registry, give batch.sanad to `sanad adopt` or `sanad reanchor` there; no file changes.

This folder holds personal data (names, e-mail addresses, grades). Keep it as you keep your student records.

Keys are not in it{keys}.
"""


@dataclass(frozen=True)
class Exported:
    """What an export holds."""

    folder: Path
    batches: int
    certificates: int
    erased: int
    missing: tuple[str, ...]
    """Certificates whose PDF is not where it was delivered; their envelopes are there."""


def export(
    store: Records,
    data: Path,
    archive: Path,
    folder: Path,
    keys: Sequence[Path] = (),
    keys_to: Path | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Exported:
    """Export everything into a new folder.

    Args:
        store: the records.
        data: their folder.
        archive: where envelopes and batch files are published.
        folder: new or empty.
        keys: the encrypted key files that the settings name.
        keys_to: a new or empty folder that these are copied to, apart.
        progress: is called for each certificate.

    Raises:
        ExportError: it cannot be written, or a file is not what it should be.
    """
    try:
        for each in filter(None, (folder, keys_to)):
            if os.path.lexists(each) and any(each.iterdir()):
                raise ExportError(f"{each} is not empty. Name a new folder.")
        batches = [batch for batch in store.batches() if batch.state in _ISSUED]
        parts = [_Part(store, data, archive, batch, folder).write(progress) for batch in batches]
        _write_revocations(store, archive, sorted({batch.domain for batch in batches}), folder / "revocations.csv")
        _write_records(store, folder / "records")
        if keys_to is not None:
            _copy_keys(keys, keys_to)
        _write_readme(folder, batches, keys, keys_to)
    except OSError as error:
        raise ExportError(f"{error.filename or folder} cannot be read or written: {error.strerror or error}.") from None
    counts = [sum(each) for each in zip(*(part[:2] for part in parts), strict=True)] or [0, 0]
    return Exported(folder, len(batches), counts[0], counts[1], tuple(name for part in parts for name in part[2]))


class _Part:
    """One batch of an export."""

    def __init__(self, store: Records, data: Path, archive: Path, batch: Batch, folder: Path) -> None:
        assert batch.root is not None  # issued batches have one
        self._store, self._data, self._archive, self._batch = store, data, FolderArchive(archive), batch
        self._root = batch.root
        self._place = folder / "batches" / batch.root.hex()
        self._source = batch_path(archive, batch.domain, batch.root)
        self._hashes = store.hashes(batch.id)

    def write(self, progress: Callable[[int], None]) -> tuple[int, int, list[str]]:
        """Write it; how many certificates, how many of them erased, and whose PDF is missing."""
        certificates = self._place / "certificates"
        private_folder(certificates)
        try:
            file = parse_batch_file(self._source.read_bytes())
        except BatchFileError as error:
            raise ExportError(f"{self._source} is damaged. {error}") from None
        write_private(self._place / "batch.sanad", file.to_bytes())
        _write_csv(
            self._place / "leaves.csv", ("index", "commitment", "sheet", "leaf"), map(_leaf_of(file), range(file.size))
        )
        _copy_course(self._data / "batches" / self._batch.id / "course", self._place / "course")
        self._write_registration()
        letters = {each.position: each for each in self._store.deliveries.of(self._batch.id)}
        rows: list[tuple[Any, ...]] = []
        missing: list[str] = []
        for draft in self._store.drafts(self._batch.id):
            row = self._certificate(draft, file, certificates, missing)
            letter = letters.get(draft.position)
            rows.append((*row, draft.row.email or "", letter.state.value if letter else ""))
            progress(1)
        heading = ("index", "row", "name", "student number", "grade", "certificate hash", "link", "short code", "file")
        _write_csv(self._place / "roster.csv", (*heading, "e-mail", "letter"), rows)
        return file.size, file.size - len(rows), missing

    def _certificate(self, draft: Draft, file: BatchFile, folder: Path, missing: list[str]) -> tuple[Any, ...]:
        stem = file_stem(draft.position, self._batch.size, draft.row.name)
        pdf, hash_ = Path(self._batch.out) / f"{stem}.pdf", self._hashes.get(draft.position)
        envelope = None if hash_ is None else self._archive.envelope(hash_)
        if hash_ is None or envelope is None:
            raise ExportError(f"The archive lacks the envelope of row {draft.row.number} ({draft.row.name}).")
        write_private(folder / f"{stem}.json", envelope)
        _see_sound(envelope, f"{stem}.json", hash_, file, draft.position)
        if pdf.is_file():
            data = pdf.read_bytes()
            write_private(folder / pdf.name, data)
            _see_sound(data, pdf.name, hash_, file, draft.position)
        else:
            missing.append(str(pdf))
        student = draft.row
        codes = (to_hex(hash_), link(self._batch.origin, hash_), short_code(hash_), f"{stem}.pdf")
        return (draft.position, student.number, student.name, student.student_number or "", student.grade or "", *codes)

    def _write_registration(self) -> None:
        batch = self._batch
        transactions = [
            {
                "transaction": attempt.hash, "state": attempt.state.value, "signed": attempt.signed,
                "block": attempt.block, "gas_used": attempt.gas_used, "receipt": attempt.receipt,
            }
            for attempt in self._store.transactions.of_batch(batch.id)
        ]  # fmt: skip
        data = {
            "domain": batch.domain,
            "institution": to_hex(institution_id(batch.domain)),
            "root": to_hex(self._root),
            "size": batch.size,
            "chain_id": batch.chain_id,
            "registry": batch.registry,
            "signer": batch.signer,
            "course": batch.course,
            "drafted": batch.drafted,
            "transactions": transactions,
        }
        text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
        write_private(self._place / "registration.json", text + "\n")


def _copy_course(source: Path, target: Path) -> None:
    private_folder(target)
    for path in source.iterdir() if source.is_dir() else ():  # a rebuilt batch may have none
        write_private(target / path.name, path.read_bytes())


def _see_sound(data: bytes, name: str, hash_: bytes, file: BatchFile, index: int) -> None:
    try:
        reading = read_file(data)
    except SanadError as error:
        raise ExportError(f"{name} does not read as a certificate. {error}") from None
    envelope = reading.envelope
    right = envelope is not None and envelope.hash == hash_ and envelope.computed_root == file.root
    if reading.altered or not right or file.record(index)[0] != commitment(hash_):
        raise ExportError(f"{name} is not the certificate that was issued: was it saved again by another program?")


def _leaf_of(file: BatchFile) -> Callable[[int], tuple[Any, ...]]:
    def row(index: int) -> tuple[Any, ...]:
        commitment_, sheet = file.record(index)
        return index, to_hex(commitment_), to_hex(sheet), to_hex(leaf(index, commitment_, sheet))

    return row


def _write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    # The mark lets spreadsheets read Urdu.
    with io.TextIOWrapper(open_private(path), encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        writer.writerows(rows)


def _write_revocations(store: Records, archive: Path, domains: Sequence[str], path: Path) -> None:
    replaced = {commitment(old): new for old, new in FolderArchive(archive).replacements()}
    rows = []
    for domain in domains:
        for each in that_took_effect(store, domain):
            new = None if each.replacement == ZERO else replaced.get(each.commitment)
            act, named = "revoke" if each.replacement == ZERO else "replace", "" if new is None else to_hex(new)
            rows.append((domain, act, to_hex(each.commitment), each.reason, each.writer, named))
    _write_csv(path, ("domain", "act", "commitment", "reason", "signer", "replacement's certificate hash"), rows)


def _write_records(store: Records, folder: Path) -> None:
    private_folder(folder)

    def write(connection: Connection) -> None:
        for table in tables():
            with open_private(folder / f"{table.name}.jsonl") as file:
                file.writelines(lines_of(connection, table))

    store.database.snapshot(write)


def _copy_keys(keys: Sequence[Path], folder: Path) -> None:
    private_folder(folder)
    for key in keys:
        with open_private(folder / key.name, new=True) as file:
            file.write(read_plain(key))


def _write_readme(folder: Path, batches: Sequence[Batch], keys: Sequence[Path], keys_to: Path | None) -> None:
    names = ", ".join(key.name for key in keys) or "none is in a file"
    where = f": their files, still encrypted, were copied apart ({names})" if keys_to else f" ({names})"
    domains = ", ".join(sorted({batch.domain for batch in batches})) or "nobody"
    text = _README.format(domains=domains, day=datetime.now(UTC).date().isoformat(), keys=where)
    write_private(folder / "README.txt", text)
