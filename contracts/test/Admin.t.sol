// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {ISanadRegistryErrors} from "../src/ISanadRegistryErrors.sol";
import {ISanadRegistryEvents} from "../src/ISanadRegistryEvents.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

/// @notice What an institution's admin does to keys: hand-over, signers, distrust.
contract AdminTest is RegistryTest {
    function test_only_the_admin() public {
        address[3] memory others = [STRANGER, SIGNER, OTHER_ADMIN];
        for (uint256 i; i < others.length; ++i) _refusesAll(others[i]);
        _refusesAll(PROGRAMME);
    }

    function test_nobody_is_admin_of_an_unknown_institution() public {
        bytes32 nowhere = keccak256("nowhere.example");
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotAdmin.selector, nowhere, ADMIN));
        vm.prank(ADMIN);
        registry.authorise(nowhere, SIGNER);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotNominated.selector, nowhere, ADMIN));
        vm.prank(ADMIN);
        registry.acceptAdmin(nowhere);
    }

    // ----------------------------------------------------------------------------------------- hand-over

    function test_hand_over_in_two_steps() public {
        expectEvent();
        emit ISanadRegistryEvents.AdminNominated(UNI, ADMIN, STRANGER);
        vm.prank(ADMIN);
        registry.transferAdmin(UNI, STRANGER);
        vm.assertEq(registry.institutionRecord(UNI).pendingAdmin, STRANGER, "nominated");
        vm.assertEq(registry.institutionRecord(UNI).admin, ADMIN, "not yet");
        expectEvent();
        emit ISanadRegistryEvents.AdminChanged(UNI, ADMIN, STRANGER);
        vm.prank(STRANGER);
        registry.acceptAdmin(UNI);
        vm.assertEq(registry.institutionRecord(UNI).admin, STRANGER, "admin");
        vm.assertEq(registry.institutionRecord(UNI).pendingAdmin, address(0), "nobody");
        vm.assertTrue(registry.keyRecord(UNI, ADMIN).everAdmin, "once");
        vm.assertTrue(registry.keyRecord(UNI, STRANGER).everAdmin, "now");
        expect(notAdmin(ADMIN));
        vm.prank(ADMIN);
        registry.authorise(UNI, SECOND);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotNominated.selector, UNI, STRANGER));
        vm.prank(STRANGER);
        registry.acceptAdmin(UNI);
    }

    function test_nomination_is_taken_back() public {
        vm.startPrank(ADMIN);
        registry.transferAdmin(UNI, STRANGER);
        registry.transferAdmin(UNI, address(0));
        vm.stopPrank();
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotNominated.selector, UNI, STRANGER));
        vm.prank(STRANGER);
        registry.acceptAdmin(UNI);
    }

    function test_distrusted_nominee_cannot_accept() public {
        vm.prank(ADMIN);
        registry.transferAdmin(UNI, SECOND);
        distrust(SECOND, START);
        expect(distrusted(SECOND));
        vm.prank(SECOND);
        registry.acceptAdmin(UNI);
    }

    // ------------------------------------------------------------------------------------------- signers

    function test_authorise() public {
        expectEvent();
        emit ISanadRegistryEvents.SignerAuthorised(UNI, STRANGER, 0, 0);
        vm.prank(ADMIN);
        registry.authorise(UNI, STRANGER);
        vm.assertTrue(registry.keyRecord(UNI, STRANGER).authorised, "authorised");
        vm.assertFalse(registry.keyRecord(OTHER, STRANGER).authorised, "elsewhere");
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroAddress.selector));
        vm.prank(ADMIN);
        registry.authorise(UNI, address(0));
    }

    function test_remove() public {
        issue(single("a"));
        expectEvent();
        emit ISanadRegistryEvents.SignerRemoved(UNI, SIGNER);
        vm.prank(ADMIN);
        registry.remove(UNI, SIGNER);
        bytes memory refusal = notAuthorised(SIGNER);
        expect(refusal);
        issue(single("b"));
        expect(refusal);
        revoke(SIGNER, "a");
        vm.assertTrue(verify("a").good, "what it did stands");
        vm.assertFalse(verify("a").signerAuthorised, "and that it was removed is shown");
    }

    // ------------------------------------------------------------------------------------------ distrust

    function test_distrust_voids_from_the_moment_on() public {
        issue(single("before"));
        vm.warp(START + 10);
        issue(single("at"));
        vm.warp(START + 20);
        issue(single("after"));
        expectEvent();
        emit ISanadRegistryEvents.KeyDistrusted(UNI, SIGNER, START + 10);
        distrust(SIGNER, START + 10);
        vm.assertTrue(verify("before").good, "before");
        vm.assertFalse(verify("at").counts, "at");
        vm.assertFalse(verify("after").counts, "after");
        vm.assertFalse(verify("after").good, "not good");
        ISanadRegistry.Answer memory a = verify("at");
        vm.assertEq(a.distrustedSince, START + 10, "since");
        vm.assertEq(a.issuedAt, START + 10, "the record is still told");
        vm.assertFalse(registry.batchRecord(UNI, single("at")).counts, "view");
    }

    function test_distrusted_key_does_nothing_more() public {
        distrust(SIGNER, START);
        bytes memory refusal = distrusted(SIGNER);
        expect(refusal);
        issue(single("a"));
        expect(refusal);
        revoke(SIGNER, "a");
        vm.prank(ADMIN);
        registry.authorise(UNI, SIGNER);
        vm.assertEq(registry.keyRecord(UNI, SIGNER).distrustedSince, START, "authorising again changes nothing");
        expect(refusal);
        issue(single("a"));
    }

    function test_distrust_is_moved_and_lifted() public {
        vm.warp(START + 10);
        issue(single("a"));
        vm.warp(START + 20);
        distrust(SIGNER, START + 10);
        vm.assertFalse(verify("a").counts, "voided");
        distrust(SIGNER, START + 11);
        vm.assertTrue(verify("a").counts, "moved");
        distrust(SIGNER, 1);
        vm.assertFalse(verify("a").counts, "moved back");
        expectEvent();
        emit ISanadRegistryEvents.DistrustLifted(UNI, SIGNER);
        vm.prank(ADMIN);
        registry.liftDistrust(UNI, SIGNER);
        vm.assertTrue(verify("a").good, "lifted");
        vm.assertEq(verify("a").distrustedSince, 0, "since");
        vm.assertTrue(registry.keyRecord(UNI, SIGNER).authorised, "still authorised");
        issue(single("b"));
    }

    function test_moment_is_not_zero_and_not_in_the_future() public {
        expect(abi.encodeWithSelector(ISanadRegistryErrors.BadMoment.selector, 0));
        distrust(SIGNER, 0);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.BadMoment.selector, START + 1));
        distrust(SIGNER, START + 1);
        distrust(SIGNER, START);
        distrust(SIGNER, 1);
    }

    function test_distrust_is_by_institution() public {
        vm.prank(OTHER_ADMIN);
        registry.distrust(OTHER, SIGNER, START);
        issue(single("a"));
        vm.assertTrue(verify("a").good, "elsewhere");
    }

    function test_voided_revocation_brings_the_certificate_back_until_it_is_repeated() public {
        issue(single("a"));
        vm.warp(START + 10);
        revoke(SIGNER, "a");
        distrust(SIGNER, START + 5);
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertTrue(a.good, "the batch stands, its revocation does not");
        vm.assertEq(a.reason, 0, "no reason");
        vm.assertEq(a.revokedAt, 0, "no time");
        vm.assertEq(a.revokedBy, address(0), "nobody");
        revoke(ADMIN, "a");
        vm.assertFalse(verify("a").good, "again");
    }

    function test_who_may_distrust_whom() public {
        _mayNotDistrust(ADMIN, ADMIN);
        _mayNotDistrust(PROGRAMME, ADMIN);
        _mayNotDistrust(PROGRAMME, SIGNER);
        _mayNotDistrust(SIGNER, SECOND);
        _mayNotDistrust(OTHER_ADMIN, SIGNER);
        vm.prank(PROGRAMME);
        registry.replaceAdmin(UNI, STRANGER);
        _mayNotDistrust(STRANGER, ADMIN);
        _mayNotDistrust(ADMIN, ADMIN);
        vm.prank(PROGRAMME);
        registry.distrust(UNI, ADMIN, START);
        vm.prank(STRANGER);
        registry.distrust(UNI, SIGNER, START);
    }

    function test_former_admin_distrusted_by_the_programme() public {
        issue(single("a"));
        issue(single("b"));
        revoke(ADMIN, "a");
        vm.warp(START + 10);
        revoke(ADMIN, "b");
        vm.startPrank(PROGRAMME);
        registry.replaceAdmin(UNI, STRANGER);
        registry.distrust(UNI, ADMIN, START + 10);
        vm.stopPrank();
        vm.assertFalse(verify("a").good, "revoked before");
        vm.assertTrue(verify("b").good, "revoked by the thief");
        vm.prank(PROGRAMME);
        registry.liftDistrust(UNI, ADMIN);
        vm.assertFalse(verify("b").good, "lifted");
    }

    function test_former_admin_comes_back_only_without_distrust() public {
        vm.startPrank(PROGRAMME);
        registry.replaceAdmin(UNI, STRANGER);
        registry.distrust(UNI, ADMIN, START);
        expect(distrusted(ADMIN));
        registry.replaceAdmin(UNI, ADMIN);
        registry.liftDistrust(UNI, ADMIN);
        registry.replaceAdmin(UNI, ADMIN);
    }

    // ------------------------------------------------------------------------------------------- private

    function _refusesAll(address sender) private {
        bytes memory refusal = notAdmin(sender);
        vm.startPrank(sender);
        expect(refusal);
        registry.transferAdmin(UNI, sender);
        expect(refusal);
        registry.authorise(UNI, sender);
        expect(refusal);
        registry.authoriseEducator(UNI, sender, OTHER);
        expect(refusal);
        registry.remove(UNI, SECOND);
        expect(refusal);
        registry.withdraw(UNI, "root");
        expect(refusal);
        registry.reinstateBatch(UNI, "root");
        expect(refusal);
        registry.adopt(UNI, list(bytes32("root")), list(uint32(1)));
        expect(refusal);
        registry.certify(UNI, list(sender), list(bytes32("c")));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotNominated.selector, UNI, sender));
        registry.acceptAdmin(UNI);
        vm.stopPrank();
    }

    function _mayNotDistrust(address sender, address key) private {
        bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.NotYoursToDistrust.selector, UNI, key);
        vm.startPrank(sender);
        expect(refusal);
        registry.distrust(UNI, key, START);
        expect(refusal);
        registry.liftDistrust(UNI, key);
        vm.stopPrank();
    }
}
