"""Measures what anchoring costs here and elsewhere: ``python contracts/script/compare_gas.py``.

Beside the registry stand the Ethereum Attestation Service and OpenAttestation's document store, in the bytecode that
their makers publish on npm (``npm pack`` fetches it, pinned by digest). Whole transactions on the embedded chain,
every slot cold. Prints the table that stands in contracts/README.md. Needs node, and Sanad's extra ``demo``.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from web3 import EthereumTesterProvider, Web3

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from deploy.compile import committed, node_on_path

PACKAGES = {
    "@ethereum-attestation-service/eas-contracts@1.9.0": "sha512-L60y1fgKlY3a45xxnPlgRbiGQY8RF/lF+AzF1iVoR7/aEzit"
    "S0Nuyyjq8+IXs1sSSU0dl2+yGSmELxVeB6FelA==",
    "@govtechsg/document-store@3.0.0": "sha512-RW13l0pCaxfWWuBjKR3he7ddMzz21I6Oh4R9uBN63/IrPq9y"
    "ummFaEOKQw42izh01ybnoFng88D9uePwarLyhg==",
}
DEADLINE_AHEAD = 3600
Rows = list[tuple[str, str, int]]


def word(n: int) -> bytes:
    """Return the n-th hash of a fixed sequence."""
    return bytes(Web3.keccak(n.to_bytes(4, "big")))


class Chain:
    """The embedded chain, and three accounts on it: who deploys and administers, who signs, who relays."""

    def __init__(self) -> None:
        self.w3 = Web3(EthereumTesterProvider())
        self.owner, self.admin, self.relayer = self.w3.eth.accounts[:3]
        self.signer = Account.create()
        self.send_plain(self.owner, self.signer.address, 10**18)

    def send_plain(self, sender: str, to: str, value: int) -> None:
        """Send coins."""
        self.w3.eth.wait_for_transaction_receipt(
            self.w3.eth.send_transaction({"from": sender, "to": to, "value": value})
        )

    def deploy(self, abi: Any, bytecode: str, *arguments: Any) -> Any:
        """Create a contract."""
        factory = self.w3.eth.contract(abi=abi, bytecode=bytecode)
        receipt = self.w3.eth.wait_for_transaction_receipt(
            factory.constructor(*arguments).transact({"from": self.owner})
        )
        return self.w3.eth.contract(address=receipt["contractAddress"], abi=abi)

    def act(self, sender: Any, call: Any) -> Any:
        """Send a call, from an unlocked account or signed by a key; return its receipt."""
        if isinstance(sender, str):
            done = call.transact({"from": sender})
        else:
            nonce = self.w3.eth.get_transaction_count(sender.address)
            transaction = call.build_transaction({"from": sender.address, "nonce": nonce})
            done = self.w3.eth.send_raw_transaction(sender.sign_transaction(transaction).raw_transaction)
        receipt = self.w3.eth.wait_for_transaction_receipt(done)
        if receipt["status"] != 1:
            raise SystemExit(f"{call.fn_name} failed")
        return receipt

    def gas(self, sender: Any, call: Any) -> int:
        """Send a call; return the gas that its transaction took."""
        return int(self.act(sender, call)["gasUsed"])

    def deadline(self) -> int:
        """Return a moment shortly ahead."""
        return int(self.w3.eth.get_block("latest")["timestamp"]) + DEADLINE_AHEAD

    def sign(self, contract: Any, name: str, version: str, kind: str, fields: dict[str, tuple[str, Any]]) -> Any:
        """Sign typed data for a contract as the signer."""
        types = {kind: [{"name": key, "type": type_} for key, (type_, _) in fields.items()]}
        domain = {
            "name": name,
            "version": version,
            "chainId": self.w3.eth.chain_id,
            "verifyingContract": contract.address,
        }
        message = {key: value for key, (_, value) in fields.items()}
        return self.signer.sign_message(encode_typed_data(domain, types, message))


def sanad(chain: Chain) -> Rows:
    """Measure the registry."""
    artifact = committed()
    registry = chain.deploy(artifact["abi"], artifact["bytecode"], chain.owner)
    call, university = registry.functions, Web3.keccak(text="kpu.example")
    chain.act(chain.owner, call.accredit("kpu.example", "A University", chain.admin, False))
    chain.act(chain.admin, call.authorise(university, chain.signer.address))
    deadline = chain.deadline()
    signature = chain.sign(
        registry,
        "Sanad",
        "1",
        "Issue",
        {
            "institution": ("bytes32", university),
            "signer": ("address", chain.signer.address),
            "root": ("bytes32", word(2)),
            "size": ("uint32", 80_000),
            "deadline": ("uint256", deadline),
        },
    ).signature
    relayed = call.issueFor(university, chain.signer.address, word(2), 80_000, deadline, signature)
    hundred = [word(100 + i) for i in range(100)]
    return [
        ("Sanad", "`issue`, a batch of any size", chain.gas(chain.signer, call.issue(university, word(1), 80_000))),
        ("Sanad", "`issueFor`, the same relayed", chain.gas(chain.relayer, relayed)),
        ("Sanad", "`revoke` one", chain.gas(chain.signer, call.revoke(university, chain.signer.address, [word(3)], 2))),
        (
            "Sanad",
            "`revoke` a hundred",
            chain.gas(chain.signer, call.revoke(university, chain.signer.address, hundred, 2)),
        ),
    ]


def attestation_service(chain: Chain, package: Path) -> Rows:
    """Measure EAS: a root and a size as an attestation's data, under a schema of its own."""
    folder = package / "artifacts" / "contracts"
    artifacts = {n: json.loads((folder / f"{n}.sol" / f"{n}.json").read_text()) for n in ("SchemaRegistry", "EAS")}
    schemas = chain.deploy(artifacts["SchemaRegistry"]["abi"], artifacts["SchemaRegistry"]["bytecode"])
    eas = chain.deploy(artifacts["EAS"]["abi"], artifacts["EAS"]["bytecode"], schemas.address)
    nobody = "0x" + 40 * "0"
    text = "bytes32 root,uint32 size"
    chain.act(chain.owner, schemas.functions.register(text, nobody, True))
    schema = Web3.solidity_keccak(["string", "address", "bool"], [text, nobody, True])

    def data(n: int) -> tuple[Any, ...]:
        return (nobody, 0, True, bytes(32), encode(["bytes32", "uint32"], [word(n), 80_000]), 0)

    call, signer, deadline = eas.functions, chain.signer, chain.deadline()
    signature = chain.sign(
        eas,
        "EAS",
        "1.4.0",
        "Attest",
        {
            "attester": ("address", signer.address),
            "schema": ("bytes32", schema),
            "recipient": ("address", nobody),
            "expirationTime": ("uint64", 0),
            "revocable": ("bool", True),
            "refUID": ("bytes32", bytes(32)),
            "data": ("bytes", data(2)[4]),
            "value": ("uint256", 0),
            "nonce": ("uint256", 0),
            "deadline": ("uint64", deadline),
        },
    )
    vrs = (signature.v, signature.r.to_bytes(32, "big"), signature.s.to_bytes(32, "big"))
    delegated = call.attestByDelegation((schema, data(2), vrs, signer.address, deadline))
    one = chain.act(signer, call.attest((schema, data(1))))
    many = chain.act(signer, call.multiAttest([(schema, [data(100 + i) for i in range(100)])]))
    ids = [log["args"]["uid"] for log in eas.events.Attested().process_receipt(many)]
    first = eas.events.Attested().process_receipt(one)[0]["args"]["uid"]
    return [
        ("EAS", "`attest` one root", int(one["gasUsed"])),
        ("EAS", "`attestByDelegation`, the same relayed", chain.gas(chain.relayer, delegated)),
        ("EAS", "`timestamp` one root (no issuer kept)", chain.gas(signer, call.timestamp(word(3)))),
        ("EAS", "`multiAttest` a hundred", int(many["gasUsed"])),
        ("EAS", "`revoke` one", chain.gas(signer, call.revoke((schema, (first, 0))))),
        ("EAS", "`multiRevoke` a hundred", chain.gas(signer, call.multiRevoke([(schema, [(i, 0) for i in ids])]))),
    ]


