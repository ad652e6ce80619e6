"""Seeded faults, each of which some test must catch: ``make mutate``, with ``ARGS="word ..."`` for some of them.

Every fault is put alone into a copy of the project, and the Solidity tests run until the first failure. Words pick the
faults whose name contains one of them. Exits with 1 if a fault survives. Takes half an hour of one core.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

CONTRACTS = Path(__file__).resolve().parent.parent


class Fault(NamedTuple):
    """One seeded fault: in ``file``, the text ``right`` (which stands there once) becomes ``wrong``."""

    name: str
    file: str
    right: str
    wrong: str


FAULTS = (
    Fault("any index is good", "SanadRegistry", " && index < a.size", ""),
    Fault("index may equal the size", "SanadRegistry", "index < a.size", "index <= a.size"),
    Fault("withdrawn is good", "SanadRegistry", " && a.withdrawnAt == 0", ""),
    Fault("revoked is good", "SanadRegistry", " && a.reason == 0", ""),
    Fault("not counting is good", "SanadRegistry", "a.accredited && a.counts", "a.accredited"),
    Fault(
        "leaf hashed once",
        "SanadRegistry",
        "keccak256(bytes.concat(keccak256(abi.encode(index, commitment, sheet))))",
        "keccak256(abi.encode(index, commitment, sheet))",
    ),
    Fault("leaf without index", "SanadRegistry", "encode(index, commitment", "encode(commitment"),
    Fault(
        "leaf with sheet and commitment swapped",
        "SanadRegistry",
        "encode(index, commitment, sheet)",
        "encode(index, sheet, commitment)",
    ),
    Fault(
        "signer outranks institution",
        "SanadRegistry",
        "? INSTITUTION : signer;\n        Rev",
        "? signer : signer;\n        Rev",
    ),
    Fault("signer bites on adopted", "SanadRegistry", "a.adopted ? INSTITUTION : a.signer", "a.signer"),
    Fault("adopted batch has an educator", "SanadRegistry", "if (a.adopted) return;", ""),
    Fault("sentinel in code", "SanadRegistry", "a.sentinel = _sentinel", 'a.sentinel = keccak256("sanad.registry.1")'),
    Fault(
        "what was written in the second of distrust counts",
        "Records",
        "since > record.time()",
        "since >= record.time()",
    ),
    Fault("distrust does not void", "Records", "since == 0 || since > record.time()", "true"),
    Fault("distrust voids everything", "Records", "since == 0 || since > record.time()", "since == 0"),
    Fault("anybody is admin", "Records", "if (!_keys[institution][msg.sender].isAdmin())", "if (false)"),
    Fault("former admins stay", "Governance", ".withAdmin(false)", ".withAdmin(true)"),
    Fault(
        "distrusted key becomes admin", "Governance", "[admin].distrustedSince() != 0", "[admin].distrustedSince() == 1"
    ),
    Fault("nomination outlives replacement", "Governance", "slots.pendingAdmin = address(0);", ""),
    Fault("admin distrusts former admins", "Governance", "state.everAdmin() ? owner() : ", ""),
    Fault("acting admin may be distrusted", "Governance", " || state.isAdmin()", ""),
    Fault("distrust in the future", "Governance", " || since > block.timestamp", ""),
    Fault("distrust from the first second only", "Governance", "since == 0 || ", ""),
    Fault("suspended certifier counts", "Governance", "if (standing.suspended())", "if (false)"),
    Fault("certifier without permission", "Governance", "if (!standing.mayCertify())", "if (false)"),
    Fault("revoked educator", "Governance", "if (_isRevoked(certifier, INSTITUTION, commitment))", "if (false)"),
    Fault(
        "thief keeps a new admin out",
        "Governance",
        "if (!state.everAdmin() && state.distrustedSince() != 0) _liftDistrust",
        "if (false) _liftDistrust",
    ),
    Fault("former admin's distrust is lifted", "Governance", "!state.everAdmin() && state", "state"),
    Fault("successor on no chain", "Governance", "if (chainId == 0) revert ZeroChain();", ""),
    Fault("successor's chain not kept", "Governance", "successorChain = chainId;", ""),
    Fault("institutions always from the first", "SanadRegistry", "_institutionIds[first + i]", "_institutionIds[i]"),
    Fault("more institutions than asked for", "SanadRegistry", "limit < left ? limit : left", "left"),
    Fault("batches in any order", "SanadRegistry", "roots[i]);", "roots[0]);"),
    Fault("domain accredited twice", "Governance", "if (slots.standing.accreditedAt() != 0)", "if (false)"),
    Fault("suspended institution issues", "Issuance", "if (standing.suspended())", "if (false)"),
    Fault("root issued twice", "Issuance", "if (_counts(institution, old)) revert", "if (false) revert"),
    Fault("root never issued again", "Issuance", "if (_counts(institution, old)) revert", "if (old.exists()) revert"),
    Fault("closed registry issues", "Issuance", "        _requireOpen();\n", ""),
    Fault(
        "removed signer issues",
        "Issuance",
        "        _requireSigner(institution, signer, _keys[institution][signer]);\n",
        "",
    ),
    Fault("anybody revokes", "Issuance", "        _requireSigner(institution, writer, key);\n", ""),
    Fault("anybody revokes for the institution", "Issuance", "if (!key.isAdmin()) revert", "if (false) revert"),
    Fault("signer who was admin revokes for the institution", "Issuance", "!key.isAdmin()", "!key.everAdmin()"),
    Fault("key acts in another's authority", "Issuance", "if (authority != writer)", "if (false)"),
    Fault(
        "key that lost an authority acts in the other",
        "Issuance",
        "if (!key.isAdmin()) revert NotAdmin(institution, writer);\n            return;",
        "if (key.isAdmin()) return;",
    ),
    Fault(
        "revocation in whatever authority",
        "Issuance",
        "_requireAuthority(institution, writer, authority);\n        _requireReason(reason);\n        uint32",
        "_requireAuthority(institution, writer, authority);\n        _requireReason(reason);\n"
        "        if (_keys[institution][writer].isAdmin()) authority = INSTITUTION;\n        uint32",
    ),
    Fault(
        "signed revocation without authority",
        "Relay",
        "encode(REVOKE_TYPE, institution, signer, authority, list",
        "encode(REVOKE_TYPE, institution, signer, signer, list",
    ),
    Fault(
        "signed replacement without authority",
        "Relay",
        "encode(REPLACE_TYPE, institution, signer, authority, olds",
        "encode(REPLACE_TYPE, institution, signer, signer, olds",
    ),
    Fault(
        "thief's replacement stays",
        "Issuance",
        "if (old.exists()) slots.replacement = 0;\n            else ++added;",
        "if (!old.exists()) ++added;",
    ),
    Fault("revocations not counted", "Issuance", "standing.withRevocations(added)", "standing.withRevocations(0)"),
    Fault("withdrawing nothing", "Withdrawals", "_append(institution, root, WITHDRAWN);", ""),
    Fault("reinstating nothing", "Withdrawals", "_append(institution, root, REINSTATED);", ""),
    Fault("withdrawn again and again", "Withdrawals", "if (_withdrawal(institution, root).exists())", "if (false)"),
    Fault("reinstating what stands", "Withdrawals", "if (!_withdrawal(institution, root).exists())", "if (false)"),
    Fault(
        "a thief's reinstatement decides",
        "Withdrawals",
        "if (_counts(institution, act)) return act",
        "if (_counts(institution, act) || act.detail() == REINSTATED) return act",
    ),
    Fault(
        "a thief's withdrawal decides",
        "Withdrawals",
        "if (_counts(institution, act)) return act",
        "if (_counts(institution, act) || act.detail() == WITHDRAWN) return act",
    ),
    Fault(
        "only the newest act decides",
        "Withdrawals",
        "if (_counts(institution, act)) return act.detail() == WITHDRAWN ? act : Record.wrap(0);",
        "return _counts(institution, act) && act.detail() == WITHDRAWN ? act : Record.wrap(0);",
    ),
    Fault(
        "the oldest withdrawal decides",
        "Withdrawals",
        "uint256 i = acts.length; i != 0; --i) {\n            Record act = acts[i - 1];",
        "uint256 i; i < acts.length; ++i) {\n            Record act = acts[i];",
    ),
    Fault("fifteen withdrawals", "Withdrawals", "MAX_ACTS = 16", "MAX_ACTS = 15"),
    Fault("seventeen withdrawals", "Withdrawals", "MAX_ACTS = 16", "MAX_ACTS = 17"),
    Fault(
        "a full list stays full", "Withdrawals", "if (acts.length == MAX_ACTS) _dropUncounted(institution, acts);", ""
    ),
    Fault(
        "a list drops before it is full",
        "Withdrawals",
        "if (acts.length == MAX_ACTS) _dropUncounted",
        "if (acts.length >= MAX_ACTS - 1) _dropUncounted",
    ),
    Fault(
        "a full list drops what counts",
        "Withdrawals",
        "if (!_counts(institution, act)) continue",
        "if (_counts(institution, act)) continue",
    ),
    Fault("a full list turns round", "Withdrawals", "acts[kept] = act", "acts[MAX_ACTS - 1 - kept] = act"),
    Fault("withdrawn by nobody", "SanadRegistry", "a.withdrawnBy = withdrawal.writer();", ""),
    Fault("key listed again", "Governance", "if (state.authorisedAt() == 0) _keyList", "_keyList"),
    Fault("key never listed", "Governance", "if (state.authorisedAt() == 0) _keyList[institution].push(key);", ""),
    Fault(
        "admin not listed",
        "Governance",
        "_listed(institution, admin).withAdmin(true)",
        "_keys[institution][admin].withAdmin(true)",
    ),
    Fault(
        "first authority only",
        "Governance",
        "return state.withAuthorisedAt(uint40(block.timestamp))",
        "return state.authorisedAt() == 0 ? state.withAuthorisedAt(uint40(block.timestamp)) : state",
    ),
    Fault("keys always from the first", "SanadRegistry", "all[first + i]", "all[i]"),
    Fault("authority's time runs into distrust", "types/KeyState", "AUTHORISED_AT = 64", "AUTHORISED_AT = 56"),
    Fault(
        "authority's time is added up",
        "types/KeyState",
        "(KeyState.unwrap(key) & ~AUTHORISED_TIME) |",
        "KeyState.unwrap(key) |",
    ),
    Fault(
        "many answers are all the first",
        "SanadRegistry",
        "Query calldata q = queries[i];",
        "Query calldata q = queries[0];",
    ),
    Fault("size not counted off", "types/Standing", "word - oldSize", "word"),
    Fault("written over counted twice", "types/Standing", "over ? word - oldSize : ", ""),
    Fault(
        "distrusted key acts", "types/KeyState", "(AUTHORISED | DISTRUSTED) == AUTHORISED", "AUTHORISED == AUTHORISED"
    ),
    Fault("hand-over forgets who was admin", "types/KeyState", "word | IS_ADMIN | EVER_ADMIN", "word | IS_ADMIN"),
    Fault("distrust drops authority", "types/KeyState", "(KeyState.unwrap(key) & ~DISTRUSTED) |", ""),
    Fault("no deadline", "Relay", "deadline < block.timestamp || ", ""),
    Fault("deadline any time ahead", "Relay", " || deadline > block.timestamp + MAX_AHEAD", ""),
    Fault("any key signs for any", "Relay", " && recovered == signer", ""),
    Fault("signature without size", "Relay", "signer, root, size, deadline", "signer, root, deadline"),
    Fault("signature of any registry", "Relay", "_hashTypedDataV4(message)", "message"),
    Fault(
        "contract wallets never",
        "Relay",
        "if (!SignatureChecker.isValidERC1271SignatureNow(signer, digest, signature))",
        "if (true)",
    ),
    Fault("one label is a domain", "Domain", "start != 0 && ", ""),
    Fault("label of 64", "Domain", "MAX_LABEL = 63", "MAX_LABEL = 64"),
    Fault("hyphen at the end", "Domain", ' || label[length - 1] == "-"', ""),
    Fault("address as domain", "Domain", " && _isLetter(last[0])", ""),
)


def source_of(fault: Fault) -> Path:
    """Return the fault's file, relative to ``contracts/``."""
    return Path("src") / f"{fault.file}.sol"


