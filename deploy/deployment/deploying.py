"""Deploys the registry once: looks before anything is sent, and continues where an earlier run was interrupted."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from deploy.deployment import factory
from deploy.deployment.code import check_code, init_code
from deploy.deployment.records import Deployed, Pending, Records
from deploy.errors import DeploymentError
from deploy.registry_contract import registry_artifact
from issuer.errors import ActError, DroppedError, NodeUnusableError, RefusedError
from issuer.keys.files import address_named
from issuer.records.raw_transaction import facts_of
from issuer.sending import Cost, MemoryLedger, Sender, Signed, connect_to_any, reading
from verifier.chain.networks import Network
from verifier.chain.values import NodeAddress
from verifier.core.hashes import ZERO
from verifier.core.registry import NO_ADDRESS, SENTINEL

CREATEX, PLAIN = "createx", "plain"
_LAG_SECONDS = 20.0
"""How long a node may take to have what another has already."""


@dataclass(frozen=True)
class Wishes:
    """What is to be deployed."""

    network: Network
    owner: str | None = None
    """The programme's address; the deployer's own where none is named."""
    serial: int = 1
    """An owner's first registry on a network, or a further one that takes its place."""
    plain: bool = False
    """Without CreateX, even where the chain has it."""
    folder: Path = Path("deployments")


@dataclass(frozen=True)
class Plan:
    """What a deployment would do now."""

    network: Network
    owner: str
    deployer: str
    serial: int
    way: str
    address: str
    is_deployed: bool
    pending: Pending | None
    cost: Cost | None
    """None where nothing is left to be sent."""


