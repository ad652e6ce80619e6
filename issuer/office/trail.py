"""The trail: every act that was really sent from here, who sent it, and what became of it.

An act has one entry, written when a node has it or may have it. What became of it is read from the transactions of the
records; where that is not known yet, the nodes are asked. An act of which a run was killed before it wrote its entry,
or that an earlier version sent, is known by its transaction alone.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes
from web3 import Web3

from issuer.errors import TransactionError
from issuer.keys.no_signer import AddressOnly
from issuer.office.office import Office
from issuer.office.records_place import place_in
from issuer.office.taken_effect import registry_has
from issuer.office.written_calls import BY_MULTISIG, SETTLED
from issuer.records import Attempt, AttemptState, Entry, Records, Transaction, open_existing
from issuer.registry.abi import registry_abi
from issuer.registry.act import ActingRegistry
from issuer.sending import Sender, connect_to_any, settle_open
from issuer.text import utc_now
from verifier.core.codes import ShortCode, parse_code
from verifier.core.hashes import commitment, from_hex, institution_id, to_hex

DONE, REVERTED, NEVER, UNKNOWN = "done", "reverted", "never mined", "not known"
WRITTEN = "written for a multisig, not sent"
_HASH = re.compile("0x[0-9a-f]{64}")


@dataclass(frozen=True)
class ActSent:
    """One act that was sent from here, or written for a multisig."""

    number: int | None
    """In the trail; None where only its transaction is known."""
    at: str
    """When it was first sent, or written; UTC."""
    who: str | None
    """The user of the system or of the console; None where nobody knows."""
    act: str
    institution: str | None
    chain_id: int | None
    registry: str | None
    key: str | None
    """Whose act it is for the registry."""
    sent_by: str | None
    """Who sent and paid it; None where a multisig does."""
    transaction: str | None
    """The one that was mined, else the first one."""
    transactions: Sequence[str]
    outcome: str
    block: int | None = None
    gas_used: int | None = None
    batches: Sequence[str] = ()
    """Roots that it names."""
    certificates: Sequence[str] = ()
    """Certificate hashes that it names."""
    function: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filter:
    """Which acts are wanted; what is None leaves all."""

    since: str | None = None
    institution: str | None = None
    act: str | None = None
    certificate: str | None = None
    batch: str | None = None


def trail_of(office: Office, abi: list[dict[str, Any]] | None = None, offline: bool = False) -> list[ActSent]:
    """The acts that were sent from here, oldest first.

    Args:
        office: whose records.
        abi: the registry's interface, for naming the functions; by default the issuer's part of it.
        offline: do not ask the nodes what became of acts whose outcome is not known.

    Raises:
        StoreError: the records cannot be read.
    """
    store = open_existing(place_in(office).records)
    if store is None:
        return []
    with closing(store):
        if not offline:
            _settle(office, store)
            _settle_written(office, store, abi)
        return acts_in(store, abi)


def acts_in(store: Records, abi: list[dict[str, Any]] | None = None) -> list[ActSent]:
    """The acts that these records know, oldest first."""
    return sorted(_Reading(store, abi or registry_abi()).acts(), key=lambda one: (one.at, one.number or 0))


def chosen(acts: Iterable[ActSent], wanted: Filter, store: Records | None = None) -> list[ActSent]:
    """Those of the acts that are wanted.

    Args:
        acts: as of `trail_of`.
        wanted: what is asked for; all of it must be so.
        store: knows which batch a certificate is in, and the root of a batch's number.

    Raises:
        CodeError: the certificate is no hash, link or short code.
    """
    roots = _roots(wanted, store)
    return [one for one in acts if _is_wanted(one, wanted, roots)]


def data_of(acts: Iterable[ActSent]) -> dict[str, Any]:
    """The acts as `sanad trail --json` prints them."""
    return {"sanad_trail": 1, "made": utc_now(), "acts": [asdict(one) for one in acts]}


def _settle(office: Office, store: Records) -> None:
    """Ask the nodes of the settings what became of acts whose outcome is not known; what none says stays so."""
    open_ = {
        (one.chain_id, one.sender)
        for one, _ in store.transactions.whole()
        if one.open and one.chain_id is not None and one.sender is not None
    }
    nodes = {each.info.chain_id: each.nodes for each in (*office.settings.retired, *office.settings.registries)}
    for chain_id, sender in sorted(open_):
        if chain_id in nodes:
            with suppress(TransactionError):
                web3 = connect_to_any(nodes[chain_id], chain_id)
                settle_open(Sender(web3, AddressOnly(sender)), store)


def _settle_written(office: Office, store: Records, abi: list[dict[str, Any]] | None) -> None:
    """See which of the acts that were written for a multisig the registry has."""
    known = {
        (each.info.chain_id, each.info.address.lower()): each
        for each in (*office.settings.retired, *office.settings.registries)
    }
    for one in acts_in(store, abi):
        place = known.get((one.chain_id or 0, (one.registry or "").lower()))
        if one.outcome != WRITTEN or place is None:
            continue
        with suppress(TransactionError):
            registry = ActingRegistry(office.at(place).asker(), place.info.address, abi or registry_abi())
            if registry_has(registry, one.function, one.arguments, str(one.key)):
                store.trail.add(SETTLED, one.institution, entry=one.number, outcome=BY_MULTISIG)


class _Reading:
    """Entries and transactions of one place of records, brought together."""

    def __init__(self, store: Records, abi: list[dict[str, Any]]) -> None:
        self._contract = Web3().eth.contract(abi=abi)
        self._whole = store.transactions.whole()
        self._entries = store.trail.entries()
        self._batches = {batch.id: batch for batch in store.batches()}
        known = {entry.domain for entry in self._entries} | {batch.domain for batch in self._batches.values()}
        self._domains = {institution_id(domain): domain for domain in known if domain is not None}
        self._settled = {entry.facts.get("entry"): entry for entry in self._entries if entry.did == SETTLED}

    def acts(self) -> Iterable[ActSent]:
        """All of them."""
        numbers = {each.hash: one.number for one, tried in self._whole for each in tried}
        entries = {}
        for entry in self._entries:
            if "multisig" in entry.facts:
                yield self._of_multisig(entry)
            elif (hash_ := entry.facts.get("transaction")) is not None:
                if hash_ in numbers:
                    entries[numbers[hash_]] = entry
                else:
                    yield self._bare(entry)
        for one, tried in self._whole:
            found = entries.get(one.number)
            if tried and (found is not None or _may_be_sent(tried)):
                yield self._sent(one, tried, found)

    def _sent(self, one: Transaction, tried: list[Attempt], entry: Entry | None) -> ActSent:
        last = next((each for each in tried if each.state is AttemptState.MINED), tried[0])
        call = self._call(last.raw)
        facts = _facts(entry, call.arguments)
        batch = self._batches.get(one.batch or "")
        return ActSent(
            number=None if entry is None else entry.number,
            at=entry.at if entry is not None else (tried[0].sent or one.made),
            who=None if entry is None else entry.who,
            act=one.what,
            institution=self._institution(entry, call) or (None if batch is None else batch.domain),
            chain_id=one.chain_id,
            registry=call.to,
            key=call.key or one.sender,
            sent_by=one.sender,
            transaction=last.hash,
            transactions=[each.hash for each in tried],
            outcome=_outcome(one, tried),
            block=last.block,
            gas_used=last.gas_used,
            **_named(facts, call.arguments),
            function=call.function,
            arguments=call.arguments,
            facts=facts,
        )

    def _of_multisig(self, entry: Entry) -> ActSent:
        call = self._decoded(entry.facts["call"]["to"], HexBytes(entry.facts["call"]["data"]))
        facts, settled = _facts(entry, call.arguments), self._settled.get(entry.number)
        return ActSent(
            number=entry.number,
            at=entry.at,
            who=entry.who,
            act=entry.did,
            institution=self._institution(entry, call),
            chain_id=entry.facts.get("chain_id"),
            registry=call.to,
            key=str(entry.facts["multisig"]),
            sent_by=None,
            transaction=None,
            transactions=(),
            outcome=WRITTEN if settled is None else BY_MULTISIG,
            **_named(facts, call.arguments),
            function=call.function,
            arguments=call.arguments,
            facts=facts,
        )

    def _bare(self, entry: Entry) -> ActSent:
        """An entry whose transaction these records do not hold, as of a deployment."""
        settled = self._settled.get(entry.number)
        kept = entry.facts if settled is None else {**entry.facts, **settled.facts}
        facts = _facts(entry, {})
        return ActSent(
            number=entry.number,
            at=entry.at,
            who=entry.who,
            act=entry.did,
            institution=entry.domain,
            chain_id=kept.get("chain_id"),
            registry=kept.get("registry"),
            key=facts.get("signed by", kept.get("sent_by")),
            sent_by=kept.get("sent_by"),
            transaction=kept["transaction"],
            transactions=[kept["transaction"]],
            outcome=str(kept.get("outcome", DONE)),
            block=kept.get("block"),
            gas_used=kept.get("gas_used"),
            **_named(facts, {}),
            facts=facts,
        )

    def _institution(self, entry: Entry | None, call: "_Call") -> str | None:
        if entry is not None and entry.domain is not None:
            return entry.domain
        if "domain" in call.arguments:
            return str(call.arguments["domain"])
        named = call.arguments.get("institution")
        return None if named is None else self._domains.get(bytes(HexBytes(named)))

    def _call(self, raw: bytes) -> "_Call":
        try:
            fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
        except Exception:  # eth-account and rlp have trees of their own
            return _Call()
        to = HexBytes(fields["to"] or b"")
        return self._decoded(Web3.to_checksum_address(to) if to else None, HexBytes(fields["data"]))

    def _decoded(self, to: str | None, data: HexBytes) -> "_Call":
        if not data:
            return _Call()
        try:
            function, given = self._contract.decode_function_input(data)
        except ValueError:  # a contract's creation, or an act that this interface does not have
            return _Call(to)
        relayed = function.fn_name.endswith("For")
        left = {name: _plain(value) for name, value in given.items() if not relayed or name not in _RELAYING}
        return _Call(to, function.fn_name.removesuffix("For"), left, str(given["signer"]) if relayed else None)


_RELAYING = ("signer", "deadline", "signature")


@dataclass(frozen=True)
class _Call:
    """What a transaction calls; all None where that is nothing of a registry."""

    to: str | None = None
    function: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    """The signer of a relayed act."""


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _may_be_sent(tried: Sequence[Attempt]) -> bool:
    """Whether it left this machine, or may have: known by its transaction alone."""
    states = {each.state for each in tried}
    return bool(states & {AttemptState.MINED, AttemptState.SENT})


def _outcome(one: Transaction, tried: Sequence[Attempt]) -> str:
    mined = [each for each in tried if each.state is AttemptState.MINED]
    if mined:
        receipt = mined[-1].receipt
        return REVERTED if receipt is not None and receipt.get("status") == 0 else DONE
    if all(each.state is AttemptState.DROPPED for each in tried):
        return NEVER
    return UNKNOWN if one.open else DONE


def _facts(entry: Entry | None, arguments: Mapping[str, Any]) -> dict[str, str]:
    """What people are shown; entries of earlier versions have it beside the transaction."""
    if entry is None:
        return {name: str(value) for name, value in arguments.items()}
    known = entry.facts.get("act")
    if not isinstance(known, Mapping):
        known = {name: value for name, value in entry.facts.items() if name != "transaction"}
    return {name: str(value) for name, value in known.items()}


def _named(facts: Mapping[str, str], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Roots and certificate hashes that an act names."""
    roots = [*_listed(arguments.get("root")), *_listed(arguments.get("roots"))]
    hashes: list[str] = []
    for name, value in facts.items():
        found = _HASH.findall(f"{name} {value}")
        if name.startswith(("batch", "root")):
            roots += found
        elif name.startswith("certificate") or name == "replaced by":
            hashes += found
    return {"batches": list(dict.fromkeys(roots)), "certificates": list(dict.fromkeys(hashes))}


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _roots(wanted: Filter, store: Records | None) -> set[str]:
    """The roots of the batches that are asked for by their number, or by a certificate in them."""
    found = set()
    if store is not None and wanted.batch is not None:
        found = {to_hex(one.root) for one in store.batches() if one.root and one.id.startswith(wanted.batch.lower())}
    code = None if wanted.certificate is None else parse_code(wanted.certificate)
    if store is not None and code is not None:
        beginning = code.hex() if isinstance(code, bytes) else code.hex_prefix
        holding = {kept.batch for kept in store.certificates.beginning(beginning)}
        found |= {to_hex(one.root) for one in store.batches() if one.root and one.id in holding}
    return found


def _is_wanted(one: ActSent, wanted: Filter, roots: set[str]) -> bool:
    """Whether an act is what is asked for."""
    if wanted.since is not None and one.at < wanted.since:
        return False
    if wanted.institution is not None and one.institution != wanted.institution.lower():
        return False
    if wanted.act is not None and one.act != wanted.act:
        return False
    if wanted.batch is not None and not _is_of_batch(one, wanted.batch, roots):
        return False
    return wanted.certificate is None or _is_of_certificate(one, parse_code(wanted.certificate), roots)


def _is_of_batch(one: ActSent, batch: str, roots: set[str]) -> bool:
    beginning = "0x" + batch.lower().removeprefix("0x")
    return any(root in roots or root.startswith(beginning) for root in one.batches)


def _is_of_certificate(one: ActSent, code: bytes | ShortCode, roots: set[str]) -> bool:
    if isinstance(code, ShortCode):
        named = any(code.matches(from_hex(each)) for each in one.certificates)
    else:
        named = to_hex(code) in one.certificates or to_hex(commitment(code)) in json.dumps(one.arguments)
    return named or (one.function in ("issue", "withdraw", "reinstateBatch") and bool(roots & set(one.batches)))
