// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {ISanadRegistryAnswers} from "../src/ISanadRegistryAnswers.sol";
import {RegistryTest} from "./support/RegistryTest.sol";
import {Tree} from "./support/Tree.sol";

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

    // ----------------------------------------------------------------------------------------------- keys

    function test_every_key_that_was_ever_signer_or_admin() public {
        vm.warp(START + 100);
        vm.prank(ADMIN);
        registry.authorise(UNI, STRANGER);
        vm.prank(ADMIN);
        registry.remove(UNI, STRANGER);
        vm.warp(START + 200);
        handOver(ADMIN, OTHER_ADMIN);
        // A moment that lacks a bit of the first one's.
        vm.warp(START + 512);
        vm.startPrank(OTHER_ADMIN);
        registry.distrust(UNI, STRANGER, START + 100);
        registry.authorise(UNI, SECOND);
        // Neither signer nor admin ever, so not listed.
        registry.distrust(UNI, PROGRAMME, START);
        vm.stopPrank();
        vm.warp(START + 90);
        _keysPage(0, 10, 0, 5);
        _listedKey(0, ADMIN, START, false, false);
        _listedKey(1, SIGNER, START, true, false);
        _listedKey(2, SECOND, START + 512, true, false);
        _listedKey(3, STRANGER, START + 100, false, false);
        _listedKey(4, OTHER_ADMIN, START + 200, false, true);
        vm.assertEq(registry.keyRecord(UNI, PROGRAMME).authorisedAt, 0, "never");
    }

    function test_an_admin_that_comes_back_is_listed_once() public {
        vm.warp(START + 91);
        vm.startPrank(PROGRAMME);
        registry.replaceAdmin(UNI, SIGNER);
        registry.replaceAdmin(UNI, ADMIN);
        vm.stopPrank();
        (,,, uint256 count,) = registry.keys(UNI, 0, 0);
        vm.assertEq(count, 3, "the same three");
        _listedKey(0, ADMIN, START + 91, false, true);
        _listedKey(1, SIGNER, START + 91, true, false);
    }

    function test_keys_in_part() public view {
        _keysPage(0, 3, 0, 3);
        _keysPage(0, 1, 0, 1);
        _keysPage(1, type(uint256).max, 1, 2);
        _keysPage(3, 10, 0, 0);
        _keysPage(type(uint256).max, type(uint256).max, 0, 0);
        (,,, uint256 count, ISanadRegistry.Key[] memory found) = registry.keys("nowhere", 0, 10);
        vm.assertEq(count + found.length, 0, "of nobody");
    }

    // ----------------------------------------------------------------------------------------- verifyMany

    function test_many_answers_are_those_of_one_by_one() public {
        vm.prank(SIGNER);
        registry.issue(UNI, Tree.node(single("c"), single("d")), 2);
        revoke(SIGNER, "c");
        ISanadRegistry.Query[] memory queries = new ISanadRegistry.Query[](5);
        queries[0] = ISanadRegistryAnswers.Query(0, "a", 0, new bytes32[](0));
        queries[1] = ISanadRegistryAnswers.Query(0, "c", 0, list(single("d")));
        queries[2] = ISanadRegistryAnswers.Query(0, "d", 0, list(single("c")));
        queries[3] = ISanadRegistryAnswers.Query(7, "a", "sheet", list("x", "y"));
        queries[4] = queries[0];
        string[3] memory domains = [DOMAIN, OTHER_DOMAIN, "nowhere"];
        for (uint256 d; d < domains.length; ++d) _manyAsOne(domains[d], queries);
        vm.assertEq(registry.verifyMany(DOMAIN, new ISanadRegistry.Query[](0)).length, 0, "nothing asked");
        vm.assertTrue(registry.verifyMany(DOMAIN, queries)[2].good, "some are good");
        vm.assertEq(registry.verifyMany(DOMAIN, queries)[0].withdrawnBy, ADMIN, "some are withdrawn");
    }

    // ------------------------------------------------------------------------------------------- private

    function _manyAsOne(string memory domain, ISanadRegistry.Query[] memory queries) private view {
        ISanadRegistry.Answer[] memory answers = registry.verifyMany(domain, queries);
        vm.assertEq(answers.length, queries.length, "one each");
        for (uint256 i; i < answers.length; ++i) {
            ISanadRegistry.Query memory q = queries[i];
            bytes memory wanted = abi.encode(registry.verify(domain, q.index, q.commitment, q.sheet, q.path));
            vm.assertEq(keccak256(abi.encode(answers[i])), keccak256(wanted), "in order");
        }
    }

    function _keysPage(uint256 first, uint256 limit, uint256 place, uint256 length) private view {
        address[5] memory all = [ADMIN, SIGNER, SECOND, STRANGER, OTHER_ADMIN];
        (bytes32 sentinel, uint64 number, uint64 time, uint256 count, ISanadRegistry.Key[] memory found) =
            registry.keys(UNI, first, limit);
        _witness(sentinel, number, time);
        vm.assertEq(count, length > 3 ? 5 : 3, "all of them");
        vm.assertEq(found.length, length, "as many as asked for, or as there are");
        for (uint256 i; i < length; ++i) {
            bytes memory wanted = abi.encode(registry.keyRecord(UNI, all[place + i]));
            vm.assertEq(keccak256(abi.encode(found[i])), keccak256(wanted), "in order");
        }
    }

    function _listedKey(uint256 place, address key, uint256 time, bool authorised, bool admin) private view {
        (,,,, ISanadRegistry.Key[] memory found) = registry.keys(UNI, place, 1);
        vm.assertEq(found[0].key, key, "whose");
        vm.assertEq(found[0].authorisedAt, time, "last authorised");
        vm.assertEq(found[0].authorised, authorised, "authorised");
        vm.assertEq(found[0].isAdmin, admin, "admin");
    }

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
