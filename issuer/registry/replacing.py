"""Replacing a certificate: the new one is registered and final first, then the old one points to it."""

from collections.abc import Callable

from issuer.errors import ActError
from issuer.keys.signers import open_signer
from issuer.office.desk import Desk, KeyChoice, chosen_key
from issuer.office.service import REASONS
from issuer.publishing.archive_writer import ArchiveWriter
from issuer.registry.act import Act
from issuer.registry.institution import InstitutionActs
from issuer.settings import load_key_settings
from verifier.core.credential import issuer_domain
from verifier.core.envelope import Envelope, parse_envelope
from verifier.core.errors import SanadError
from verifier.core.hashes import ZERO, commitment
from verifier.core.verdict import Outcome


def replacement(desk: Desk, choice: KeyChoice, old: bytes, new: bytes, reason: str) -> tuple[Act, Callable[[], None]]:
    """The act that replaces `old` by `new` (certificate hashes), and what publishes the way to the new one.

    The signer of [issuer] acts where no other key is chosen, relayed if there is a relay_key; with the admin's key it
    is done for the institution.

    Raises:
        ActError: the archive lacks one of them, they are of two institutions, the new one is not valid yet, the old one
            is revoked or replaced otherwise already, or this key's word would change nothing.
    """
    if reason not in REASONS:
        raise ActError(f"{reason!r} is no reason: {', '.join(REASONS)}.")
    domain = issuer_domain(_envelope(desk, old).credential)
    if issuer_domain(_envelope(desk, new).credential) != domain:
        raise ActError("The two certificates are of two institutions; a certificate is replaced within one only.")
    verdict = desk.settings.verifier().check_hash(new)
    if verdict.outcome is not Outcome.VALID:
        raise ActError(
            f"The new certificate is {verdict.outcome.value}, not valid: it must be registered and final first."
        )
    place, passphrases = chosen_key(choice, load_key_settings(desk.path, "issuer", "signer_key"), "[issuer] signer_key")
    relay = load_key_settings(desk.path, "issuer", "relay_key").place if choice.key is None else None
    if relay is None:
        acts = desk.institution(desk.sender(place, passphrases), domain)
    else:
        acts = desk.institution(desk.sender(relay, passphrases), domain, open_signer(place, passphrases))
    _check(acts, desk, old, new)
    act = acts.replace({commitment(old): commitment(new)}, REASONS[reason])
    return act, lambda: _publish(desk, old, new)


def _check(acts: InstitutionActs, desk: Desk, old: bytes, new: bytes) -> None:
    if (standing := acts.revocation(commitment(old))) is not None and standing["replacement"] != commitment(new):
        what = "revoked" if standing["replacement"] == ZERO else "replaced by another certificate"
        raise ActError(f"{old.hex()} is {what} already, and that is final. Nothing was sent.")
    if (why := acts.why_in_vain(_envelope(desk, old).root)) is not None:
        raise ActError(f"{why}: sanad replace --key with the admin's key. Nothing was sent.")


def _publish(desk: Desk, old: bytes, new: bytes) -> None:
    ArchiveWriter(desk.archive_folder).publish_replacement(old, new)


def _envelope(desk: Desk, hash_: bytes) -> Envelope:
    data = desk.settings.verifier().archive.envelope(hash_)
    try:
        envelope = parse_envelope(data or b"")
        issuer_domain(envelope.credential)
    except SanadError:
        envelope = None
    if envelope is None or envelope.hash != hash_:
        raise ActError(f"The archive does not hold the certificate {hash_.hex()}. Compare the hash with the sheet.")
    return envelope