def document_store(chain: Chain, package: Path) -> Rows:
    """Measure OpenAttestation's document store, as its owner."""
    source = package / "dist" / "contracts" / "factories" / "contracts" / "DocumentStore__factory.js"
    bytecode = re.search(r'_bytecode = "(0x[0-9a-f]+)"', source.read_text())
    if not bytecode:
        raise SystemExit("the document store's package has another shape than expected")
    abi = [{"type": "constructor", "inputs": [_input("_name", "string"), _input("owner", "address")]}] + [
        {
            "type": "function",
            "name": name,
            "inputs": [_input("x", kind)],
            "outputs": [],
            "stateMutability": "nonpayable",
        }
        for name, kind in [
            ("issue", "bytes32"),
            ("bulkIssue", "bytes32[]"),
            ("revoke", "bytes32"),
            ("bulkRevoke", "bytes32[]"),
        ]
    ]
    call = chain.deploy(abi, bytecode[1], "A University", chain.signer.address).functions
    hundred = [word(100 + i) for i in range(100)]
    return [
        ("OpenAttestation", "`issue` one root", chain.gas(chain.signer, call.issue(word(1)))),
        ("OpenAttestation", "`bulkIssue` a hundred", chain.gas(chain.signer, call.bulkIssue(hundred))),
        ("OpenAttestation", "`revoke` one", chain.gas(chain.signer, call.revoke(word(1)))),
        ("OpenAttestation", "`bulkRevoke` a hundred", chain.gas(chain.signer, call.bulkRevoke(hundred))),
    ]


def _input(name: str, kind: str) -> dict[str, str]:
    return {"name": name, "type": kind}


def fetch(folder: Path) -> list[Path]:
    """Fetch and unpack the packages; refuse other bytes than those pinned."""
    command = ["npm", "pack", "--json", "--pack-destination", str(folder), *PACKAGES]
    with node_on_path():
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    listed = json.loads(output)
    packed = {p["id"]: p for p in (listed.values() if isinstance(listed, dict) else listed)}
    paths = []
    for name, integrity in PACKAGES.items():
        if packed[name]["integrity"] != integrity:
            raise SystemExit(f"{name} is not the package that was pinned")
        target = folder / str(len(paths))
        with tarfile.open(folder / Path(packed[name]["filename"]).name) as archive:
            archive.extractall(target, filter="data")
        paths.append(target / "package")
    return paths


def main() -> None:
    """Print the table."""
    chain = Chain()
    with tempfile.TemporaryDirectory() as folder:
        service, store = fetch(Path(folder))
        rows = sanad(chain) + attestation_service(chain, service) + document_store(chain, store)
    print("| system | act | gas |\n|---|---|---|")
    for system, act, gas in rows:
        print(f"| {system} | {act} | {gas:,} |")


if __name__ == "__main__":
    main()
