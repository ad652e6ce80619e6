"""The exceptions of issuing.

    IssuerError
    ├── CourseError     course.toml, with every mistake in it (issuer/course/course.py)
    ├── RosterError     the roster
    │   └── RosterErrors    every problem in it, row by row (issuer/roster/)
    ├── IssuerSettingsError  the [issuer] section of sanad.toml (issuer/settings.py)
    ├── KeyFileError    a key file or its passphrase (issuer/keys/files.py)
    ├── SignerError     a remote signer that does not sign, or not what it was asked to (issuer/keys/remote_signer.py)
    ├── ActError        an institution's or programme's act that is not possible (issuer/registry/act.py)
    ├── StoreError      the issuer's records (issuer/records/)
    │   └── BusyError       another run holds the key or the batch (issuer/records/locks.py)
    ├── PreviewError    a specimen that cannot be drawn (issuer/office/previewing.py)
    ├── BuildError      a certificate's file that was not made correctly (issuer/batches/building.py)
    ├── DiskError       a folder or file that cannot be written (issuer/batches/issuing.py)
    ├── NotFinalError   registered, but not final in time (issuer/batches/anchoring.py)
    ├── BegunError      a batch that is begun but not finished, and why (issuer/batches/issuing.py)
    ├── BehindError     records or archive that lack what the registry has (issuer/office/behind.py)
    ├── RedeliveryError  delivered files that cannot be made again (issuer/batches/redelivering.py)
    ├── CancelError     a batch that can no longer be cancelled (issuer/batches/overview.py)
    ├── MovingError     an institution that cannot be moved to another registry (issuer/registry/moving.py)
    ├── AlreadyIssuedError  students who have this course's certificate (issuer/batches/issuing.py)
    ├── UnknownCertificateError  a certificate that neither records nor archive hold (issuer/office/certificates.py)
    │   └── ErasedCertificateError   it was erased, and when
    ├── NamingError     what was given names no certificate (issuer/office/certificates.py)
    │   ├── SeveralCertificatesError  it names several, which are listed
    │   └── AlteredFileError    a file that is not as it was issued, and which certificate it came from
    ├── MailSettingsError  the [mail] table of sanad.toml (issuer/mail/settings.py)
    ├── MailServerError  a mail server that takes no letter from us (issuer/mail/postman.py)
    ├── BackupError     a backup that cannot be made or restored (issuer/custody/)
    ├── ErasureError    a certificate that cannot be erased yet (issuer/custody/erasing.py)
    ├── ExportError     an export that cannot be made, or was not made correctly (issuer/custody/exporting.py)
    ├── WatchError      a watch that cannot be kept as asked (issuer/watch/)
    ├── MailError       letters that cannot be sent as asked (issuer/mail/round.py)
    ├── ArchiveError    the archive's folder, or what is to be published there (issuer/publishing/archive_writer.py)
    │   ├── ArchiveConflictError  something else is published at this place
    │   └── StatusListError  a status list that is missing, or is not the institution's (issuer/publishing/)
    └── TransactionError    between signing a transaction and the registry's record of it (issuer/sending/)
        ├── NodeUnusableError   the node that transactions go through cannot be asked
        │   └── WrongChainError     it is of another chain, so the settings are wrong
        ├── RefusedError        not sent: the node did not take it, and why
        ├── RevertedError       the registry does not allow it, and why
        ├── UnresolvedError     sent, or perhaps sent; its outcome is not known yet
        └── DroppedError        another transaction took its place; it can no longer be mined

Texts are whole sentences for people: what is wrong, where, what to do.
"""

from collections.abc import Sequence
from typing import Any


class IssuerError(Exception):
    """Root of everything that issuing raises on purpose."""


