// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {ISanadRegistryAnswers} from "../src/ISanadRegistryAnswers.sol";
import {Signatures} from "./support/Signatures.sol";

/// @notice Gas of whole transactions, intrinsic and calldata included, with every slot cold: `isolate` runs each call
/// as a transaction of its own. Written to and compared with snapshots/registry.json.
contract GasTest is Signatures {
    uint256 private constant ISSUE_GOAL = 57_000;
    uint256 private constant RELAYED_GOAL = 69_000;
    uint256 private constant REVOKE_GOAL = 58_000;
    uint256 private constant HUNDRED_GOAL = 2_700_000;

    /// No zero byte, so that calldata costs what it can cost at most.
    bytes32 private constant FULL = 0x8f1b2c3d4e5f60718293a4b5c6d7e8f9fae1b2c3d4e5f60718293a4b5c6d7e8f;

    function test_issue() public {
        _issue("issue, size 1", FULL, 1);
        _issue("issue, size 80,000", ~FULL, 80_000);
    }

    function test_revoke() public {
        vm.prank(SIGNER);
        registry.revoke(UNI, SIGNER, list(FULL), DATA_ERROR);
        _measure("revoke one, signer", REVOKE_GOAL);
        vm.prank(ADMIN);
        registry.revoke(UNI, INSTITUTION, list(FULL), DATA_ERROR);
        _measure("revoke one, admin", REVOKE_GOAL);
    }

    function test_revoke_hundred() public {
        vm.prank(SIGNER);
        registry.revoke(UNI, SIGNER, _hundred("old"), DATA_ERROR);
        _measure("revoke a hundred, signer", HUNDRED_GOAL);
    }

    function test_replace() public {
        vm.prank(SIGNER);
        registry.replace(UNI, SIGNER, list(FULL), list(~FULL), SUPERSEDED);
        _record("replace one, signer");
        vm.prank(SIGNER);
        registry.replace(UNI, SIGNER, _hundred("old"), _hundred("new"), SUPERSEDED);
        _record("replace a hundred, signer");
    }

    function test_relayed() public {
        bytes memory signature = _signIssue(SIGNER_KEY, SIGNER);
        vm.prank(STRANGER);
        registry.issueFor(UNI, SIGNER, ROOT, 1, DEADLINE, signature);
        _measure("issue, relayed", RELAYED_GOAL);
        signature = _signRevoke(SIGNER_KEY, SIGNER, SIGNER, list(FULL));
        vm.prank(STRANGER);
        registry.revokeFor(UNI, SIGNER, SIGNER, list(FULL), DATA_ERROR, DEADLINE, signature);
        _measure("revoke one, relayed", RELAYED_GOAL);
    }

    function test_governance() public {
        vm.prank(PROGRAMME);
        registry.accredit("uni.example", "A University", ADMIN, false);
        _record("accredit");
        vm.prank(ADMIN);
        registry.authorise(UNI, STRANGER);
        _record("authorise");
        vm.prank(ADMIN);
        registry.distrust(UNI, SECOND, START);
        _record("distrust");
        bytes32[] memory roots = _hundred("root");
        uint32[] memory sizes = new uint32[](100);
        for (uint256 i; i < 100; ++i) sizes[i] = 40;
        vm.prank(ADMIN);
        registry.adopt(UNI, roots, sizes);
        _record("adopt a hundred");
    }

    /// What a node works for one `eth_call`: 17 hashes for one of 80,000.
    function test_verify() public {
        bytes32[] memory path = new bytes32[](17);
        bytes32 root = registry.verify(DOMAIN, 79_999, FULL, FULL, path).root;
        vm.prank(SIGNER);
        registry.issue(UNI, root, 80_000);
        registry.verify(DOMAIN, 79_999, FULL, FULL, path);
        _record("verify, one of 80,000");
    }

    /// Nobody pays for it, but a node limits what a call may take. The most that it can be: each certificate is in
    /// another batch of 80,000, by a signer whom another institution certified, and is replaced.
    function test_verify_many() public {
        vm.prank(OTHER_ADMIN);
        registry.certify(OTHER, list(SIGNER), list(FULL));
        vm.prank(ADMIN);
        registry.authoriseEducator(UNI, SIGNER, OTHER);
        ISanadRegistry.Query[] memory queries = _queries(500);
        for (uint256 i; i < queries.length; ++i) {
            ISanadRegistry.Query memory q = queries[i];
            bytes32 root = registry.verify(DOMAIN, i, q.commitment, q.sheet, q.path).root;
            vm.prank(SIGNER);
            registry.issue(UNI, root, 80_000);
            vm.prank(ADMIN);
            registry.replace(UNI, INSTITUTION, list(q.commitment), list(FULL), SUPERSEDED);
        }
        uint256[3] memory counts = [uint256(500), 300, 100];
        for (uint256 i; i < counts.length; ++i) {
            _shorten(queries, counts[i]);
            registry.verifyMany(DOMAIN, queries);
            _record(string.concat("verifyMany, ", vm.toString(counts[i])));
        }
    }

    function test_withdrawals() public {
        vm.prank(ADMIN);
        registry.withdraw(UNI, FULL);
        _record("withdraw");
        vm.prank(ADMIN);
        registry.reinstateBatch(UNI, FULL);
        _record("reinstateBatch");
    }

    function test_keys() public {
        for (uint256 i; i < 97; ++i) {
            vm.prank(ADMIN);
            registry.authorise(UNI, vm.addr(i + 1));
        }
        registry.keys(UNI, 0, 100);
        _record("keys, 100");
    }

    function _queries(uint256 count) private pure returns (ISanadRegistry.Query[] memory queries) {
        queries = new ISanadRegistry.Query[](count);
        for (uint256 i; i < count; ++i) {
            queries[i] = ISanadRegistryAnswers.Query(i, keccak256(abi.encode(i)), FULL, new bytes32[](17));
        }
    }

    function _shorten(ISanadRegistry.Query[] memory queries, uint256 count) private pure {
        assembly ("memory-safe") {
            mstore(queries, count)
        }
    }

    function _issue(string memory name, bytes32 root, uint32 size) private {
        vm.prank(SIGNER);
        registry.issue(UNI, root, size);
        _measure(name, ISSUE_GOAL);
    }

    function _measure(string memory name, uint256 goal) private {
        vm.assertLe(vm.snapshotGasLastCall("registry", name), goal, name);
    }

    function _record(string memory name) private {
        vm.snapshotGasLastCall("registry", name);
    }

    function _hundred(string memory kind) private pure returns (bytes32[] memory values) {
        values = new bytes32[](100);
        for (uint256 i; i < 100; ++i) values[i] = keccak256(abi.encode(kind, i));
    }
}
