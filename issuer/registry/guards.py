"""Why an act that the registry would take would change nothing: asked before anything is sent.

Each function answers with sentences that say why, and the way that works; or with None. Who may act at all is the
registry's own to answer, and it does when the cost is asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from issuer.registry.reasons import word_of
from issuer.text import moment
from verifier.core.hashes import ZERO, institution_id, to_hex
from verifier.core.registry import NO_ADDRESS

if TYPE_CHECKING:
    from issuer.registry.act import ActingRegistry

Elsewhere = Callable[[bytes, bool], str | None]
"""Of a batch's root, and whether this registry names a successor: where to act instead of here, and why."""


Domains = Callable[[], Sequence[str]]
"""The domains of the registry's institutions, as far as they are known."""


def not_accredited(domain: str, known: Sequence[str], where: str = "this registry") -> str:
    """The sentence that a domain is not accredited, with those of the known domains that may be meant."""
    near = get_close_matches(domain, known, n=3, cutoff=0.7)
    return f"{domain} is not accredited in {where}." + (f" Did you mean {' or '.join(near)}?" if near else "")


def nowhere(_root: bytes, _closed: bool) -> str | None:
    """This registry is the right one."""
    return None


class Guards:
    """What would be in vain for one institution in one registry, asked of its record at the moment.

    Args:
        registry: as the key that acts sees it.
        domain: the institution's.
        elsewhere: as InstitutionActs.
        domains: as InstitutionActs.
    """

    def __init__(self, registry: "ActingRegistry", domain: str, elsewhere: Elsewhere, domains: Domains = tuple) -> None:
        self._registry, self._domain, self._elsewhere, self._domains = registry, domain, elsewhere, domains
        self._id = institution_id(domain)

    def revoking(self, root: bytes, authority: str, act: str) -> str | None:
        """Of `revoke` or `replace`: an admin's takes effect everywhere, a signer's in its own batches."""
        record = self._registry.record("batchRecord", self._id, root)
        if (why := self._not_here(root, record)) is not None:
            return why
        me = self._registry.actor
        if authority == NO_ADDRESS or (record["signer"] == me and not record["adopted"]):
            return self.acting()
        if record["adopted"]:
            return (
                "The batch was registered in the institution's own name, so only its admin revokes there. Act with the "
                f"admin's key: sanad {act} … --key ADMIN."
            )
        return (
            f"The batch was registered by {record['signer']}, and {me} is not the institution's admin: what it revokes "
            f"there changes nothing. Act with that key, or with the admin's: sanad {act} … --key ADMIN."
        )

    def revoking_again(self, hash_: bytes, found: Mapping[str, Any]) -> str | None:
        """A revocation that takes effect is final: neither its reason nor what comes instead changes."""
        if not found["reason"]:
            return None
        if found["replacement"] != ZERO:
            return f"{hash_.hex()} is replaced by another certificate already, and that is final."
        return f"{hash_.hex()} is revoked already ({word_of(found['reason'])}), and that is final."

    def acting(self) -> str | None:
        """A distrusted key does nothing, and authorising it would not help."""
        me = self._registry.actor
        since = self._registry.record("keyRecord", self._id, me)["distrustedSince"]
        if not since:
            return None
        return (
            f"The institution distrusts the key {me} since {moment(since)}: it can do nothing more. Act with the "
            "admin's key: --key ADMIN."
        )

    def replacing(self, authority: str, replacements: Mapping[bytes, bytes], old: bytes | None = None) -> str | None:
        """A revocation that counts is final: nothing is written over it. `old` is the `H` to name, if known."""
        answers = self._registry.structs("revocations", 3, self._id, authority, list(replacements))
        for (commitment, new), found in zip(replacements.items(), answers, strict=True):
            if found["reason"] and found["replacement"] != new:
                what = "revoked" if found["replacement"] == ZERO else "replaced by another certificate"
                named = f"The commitment {to_hex(commitment)}" if old is None else old.hex()
                return f"{named} is {what} already, and that is final."
        return None

    def withdrawing(self, root: bytes) -> str | None:
        """Of `withdraw` and `reinstate`: a batch that is not on record here."""
        return self._not_here(root, self._registry.record("batchRecord", self._id, root))

    def adopting(self, roots: Iterable[bytes]) -> str | None:
        """A batch that counts by its signer's own record cannot be adopted."""
        for root in roots:
            record = self._registry.record("batchRecord", self._id, root)
            if record["counts"] and not record["adopted"]:
                return f"The batch {to_hex(root)} counts already, by {record['signer']}: there is nothing to adopt."
        return None

    def authorising(self, key: str, certifier: str | None = None) -> str | None:
        """A distrusted key does nothing, authorised or not; nobody's word is needed of who is no institution."""
        if certifier is not None and (why := self.certifier(certifier)) is not None:
            return f"{why} Compare --certifier."
        record = self._registry.record("keyRecord", self._id, key)
        if not record["distrustedSince"]:
            return None
        way = f"sanad distrust {self._domain} {key} --lift"
        if record["everAdmin"]:
            way = "it was the institution's admin, so only the programme can lift that"
        return (
            f"{key} is distrusted since {moment(record['distrustedSince'])}, so it could not issue even if it were "
            f"authorised. Authorise another key, or lift the distrust first: {way}."
        )

    def certifier(self, domain: str) -> str | None:
        """Who is no institution has certified nobody."""
        if self._registry.record("institutionRecord", institution_id(domain))["accreditedAt"]:
            return None
        return not_accredited(domain, self._domains(), "this registry, so it has certified nobody")

    def removing(self, key: str) -> str | None:
        """The admin's authority is no signer's, and does not end by removing the key."""
        record = self._registry.record("keyRecord", self._id, key)
        if record["authorised"] or not record["isAdmin"]:
            return None
        return (
            f"{key} is the institution's admin and no signer: an admin's authority ends when another takes over. "
            f"Hand it over: sanad transfer {self._domain} NOMINEE; where the key is lost, the programme replaces it."
        )

    def nominating(self, nominee: str) -> str | None:
        """A distrusted key can never accept."""
        record = self._registry.record("keyRecord", self._id, nominee)
        if not record["distrustedSince"]:
            return None
        since = moment(record["distrustedSince"])
        return f"{nominee} is distrusted since {since} and cannot become admin. Name another key."

    def _not_here(self, root: bytes, record: Mapping[str, object]) -> str | None:
        if not record["issuedAt"]:
            return (
                f"{self._domain} has no batch {to_hex(root)} in this registry, {self._registry.address}. Where it is "
                "registered in another one: --registry."
            )
        return self._elsewhere(root, self._registry.value("successor") != NO_ADDRESS)
