// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RegistryTest} from "./support/RegistryTest.sol";

/// @notice Gas of whole transactions, intrinsic and calldata included, with every slot cold: `isolate` runs each call
/// as a transaction of its own. Written to and compared with snapshots/registry.json.
contract GasTest is RegistryTest {
    uint256 private constant ISSUE_GOAL = 57_000;
    uint256 private constant RELAYED_GOAL = 69_000;
    uint256 private constant REVOKE_GOAL = 58_000;
    uint256 private constant HUNDRED_GOAL = 2_700_000;

    /// No zero byte, so that calldata costs what it can cost at most.
    bytes32 private constant ROOT = 0x8f1b2c3d4e5f60718293a4b5c6d7e8f9fae1b2c3d4e5f60718293a4b5c6d7e8f;

    function test_issue() public {
        _issue("issue, size 1", ROOT, 1);
        _issue("issue, size 80,000", ~ROOT, 80_000);
    }

    function test_revoke() public {
        vm.prank(SIGNER);
        registry.revoke(UNI, list(ROOT), DATA_ERROR);
        _measure("revoke one, signer", REVOKE_GOAL);
        vm.prank(ADMIN);
        registry.revoke(UNI, list(ROOT), DATA_ERROR);
        _measure("revoke one, admin", REVOKE_GOAL);
    }

    function test_revoke_hundred() public {
        bytes32[] memory commitments = new bytes32[](100);
        for (uint256 i; i < 100; ++i) commitments[i] = keccak256(abi.encode(i));
        vm.prank(SIGNER);
        registry.revoke(UNI, commitments, DATA_ERROR);
        _measure("revoke a hundred, signer", HUNDRED_GOAL);
    }

    function _issue(string memory name, bytes32 root, uint32 size) private {
        vm.prank(SIGNER);
        registry.issue(UNI, root, size);
        _measure(name, ISSUE_GOAL);
    }

    function _measure(string memory name, uint256 goal) private {
        vm.assertLe(vm.snapshotGasLastCall("registry", name), goal, name);
    }
}
