"""Revoking and replacing one certificate: whose it is, what is asked before, and the act."""

from dataclasses import dataclass

from issuer.errors import ActError, UnknownCertificateError
from issuer.office.certificates import Meant
from issuer.office.key_choice import KeyChoice
from issuer.office.office import SIGNER, Office
from issuer.registry.act import Act
from issuer.registry.reasons import code_of
from verifier.core.codes import short_code
from verifier.core.verdict import Outcome


@dataclass(frozen=True)
class TakingBack:
    """A certificate to be taken back, the one that comes instead, and the act that does it."""

    act: Act
    old: Meant
    reason: str
    new: Meant | None = None


def revocation(office: Office, choice: KeyChoice, old: Meant, reason: str) -> TakingBack:
    """What revoking a certificate takes; with the signer's key of [issuer] where no other one is chosen.

    Raises:
        UnknownCertificateError: neither the records nor the archive hold it.
        IssuerError: the key, the registry or the node cannot be used.
    """
    domain, root = issued_by(old)
    acts = office.institution(domain, choice, SIGNER)
    return TakingBack(acts.revoke_certificate(root, old.hash, code_of(reason)), old, reason)


def replacement(
    office: Office, choice: KeyChoice, old: Meant, new: Meant, reason: str, even_so: bool = False
) -> TakingBack:
    """What replacing a certificate takes; keys as `revocation`.

    Args:
        office: whose archive holds both.
        choice: the key.
        old: the one that is taken back.
        new: the one in its place.
        reason: a word of issuer.registry.reasons.
        even_so: also where the two are of different students or courses.

    Raises:
        ActError: the archive lacks one of them, they are of two institutions, students or courses, or the new one is
            not valid yet.
        IssuerError: as `revocation`.
    """
    domain, root = issued_by(old)
    for each in (old, new):
        _check_published(office, each)
    _check_pair(old, new, even_so)
    verdict = office.settings.verifier().check_hash(new.hash)
    if verdict.outcome is not Outcome.VALID:
        raise ActError(
            f"The new certificate is {verdict.outcome.value}, not valid: it must be registered and final first."
        )
    acts = office.institution(domain, choice, SIGNER)
    return TakingBack(acts.replace_certificate(root, old.hash, new.hash, code_of(reason)), old, reason, new)


def issued_by(meant: Meant) -> tuple[str, bytes]:
    """The institution and the root of the batch of a certificate that is acted on.

    Raises:
        UnknownCertificateError: only a file says them: what is acted on must be in the records or the archive.
    """
    if not meant.is_issued or meant.domain is None or meant.root is None:
        raise UnknownCertificateError(
            f"Neither the records nor the archive hold the certificate {short_code(meant.hash)}, {meant.name}; only "
            "the file says that it was issued. Nothing was sent. Act where it was issued, or restore a backup first.",
            meant.hash,
        )
    return meant.domain, meant.root


def _check_published(office: Office, meant: Meant) -> None:
    if office.settings.verifier().archive.envelope(meant.hash) is None:
        raise UnknownCertificateError(
            f"The archive does not hold the certificate {meant.hash.hex()}. Compare the hash with the sheet.",
            meant.hash,
        )


def _check_pair(old: Meant, new: Meant, even_so: bool) -> None:
    if new.domain != old.domain:
        raise ActError("The two certificates are of two institutions; a certificate is replaced within one only.")
    what = "students" if not old.is_of_same_student(new) else "courses" if not old.is_of_same_course(new) else None
    if what is not None and not even_so:
        raise ActError(
            f"The two certificates are of different {what}: {old}; and {new}. The page of the old one would lead to "
            "the new one. Nothing was sent. If that is meant: --even-so."
        )
