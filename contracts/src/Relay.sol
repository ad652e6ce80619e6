// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ISanadRegistry} from "./ISanadRegistry.sol";
import {Issuance} from "./Issuance.sol";

/// @title What a signer signed, sent by anybody
/// @dev Needs no nonce: while its record counts, a batch reverts a second time and a revocation is skipped. Until its
/// deadline a signature can serve again only where the record that it wrote ceased to count (was written over by
/// somebody who is distrusted since, say), and it then writes again what was signed. After it, it is worth nothing.
abstract contract Relay is Issuance, EIP712 {
    bytes32 private constant ISSUE_TYPE =
        keccak256("Issue(bytes32 institution,address signer,bytes32 root,uint32 size,uint256 deadline)");
    bytes32 private constant REVOKE_TYPE = keccak256(
        "Revoke(bytes32 institution,address signer,address authority,bytes32[] commitments,uint8 reason,uint256 deadline)"
    );
    bytes32 private constant REPLACE_TYPE = keccak256(
        "Replace(bytes32 institution,address signer,address authority,bytes32[] commitments,bytes32[] replacements,uint8 reason,uint256 deadline)"
    );
    uint256 private constant MAX_AHEAD = 1 days;

    /// @inheritdoc ISanadRegistry
    function issueFor(
        bytes32 institution,
        address signer,
        bytes32 root,
        uint32 size,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 message = keccak256(abi.encode(ISSUE_TYPE, institution, signer, root, size, deadline));
        _requireSigned(signer, message, deadline, signature);
        _issue(institution, signer, root, size);
    }

    /// @inheritdoc ISanadRegistry
    function revokeFor(
        bytes32 institution,
        address signer,
        address authority,
        bytes32[] calldata commitments,
        uint8 reason,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 list = keccak256(abi.encodePacked(commitments));
        bytes32 message =
            keccak256(abi.encode(REVOKE_TYPE, institution, signer, authority, list, reason, deadline));
        _requireSigned(signer, message, deadline, signature);
        _revoke(institution, signer, authority, commitments, reason);
    }

    /// @inheritdoc ISanadRegistry
    function replaceFor(
        bytes32 institution,
        address signer,
        address authority,
        bytes32[] calldata commitments,
        bytes32[] calldata replacements,
        uint8 reason,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 olds = keccak256(abi.encodePacked(commitments));
        bytes32 news = keccak256(abi.encodePacked(replacements));
        bytes32 message =
            keccak256(abi.encode(REPLACE_TYPE, institution, signer, authority, olds, news, reason, deadline));
        _requireSigned(signer, message, deadline, signature);
        _replace(institution, signer, authority, commitments, replacements, reason);
    }

    /// @dev ECDSA first: a key with delegated code (EIP-7702) goes on signing as a key. Then ERC-1271.
    function _requireSigned(address signer, bytes32 message, uint256 deadline, bytes calldata signature)
        private
        view
    {
        if (deadline < block.timestamp || deadline > block.timestamp + MAX_AHEAD) revert BadDeadline(deadline);
        bytes32 digest = _hashTypedDataV4(message);
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && recovered == signer) return;
        if (!SignatureChecker.isValidERC1271SignatureNow(signer, digest, signature)) {
            revert BadSignature(signer);
        }
    }
}
