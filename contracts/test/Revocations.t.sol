// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {ISanadRegistryErrors} from "../src/ISanadRegistryErrors.sol";
import {ISanadRegistryEvents} from "../src/ISanadRegistryEvents.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

/// @notice Revoking and replacing, in the institution's namespace and in each signer's.
contract RevocationsTest is RegistryTest {
    uint8 private constant MISCONDUCT = 3;
    uint8 private constant SUPERSEDED = 4;

    function test_signer_revokes_its_own() public {
        issue(single("a"));
        vm.warp(START + 3);
        expectEvent();
        emit ISanadRegistryEvents.CertificateRevoked(UNI, "a", SIGNER, DATA_ERROR, false);
        revoke(SIGNER, "a");
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertFalse(a.good, "good");
        vm.assertTrue(a.counts, "counts");
        vm.assertEq(a.reason, DATA_ERROR, "reason");
        vm.assertEq(a.revokedAt, START + 3, "time");
        vm.assertEq(a.revokedBy, SIGNER, "writer");
        vm.assertFalse(a.revokedByInstitution, "the signer's");
        vm.assertEq(a.replacement, 0, "replacement");
    }

    function test_institution_revokes_any() public {
        issue(single("a"));
        expectEvent();
        emit ISanadRegistryEvents.CertificateRevoked(UNI, "a", ADMIN, DATA_ERROR, true);
        revoke(ADMIN, "a");
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertFalse(a.good, "good");
        vm.assertEq(a.revokedBy, ADMIN, "writer");
        vm.assertTrue(a.revokedByInstitution, "the institution's");
    }

    function test_signer_does_not_bite_on_anothers_batch() public {
        issue(single("a"));
        revoke(SECOND, "a");
        vm.assertTrue(verify("a").good, "good");
        vm.assertEq(verify("a").reason, 0, "no reason");
    }

    function test_other_institution_does_not_bite() public {
        issue(single("a"));
        vm.prank(OTHER_ADMIN);
        registry.revoke(OTHER, INSTITUTION, list("a"), DATA_ERROR);
        vm.assertTrue(verify("a").good, "good");
    }

    function test_institution_outranks_the_signer() public {
        issue(single("a"));
        revoke(SIGNER, "a");
        vm.warp(START + 5);
        vm.prank(ADMIN);
        registry.revoke(UNI, INSTITUTION, list("a"), MISCONDUCT);
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertEq(a.reason, MISCONDUCT, "reason");
        vm.assertTrue(a.revokedByInstitution, "the institution's");
        (,, uint32 revocations) = counters(UNI);
        vm.assertEq(revocations, 2, "two records");
    }

    function test_second_batch_does_not_bring_it_back() public {
        issue(single("a"));
        revoke(SIGNER, "a");
        // The same certificate at another place of another batch.
        bytes32 sheet = keccak256("sheet");
        vm.prank(SIGNER);
        registry.issue(UNI, keccak256(abi.encode(keccak256(abi.encode(0, bytes32("a"), sheet)))), 1);
        vm.assertFalse(registry.verify(DOMAIN, 0, "a", sheet, new bytes32[](0)).good, "still revoked");
        revoke(ADMIN, "a");
        vm.prank(SECOND);
        registry.issue(UNI, keccak256(abi.encode(keccak256(abi.encode(1, bytes32("a"), sheet)))), 2);
        ISanadRegistry.Answer memory a = registry.verify(DOMAIN, 1, "a", sheet, new bytes32[](0));
        vm.assertTrue(a.counts, "issued by another");
        vm.assertFalse(a.good, "the institution's record holds for all its signers");
    }

    function test_a_revocation_before_the_batch_bites_too() public {
        revoke(SIGNER, "a");
        issue(single("a"));
        vm.assertFalse(verify("a").good, "revoked");
    }

    function test_revoke_skips_what_stands() public {
        revoke(SIGNER, "a");
        vm.warp(START + 50);
        vm.prank(SIGNER);
        registry.revoke(UNI, SIGNER, list("a", "b"), MISCONDUCT);
        ISanadRegistry.Revocation[] memory r = _states(SIGNER, list("a", "b"));
        vm.assertEq(r[0].reason, DATA_ERROR, "first reason stays");
        vm.assertEq(r[0].revokedAt, START, "first time stays");
        vm.assertEq(r[1].reason, MISCONDUCT, "the other one is new");
        (,, uint32 revocations) = counters(UNI);
        vm.assertEq(revocations, 2, "counted once each");
    }

    function test_same_commitment_twice_in_a_list() public {
        vm.prank(SIGNER);
        registry.revoke(UNI, SIGNER, list("a", "a"), DATA_ERROR);
        (,, uint32 revocations) = counters(UNI);
        vm.assertEq(revocations, 1, "once");
    }

    function test_who_may_not_revoke() public {
        address[3] memory others = [STRANGER, PROGRAMME, OTHER_ADMIN];
        for (uint256 i; i < others.length; ++i) {
            expect(notAuthorised(others[i]));
            revoke(others[i], "a");
            expect(notAuthorised(others[i]));
            _replace(others[i], "a", "b");
        }
    }

    // ------------------------------------------------------------------------------------- in whose authority

    function test_only_the_admin_acts_for_the_institution() public {
        address[4] memory others = [SIGNER, STRANGER, PROGRAMME, OTHER_ADMIN];
        for (uint256 i; i < others.length; ++i) {
            expect(notAdmin(others[i]));
            revokeAs(others[i], INSTITUTION, "a");
            expect(notAdmin(others[i]));
            _replaceAs(others[i], INSTITUTION, "a", "b");
        }
    }

    function test_nobody_acts_for_another_key() public {
        address[3] memory senders = [ADMIN, SIGNER, STRANGER];
        for (uint256 i; i < senders.length; ++i) {
            bytes memory refusal =
                abi.encodeWithSelector(ISanadRegistryErrors.NotYourAuthority.selector, SECOND, senders[i]);
            expect(refusal);
            revokeAs(senders[i], SECOND, "a");
            expect(refusal);
            _replaceAs(senders[i], SECOND, "a", "b");
        }
    }

    function test_an_admin_that_is_a_signer_acts_in_the_authority_that_it_names() public {
        vm.prank(ADMIN);
        registry.authorise(UNI, ADMIN);
        vm.prank(ADMIN);
        registry.issue(UNI, single("a"), 1);
        issue(single("b"));
        revokeAs(ADMIN, ADMIN, "a");
        revokeAs(ADMIN, ADMIN, "b");
        vm.assertFalse(verify("a").revokedByInstitution, "the signer's");
        vm.assertEq(verify("a").revokedBy, ADMIN, "by the same key");
        vm.assertTrue(verify("b").good, "which does not bite on another signer's batch");
        revokeAs(ADMIN, INSTITUTION, "b");
        vm.assertTrue(verify("b").revokedByInstitution, "the institution's");
    }

    function test_a_key_that_lost_an_authority_does_not_act_in_the_other() public {
        vm.prank(ADMIN);
        registry.authorise(UNI, ADMIN);
        handOver(ADMIN, STRANGER);
        issue(single("a"));
        expect(notAdmin(ADMIN));
        revokeAs(ADMIN, INSTITUTION, "a");
        expect(notAdmin(ADMIN));
        _replaceAs(ADMIN, INSTITUTION, "a", "b");
        revokeAs(ADMIN, ADMIN, "a");
        vm.assertTrue(verify("a").good, "another signer's batch");
        expect(notAuthorised(STRANGER));
        revokeAs(STRANGER, STRANGER, "a");
    }

    function test_reasons_are_1_to_6() public {
        vm.startPrank(SIGNER);
        for (uint8 reason = 1; reason <= 6; ++reason) {
            bytes32 commitment = bytes32(uint256(reason));
            registry.revoke(UNI, SIGNER, list(commitment), reason);
            vm.assertEq(_states(SIGNER, list(commitment))[0].reason, reason, "kept");
        }
        uint8[3] memory bad = [0, 7, 255];
        for (uint256 i; i < bad.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.BadReason.selector, bad[i]);
            expect(refusal);
            registry.revoke(UNI, SIGNER, list("x"), bad[i]);
            expect(refusal);
            registry.replace(UNI, SIGNER, list("x"), list("y"), bad[i]);
        }
    }

    function test_commitments_are_not_zero() public {
        bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.ZeroCommitment.selector);
        expect(refusal);
        revoke(SIGNER, 0);
        expect(refusal);
        _replace(SIGNER, 0, "b");
    }

    function test_revoking_nothing_does_nothing() public {
        vm.prank(SIGNER);
        registry.revoke(UNI, SIGNER, new bytes32[](0), DATA_ERROR);
        (,, uint32 revocations) = counters(UNI);
        vm.assertEq(revocations, 0, "none");
    }

    // --------------------------------------------------------------------------------------- replacement

    function test_replace() public {
        issue(single("a"));
        expectEvent();
        emit ISanadRegistryEvents.CertificateReplaced(UNI, "a", SIGNER, SUPERSEDED, false, "b");
        _replace(SIGNER, "a", "b");
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertFalse(a.good, "good");
        vm.assertEq(a.reason, SUPERSEDED, "reason");
        vm.assertEq(a.revokedBy, SIGNER, "writer");
        vm.assertEq(a.replacement, "b", "replacement");
        expectEvent();
        emit ISanadRegistryEvents.CertificateReplaced(UNI, "a", ADMIN, SUPERSEDED, true, "c");
        _replace(ADMIN, "a", "c");
        vm.assertEq(verify("a").replacement, "c", "the institution's outranks");
        (,, uint32 revocations) = counters(UNI);
        vm.assertEq(revocations, 2, "counted");
    }

    function test_replacement_is_final() public {
        revoke(SIGNER, "a");
        _replace(SIGNER, "a", "b");
        vm.assertEq(_states(SIGNER, list("a"))[0].replacement, 0, "revoked is revoked");
        _replace(SIGNER, "c", "d");
        _replace(SIGNER, "c", "e");
        revoke(SIGNER, "c");
        vm.assertEq(_states(SIGNER, list("c"))[0].replacement, "d", "replaced is replaced");
        vm.assertEq(_states(SIGNER, list("c"))[0].reason, SUPERSEDED, "and its reason stays");
    }

    function test_bad_replacements() public {
        bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.BadReplacement.selector, bytes32("a"));
        expect(refusal);
        _replace(SIGNER, "a", 0);
        expect(refusal);
        _replace(SIGNER, "a", "a");
        expect(abi.encodeWithSelector(ISanadRegistryErrors.LengthMismatch.selector));
        vm.prank(SIGNER);
        registry.replace(UNI, SIGNER, list("a", "b"), list("c"), SUPERSEDED);
    }

    function test_writing_over_a_voided_replacement() public {
        _replace(ADMIN, "a", "thief's");
        _replace(ADMIN, "b", "thief's");
        rescue(ADMIN, STRANGER, START);
        ISanadRegistry.Revocation[] memory r = _states(INSTITUTION, list("a", "b"));
        vm.assertEq(r[0].reason, 0, "voided");
        vm.assertEq(r[0].replacement, 0, "with its replacement");
        vm.assertFalse(r[0].byInstitution, "nobody's");
        revokeAs(STRANGER, INSTITUTION, "a");
        _replaceAs(STRANGER, INSTITUTION, "b", "good");
        r = _states(INSTITUTION, list("a", "b"));
        vm.assertEq(r[0].reason, DATA_ERROR, "written again");
        vm.assertEq(r[0].replacement, 0, "the thief's replacement is gone");
        vm.assertEq(r[1].replacement, "good", "and overwritten");
        (,, uint32 revocations) = counters(UNI);
        vm.assertEq(revocations, 2, "each counted once");
    }

    // ------------------------------------------------------------------------------------ many at once

    function test_many_commitments() public {
        revoke(SIGNER, "a");
        vm.warp(START + 1);
        _replace(ADMIN, "b", "c");
        vm.roll(77);
        bytes32[] memory asked = new bytes32[](3);
        (asked[0], asked[1], asked[2]) = ("b", "x", "a");
        (bytes32 sentinel, uint64 number, uint64 time, ISanadRegistry.Revocation[] memory r) =
            registry.revocations(UNI, SIGNER, asked);
        vm.assertEq(sentinel, keccak256("sanad.registry.1"), "sentinel");
        vm.assertEq(number, 77, "block");
        vm.assertEq(time, START + 1, "time");
        vm.assertEq(r.length, 3, "one each");
        vm.assertEq(r[0].revokedBy, ADMIN, "in order");
        vm.assertTrue(r[0].byInstitution, "institution");
        vm.assertEq(r[0].replacement, "c", "replacement");
        vm.assertEq(r[1].reason, 0, "none");
        vm.assertEq(r[2].revokedBy, SIGNER, "signer");
        vm.assertEq(r[2].revokedAt, START, "then");
        vm.assertFalse(r[2].byInstitution, "not the institution");
    }

    function test_no_signer_asks_for_the_institution_only() public {
        revoke(SIGNER, "a");
        vm.assertEq(_states(INSTITUTION, list("a"))[0].reason, 0, "not the signer's");
        vm.assertEq(_states(SECOND, list("a"))[0].reason, 0, "not another's");
    }

    // ------------------------------------------------------------------------------------------- private

    function _replace(address sender, bytes32 commitment, bytes32 replacement) private {
        _replaceAs(sender, authorityOf(sender), commitment, replacement);
    }

    function _replaceAs(address sender, address authority, bytes32 commitment, bytes32 replacement) private {
        vm.prank(sender);
        registry.replace(UNI, authority, list(commitment), list(replacement), SUPERSEDED);
    }

    function _states(address signer, bytes32[] memory commitments)
        private
        view
        returns (ISanadRegistry.Revocation[] memory r)
    {
        (,,, r) = registry.revocations(UNI, signer, commitments);
    }
}
