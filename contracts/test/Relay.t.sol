// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistryErrors} from "../src/ISanadRegistryErrors.sol";
import {ISanadRegistryEvents} from "../src/ISanadRegistryEvents.sol";
import {Signatures} from "./support/Signatures.sol";

/// @notice A contract wallet (ERC-1271) that takes the signatures of one key, or answers as told.
contract Wallet {
    bytes4 private constant MAGIC = 0x1626ba7e;
    address private immutable _holder;
    bytes4 private immutable _answer;

    constructor(address holder, bytes4 answer) {
        _holder = holder;
        _answer = answer;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (bytes32 r, bytes32 s) = abi.decode(signature[:64], (bytes32, bytes32));
        return ecrecover(digest, uint8(signature[64]), r, s) == _holder ? _answer : bytes4(0);
    }
}

/// @notice Anybody sends what a signer signed, and nothing else.
contract RelayTest is Signatures {
    uint256 private constant STRANGER_KEY = 0x57;
    uint256 private constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    // ------------------------------------------------------------------------------------------- relaying

    function test_issue_for() public {
        bytes memory signature = _signIssue(SIGNER_KEY, SIGNER);
        expectEvent();
        emit ISanadRegistryEvents.BatchIssued(UNI, ROOT, SIGNER, 1);
        _issueFor(SIGNER, signature);
        vm.assertTrue(verify("a").good, "good");
        vm.assertEq(verify("a").signer, SIGNER, "the signer's, not the sender's");
    }

    function test_revoke_for() public {
        issue(ROOT);
        bytes memory signature = _signRevoke(SIGNER_KEY, SIGNER, SIGNER, list("a", "b"));
        expectEvent();
        emit ISanadRegistryEvents.CertificateRevoked(UNI, "a", SIGNER, DATA_ERROR, false);
        vm.prank(STRANGER);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("a", "b"), DATA_ERROR, DEADLINE, signature);
        vm.assertEq(verify("a").revokedBy, SIGNER, "by the signer");
        (,, uint32 revocations) = counters(UNI);
        vm.assertEq(revocations, 2, "both");
    }

    function test_replace_for() public {
        issue(ROOT);
        bytes memory signature = _signReplace(SIGNER_KEY, SIGNER, SIGNER, list("a"), list("b"));
        expectEvent();
        emit ISanadRegistryEvents.CertificateReplaced(UNI, "a", SIGNER, SUPERSEDED, false, "b");
        vm.prank(STRANGER);
        registry.replaceFor(UNI, SIGNER, SIGNER, list("a"), list("b"), SUPERSEDED, DEADLINE, signature);
        vm.assertEq(verify("a").replacement, "b", "replaced");
    }

    function test_admin_signs_for_the_institution() public {
        issue(ROOT);
        bytes memory signature = _signRevoke(ADMIN_KEY, ADMIN, INSTITUTION, list("a"));
        vm.prank(STRANGER);
        registry.revokeFor(UNI, ADMIN, INSTITUTION, list("a"), DATA_ERROR, DEADLINE, signature);
        vm.assertTrue(verify("a").revokedByInstitution, "the institution's");
        bytes memory issuing = _signIssue(ADMIN_KEY, ADMIN);
        expect(notAuthorised(ADMIN));
        _issueFor(ADMIN, issuing);
    }

    function test_the_authority_is_signed() public {
        bytes memory revoking = _signRevoke(ADMIN_KEY, ADMIN, INSTITUTION, list("a"));
        bytes memory replacing = _signReplace(ADMIN_KEY, ADMIN, INSTITUTION, list("a"), list("b"));
        vm.prank(ADMIN);
        registry.authorise(UNI, ADMIN);
        expect(_badSignature(ADMIN));
        registry.revokeFor(UNI, ADMIN, ADMIN, list("a"), DATA_ERROR, DEADLINE, revoking);
        expect(_badSignature(ADMIN));
        registry.replaceFor(UNI, ADMIN, ADMIN, list("a"), list("b"), SUPERSEDED, DEADLINE, replacing);
        registry.replaceFor(UNI, ADMIN, INSTITUTION, list("a"), list("b"), SUPERSEDED, DEADLINE, replacing);
    }

    function test_a_former_admin_that_is_a_signer_is_not_relayed_for_the_institution() public {
        vm.prank(ADMIN);
        registry.authorise(UNI, ADMIN);
        bytes memory revoking = _signRevoke(ADMIN_KEY, ADMIN, INSTITUTION, list("a"));
        bytes memory replacing = _signReplace(ADMIN_KEY, ADMIN, INSTITUTION, list("a"), list("b"));
        handOver(ADMIN, STRANGER);
        expect(notAdmin(ADMIN));
        registry.revokeFor(UNI, ADMIN, INSTITUTION, list("a"), DATA_ERROR, DEADLINE, revoking);
        expect(notAdmin(ADMIN));
        registry.replaceFor(UNI, ADMIN, INSTITUTION, list("a"), list("b"), SUPERSEDED, DEADLINE, replacing);
    }

    function test_what_a_signer_signed_is_not_the_institutions_once_it_is_admin() public {
        issue(ROOT);
        vm.prank(SECOND);
        registry.issue(UNI, single("c"), 1);
        bytes memory signature = _signRevoke(SIGNER_KEY, SIGNER, SIGNER, list("a", "c"));
        handOver(ADMIN, SIGNER);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("a", "c"), DATA_ERROR, DEADLINE, signature);
        vm.assertFalse(verify("a").revokedByInstitution, "the signer's");
        vm.assertTrue(verify("c").good, "not the institution's word");
    }

    function test_a_used_signature_serves_again_where_its_record_ceased_to_count() public {
        bytes memory signature = _signIssue(SIGNER_KEY, SIGNER);
        _issueFor(SIGNER, signature);
        distrust(SIGNER, START);
        // A thief of the admin's key adopts the batch, and is distrusted in turn.
        vm.prank(ADMIN);
        registry.adopt(UNI, list(ROOT), list(uint32(9)));
        rescue(ADMIN, STRANGER, START);
        vm.prank(STRANGER);
        registry.liftDistrust(UNI, SIGNER);
        vm.assertFalse(verify("a").counts, "written over by one who is distrusted");
        _issueFor(SIGNER, signature);
        vm.assertEq(verify("a").signer, SIGNER, "registered again");
        vm.assertTrue(verify("a").good, "as it was signed");
    }

    function test_a_second_time_changes_nothing() public {
        bytes memory issuing = _signIssue(SIGNER_KEY, SIGNER);
        bytes memory revoking = _signRevoke(SIGNER_KEY, SIGNER, SIGNER, list("a"));
        _issueFor(SIGNER, issuing);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("a"), DATA_ERROR, DEADLINE, revoking);
        bytes32 before = keccak256(abi.encode(verify("a"), registry.institutionRecord(UNI)));
        expect(abi.encodeWithSelector(ISanadRegistryErrors.BatchExists.selector, UNI, ROOT));
        _issueFor(SIGNER, issuing);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("a"), DATA_ERROR, DEADLINE, revoking);
        vm.assertEq(keccak256(abi.encode(verify("a"), registry.institutionRecord(UNI))), before, "the same");
    }

    function test_removed_and_distrusted_keys_are_not_relayed() public {
        bytes memory issuing = _signIssue(SIGNER_KEY, SIGNER);
        bytes memory revoking = _signRevoke(SIGNER_KEY, SIGNER, SIGNER, list("a"));
        bytes memory replacing = _signReplace(SIGNER_KEY, SIGNER, SIGNER, list("a"), list("b"));
        vm.prank(ADMIN);
        registry.remove(UNI, SIGNER);
        _expectAllRefused(notAuthorised(SIGNER), issuing, revoking, replacing);
        vm.prank(ADMIN);
        registry.authorise(UNI, SIGNER);
        distrust(SIGNER, START);
        _expectAllRefused(distrusted(SIGNER), issuing, revoking, replacing);
    }

    // ------------------------------------------------------------------------------------------ deadlines

    function test_deadline_from_now_to_a_day_ahead() public {
        uint256[4] memory bad = [uint256(START) - 1, 0, START + 1 days + 1, type(uint256).max];
        for (uint256 i; i < bad.length; ++i) {
            bytes memory refused = _sign(SIGNER_KEY, registry, _issueMessage(SIGNER, bad[i]));
            expect(abi.encodeWithSelector(ISanadRegistryErrors.BadDeadline.selector, bad[i]));
            registry.issueFor(UNI, SIGNER, ROOT, 1, bad[i], refused);
        }
        bytes memory signature = _sign(SIGNER_KEY, registry, _issueMessage(SIGNER, START + 1 days));
        registry.issueFor(UNI, SIGNER, ROOT, 1, START + 1 days, signature);
    }

    function test_at_the_deadline_and_after_it() public {
        bytes memory signature = _signIssue(SIGNER_KEY, SIGNER);
        vm.warp(DEADLINE + 1);
        expect(abi.encodeWithSelector(ISanadRegistryErrors.BadDeadline.selector, DEADLINE));
        _issueFor(SIGNER, signature);
        vm.warp(DEADLINE);
        _issueFor(SIGNER, signature);
    }

    // ----------------------------------------------------------------------------------- what was signed

    function test_issue_changed_on_the_way() public {
        bytes memory signature = _signIssue(SIGNER_KEY, SIGNER);
        bytes memory refusal = _badSignature(SIGNER);
        expect(refusal);
        registry.issueFor(OTHER, SIGNER, ROOT, 1, DEADLINE, signature);
        expect(_badSignature(SECOND));
        registry.issueFor(UNI, SECOND, ROOT, 1, DEADLINE, signature);
        expect(refusal);
        registry.issueFor(UNI, SIGNER, ~ROOT, 1, DEADLINE, signature);
        expect(refusal);
        registry.issueFor(UNI, SIGNER, ROOT, 2, DEADLINE, signature);
        expect(refusal);
        registry.issueFor(UNI, SIGNER, ROOT, 1, DEADLINE + 1, signature);
    }

    function test_revoke_changed_on_the_way() public {
        bytes memory signature = _signRevoke(SIGNER_KEY, SIGNER, SIGNER, list("a", "b"));
        bytes memory refusal = _badSignature(SIGNER);
        expect(refusal);
        registry.revokeFor(OTHER, SIGNER, SIGNER, list("a", "b"), DATA_ERROR, DEADLINE, signature);
        expect(_badSignature(SECOND));
        registry.revokeFor(UNI, SECOND, SIGNER, list("a", "b"), DATA_ERROR, DEADLINE, signature);
        expect(refusal);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("a"), DATA_ERROR, DEADLINE, signature);
        expect(refusal);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("b", "a"), DATA_ERROR, DEADLINE, signature);
        expect(refusal);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("a", "b"), 3, DEADLINE, signature);
        expect(refusal);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("a", "b"), DATA_ERROR, DEADLINE + 1, signature);
        expect(refusal);
        registry.revokeFor(UNI, SIGNER, INSTITUTION, list("a", "b"), DATA_ERROR, DEADLINE, signature);
    }

    function test_replace_changed_on_the_way() public {
        bytes memory signature = _signReplace(SIGNER_KEY, SIGNER, SIGNER, list("a"), list("b"));
        bytes memory refusal = _badSignature(SIGNER);
        expect(refusal);
        registry.replaceFor(OTHER, SIGNER, SIGNER, list("a"), list("b"), SUPERSEDED, DEADLINE, signature);
        expect(_badSignature(SECOND));
        registry.replaceFor(UNI, SECOND, SIGNER, list("a"), list("b"), SUPERSEDED, DEADLINE, signature);
        expect(refusal);
        registry.replaceFor(UNI, SIGNER, SIGNER, list("x"), list("b"), SUPERSEDED, DEADLINE, signature);
        expect(refusal);
        registry.replaceFor(UNI, SIGNER, SIGNER, list("a"), list("x"), SUPERSEDED, DEADLINE, signature);
        expect(refusal);
        registry.replaceFor(UNI, SIGNER, SIGNER, list("b"), list("a"), SUPERSEDED, DEADLINE, signature);
        expect(refusal);
        registry.replaceFor(UNI, SIGNER, SIGNER, list("a"), list("b"), DATA_ERROR, DEADLINE, signature);
        expect(refusal);
        registry.replaceFor(UNI, SIGNER, SIGNER, list("a"), list("b"), SUPERSEDED, DEADLINE + 1, signature);
        expect(refusal);
        registry.replaceFor(UNI, SIGNER, INSTITUTION, list("a"), list("b"), SUPERSEDED, DEADLINE, signature);
    }

    function test_another_chain() public {
        bytes memory signature = _signIssue(SIGNER_KEY, SIGNER);
        vm.chainId(56);
        expect(_badSignature(SIGNER));
        _issueFor(SIGNER, signature);
    }

    function test_another_registry() public {
        bytes memory signature = _sign(SIGNER_KEY, deploy(), _issueMessage(SIGNER, DEADLINE));
        expect(_badSignature(SIGNER));
        _issueFor(SIGNER, signature);
    }

    // ----------------------------------------------------------------------------------------- signatures

    function test_another_key() public {
        bytes memory signature = _signIssue(STRANGER_KEY, SIGNER);
        expect(_badSignature(SIGNER));
        _issueFor(SIGNER, signature);
        expect(notAuthorised(vm.addr(STRANGER_KEY)));
        registry.issueFor(
            UNI, vm.addr(STRANGER_KEY), ROOT, 1, DEADLINE, _signIssue(STRANGER_KEY, vm.addr(STRANGER_KEY))
        );
    }

    function test_malformed_signatures() public {
        bytes memory good = _signIssue(SIGNER_KEY, SIGNER);
        (bytes32 r, bytes32 s, uint8 v) = (_word(good, 32), _word(good, 64), uint8(good[64]));
        bytes[6] memory bad = [
            bytes(""),
            abi.encodePacked(r, s),
            abi.encodePacked(r, s, v, uint8(0)),
            abi.encodePacked(r, s, uint8(v - 27)),
            // The other half of the curve: the same signature, were it not refused.
            abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(bytes32(0), s, v)
        ];
        for (uint256 i; i < bad.length; ++i) {
            expect(_badSignature(SIGNER));
            _issueFor(SIGNER, bad[i]);
        }
    }

    function test_no_zero_signer_by_a_failing_recovery() public {
        expect(_badSignature(address(0)));
        registry.issueFor(UNI, address(0), ROOT, 1, DEADLINE, abi.encodePacked(bytes32(0), bytes32(0), uint8(27)));
    }

    function test_key_with_delegated_code_still_signs() public {
        // EIP-7702: the account has code, here of a wallet that accepts nothing.
        vm.etch(SIGNER, address(new Wallet(STRANGER, 0)).code);
        _issueFor(SIGNER, _signIssue(SIGNER_KEY, SIGNER));
        vm.assertTrue(verify("a").good, "good");
    }

    function test_contract_wallet() public {
        address wallet = address(new Wallet(vm.addr(STRANGER_KEY), 0x1626ba7e));
        vm.prank(ADMIN);
        registry.authorise(UNI, wallet);
        bytes memory signature = _signIssue(STRANGER_KEY, wallet);
        bytes memory wrong = _signIssue(SIGNER_KEY, wallet);
        expect(_badSignature(wallet));
        _issueFor(wallet, wrong);
        _issueFor(wallet, signature);
        vm.assertEq(verify("a").signer, wallet, "the wallet");
    }

    function test_contract_wallet_with_another_answer() public {
        address wallet = address(new Wallet(vm.addr(STRANGER_KEY), 0xffffffff));
        vm.prank(ADMIN);
        registry.authorise(UNI, wallet);
        bytes memory signature = _signIssue(STRANGER_KEY, wallet);
        expect(_badSignature(wallet));
        _issueFor(wallet, signature);
    }

    // ------------------------------------------------------------------------------------------- private

    function _issueFor(address signer, bytes memory signature) private {
        vm.prank(STRANGER);
        registry.issueFor(UNI, signer, ROOT, 1, DEADLINE, signature);
    }

    function _expectAllRefused(
        bytes memory refusal,
        bytes memory issuing,
        bytes memory revoking,
        bytes memory replacing
    ) private {
        expect(refusal);
        _issueFor(SIGNER, issuing);
        expect(refusal);
        registry.revokeFor(UNI, SIGNER, SIGNER, list("a"), DATA_ERROR, DEADLINE, revoking);
        expect(refusal);
        registry.replaceFor(UNI, SIGNER, SIGNER, list("a"), list("b"), SUPERSEDED, DEADLINE, replacing);
    }

    function _badSignature(address signer) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISanadRegistryErrors.BadSignature.selector, signer);
    }

    function _word(bytes memory data, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(data, offset))
        }
    }
}