class Deploying:
    """One registry's deployment to one network.

    Args:
        sender: the key that pays, and its node.
        wishes: what is to be deployed.
    """

    def __init__(self, sender: Sender, wishes: Wishes) -> None:
        self._sender, self._wishes = sender, wishes
        self._chain = wishes.network.chain
        self._owner = _owner(sender, wishes.owner)
        self._init_code = init_code(self._owner)
        self.records = Records(wishes.folder, wishes.network.name, wishes.serial)

    def plan(self) -> Plan:
        """Look, without sending anything: what is deployed, what is under way, what it would cost.

        Raises:
            DeploymentError: records and chain contradict each other, or another contract is there.
            TransactionError: as issuer.sending.Sender.cost.
        """
        record, pending = self.records.deployed(), self.records.pending()
        if record is not None:
            return self._recorded(record)
        if pending is not None:
            self._same_owner(pending.owner)
            self._same_chain(pending)
            return self._plan(pending.way, pending.address, self._is_at(pending.address), pending=pending)
        if not self._wishes.plain and factory.is_createx(self._code_at(factory.CREATEX)):
            address = factory.createx_address(self._init_code, self._wishes.serial)
            return self._plan(CREATEX, address, self._is_at(address))
        web3, deployer = self._sender.web3, self._sender.web3.to_checksum_address(self._address)
        nonce = reading(lambda: web3.eth.get_transaction_count(deployer, "pending"))
        return self._plan(PLAIN, factory.plain_address(self._address, nonce), False)

    def perform(self, plan: Plan) -> Deployed:
        """Deploy what is not deployed yet, see that it is what it should be, and write it down.

        Raises:
            TransactionError: as issuer.sending.Sender.transact.
            DeploymentError: something else is there now.
        """
        known = self.records.deployed()
        if known is not None:
            self._read_back(known.address)
            return known
        pending = plan.pending or (None if plan.is_deployed else self._signed(plan))
        receipt = None if pending is None else self._settle(pending, fresh=plan.pending is None)
        address = plan.address if pending is None else pending.address
        self._read_back(address)
        if not plan.is_deployed:
            self._check_fresh(address)
        deployed = self._facts(plan.way, address, pending, receipt)
        self.records.keep(deployed)
        return deployed

    @property
    def _address(self) -> str:
        return self._sender.address

    def _recorded(self, record: Deployed) -> Plan:
        self._same_owner(record.owner)
        if record.chain_id != self._chain.chain_id:
            raise DeploymentError(f"{self.records.path} is of chain {record.chain_id}. Move it away, or name another.")
        if not self._is_at(record.address):
            raise DeploymentError(
                f"{self.records.path} names the registry {record.address}, and the chain has no contract there. Was "
                "the chain reset? Then move the record away."
            )
        return self._plan(record.way, record.address, True)

    def _same_chain(self, pending: Pending) -> None:
        facts = facts_of(pending.signed.raw)
        if facts is not None and facts.chain_id != self._chain.chain_id:
            raise DeploymentError(
                f"A deployment of this network was signed for chain {facts.chain_id}, and the network is chain "
                f"{self._chain.chain_id} now: {self.records.pending_path}. Move it away, or set the chain back."
            )

    def _same_owner(self, owner: str) -> None:
        if owner != self._owner:
            raise DeploymentError(
                f"{self.records.path} is of the owner {owner}, not of {self._owner}. Name the owner with --owner, or "
                "another registry with --serial."
            )

    def _plan(self, way: str, address: str, is_deployed: bool, pending: Pending | None = None) -> Plan:
        network, serial = self._wishes.network, self._wishes.serial
        cost = None if is_deployed or pending is not None else self._sender.cost(self._call(way))
        return Plan(network, self._owner, self._address, serial, way, address, is_deployed, pending, cost)

    def _call(self, way: str) -> Any:
        web3 = self._sender.web3
        if way == CREATEX:
            return factory.createx_call(web3, self._init_code, self._wishes.serial)
        artifact = registry_artifact()
        contract = web3.eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
        return contract.constructor(web3.to_checksum_address(self._owner))

    def _settle(self, pending: Pending, fresh: bool) -> Any:
        try:
            ledger = MemoryLedger(stored=pending.signed, fresh=fresh)
            return self._sender.settle(lambda: self._call(pending.way), lambda: self._is_at(pending.address), ledger)
        except RefusedError:
            if fresh:  # no node has it, so the next run may sign another
                self.records.drop_pending()
            raise
        except DroppedError:
            self.records.drop_pending()
            raise

    def _signed(self, plan: Plan) -> Pending:
        signed: Signed = self._sender.sign(self._call(plan.way))
        address = plan.address if plan.way == CREATEX else factory.plain_address(self._address, _nonce(signed))
        pending = Pending(address, self._owner, plan.way, self._address, signed.hash, "0x" + signed.raw.hex())
        self.records.keep_pending(pending)
        return pending

    def _is_at(self, address: str) -> bool:
        code = self._code_at(address)
        if code:
            check_code(code, self._chain.chain_id, address)
        return bool(code)

    def _code_at(self, address: str) -> bytes:
        return _code(self._sender.web3, address)

    def _read_back(self, address: str) -> None:
        """Read the code from as many nodes as must agree; each gets a while to have it."""
        deadline, seen = time.monotonic() + _LAG_SECONDS, 0
        for node in self._chain.nodes:
            seen += self._seen_by(node, address, deadline)
            if seen >= self._chain.agreement:
                return
        raise NodeUnusableError(
            f"Only {seen} of the {self._chain.agreement} nodes that must agree show the registry at {address}. "
            "Run the command again; nothing is deployed twice."
        )

    def _seen_by(self, node: NodeAddress, address: str, deadline: float) -> bool:
        try:
            web3 = connect_to_any([node], self._chain.chain_id, 5, wait=5)
            while not (code := _code(web3, address)):
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.5)
        except NodeUnusableError:
            return False
        check_code(code, self._chain.chain_id, address)
        return True

    def _check_fresh(self, address: str) -> None:
        """See that the constructor left what it should."""
        contract = self._sender.web3.eth.contract(
            self._sender.web3.to_checksum_address(address), abi=registry_artifact()["abi"]
        )
        names = ("owner", "pendingOwner", "successor", "institutionCount")
        state = [reading(contract.functions[name]().call) for name in names]
        sentinel = reading(contract.functions.verify("sanad.example", 0, ZERO, ZERO, []).call)[0]
        if state != [self._owner, NO_ADDRESS, NO_ADDRESS, 0] or sentinel != SENTINEL:
            raise DeploymentError(f"The registry at {address} does not begin as it should: {state}. Do not use it.")

    def _facts(self, way: str, address: str, pending: Pending | None, receipt: Any) -> Deployed:
        ours = pending if receipt is not None and receipt["status"] == 1 else None
        artifact = registry_artifact()
        return Deployed(
            network=self._wishes.network.name,
            chain_id=self._chain.chain_id,
            address=address,
            owner=self._owner,
            serial=self._wishes.serial,
            way=way,
            deployer=None if ours is None else ours.deployer,
            transaction=None if ours is None else ours.transaction,
            block=None if ours is None else receipt["blockNumber"],
            gas_used=None if ours is None else receipt["gasUsed"],
            compiler=artifact["solc"],
            standard_json_sha256=artifact["standardJsonSha256"],
        )


def _owner(sender: Sender, named: str | None) -> str:
    try:
        return str(sender.web3.to_checksum_address(sender.address)) if named is None else address_named(named)
    except ActError as error:
        raise DeploymentError(str(error)) from None


def _code(web3: Any, address: str) -> bytes:
    return bytes(reading(lambda: web3.eth.get_code(web3.to_checksum_address(address))))


def _nonce(signed: Signed) -> int:
    nonce: int = TypedTransaction.from_bytes(HexBytes(signed.raw)).as_dict()["nonce"]
    return nonce