def survives(fault: Fault, copy: Path) -> bool:
    """Run the tests over the faulty copy; say which one caught it."""
    path = copy / source_of(fault)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(fault.right, fault.wrong), encoding="utf-8")
    try:
        result = subprocess.run(
            [str(copy / "node_modules/.bin/forge"), "test", "--fail-fast"],
            cwd=copy,
            env={**os.environ, "FOUNDRY_PROFILE": "coverage"},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        path.write_text(text, encoding="utf-8")
    # An invariant's failure is told over several lines, the name in the last.
    caught = re.findall(r"\[FAIL.*?\] (\w+)\(", result.stdout, re.DOTALL)
    if "Compiler run failed" in result.stdout + result.stderr:
        raise SystemExit(f"{fault.name}: the faulty contract does not compile\n{result.stdout}{result.stderr}")
    print(f"{'caught' if caught else 'SURVIVES'}: {fault.name}" + (f"  ({caught[0]})" if caught else ""), flush=True)
    return not caught


def main(words: list[str]) -> int:
    """Try the faults; return the exit code."""
    chosen = [f for f in FAULTS if not words or any(word in f.name for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("src", "test"):
            shutil.copytree(CONTRACTS / name, copy / name)
        for name in ("foundry.toml", "solc"):
            shutil.copy(CONTRACTS / name, copy / name)
        (copy / "node_modules").symlink_to(CONTRACTS / "node_modules")
        alive = [fault.name for fault in chosen if survives(fault, copy)]
    print(f"{len(chosen) - len(alive)} of {len(chosen)} faults are caught")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
