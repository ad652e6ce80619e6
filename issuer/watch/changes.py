"""What changed between two looks and is explained by none of our own acts.

A fact is a name and a plain value: `admin`, `key 0x… authorised`, `batch 0x… withdrawn`, and of the programme
`owner`, `university.example admin`. An act of ours leaves facts behind; what a fact is now is explained where the last
act about it, in the records or in one of the files that the settings name, left exactly that.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from verifier.core.hashes import to_hex

Facts = Mapping[str, Any]
Fact = tuple[str, Any]


class Change(NamedTuple):
    """One fact that is not as it was."""

    fact: str
    was: Any
    """None where it was not seen before."""
    now: Any


class Act(NamedTuple):
    """An act that was signed: the contract's function, its arguments by name, and whose act it is."""

    function: str
    given: Mapping[str, Any]
    actor: str
    domain: str = ""


def changes(before: Facts, now: Facts, acts: Iterable[Fact], partial: bool = False) -> Iterator[Change]:
    """What changed and no act explains; nothing where there is nothing to compare with.

    Args:
        before: the facts at the last look; empty before the first.
        now: the facts.
        acts: what our own acts left behind.
        partial: the last look did not see all keys, so a key that is new to it says nothing.
    """
    explained = set(acts)
    for fact, value in now.items() if before else ():
        was = before.get(fact)
        if was == value or (fact, value) in explained:
            continue
        if was is None and (not value or (partial and fact.startswith("key "))):
            continue
        yield Change(fact, was, value)


def is_settled(fact: str, value: Any, now: Facts, acts: Collection[Fact]) -> bool:
    """Whether a change that was noticed needs nobody any more: our own act explains it, or has put it right since."""
    if not fact:
        return False
    if (fact, value) in acts or (now.get(fact) != value and (fact, now.get(fact)) in acts):
        return True
    _, _, of_key = fact.partition("key ")
    stopped = f"key {of_key.removesuffix(' authorised')} distrusted"
    return fact.endswith(" authorised") and bool(now.get(stopped)) and (stopped, now.get(stopped)) in acts


def facts_left(acts: Iterable[Act]) -> frozenset[Fact]:
    """What one source of acts, oldest first, leaves behind: of each fact the last act about it."""
    left: dict[str, Any] = {}
    for act in acts:
        left.update(_facts_of(act))
    return frozenset(left.items())


def _facts_of(act: Act) -> dict[str, Any]:
    function, given, domain = act.function, act.given, act.domain
    if function in ("authorise", "authoriseEducator", "remove"):
        return {f"key {given['signer']} authorised": function != "remove"}
    if function == "distrust":
        return {f"key {given['key']} distrusted": int(given["since"])}
    if function == "liftDistrust":
        return {f"key {given['key']} distrusted": 0}
    if function in ("withdraw", "reinstateBatch"):
        return {f"batch {_hex(given['root'])} withdrawn": function == "withdraw"}
    if function == "transferAdmin":
        return {"pendingAdmin": given["nominee"], f"{domain} pendingAdmin": given["nominee"]}
    if function == "acceptAdmin":
        return {"admin": act.actor, f"{domain} admin": act.actor}
    return _of_programme(function, given, domain, act.actor)


def _of_programme(function: str, given: Mapping[str, Any], domain: str, actor: str) -> dict[str, Any]:
    if function == "accredit":
        name = given["domain"]
        return {
            f"{name} accredited": True,
            f"{name} suspended": False,
            f"{name} name": given["name"],
            f"{name} admin": given["admin"],
            f"{name} mayCertify": bool(given["mayCertify"]),
        }
    if function in ("suspend", "reinstate"):
        return {f"{domain} suspended": function == "suspend"}
    if function == "rename":
        return {f"{domain} name": given["name"]}
    if function == "permitCertifying":
        return {f"{domain} mayCertify": bool(given["permitted"])}
    if function == "replaceAdmin":
        return {f"{domain} admin": given["admin"]}
    if function == "nameSuccessor":
        return {"successor": f"{given['registry']} on chain {given['chainId']}"}
    if function == "transferOwnership":
        return {"pendingOwner": given["newOwner"]}
    return {"owner": actor} if function == "acceptOwnership" else {}


def _hex(root: bytes | str) -> str:
    return root if isinstance(root, str) else to_hex(root)
