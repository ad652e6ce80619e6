"""Revoking and replacing one certificate: whose it is, what is asked before, and the act."""

from dataclasses import dataclass

from issuer.errors import ActError, UnknownCertificateError
from issuer.office.key_choice import KeyChoice
from issuer.office.known_certificates import KnownCertificate, known_certificate, published_envelope
from issuer.office.office import SIGNER, Office
from issuer.registry.act import Act
from issuer.registry.reasons import code_of
from verifier.core.verdict import Outcome


@dataclass(frozen=True)
class TakingBack:
    """A certificate to be taken back, the one that comes instead, and the act that does it."""

    act: Act
    old: KnownCertificate
    reason: str
    new: KnownCertificate | None = None


def revocation(office: Office, choice: KeyChoice, hash_: bytes, reason: str) -> TakingBack:
    """What revoking the certificate `hash_` takes; with the signer's key of [issuer] where no other one is chosen.

    Raises:
        UnknownCertificateError: neither the records nor the archive hold it.
        IssuerError: the key, the registry or the node cannot be used.
    """
    old, code = known_certificate(office, hash_), code_of(reason)
    acts = office.institution(old.domain, choice, SIGNER)
    return TakingBack(acts.revoke_certificate(old.root, hash_, code), old, reason)


def replacement(
    office: Office, choice: KeyChoice, old_hash: bytes, new_hash: bytes, reason: str, even_so: bool = False
) -> TakingBack:
    """What replacing `old_hash` by `new_hash` takes; keys as `revocation`.

    Args:
        office: whose archive holds both.
        choice: the key.
        old_hash: `H` of the certificate that is taken back.
        new_hash: `H` of the one in its place.
        reason: a word of issuer.registry.reasons.
        even_so: also where the two are of different students or courses.

    Raises:
        ActError: the archive lacks one of them, they are of two institutions, students or courses, or the new one is
            not valid yet.
        IssuerError: as `revocation`.
    """
    code = code_of(reason)
    old, new = _published(office, old_hash), _published(office, new_hash)
    _check_pair(old, new, even_so)
    verdict = office.settings.verifier().check_hash(new_hash)
    if verdict.outcome is not Outcome.VALID:
        raise ActError(
            f"The new certificate is {verdict.outcome.value}, not valid: it must be registered and final first."
        )
    acts = office.institution(old.domain, choice, SIGNER)
    return TakingBack(acts.replace_certificate(old.root, old_hash, new_hash, code), old, reason, new)


def _published(office: Office, hash_: bytes) -> KnownCertificate:
    if published_envelope(office, hash_) is None:
        raise UnknownCertificateError(
            f"The archive does not hold the certificate {hash_.hex()}. Compare the hash with the sheet."
        )
    return known_certificate(office, hash_)


def _check_pair(old: KnownCertificate, new: KnownCertificate, even_so: bool) -> None:
    if new.domain != old.domain:
        raise ActError("The two certificates are of two institutions; a certificate is replaced within one only.")
    what = "students" if not old.is_of_same_student(new) else "courses" if not old.is_of_same_course(new) else None
    if what is not None and not even_so:
        raise ActError(
            f"The two certificates are of different {what}: {old} and {new}. The page of the old one would lead to the "
            "new one. Nothing was sent. If that is meant: --even-so."
        )
