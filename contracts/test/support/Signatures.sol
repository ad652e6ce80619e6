// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../../src/ISanadRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice What signers sign (EIP-712), built here from the text of the interface and not from the contract.
abstract contract Signatures is RegistryTest {
    string internal constant ISSUE =
        "Issue(bytes32 institution,address signer,bytes32 root,uint32 size,uint256 deadline)";
    string internal constant REVOKE =
        "Revoke(bytes32 institution,address signer,address authority,bytes32[] commitments,uint8 reason,uint256 deadline)";
    string internal constant REPLACE =
        "Replace(bytes32 institution,address signer,address authority,bytes32[] commitments,bytes32[] replacements,uint8 reason,uint256 deadline)";
    uint256 internal constant DEADLINE = START + 600;
    uint8 internal constant SUPERSEDED = 4;

    bytes32 internal immutable ROOT = single("a");

    function _issueMessage(address signer, uint256 deadline) internal view returns (bytes32) {
        return keccak256(abi.encode(keccak256(bytes(ISSUE)), UNI, signer, ROOT, uint32(1), deadline));
    }

    function _signIssue(uint256 key, address signer) internal view returns (bytes memory) {
        return _sign(key, registry, _issueMessage(signer, DEADLINE));
    }

    function _signRevoke(uint256 key, address signer, address authority, bytes32[] memory commitments)
        internal
        view
        returns (bytes memory)
    {
        bytes32 array = keccak256(abi.encodePacked(commitments));
        bytes memory fields =
            abi.encode(keccak256(bytes(REVOKE)), UNI, signer, authority, array, DATA_ERROR, DEADLINE);
        return _sign(key, registry, keccak256(fields));
    }

    function _signReplace(
        uint256 key,
        address signer,
        address authority,
        bytes32[] memory olds,
        bytes32[] memory news
    ) internal view returns (bytes memory) {
        bytes memory fields = abi.encode(
            keccak256(bytes(REPLACE)),
            UNI,
            signer,
            authority,
            keccak256(abi.encodePacked(olds)),
            keccak256(abi.encodePacked(news)),
            SUPERSEDED,
            DEADLINE
        );
        return _sign(key, registry, keccak256(fields));
    }

    function _sign(uint256 key, ISanadRegistry target, bytes32 message) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Sanad"),
                keccak256("1"),
                block.chainid,
                address(target)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked("\x19\x01", domain, message)));
        return abi.encodePacked(r, s, v);
    }
}
