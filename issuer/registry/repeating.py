"""Revocations that took effect, written again in the institution's own name.

On an adopted batch only the institution's revocations take effect. So what took effect on its certificates is repeated
before it is adopted, here or in another registry; else the adoption brings revoked certificates back. The registry says
what took effect. It does not show what a distrusted key revoked since; of that, our own records know what we did
ourselves.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from issuer.records import Records
from issuer.registry.act import Act
from issuer.registry.institution import InstitutionActs
from issuer.registry.signed_acts import SignedRevocation, signed_for, signed_revocations
from verifier.core.hashes import ZERO, commitment
from verifier.core.registry import NO_ADDRESS

Item = TypeVar("Item")
AT_ONCE = 200
Reasons = Mapping[bytes, tuple[int, bytes]]
"""Commitment to its revocation's reason and replacement (zero for none)."""


def repeated(acts: InstitutionActs, revocations: Reasons) -> Iterator[Act]:
    """The acts that write these revocations in the institution's own name."""
    for reason in sorted({reason for reason, _ in revocations.values()}):
        plain = [each for each, why in revocations.items() if why == (reason, ZERO)]
        replaced = {each: why[1] for each, why in revocations.items() if why[0] == reason and why[1] != ZERO}
        yield from (acts.revoke(part, reason) for part in parts(plain))
        yield from (acts.replace({old: replaced[old] for old in part}, reason) for part in parts(replaced))


def in_effect(signed: Iterable[SignedRevocation], commitments: Collection[bytes], signer: str | None) -> Reasons:
    """What our records signed that takes effect on these certificates of that signer's batch, as the registry decides.

    The first one in an authority is final, and the institution's outranks the signer's.
    """
    own: dict[bytes, tuple[int, bytes]] = {}
    institutions: dict[bytes, tuple[int, bytes]] = {}
    for each in signed:
        if each.commitment in commitments and each.takes_effect_on(signer):
            found = institutions if each.authority == NO_ADDRESS else own
            found.setdefault(each.commitment, (each.reason, each.replacement))
    return own | institutions


def that_took_effect(store: Records, domain: str) -> list[SignedRevocation]:
    """The revocations that our own records have signed, without those that changed nothing as far as the records know.

    A signer's takes effect on its own batches alone, and the first one in an authority is final.
    """
    signers = {}
    for batch in store.batches():
        hashes = store.hashes(batch.id).values() if batch.domain == domain and batch.signer is not None else ()
        signers.update({commitment(each): batch.signer for each in hashes})
    found: dict[tuple[str, bytes], SignedRevocation] = {}
    for each in signed_revocations(store, domain):
        if each.takes_effect_on(signers.get(each.commitment)):
            found.setdefault((each.authority, each.commitment), each)
    return list(found.values())


def shown_revocations(acts: InstitutionActs, signer: str, commitments: Collection[bytes]) -> tuple[Reasons, set[bytes]]:
    """What the registry shows now: the signer's own effective revocations, and what the institution revoked itself.

    Raises:
        NodeUnusableError: the node gave no usable answer.
    """
    signers: dict[bytes, tuple[int, bytes]] = {}
    institutions = set()
    for part in parts(commitments):
        for each, answer in zip(part, acts.registry.structs("revocations", 3, acts.id, signer, part), strict=True):
            if answer["byInstitution"]:
                institutions.add(each)
            elif answer["reason"]:
                signers[each] = (answer["reason"], answer["replacement"])
    return signers, institutions


def to_repeat(
    acts: InstitutionActs, signer: str, commitments: Collection[bytes], signed: Iterable[SignedRevocation]
) -> Reasons:
    """What took effect on the certificates of a batch of that signer, on record here, and ends with its adoption.

    Of what our own records signed and the registry does not show, only what a distrusted key wrote is meant: anything
    else never took effect.

    Raises:
        NodeUnusableError: the node gave no usable answer.
    """
    shown, institutions = shown_revocations(acts, signer, commitments)
    found = {**in_effect(written_by_distrusted(acts, signed), commitments, signer), **shown}
    return {each: why for each, why in found.items() if each not in institutions}


def written_by_distrusted(acts: InstitutionActs, signed: Iterable[SignedRevocation]) -> list[SignedRevocation]:
    """Those in this registry whose writer the institution (or of a former admin the programme) distrusts now."""
    whole = signed_for(signed, acts.place)
    keys = {each.writer for each in whole}
    hidden = {key for key in keys if acts.registry.record("keyRecord", acts.id, key)["distrustedSince"]}
    return [each for each in whole if each.writer in hidden]


def parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    """So many at once as one transaction or question takes."""
    whole = list(items)
    return (whole[at : at + AT_ONCE] for at in range(0, len(whole), AT_ONCE))
