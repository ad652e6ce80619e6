"""Whether the registry has what a multisig was to do, by the registry's own record.

An act was written only where it was still to be done, so what the record says now was brought about since.
"""

from collections.abc import Callable, Mapping
from typing import Any

from issuer.registry.act import ActingRegistry
from verifier.core.hashes import from_hex, institution_id

Arguments = Mapping[str, Any]


class _Record:
    """The registry's record of what one act is about."""

    def __init__(self, registry: ActingRegistry, given: Arguments, multisig: str) -> None:
        self.registry, self.given, self.multisig = registry, given, multisig

    @property
    def institution(self) -> dict[str, Any]:
        """The institution's."""
        domain = self.given.get("domain")
        id_ = institution_id(domain) if domain is not None else from_hex(self.given["institution"])
        return self.registry.record("institutionRecord", id_)

    def key(self, name: str) -> dict[str, Any]:
        """That of the key which is this argument."""
        return self.registry.record("keyRecord", from_hex(self.given["institution"]), self.given[name])

    def batch(self, root: str) -> dict[str, Any]:
        """A batch's."""
        return self.registry.record("batchRecord", from_hex(self.given["institution"]), from_hex(root))

    def revocations(self) -> list[dict[str, Any]]:
        """Those of the commitments, in the authority that is named."""
        commitments = [from_hex(each) for each in self.given["commitments"]]
        place = from_hex(self.given["institution"]), self.given["authority"]
        return self.registry.structs("revocations", 3, *place, commitments)

    def certified(self) -> bool:
        """Whether every key has its commitment."""
        id_, given = from_hex(self.given["institution"]), self.given
        pairs = zip(given["educators"], given["commitments"], strict=True)
        return all(self.registry.value("certification", id_, key) == from_hex(each) for key, each in pairs)

    def replaced(self) -> bool:
        """Whether each is replaced as it should be."""
        wanted = [from_hex(each) for each in self.given["replacements"]]
        return [each["replacement"] for each in self.revocations()] == wanted


_HAS: dict[str, Callable[[_Record], bool]] = {
    "accredit": lambda one: bool(one.institution["accreditedAt"]),
    "suspend": lambda one: bool(one.institution["suspended"]),
    "reinstate": lambda one: not one.institution["suspended"],
    "rename": lambda one: one.institution["name"] == one.given["name"],
    "permitCertifying": lambda one: one.institution["mayCertify"] == one.given["permitted"],
    "replaceAdmin": lambda one: one.institution["admin"] == one.given["admin"],
    "transferAdmin": lambda one: one.given["nominee"] in (one.institution["pendingAdmin"], one.institution["admin"]),
    "acceptAdmin": lambda one: one.institution["admin"] == one.multisig,
    "transferOwnership": lambda one: (
        one.given["newOwner"] in (one.registry.value("pendingOwner"), one.registry.value("owner"))
    ),
    "acceptOwnership": lambda one: one.registry.value("owner") == one.multisig,
    "nameSuccessor": lambda one: one.registry.value("successor") == one.given["registry"],
    "authorise": lambda one: bool(one.key("signer")["authorised"]),
    "authoriseEducator": lambda one: one.key("signer")["certifier"] == from_hex(one.given["certifier"]),
    "remove": lambda one: not one.key("signer")["authorised"],
    "distrust": lambda one: one.key("key")["distrustedSince"] == one.given["since"],
    "liftDistrust": lambda one: not one.key("key")["distrustedSince"],
    "withdraw": lambda one: bool(one.batch(one.given["root"])["withdrawnAt"]),
    "reinstateBatch": lambda one: not one.batch(one.given["root"])["withdrawnAt"],
    "adopt": lambda one: all(one.batch(root)["adopted"] for root in one.given["roots"]),
    "certify": lambda one: one.certified(),
    "revoke": lambda one: all(each["reason"] for each in one.revocations()),
    "replace": lambda one: one.replaced(),
}


def registry_has(registry: ActingRegistry, function: str | None, given: Arguments, multisig: str) -> bool:
    """Whether the registry has what a call was to bring about; False for what it cannot say.

    Raises:
        NodeUnusableError: the node gave no usable answer.
    """
    check = _HAS.get(function or "")
    return check is not None and check(_Record(registry, given, multisig))
