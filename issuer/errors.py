"""The exceptions of issuing.

    IssuerError
    ├── CourseError     course.toml, with every mistake in it (issuer/course/course.py)
    ├── RosterError     the roster
    │   └── RosterErrors    every problem in it, row by row (issuer/roster/)
    ├── IssuerSettingsError  the [issuer] section of sanad.toml (issuer/settings.py)
    ├── KeyFileError    a key file or its passphrase (issuer/keys/files.py)
    ├── SignerError     a remote signer that does not sign, or not what it was asked to (issuer/keys/remote_signer.py)
    ├── ActError        an institution's or programme's act that cannot be (issuer/registry/act.py)
    ├── StoreError      the issuer's records (issuer/records/)
    │   └── BusyError       another run holds the key or the batch (issuer/records/locks.py)
    ├── PreviewError    a specimen that cannot be drawn (issuer/office/previewing.py)
    ├── BuildError      a certificate's file that did not come out right (issuer/batches/building.py)
    ├── DiskError       a folder or file that cannot be written (issuer/batches/issuing.py)
    ├── NotFinalError   registered, but not final in time (issuer/batches/anchoring.py)
    ├── BegunError      a batch that is begun and not done, and why (issuer/batches/issuing.py)
    ├── CancelError     a batch that cannot be given up any more (issuer/batches/overview.py)
    ├── MovingError     an institution that cannot be moved to another registry (issuer/registry/moving.py)
    ├── AlreadyIssuedError  students who have this course's certificate (issuer/batches/issuing.py)
    ├── UnknownCertificateError  a hash that neither records nor archive hold (issuer/office/known_certificates.py)
    ├── MailSettingsError  the [mail] table of sanad.toml (issuer/mail/settings.py)
    ├── MailServerError  a mail server that takes no letter from us (issuer/mail/postman.py)
    ├── BackupError     a backup that cannot be made or restored (issuer/custody/)
    ├── ErasureError    a certificate that cannot be erased yet (issuer/custody/erasing.py)
    ├── ExportError     an export that cannot be made, or did not come out right (issuer/custody/exporting.py)
    ├── WatchError      a watch that cannot be kept as asked (issuer/watch/)
    ├── MailError       letters that cannot be sent as asked (issuer/mail/round.py)
    ├── ArchiveError    the archive's folder, or what is to be published there (issuer/publishing/archive_writer.py)
    │   ├── ArchiveConflictError  something else is published at this place
    │   └── StatusListError  a status list that is missing, or is not the institution's (issuer/publishing/)
    └── TransactionError    between signing a transaction and the registry's record of it (issuer/sending.py)
        ├── NodeUnusableError   the node that transactions go through cannot be asked
        │   └── WrongChainError     it is of another chain, so the settings are wrong
        ├── RefusedError        not sent: the node did not take it, and why
        ├── RevertedError       the registry does not allow it, and why
        ├── UnresolvedError     sent, or perhaps sent; what became of it is not known yet
        └── DroppedError        another transaction took its place; it can never be mined any more

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
    """A key file or its passphrase; never says anything of what is in them."""


class SignerError(IssuerError):
    """A remote signer does not sign, or signed something else; nothing was sent."""


class ActError(IssuerError):
    """What an institution or a programme wants to do cannot be, or was asked for wrongly."""


class StoreError(IssuerError):
    """The issuer's records cannot be used."""


class BusyError(StoreError):
    """Another run holds the key or the batch; nothing is wrong, and nothing was done."""


class PreviewError(IssuerError):
    """A specimen that cannot be drawn as it was asked for."""


class BuildError(IssuerError):
    """A certificate's file did not come out as it should."""


class DiskError(IssuerError):
    """A folder or file cannot be written."""


class NotFinalError(IssuerError):
    """The batch is registered and waits to become final."""


class BegunError(IssuerError):
    """A batch is begun and not done: the sentence says why, where it stands, and what to type."""

    def __init__(self, batch: Any, why: IssuerError) -> None:
        self.batch, self.why = batch, why
        certificates = "1 certificate" if batch.size == 1 else f"{batch.size:,} certificates"
        super().__init__(
            f"{why}\nNothing is lost: batch {batch.id} ({batch.course}, {certificates}) is "
            f"{batch.state.value}. Go on with: sanad resume"
        )


class CancelError(IssuerError):
    """A batch cannot be given up any more; the sentence says what to do instead."""


class MovingError(IssuerError):
    """What stands between an institution and the registry that it is to be moved to."""


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
                ["Nothing was issued.", *shown, "Issue the roster again: whoever has it already is then left out."]
            )
        )


class MailSettingsError(IssuerError):
    """The settings that letters need are missing or wrong."""


class MailServerError(IssuerError):
    """The mail server takes no letter from us at all: not reached, not protected, login or sender refused."""


class BackupError(IssuerError):
    """A backup cannot be made, or cannot be restored."""


class ErasureError(IssuerError):
    """A certificate cannot be erased as things stand."""


class ExportError(IssuerError):
    """An export cannot be made, or something in it did not come out right."""


class WatchError(IssuerError):
    """The watch's settings or its memory cannot be used."""


class MailError(IssuerError):
    """Letters that cannot be sent or settled as they were asked for."""


class TransactionError(IssuerError):
    """What goes wrong between signing a transaction and the registry's record of it (issuer/sending.py)."""


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
    """Another transaction with the key's number was mined in its place; it can never be mined any more."""


class UnresolvedError(TransactionError):
    """Sent, or perhaps sent, and not known what became of it. Only the same bytes may be sent again."""

    def __init__(self, text: str, transaction: str) -> None:
        self.transaction = transaction
        super().__init__(text)


class ArchiveError(IssuerError):
    """The archive's folder cannot be written, or what is given is not fit to be published."""


class ArchiveConflictError(ArchiveError):
    """Something else is published at this place, or belongs there."""


class StatusListError(ArchiveError):
    """A published status list that is missing, or is not what the institution signed."""


class UnknownCertificateError(IssuerError):
    """A certificate hash that neither the records nor the archive hold."""


class ValueProblem(Exception):  # noqa: N818 - not an error of its own: it becomes a line of RosterErrors or CourseError
    """A value that does not fit; its text says what to do."""
