// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {ISanadRegistryErrors} from "../src/ISanadRegistryErrors.sol";
import {ISanadRegistryEvents} from "../src/ISanadRegistryEvents.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

/// @notice Issuing and adopting.
contract BatchesTest is RegistryTest {
    // ------------------------------------------------------------------------------------------- issuing

    function test_issue() public {
        bytes32 root = single("a");
        vm.warp(START + 7);
        expectEvent();
        emit ISanadRegistryEvents.BatchIssued(UNI, root, SIGNER, 80_000);
        vm.prank(SIGNER);
        registry.issue(UNI, root, 80_000);
        ISanadRegistry.Batch memory b = registry.batchRecord(UNI, root);
        vm.assertEq(b.signer, SIGNER, "signer");
        vm.assertEq(b.issuedAt, START + 7, "time");
        vm.assertEq(b.size, 80_000, "size");
        vm.assertFalse(b.adopted, "adopted");
        vm.assertEq(b.withdrawnAt, 0, "withdrawn");
        vm.assertTrue(b.counts, "counts");
    }

    function testFuzz_issue_keeps_any_size_and_counts_it(bytes32 root, uint32 size, uint32 second) public {
        vm.assume(root != 0 && ~root != 0 && size != 0 && second != 0);
        vm.startPrank(SIGNER);
        registry.issue(UNI, root, size);
        registry.issue(UNI, ~root, second);
        vm.assertEq(registry.batchRecord(UNI, root).size, size, "size");
        (uint64 certificates, uint32 batches, uint32 revocations) = counters(UNI);
        vm.assertEq(certificates, uint256(size) + second, "certificates");
        vm.assertEq(batches, 2, "batches");
        vm.assertEq(revocations, 0, "revocations");
        (certificates, batches,) = counters(OTHER);
        vm.assertEq(certificates + batches, 0, "elsewhere");
    }

    function test_counters_do_not_run_into_each_other() public {
        vm.startPrank(SIGNER);
        for (uint256 i = 1; i <= 5; ++i) registry.issue(UNI, bytes32(i), type(uint32).max);
        vm.stopPrank();
        revoke(SIGNER, "a");
        (uint64 certificates, uint32 batches, uint32 revocations) = counters(UNI);
        vm.assertEq(certificates, 5 * uint256(type(uint32).max), "beyond 32 bits");
        vm.assertEq(batches, 5, "batches");
        vm.assertEq(revocations, 1, "revocations");
        vm.assertEq(registry.institutionRecord(UNI).accreditedAt, START, "accredited");
    }

    function test_a_root_is_issued_once() public {
        issue(single("a"));
        bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.BatchExists.selector, UNI, single("a"));
        expect(refusal);
        issue(single("a"));
        expect(refusal);
        vm.prank(SECOND);
        registry.issue(UNI, single("a"), 1);
    }

    function test_another_institution_cannot_take_the_root() public {
        vm.prank(OTHER_ADMIN);
        registry.authorise(OTHER, STRANGER);
        vm.prank(STRANGER);
        registry.issue(OTHER, single("a"), 9);
        vm.assertEq(verify("a").issuedAt, 0, "not ours");
        issue(single("a"));
        vm.assertTrue(verify("a").good, "ours");
        vm.assertEq(verify("a").size, 1, "as we said");
    }

    function test_who_may_not_issue() public {
        address[4] memory others = [STRANGER, ADMIN, PROGRAMME, OTHER_ADMIN];
        for (uint256 i; i < others.length; ++i) {
            expect(notAuthorised(others[i]));
            vm.prank(others[i]);
            registry.issue(UNI, "root", 1);
        }
    }

    function test_root_and_size_are_not_zero() public {
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroRoot.selector));
        issue(0);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.EmptyBatch.selector));
        vm.prank(SIGNER);
        registry.issue(UNI, "root", 0);
    }

    function test_a_batch_that_does_not_count_is_issued_again() public {
        vm.prank(SIGNER);
        registry.issue(UNI, single("a"), 50);
        distrust(SIGNER, START);
        vm.warp(START + 30);
        vm.prank(SECOND);
        registry.issue(UNI, single("a"), 7);
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertTrue(a.good, "good");
        vm.assertEq(a.signer, SECOND, "signer");
        vm.assertEq(a.issuedAt, START + 30, "time");
        (uint64 certificates, uint32 batches,) = counters(UNI);
        vm.assertEq(certificates, 7, "the old size is gone");
        vm.assertEq(batches, 1, "one root");
        vm.prank(ADMIN);
        registry.liftDistrust(UNI, SIGNER);
        vm.assertEq(verify("a").signer, SECOND, "written over is written over");
    }

    // ------------------------------------------------------------------------------------------ adoption

    function test_adopt() public {
        uint32[] memory sizes = new uint32[](2);
        (sizes[0], sizes[1]) = (3, 4);
        expectEvent();
        emit ISanadRegistryEvents.BatchAdopted(UNI, single("a"), ADMIN, 3);
        expectEvent();
        emit ISanadRegistryEvents.BatchAdopted(UNI, single("b"), ADMIN, 4);
        vm.prank(ADMIN);
        registry.adopt(UNI, list(single("a"), single("b")), sizes);
        ISanadRegistry.Answer memory a = verify("b");
        vm.assertTrue(a.adopted, "adopted");
        vm.assertTrue(a.good, "good");
        vm.assertEq(a.size, 4, "size");
        vm.assertEq(a.signer, ADMIN, "writer");
        vm.assertTrue(registry.batchRecord(UNI, single("a")).adopted, "view");
        (uint64 certificates, uint32 batches,) = counters(UNI);
        vm.assertEq(certificates, 7, "certificates");
        vm.assertEq(batches, 2, "batches");
    }

    function test_adopt_honest_batches_of_a_stolen_key() public {
        issue(single("a"));
        bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.BatchExists.selector, UNI, single("a"));
        expect(refusal);
        _adopt(single("a"));
        distrust(SIGNER, START);
        _adopt(single("a"));
        vm.assertTrue(verify("a").good, "adopted");
        expect(refusal);
        _adopt(single("a"));
        vm.prank(ADMIN);
        registry.liftDistrust(UNI, SIGNER);
        expect(refusal);
        issue(single("a"));
    }

    function test_adopt_refuses_what_issue_refuses() public {
        vm.startPrank(ADMIN);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.LengthMismatch.selector));
        registry.adopt(UNI, list("a", "b"), list(uint32(1)));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.EmptyBatch.selector));
        registry.adopt(UNI, list("a"), list(uint32(0)));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroRoot.selector));
        registry.adopt(UNI, list(bytes32(0)), list(uint32(1)));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.BatchExists.selector, UNI, bytes32("a")));
        uint32[] memory sizes = new uint32[](2);
        (sizes[0], sizes[1]) = (1, 1);
        registry.adopt(UNI, list("a", "a"), sizes);
    }

    function test_only_the_institution_revokes_in_an_adopted_batch() public {
        // The admin was a signer once, with a revocation of its own.
        vm.prank(ADMIN);
        registry.authorise(UNI, STRANGER);
        revoke(STRANGER, "a");
        vm.prank(PROGRAMME);
        registry.replaceAdmin(UNI, STRANGER);
        vm.prank(STRANGER);
        registry.adopt(UNI, list(single("a")), list(uint32(1)));
        vm.assertEq(verify("a").signer, STRANGER, "same address");
        vm.assertTrue(verify("a").good, "a signer's record does not bite here");
        revokeAs(STRANGER, INSTITUTION, "a");
        vm.assertFalse(verify("a").good, "the institution's does");
        vm.assertTrue(verify("a").revokedByInstitution, "and says so");
    }

    function test_adoption_by_a_thief_does_not_count() public {
        vm.warp(START + 10);
        _adopt(single("a"));
        vm.startPrank(PROGRAMME);
        registry.replaceAdmin(UNI, STRANGER);
        registry.distrust(UNI, ADMIN, START + 10);
        vm.stopPrank();
        vm.assertFalse(verify("a").counts, "voided");
        vm.prank(STRANGER);
        registry.adopt(UNI, list(single("a")), list(uint32(1)));
        vm.assertTrue(verify("a").good, "adopted anew");
    }

    // ------------------------------------------------------------------------------------------- private

    function _adopt(bytes32 root) private {
        vm.prank(ADMIN);
        registry.adopt(UNI, list(root), list(uint32(1)));
    }
}
