// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {ISanadRegistryErrors} from "../src/ISanadRegistryErrors.sol";
import {ISanadRegistryEvents} from "../src/ISanadRegistryEvents.sol";
import {RegistryTest} from "./support/RegistryTest.sol";

/// @notice The sanad: an institution certifies an educator's key, another authorises it on that strength.
contract EducatorsTest is RegistryTest {
    bytes32 private constant CERTIFICATE = keccak256("the educator's certificate");

    function test_certify() public {
        expectEvent();
        emit ISanadRegistryEvents.EducatorCertified(OTHER, STRANGER, CERTIFICATE);
        _certify(STRANGER, CERTIFICATE);
        vm.assertEq(registry.certification(OTHER, STRANGER), CERTIFICATE, "kept");
        vm.assertEq(registry.certification(UNI, STRANGER), 0, "by that institution only");
    }

    function test_certify_many_and_change_and_take_back() public {
        address[] memory keys = new address[](2);
        (keys[0], keys[1]) = (STRANGER, SECOND);
        vm.startPrank(OTHER_ADMIN);
        registry.certify(OTHER, keys, list("x", "y"));
        vm.assertEq(registry.certification(OTHER, STRANGER), "x", "first");
        vm.assertEq(registry.certification(OTHER, SECOND), "y", "second");
        registry.certify(OTHER, list(SECOND), list("z"));
        vm.assertEq(registry.certification(OTHER, SECOND), "z", "changed");
        registry.certify(OTHER, list(SECOND), list(bytes32(0)));
        vm.stopPrank();
        vm.assertEq(registry.certification(OTHER, SECOND), 0, "taken back");
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotCertified.selector, OTHER, SECOND));
        _authorise(SECOND);
    }

    function test_certify_refuses() public {
        expect(abi.encodeWithSelector(ISanadRegistryErrors.MayNotCertify.selector, UNI));
        vm.prank(ADMIN);
        registry.certify(UNI, list(STRANGER), list("x"));
        vm.startPrank(OTHER_ADMIN);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.LengthMismatch.selector));
        registry.certify(OTHER, list(STRANGER), list("x", "y"));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.ZeroAddress.selector));
        registry.certify(OTHER, list(address(0)), list("x"));
    }

    function test_authorise_on_that_strength() public {
        _certify(STRANGER, CERTIFICATE);
        expectEvent();
        emit ISanadRegistryEvents.SignerAuthorised(UNI, STRANGER, OTHER, CERTIFICATE);
        _authorise(STRANGER);
        ISanadRegistry.Key memory k = registry.keyRecord(UNI, STRANGER);
        vm.assertTrue(k.authorised, "authorised");
        vm.assertEq(k.certifier, OTHER, "certifier");
        vm.assertEq(k.educatorCommitment, CERTIFICATE, "commitment");
        ISanadRegistry.Answer memory a = _issued();
        vm.assertTrue(a.good, "good");
        vm.assertEq(a.certifier, OTHER, "the walk's certifier");
        vm.assertEq(a.certifierDomain, OTHER_DOMAIN, "its domain");
        vm.assertEq(a.certifierName, "University of Lahore", "its name");
        vm.assertEq(a.educatorCommitment, CERTIFICATE, "the educator's certificate");
    }

    function test_without_a_certifier_the_walk_is_empty() public {
        issue(single("a"));
        ISanadRegistry.Answer memory a = verify("a");
        vm.assertEq(a.certifier, 0, "certifier");
        vm.assertEq(a.certifierDomain, "", "domain");
        vm.assertEq(a.certifierName, "", "name");
        vm.assertEq(a.educatorCommitment, 0, "commitment");
    }

    function test_an_adopted_batch_has_no_educator() public {
        _certify(ADMIN, CERTIFICATE);
        _authorise(ADMIN);
        vm.prank(ADMIN);
        registry.adopt(UNI, list(single("a")), list(uint32(1)));
        vm.assertEq(verify("a").certifier, 0, "none");
        vm.assertEq(verify("a").educatorCommitment, 0, "none");
    }

    function test_checked_then() public {
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotCertified.selector, OTHER, STRANGER));
        _authorise(STRANGER);
        _certify(STRANGER, CERTIFICATE);
        vm.prank(PROGRAMME);
        registry.permitCertifying(OTHER, false);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.MayNotCertify.selector, OTHER));
        _authorise(STRANGER);
        vm.startPrank(PROGRAMME);
        registry.permitCertifying(OTHER, true);
        registry.suspend(OTHER);
        vm.stopPrank();
        expect(abi.encodeWithSelector(ISanadRegistryErrors.Suspended.selector, OTHER));
        _authorise(STRANGER);
        vm.prank(PROGRAMME);
        registry.reinstate(OTHER);
        vm.prank(OTHER_ADMIN);
        registry.revoke(OTHER, INSTITUTION, list(CERTIFICATE), DATA_ERROR);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.EducatorRevoked.selector, OTHER, CERTIFICATE));
        _authorise(STRANGER);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.MayNotCertify.selector, bytes32("nobody")));
        vm.prank(ADMIN);
        registry.authoriseEducator(UNI, STRANGER, "nobody");
    }

    function test_later_revocation_voids_nothing() public {
        _certify(STRANGER, CERTIFICATE);
        _authorise(STRANGER);
        vm.prank(OTHER_ADMIN);
        registry.revoke(OTHER, INSTITUTION, list(CERTIFICATE), DATA_ERROR);
        ISanadRegistry.Answer memory a = _issued();
        vm.assertTrue(a.good, "good");
        vm.assertEq(a.educatorCommitment, CERTIFICATE, "to be looked up");
    }

    function test_a_thiefs_certification_is_no_strength() public {
        vm.warp(START + 10);
        _certify(STRANGER, CERTIFICATE);
        vm.startPrank(PROGRAMME);
        registry.replaceAdmin(OTHER, SECOND);
        registry.distrust(OTHER, OTHER_ADMIN, START + 10);
        vm.stopPrank();
        vm.assertEq(registry.certification(OTHER, STRANGER), 0, "does not count");
        expect(abi.encodeWithSelector(ISanadRegistryErrors.NotCertified.selector, OTHER, STRANGER));
        _authorise(STRANGER);
    }

    function test_the_last_authorisation_says_on_whose_word() public {
        _certify(STRANGER, CERTIFICATE);
        _authorise(STRANGER);
        vm.startPrank(ADMIN);
        registry.remove(UNI, STRANGER);
        vm.assertEq(registry.keyRecord(UNI, STRANGER).certifier, OTHER, "kept for what was issued");
        registry.authorise(UNI, STRANGER);
        vm.stopPrank();
        vm.assertEq(registry.keyRecord(UNI, STRANGER).certifier, 0, "on nobody's");
        vm.assertEq(registry.keyRecord(UNI, STRANGER).educatorCommitment, 0, "no certificate");
    }

    function _certify(address key, bytes32 commitment) private {
        vm.prank(OTHER_ADMIN);
        registry.certify(OTHER, list(key), list(commitment));
    }

    function _authorise(address key) private {
        vm.prank(ADMIN);
        registry.authoriseEducator(UNI, key, OTHER);
    }

    function _issued() private returns (ISanadRegistry.Answer memory) {
        vm.prank(STRANGER);
        registry.issue(UNI, single("a"), 1);
        return verify("a");
    }
}
