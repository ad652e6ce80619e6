// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {ISanadRegistryErrors} from "../src/ISanadRegistryErrors.sol";
import {ISanadRegistryEvents} from "../src/ISanadRegistryEvents.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

/// @notice Withdrawing and reinstating batches: a list whose newest act that counts decides.
contract WithdrawalsTest is RegistryTest {
    uint256 private constant MAX_ACTS = 16;

    function test_withdraw_and_reinstate() public {
        issue(single("a"));
        issue(single("b"));
        vm.warp(START + 9);
        expectEvent();
        emit ISanadRegistryEvents.BatchWithdrawn(UNI, single("a"), ADMIN);
        withdraw(ADMIN, single("a"));
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertEq(a.withdrawnAt, START + 9, "since");
        vm.assertEq(a.withdrawnBy, ADMIN, "by whom");
        vm.assertFalse(a.good, "not good");
        vm.assertTrue(a.counts, "but on record");
        vm.assertEq(registry.batchRecord(UNI, single("a")).withdrawnAt, START + 9, "view");
        vm.assertEq(registry.batchRecord(UNI, single("a")).withdrawnBy, ADMIN, "view");
        vm.assertTrue(verify("b").good, "another batch");
        expectEvent();
        emit ISanadRegistryEvents.BatchReinstated(UNI, single("a"), ADMIN);
        reinstate(ADMIN, single("a"));
        vm.assertTrue(verify("a").good, "reinstated");
        vm.assertEq(verify("a").withdrawnAt, 0, "stands");
        vm.assertEq(verify("a").withdrawnBy, address(0), "by nobody");
        vm.warp(START + 12);
        withdraw(ADMIN, single("a"));
        vm.assertEq(verify("a").withdrawnAt, START + 12, "since the second time");
    }

    function test_withdraw_refuses_what_makes_no_sense() public {
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroRoot.selector));
        withdraw(ADMIN, 0);
        issue(single("a"));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotWithdrawn.selector, UNI, single("a")));
        reinstate(ADMIN, single("a"));
        withdraw(ADMIN, single("a"));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.AlreadyWithdrawn.selector, UNI, single("a")));
        withdraw(ADMIN, single("a"));
    }

    function test_withdrawn_before_it_is_registered() public {
        withdraw(ADMIN, single("a"));
        vm.assertEq(verify("a").withdrawnAt, START, "withdrawn");
        vm.assertEq(verify("a").issuedAt, 0, "and not registered");
        vm.prank(ADMIN);
        registry.adopt(UNI, list(single("a")), list(uint32(1)));
        vm.assertTrue(verify("a").counts, "registered");
        vm.assertFalse(verify("a").good, "and never good");
        reinstate(ADMIN, single("a"));
        vm.assertTrue(verify("a").good, "until it is reinstated");
    }

    function test_a_withdrawal_outlasts_a_second_issue() public {
        issue(single("a"));
        withdraw(ADMIN, single("a"));
        distrust(SIGNER, START);
        vm.prank(SECOND);
        registry.issue(UNI, single("a"), 1);
        vm.assertTrue(verify("a").counts, "issued again");
        vm.assertFalse(verify("a").good, "but withdrawn");
        reinstate(ADMIN, single("a"));
        vm.assertTrue(verify("a").good, "until it is reinstated");
    }

    // --------------------------------------------------------------------------------- what counts decides

    function test_a_thief_does_not_undo_a_withdrawal() public {
        issue(single("a"));
        vm.warp(START + 1);
        withdraw(ADMIN, single("a"));
        handOver(ADMIN, SECOND);
        // From here on the key of the second admin is in a thief's hands.
        vm.warp(START + 10);
        reinstate(SECOND, single("a"));
        handOver(SECOND, STRANGER);
        withdraw(STRANGER, single("a"));
        reinstate(STRANGER, single("a"));
        vm.assertTrue(verify("a").good, "as long as the thief's acts count");
        vm.startPrank(PROGRAMME);
        registry.replaceAdmin(UNI, OTHER_ADMIN);
        registry.distrust(UNI, SECOND, START + 10);
        registry.distrust(UNI, STRANGER, START + 10);
        vm.stopPrank();
        _withdrawnBy(ADMIN, START + 1);
    }

    function test_a_thief_withdraws_for_no_longer_than_it_counts() public {
        issue(single("a"));
        vm.warp(START + 10);
        withdraw(ADMIN, single("a"));
        rescue(ADMIN, SECOND, START + 10);
        vm.assertTrue(verify("a").good, "the thief's withdrawal is gone with it");
        _withdrawnBy(address(0), 0);
        vm.assertEq(registry.batchRecord(UNI, single("a")).withdrawnAt, 0, "in the view too");
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotWithdrawn.selector, UNI, single("a")));
        reinstate(SECOND, single("a"));
        vm.warp(START + 20);
        withdraw(SECOND, single("a"));
        _withdrawnBy(SECOND, START + 20);
        vm.prank(PROGRAMME);
        registry.liftDistrust(UNI, ADMIN);
        _withdrawnBy(SECOND, START + 20);
    }

    function test_an_act_before_the_moment_of_distrust_decides() public {
        issue(single("a"));
        withdraw(ADMIN, single("a"));
        vm.warp(START + 10);
        reinstate(ADMIN, single("a"));
        vm.warp(START + 11);
        rescue(ADMIN, SECOND, START + 11);
        vm.assertTrue(verify("a").good, "reinstated before it");
        vm.prank(PROGRAMME);
        registry.distrust(UNI, ADMIN, START + 10);
        _withdrawnBy(ADMIN, START);
    }

    // ----------------------------------------------------------------------------------------- its length

    function test_seventeen_acts_that_count_are_refused() public {
        _fill(ADMIN, MAX_ACTS);
        bytes32 root = single("a");
        bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.TooManyWithdrawals.selector, UNI, root);
        expect(refusal);
        withdraw(ADMIN, root);
        handOver(ADMIN, SECOND);
        expect(refusal);
        withdraw(SECOND, root);
        withdraw(SECOND, single("b"));
    }

    function test_a_full_list_drops_what_does_not_count() public {
        issue(single("a"));
        _fill(ADMIN, 3);
        handOver(ADMIN, STRANGER);
        vm.warp(START + 10);
        _fill(STRANGER, MAX_ACTS - 3);
        rescue(STRANGER, SECOND, START + 10);
        _withdrawnBy(ADMIN, START);
        vm.warp(START + 20);
        reinstate(SECOND, single("a"));
        vm.assertTrue(verify("a").good, "reinstated");
        // Three of the first admin's and one are there: twelve more have room.
        _fill(SECOND, MAX_ACTS - 4);
        bytes memory refusal =
            abi.encodeWithSelector(ISanadRegistryErrors.TooManyWithdrawals.selector, UNI, single("a"));
        expect(refusal);
        withdraw(SECOND, single("a"));
        vm.prank(PROGRAMME);
        registry.liftDistrust(UNI, STRANGER);
        expect(refusal);
        withdraw(SECOND, single("a"));
        rescue(SECOND, STRANGER, START);
        _withdrawnBy(ADMIN, START);
    }

    function test_what_a_full_list_keeps_stays_in_order() public {
        _fill(ADMIN, 2);
        handOver(ADMIN, STRANGER);
        vm.warp(START + 10);
        _fill(STRANGER, 4);
        rescue(STRANGER, SECOND, START + 10);
        for (uint256 i; i < 10; ++i) {
            vm.warp(START + 20 + i);
            _fill(SECOND, 1);
        }
        vm.warp(START + 40);
        withdraw(SECOND, single("a"));
        _withdrawnBy(SECOND, START + 40);
        rescue(SECOND, OTHER_ADMIN, START + 29);
        _withdrawnBy(SECOND, START + 28);
        vm.prank(PROGRAMME);
        registry.distrust(UNI, SECOND, START + 28);
        _withdrawnBy(address(0), 0);
        vm.prank(PROGRAMME);
        registry.distrust(UNI, SECOND, START + 27);
        _withdrawnBy(SECOND, START + 26);
    }

    function test_a_list_below_its_length_drops_nothing() public {
        _fill(ADMIN, MAX_ACTS - 2);
        handOver(ADMIN, STRANGER);
        vm.warp(START + 10);
        withdraw(STRANGER, single("a"));
        rescue(STRANGER, SECOND, START + 10);
        withdraw(SECOND, single("a"));
        vm.startPrank(PROGRAMME);
        registry.liftDistrust(UNI, STRANGER);
        vm.stopPrank();
        expect(abi.encodeWithSelector(ISanadRegistryErrors.TooManyWithdrawals.selector, UNI, single("a")));
        reinstate(SECOND, single("a"));
    }

    // ------------------------------------------------------------------------------------------- private

    /// Acts by turns, so that each is allowed.
    function _fill(address admin, uint256 acts) private {
        for (uint256 i; i < acts; ++i) {
            if (verify("a").withdrawnAt == 0) withdraw(admin, single("a"));
            else reinstate(admin, single("a"));
        }
    }

    function _withdrawnBy(address admin, uint256 time) private view {
        vm.assertEq(verify("a").withdrawnBy, admin, "by whom");
        vm.assertEq(verify("a").withdrawnAt, time, "since when");
        vm.assertEq(registry.batchRecord(UNI, single("a")).withdrawnBy, admin, "by whom, in the view");
    }
}
