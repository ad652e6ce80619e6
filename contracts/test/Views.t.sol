// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

/// @notice The views that answer about many at once.
contract ViewsTest is RegistryTest {
    function setUp() public override {
        super.setUp();
        issue(single("a"));
        vm.prank(ADMIN);
        registry.withdraw(UNI, single("a"));
        vm.warp(START + 90);
        vm.roll(1234);
    }

    function test_institutions_in_order_and_in_part() public view {
        _page(0, 10, 0, 2);
        _page(0, 2, 0, 2);
        _page(0, 1, 0, 1);
        _page(1, type(uint256).max, 1, 1);
        _page(2, 10, 0, 0);
        _page(type(uint256).max, type(uint256).max, 0, 0);
        _page(0, 0, 0, 0);
    }

    function test_batches_in_the_order_asked() public view {
        bytes32[2] memory roots = [single("b"), single("a")];
        (bytes32 sentinel, uint64 number, uint64 time, ISanadRegistry.Batch[] memory found) =
            registry.batchRecords(UNI, list(roots[0], roots[1]));
        _witness(sentinel, number, time);
        vm.assertEq(found.length, 2, "as many as asked for");
        for (uint256 i; i < 2; ++i) {
            bytes memory wanted = abi.encode(registry.batchRecord(UNI, roots[i]));
            vm.assertEq(keccak256(abi.encode(found[i])), keccak256(wanted), "in order");
        }
        vm.assertEq(found[0].issuedAt, 0, "none");
        vm.assertEq(found[1].withdrawnAt, START, "withdrawn");
        (,,, found) = registry.batchRecords(OTHER, list(roots[1]));
        vm.assertEq(found[0].issuedAt, 0, "not in another's name");
    }

    // ------------------------------------------------------------------------------------------- private

    function _page(uint256 first, uint256 limit, uint256 place, uint256 length) private view {
        bytes32[2] memory ids = [UNI, OTHER];
        (bytes32 sentinel, uint64 number, uint64 time, uint256 count, ISanadRegistry.Institution[] memory found) =
            registry.institutions(first, limit);
        _witness(sentinel, number, time);
        vm.assertEq(count, 2, "all of them");
        vm.assertEq(found.length, length, "as many as asked for, or as there are");
        for (uint256 i; i < length; ++i) {
            bytes memory wanted = abi.encode(registry.institutionRecord(ids[place + i]));
            vm.assertEq(keccak256(abi.encode(found[i])), keccak256(wanted), "in order");
        }
    }

    function _witness(bytes32 sentinel, uint64 number, uint64 time) private pure {
        vm.assertEq(sentinel, keccak256("sanad.registry.1"), "sentinel");
        vm.assertEq(number, 1234, "block");
        vm.assertEq(time, START + 90, "time");
    }
}
