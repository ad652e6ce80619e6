// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {ISanadRegistryErrors} from "../src/ISanadRegistryErrors.sol";
import {ISanadRegistryEvents} from "../src/ISanadRegistryEvents.sol";
import {IOwned, RegistryTest} from "./support/RegistryTest.sol";

/// @notice What the programme does: accreditation, names, suspension, admins, the successor, its own hand-over.
contract ProgrammeTest is RegistryTest {
    string private constant NEW = "uni.edu.pk";
    bytes32 private constant NEW_ID = keccak256(bytes(NEW));

    // ---------------------------------------------------------------------------------------- ownership

    function test_owner_is_the_programme_and_hands_over_in_two_steps() public {
        IOwned owned = IOwned(address(registry));
        vm.assertEq(owned.owner(), PROGRAMME, "owner");
        vm.prank(PROGRAMME);
        owned.transferOwnership(STRANGER);
        vm.assertEq(owned.owner(), PROGRAMME, "not before it is accepted");
        vm.prank(STRANGER);
        owned.acceptOwnership();
        vm.assertEq(owned.owner(), STRANGER, "new owner");
    }

    function test_ownership_cannot_be_renounced() public {
        expect(abi.encodeWithSelector(ISanadRegistryErrors.CannotRenounce.selector));
        vm.prank(PROGRAMME);
        IOwned(address(registry)).renounceOwnership();
    }

    function test_signing_domain() public view {
        (, string memory name, string memory version, uint256 chain, address verifier,,) =
            IOwned(address(registry)).eip712Domain();
        vm.assertEq(name, "Sanad", "name");
        vm.assertEq(version, "1", "version");
        vm.assertEq(chain, block.chainid, "chain");
        vm.assertEq(verifier, address(registry), "contract");
    }

    function test_only_the_programme() public {
        vm.startPrank(STRANGER);
        bytes memory refusal = notOwner(STRANGER);
        expect(refusal);
        registry.accredit(NEW, NAME, ADMIN, false);
        expect(refusal);
        registry.suspend(UNI);
        expect(refusal);
        registry.reinstate(UNI);
        expect(refusal);
        registry.rename(UNI, "Mine");
        expect(refusal);
        registry.permitCertifying(UNI, true);
        expect(refusal);
        registry.replaceAdmin(UNI, STRANGER);
        expect(refusal);
        registry.nameSuccessor(56, STRANGER);
    }

    function test_admins_are_not_the_programme() public {
        expect(notOwner(ADMIN));
        vm.prank(ADMIN);
        registry.suspend(OTHER);
    }

    // ------------------------------------------------------------------------------------ accreditation

    function test_accredit() public {
        vm.warp(START + 5);
        expectEvent();
        emit ISanadRegistryEvents.InstitutionAccredited(NEW_ID, NEW, "A University", ADMIN, true);
        expectEvent();
        emit ISanadRegistryEvents.AdminChanged(NEW_ID, address(0), ADMIN);
        vm.prank(PROGRAMME);
        bytes32 id = registry.accredit(NEW, "A University", ADMIN, true);
        vm.assertEq(id, NEW_ID, "id");
        ISanadRegistry.Institution memory i = registry.institutionRecord(id);
        vm.assertEq(i.domain, NEW, "domain");
        vm.assertEq(i.name, "A University", "name");
        vm.assertEq(i.admin, ADMIN, "admin");
        vm.assertEq(i.pendingAdmin, address(0), "pending");
        vm.assertEq(i.accreditedAt, START + 5, "time");
        vm.assertFalse(i.suspended, "suspended");
        vm.assertTrue(i.mayCertify, "may certify");
        vm.assertEq(uint256(i.certificates) + i.batches + i.revocations, 0, "counters");
    }

    function test_institutions_are_enumerated_in_order() public {
        vm.assertEq(registry.institutionCount(), 2, "count");
        vm.assertEq(registry.institutionAt(0), UNI, "first");
        vm.assertEq(registry.institutionAt(1), OTHER, "second");
        expect(abi.encodeWithSignature("Panic(uint256)", 0x32));
        registry.institutionAt(2);
    }

    function test_a_domain_is_accredited_once() public {
        expect(abi.encodeWithSelector(ISanadRegistryErrors.AlreadyAccredited.selector, UNI));
        vm.prank(PROGRAMME);
        registry.accredit(DOMAIN, "Again", STRANGER, false);
    }

    function test_an_institution_has_an_admin() public {
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroAddress.selector));
        vm.prank(PROGRAMME);
        registry.accredit(NEW, NAME, address(0), false);
    }

    function test_names_are_1_to_200_bytes() public {
        bytes memory long = new bytes(200);
        bytes memory longer = new bytes(201);
        vm.startPrank(PROGRAMME);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.BadName.selector));
        registry.accredit(NEW, "", ADMIN, false);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.BadName.selector));
        registry.accredit(NEW, string(longer), ADMIN, false);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.BadName.selector));
        registry.rename(UNI, "");
        registry.accredit(NEW, string(long), ADMIN, false);
    }

    function test_domains_that_are_refused() public {
        string[32] memory bad = [
            "",
            ".",
            "..",
            "uni",
            "uni.",
            ".uni.example",
            "uni.example.",
            "uni..example",
            "Uni.example",
            "uni.Example",
            "uni.example:443",
            "uni.example/path",
            "uni.example?x",
            "user@uni.example",
            "uni example.com",
            "uni_1.example",
            "-uni.example",
            "uni-.example",
            "uni.-example",
            "uni.example-",
            "uni.1example",
            "10.0.0.1",
            "uni.9",
            unicode"پاک.example",
            unicode"uni.پاکستان",
            unicode"üni.example",
            "uni.example%2f",
            "uni.exam`le",
            "uni.exam{le",
            "uni.example\n",
            "uni.example\x00",
            "https://uni.example"
        ];
        vm.startPrank(PROGRAMME);
        for (uint256 i; i < bad.length; ++i) {
            expect(abi.encodeWithSelector(ISanadRegistryErrors.BadDomain.selector, bad[i]));
            registry.accredit(bad[i], NAME, ADMIN, false);
        }
    }

    function test_domains_that_are_taken() public {
        string[9] memory good = [
            "a.b",
            "uni.example",
            "0.example",
            "1uni.edu.pk",
            "a-b.c-d.e-f",
            "xn--mgb.xn--mgbai9azgqp6j",
            "a--b.example",
            "uni.e9",
            "az09.az"
        ];
        vm.startPrank(PROGRAMME);
        for (uint256 i; i < good.length; ++i) {
            if (keccak256(bytes(good[i])) == UNI) continue;
            registry.accredit(good[i], NAME, ADMIN, false);
        }
        vm.assertEq(registry.institutionCount(), 2 + good.length, "all of them");
    }

    function test_lengths_of_labels_and_domains() public {
        _accredits(string.concat(_letters(63), ".example"), true);
        _accredits(string.concat(_letters(64), ".example"), false);
        _accredits(string.concat("uni.", _letters(63)), true);
        _accredits(string.concat("uni.", _letters(64)), false);
        string memory three = string.concat(_letters(63), ".", _letters(63), ".", _letters(63), ".");
        _accredits(string.concat(three, _letters(61)), true);
        _accredits(string.concat(three, _letters(62)), false);
    }

    function testFuzz_only_canonical_bytes(bytes1 c) public {
        bool letter = c >= 0x61 && c <= 0x7a;
        bool digit = c >= 0x30 && c <= 0x39;
        _accredits(string(bytes.concat("u", c, "i.example")), letter || digit || c == "-" || c == ".");
        _accredits(string(bytes.concat("uni.", c, "x")), letter);
        _accredits(string(bytes.concat(c, "uni.example")), letter || digit);
        _accredits(string(bytes.concat("uni.example", c)), letter || digit);
    }

    // ---------------------------------------------------------------------- suspension, names, permission

    function test_suspend_and_reinstate() public {
        expectEvent();
        emit ISanadRegistryEvents.InstitutionSuspended(UNI);
        vm.prank(PROGRAMME);
        registry.suspend(UNI);
        vm.assertTrue(registry.institutionRecord(UNI).suspended, "suspended");
        expectEvent();
        emit ISanadRegistryEvents.InstitutionReinstated(UNI);
        vm.prank(PROGRAMME);
        registry.reinstate(UNI);
        vm.assertFalse(registry.institutionRecord(UNI).suspended, "reinstated");
        issue(single("a"));
    }

    function test_a_suspended_institution_neither_issues_nor_adopts_nor_certifies() public {
        bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.Suspended.selector, UNI);
        vm.startPrank(PROGRAMME);
        registry.suspend(UNI);
        registry.permitCertifying(UNI, true);
        vm.stopPrank();
        expect(refusal);
        issue(single("a"));
        vm.startPrank(ADMIN);
        expect(refusal);
        registry.adopt(UNI, list(bytes32("root")), list(uint32(1)));
        expect(refusal);
        registry.certify(UNI, list(STRANGER), list(bytes32("c")));
    }

    function test_suspension_touches_nothing_issued_and_no_revoking() public {
        issue(single("a"));
        vm.prank(PROGRAMME);
        registry.suspend(UNI);
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertTrue(a.good, "still good");
        vm.assertTrue(a.suspended, "and shown");
        revoke(SIGNER, "a");
        revoke(ADMIN, "b");
        vm.assertFalse(verify("a").good, "revoked");
    }

    function test_suspension_keeps_the_counters_and_flags() public {
        issue(single("a"));
        vm.startPrank(PROGRAMME);
        registry.permitCertifying(UNI, true);
        registry.suspend(UNI);
        registry.permitCertifying(UNI, false);
        ISanadRegistry.Institution memory i = registry.institutionRecord(UNI);
        vm.assertTrue(i.suspended, "suspended");
        vm.assertFalse(i.mayCertify, "may not certify");
        vm.assertEq(i.accreditedAt, START, "time");
        vm.assertEq(i.batches, 1, "batches");
        registry.permitCertifying(UNI, true);
        registry.reinstate(UNI);
        i = registry.institutionRecord(UNI);
        vm.assertFalse(i.suspended, "reinstated");
        vm.assertTrue(i.mayCertify, "may certify");
    }

    function test_rename() public {
        expectEvent();
        emit ISanadRegistryEvents.InstitutionRenamed(UNI, unicode"جامعہ");
        vm.prank(PROGRAMME);
        registry.rename(UNI, unicode"جامعہ");
        vm.assertEq(registry.institutionRecord(UNI).name, unicode"جامعہ", "name");
        vm.assertEq(registry.institutionRecord(UNI).domain, DOMAIN, "domain");
    }

    function test_permit_certifying() public {
        expectEvent();
        emit ISanadRegistryEvents.CertifyingPermitted(UNI, true);
        vm.prank(PROGRAMME);
        registry.permitCertifying(UNI, true);
        vm.assertTrue(registry.institutionRecord(UNI).mayCertify, "permitted");
    }

    function test_unknown_institutions_are_refused() public {
        bytes32 nowhere = keccak256("nowhere.example");
        bytes memory refusal = abi.encodeWithSelector(ISanadRegistryErrors.NotAccredited.selector, nowhere);
        vm.startPrank(PROGRAMME);
        expect(refusal);
        registry.suspend(nowhere);
        expect(refusal);
        registry.reinstate(nowhere);
        expect(refusal);
        registry.rename(nowhere, NAME);
        expect(refusal);
        registry.permitCertifying(nowhere, true);
        expect(refusal);
        registry.replaceAdmin(nowhere, ADMIN);
    }

    // -------------------------------------------------------------------------------------------- admins

    function test_replace_admin_at_once() public {
        vm.prank(ADMIN);
        registry.transferAdmin(UNI, SECOND);
        expectEvent();
        emit ISanadRegistryEvents.AdminChanged(UNI, ADMIN, STRANGER);
        vm.prank(PROGRAMME);
        registry.replaceAdmin(UNI, STRANGER);
        vm.assertEq(registry.institutionRecord(UNI).admin, STRANGER, "admin");
        expect(notAdmin(ADMIN));
        vm.prank(ADMIN);
        registry.authorise(UNI, ADMIN);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotNominated.selector, UNI, SECOND));
        vm.prank(SECOND);
        registry.acceptAdmin(UNI);
        vm.prank(STRANGER);
        registry.authorise(UNI, STRANGER);
    }

    function test_replace_admin_by_itself_changes_nothing() public {
        vm.prank(PROGRAMME);
        registry.replaceAdmin(UNI, ADMIN);
        vm.prank(ADMIN);
        registry.authorise(UNI, STRANGER);
    }

    function test_nobody_and_no_distrusted_former_admin_becomes_admin() public {
        vm.startPrank(PROGRAMME);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroAddress.selector));
        registry.replaceAdmin(UNI, address(0));
        registry.replaceAdmin(UNI, SECOND);
        registry.distrust(UNI, ADMIN, START);
        expect(distrusted(ADMIN));
        registry.replaceAdmin(UNI, ADMIN);
    }

    /// Seeing the programme's transaction come, a thief distrusts the key that is to take its place.
    function test_a_thief_keeps_no_new_admin_out() public {
        vm.prank(SECOND);
        registry.issue(UNI, single("a"), 1);
        distrust(SECOND, START);
        vm.assertFalse(verify("a").counts, "distrusted by the thief");
        expectEvent();
        emit ISanadRegistryEvents.DistrustLifted(UNI, SECOND);
        expectEvent();
        emit ISanadRegistryEvents.AdminChanged(UNI, ADMIN, SECOND);
        vm.prank(PROGRAMME);
        registry.replaceAdmin(UNI, SECOND);
        vm.assertEq(registry.keyRecord(UNI, SECOND).distrustedSince, 0, "lifted");
        vm.assertTrue(verify("a").good, "and what it wrote counts");
    }

    // ----------------------------------------------------------------------------------------- successor

    function test_successor_closes_the_registry_to_batches() public {
        issue(single("a"));
        vm.assertEq(registry.successor(), address(0), "none");
        vm.assertEq(registry.successorChain(), 0, "nor a chain");
        expectEvent();
        emit ISanadRegistryEvents.SuccessorNamed(56, STRANGER);
        vm.prank(PROGRAMME);
        registry.nameSuccessor(56, STRANGER);
        vm.assertEq(registry.successor(), STRANGER, "named");
        vm.assertEq(registry.successorChain(), 56, "and where");
        bytes memory closed = abi.encodeWithSelector(ISanadRegistryErrors.Closed.selector, STRANGER);
        expect(closed);
        issue(single("b"));
        expect(closed);
        vm.prank(ADMIN);
        registry.adopt(UNI, list(single("b")), list(uint32(1)));
        vm.assertEq(verify("a").successor, STRANGER, "verify says so");
        vm.assertEq(verify("a").successorChain, 56, "and where");
        vm.assertTrue(verify("a").good, "the rest stands");
        revoke(SIGNER, "a");
        vm.assertFalse(verify("a").good, "revoking goes on");
    }

    function test_successor_is_corrected_but_not_taken_back() public {
        vm.startPrank(PROGRAMME);
        registry.nameSuccessor(56, STRANGER);
        registry.nameSuccessor(type(uint64).max, SECOND);
        vm.assertEq(registry.successor(), SECOND, "corrected");
        vm.assertEq(registry.successorChain(), type(uint64).max, "on another chain");
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroAddress.selector));
        registry.nameSuccessor(56, address(0));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroChain.selector));
        registry.nameSuccessor(0, STRANGER);
    }

    // ------------------------------------------------------------------------------------------- private

    function _accredits(string memory domain, bool expected) private {
        vm.prank(PROGRAMME);
        if (!expected) expect(abi.encodeWithSelector(ISanadRegistryErrors.BadDomain.selector, domain));
        registry.accredit(domain, NAME, ADMIN, false);
    }

    function _letters(uint256 count) private pure returns (string memory) {
        bytes memory letters = new bytes(count);
        for (uint256 i; i < count; ++i) letters[i] = "a";
        return string(letters);
    }
}
