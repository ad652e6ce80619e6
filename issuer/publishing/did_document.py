"""The institution's did.json and its TXT records (SPEC.md section 13): its own statement of which keys it has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from issuer.keys.key_history import InstitutionKey
from verifier.core.domain import did_web
from verifier.core.domain_keys import REGISTRY_SERVICE, TXT_NAME, TXT_VERSION, DomainAnswer
from verifier.core.registry import RegistryInfo

Node = dict[str, Any]

_XSD = "http://www.w3.org/2001/XMLSchema#dateTime"
_CONTEXT = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/suites/secp256k1recovery-2020/v2",
    {
        "validFrom": {"@id": "https://schema.org/validFrom", "@type": _XSD},
        "validUntil": {"@id": "https://schema.org/validThrough", "@type": _XSD},
        "revoked": {"@id": "https://w3id.org/security#revoked", "@type": _XSD},
        "SanadRegistry": "urn:sanad:SanadRegistry",
        "registry": "urn:sanad:registry",
        "chainId": "urn:sanad:chainId",
        "network": "urn:sanad:network",
    },
]


@dataclass(frozen=True)
class SignerAddress:
    """A key that registers batches on a chain."""

    chain_id: int
    address: str
    """With the capital letters of EIP-55."""
    distrusted: str | None = None
    """Since when the registry has it as distrusted."""

    @property
    def caip10(self) -> str:
        """As CAIP-10 writes accounts."""
        return f"eip155:{self.chain_id}:{self.address}"


@dataclass(frozen=True)
class Institution:
    """What an institution says about itself on its own domain."""

    domain: str
    keys: Sequence[InstitutionKey]
    signers: Sequence[SignerAddress]
    registries: Sequence[RegistryInfo]

    def did_document(self) -> Node:
        """The DID document, the same for the same facts."""
        did = did_web(self.domain)
        methods = [_key_method(did, key) for key in self.keys]
        return {
            "@context": _CONTEXT,
            "id": did,
            "verificationMethod": [*methods, *(_signer_method(did, signer) for signer in self.signers)],
            "assertionMethod": [method["id"] for method in methods],
            "service": [_service(did, number, registry) for number, registry in enumerate(self.registries, 1)],
        }

    def zone_lines(self) -> Iterator[str]:
        """The TXT records as a zone file has them."""
        for text in self._texts():
            yield f'{TXT_NAME}.{self.domain}. 3600 IN TXT "{text}"'

    def _texts(self) -> Iterator[str]:
        for key in self.keys:
            times = {"until": key.until, "revoked": key.revoked}
            dated = "".join(f"; {name}={time}" for name, time in times.items() if time)
            yield f"v={TXT_VERSION}; key={key.multikey}{dated}"
        for info in self.registries:
            yield f"v={TXT_VERSION}; registry=eip155:{info.chain_id}:{info.address}"


def differences(institution: Institution, answer: DomainAnswer) -> list[str]:
    """How a domain's statements differ from what they should be, in sentences; nothing where they do not."""
    said = {key.multikey: key for statement in answer.statements for key in statement.keys}
    found = [str(problem) for problem in answer.problems if not answer.statements]
    for key in institution.keys:
        if key.multikey not in said:
            found.append(f"{key.multikey} is not published.")
        elif key.revoked and said[key.multikey].revoked is None:
            found.append(f"{key.multikey} is distrusted since {key.revoked}, and that is not published.")
    known = {key.multikey for key in institution.keys}
    return found + [f"{multikey} is published, and is not one of ours." for multikey in said if multikey not in known]


def _key_method(did: str, key: InstitutionKey) -> Node:
    method = {
        "id": f"{did}#{key.multikey}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": key.multikey,
    }
    times = {"validFrom": key.since, "validUntil": key.until, "revoked": key.revoked}
    return method | {name: time for name, time in times.items() if time}


def _signer_method(did: str, signer: SignerAddress) -> Node:
    method = {
        "id": f"{did}#{signer.caip10.replace(':', '-')}",
        "type": "EcdsaSecp256k1RecoveryMethod2020",
        "controller": did,
        "blockchainAccountId": signer.caip10,
    }
    return method | ({"revoked": signer.distrusted} if signer.distrusted else {})


def _service(did: str, number: int, info: RegistryInfo) -> Node:
    endpoint = {"registry": f"eip155:{info.chain_id}:{info.address}", "chainId": info.chain_id, "network": info.network}
    return {"id": f"{did}#registry-{number}", "type": REGISTRY_SERVICE, "serviceEndpoint": endpoint}
