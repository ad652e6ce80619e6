// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

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
        registry.revoke(UNI, list(FULL), DATA_ERROR);
        _measure("revoke one, signer", REVOKE_GOAL);
        vm.prank(ADMIN);
        registry.revoke(UNI, list(FULL), DATA_ERROR);
        _measure("revoke one, admin", REVOKE_GOAL);
    }

    function test_revoke_hundred() public {
        vm.prank(SIGNER);
        registry.revoke(UNI, _hundred("old"), DATA_ERROR);
        _measure("revoke a hundred, signer", HUNDRED_GOAL);
    }

    function test_replace() public {
        vm.prank(SIGNER);
        registry.replace(UNI, list(FULL), list(~FULL), SUPERSEDED);
        _record("replace one, signer");
        vm.prank(SIGNER);
        registry.replace(UNI, _hundred("old"), _hundred("new"), SUPERSEDED);
        _record("replace a hundred, signer");
    }

    function test_relayed() public {
        bytes memory signature = _signIssue(SIGNER_KEY, SIGNER);
        vm.prank(STRANGER);
        registry.issueFor(UNI, SIGNER, ROOT, 1, DEADLINE, signature);
        _measure("issue, relayed", RELAYED_GOAL);
        signature = _signRevoke(SIGNER_KEY, SIGNER, list(FULL));
        vm.prank(STRANGER);
        registry.revokeFor(UNI, SIGNER, list(FULL), DATA_ERROR, DEADLINE, signature);
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