class CourseError(IssuerError):
    """A course description that cannot be used; `problems` (course.CourseProblem) are all its mistakes."""

    def __init__(self, problems: Sequence[Any]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CourseElsewhereError(CourseError):
    """The course description of a batch is not in this data folder: another machine began the batch."""


class RosterError(IssuerError):
    """A roster that cannot be used."""


class RosterErrors(RosterError):  # noqa: N818 - the plural is the point
    """All problems of a roster; `problems` are issuer.roster.RosterProblem."""

    SHOWN = 50

    def __init__(self, problems: Sequence[Any]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[: self.SHOWN]]
        if len(self.problems) > self.SHOWN:
            lines.append(f"… and {len(self.problems) - self.SHOWN:,} more.")
        super().__init__("\n".join(lines))


class IssuerSettingsError(IssuerError):
    """The settings that issuing needs are missing or wrong."""


class KeyFileError(IssuerError):
    """A key file or its passphrase; never reveals their content."""


class SignerError(IssuerError):
    """A remote signer does not sign, or signed something else; nothing was sent."""


class ActError(IssuerError):
    """An act of an institution or a programme is not possible, or was asked for wrongly."""


class StoreError(IssuerError):
    """The issuer's records cannot be used."""


class BusyError(StoreError):
    """Another run holds the key or the batch; nothing is wrong, and nothing was done."""


class PreviewError(IssuerError):
    """A specimen that cannot be drawn as asked."""


class BuildError(IssuerError):
    """A certificate's file was not made correctly."""


class DiskError(IssuerError):
    """A folder or file cannot be written."""


class NotFinalError(IssuerError):
    """The batch is registered and waits to become final."""


class BegunError(IssuerError):
    """A batch is begun but not finished: the message says why, its state, and what to type."""

    def __init__(self, batch: Any, why: IssuerError) -> None:
        self.batch, self.why = batch, why
        certificates = "1 certificate" if batch.size == 1 else f"{batch.size:,} certificates"
        super().__init__(
            f"{why}\nNothing is lost: batch {batch.id} ({batch.course}, {certificates}) is "
            f"{batch.state.value}. Continue with: sanad resume"
        )


class BehindError(IssuerError):
    """Records or archive are behind the registry: what is missing, and the command that brings it back."""


class RedeliveryError(IssuerError):
    """The delivered files of a batch cannot be made again; the message says why."""


class CancelError(IssuerError):
    """A batch can no longer be cancelled; the message says what to do instead."""


class MovingError(IssuerError):
    """An institution cannot be moved to another registry; the message says why."""


class AlreadyIssuedError(IssuerError):
    """Students of the roster have this course's certificate already; `problems` says who."""

    SHOWN = 10

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        shown = list(self.problems[: self.SHOWN])
        if len(self.problems) > self.SHOWN:
            shown.append(f"… and {len(self.problems) - self.SHOWN:,} more.")
        super().__init__(
            "\n".join(
                ["Nothing was issued.", *shown, "Issue the roster again: those who have it already are then left out."]
            )
        )


class MailSettingsError(IssuerError):
    """The settings that letters need are missing or wrong."""


class MailServerError(IssuerError):
    """The mail server takes no letter from us at all: not reached, not protected, login or sender refused."""


class BackupError(IssuerError):
    """A backup cannot be made, or cannot be restored."""


class ErasureError(IssuerError):
    """A certificate cannot be erased yet."""


class ExportError(IssuerError):
    """An export cannot be made, or something in it was not made correctly."""


class WatchError(IssuerError):
    """The watch's settings or its memory cannot be used."""


class MailError(IssuerError):
    """Letters that cannot be sent or settled as asked."""


class TransactionError(IssuerError):
    """What goes wrong between signing a transaction and the registry's record of it (issuer/sending/)."""


class NodeUnusableError(TransactionError):
    """The node that transactions go through cannot be asked, or is of another chain."""


class WrongChainError(NodeUnusableError):
    """The node is of another chain than the settings say; no other node is tried instead."""


class RefusedError(TransactionError):
    """The node did not take the transaction: nothing was sent."""


class RevertedError(TransactionError):
    """The registry does not allow it. `reason` is the contract's own name for why, where it gave one."""

    def __init__(self, text: str, reason: str | None = None) -> None:
        self.reason = reason
        super().__init__(text)


class DroppedError(TransactionError):
    """Another transaction with the key's number was mined in its place; it can no longer be mined.

    `own` if that one is our own: a node that lagged had given its place out again.
    """

    def __init__(self, text: str, own: bool = False) -> None:
        self.own = own
        super().__init__(text)


class UnresolvedError(TransactionError):
    """Sent, or perhaps sent, maybe by an earlier run; how it ended is not known. Only the same bytes may go out."""

    def __init__(self, text: str, transaction: str | None = None) -> None:
        self.transaction = transaction
        super().__init__(text)


class ArchiveError(IssuerError):
    """The archive's folder cannot be written, or what is given cannot be published."""


class ArchiveConflictError(ArchiveError):
    """Something else is published at this place, or belongs there."""


class StatusListError(ArchiveError):
    """A published status list that is missing, or is not what the institution signed."""


class UnknownCertificateError(IssuerError):
    """A certificate that neither the records nor the archive hold; `hash` is its own, where that was given whole."""

    def __init__(self, text: str, hash_: bytes | None = None) -> None:
        self.hash = hash_
        super().__init__(text)


class ErasedCertificateError(UnknownCertificateError):
    """The certificate was erased; `hash` is its own."""

    def __init__(self, text: str, hash_: bytes) -> None:
        super().__init__(text, hash_)
        self.hash: bytes = hash_


class NamingError(IssuerError):
    """What was given names no certificate."""


class SeveralCertificatesError(NamingError):
    """What was given names several certificates; `found` (issuer.office.certificates.Meant) are all of them."""

    SHOWN = 20

    def __init__(self, what: str, found: Sequence[Any]) -> None:
        self.found = tuple(found)
        alike = len({each.short_code for each in found}) < len(found)
        lines = [f"  {each}" + (f", {each.hash.hex()}" if alike else "") for each in self.found[: self.SHOWN]]
        if len(self.found) > self.SHOWN:
            lines.append(f"  … and {len(self.found) - self.SHOWN:,} more.")
        head = f"{what} names {len(self.found):,} certificates. Give the file, link, hash or short code of one of them:"
        super().__init__("\n".join([head, *lines]))


class AlteredFileError(NamingError):
    """A file is not the one that was issued, so nothing is done by it."""


class ValueProblem(Exception):  # noqa: N818 - not raised to callers: it becomes a line of RosterErrors or CourseError
    """A value that does not fit; its text says what to do."""
