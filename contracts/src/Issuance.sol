// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "./ISanadRegistry.sol";
import {KeyState} from "./types/KeyState.sol";
import {Record, newRecord} from "./types/Record.sol";
import {Standing} from "./types/Standing.sol";
import {Withdrawals} from "./Withdrawals.sol";

/// @title Batches and revocations
abstract contract Issuance is Withdrawals {
    uint8 private constant LAST_REASON = 6;

    // -------------------------------------------------------------------------------------------- batches

    /// @inheritdoc ISanadRegistry
    function issue(bytes32 institution, bytes32 root, uint32 size) external {
        _issue(institution, msg.sender, root, size);
    }

    /// @inheritdoc ISanadRegistry
    function adopt(bytes32 institution, bytes32[] calldata roots, uint32[] calldata sizes)
        external
        onlyAdmin(institution)
    {
        if (roots.length != sizes.length) revert LengthMismatch();
        for (uint256 i; i < roots.length; ++i) {
            _writeBatch(institution, msg.sender, roots[i], sizes[i], true);
            emit BatchAdopted(institution, roots[i], msg.sender, sizes[i]);
        }
    }

    function _issue(bytes32 institution, address signer, bytes32 root, uint32 size) internal {
        _requireSigner(institution, signer, _keys[institution][signer]);
        _writeBatch(institution, signer, root, size, false);
        emit BatchIssued(institution, root, signer, size);
    }

    function _writeBatch(bytes32 institution, address writer, bytes32 root, uint32 size, bool adopted)
        private
    {
        _requireOpen();
        if (root == 0) revert ZeroRoot();
        if (size == 0) revert EmptyBatch();
        InstitutionSlots storage slots = _institutions[institution];
        Standing standing = slots.standing;
        if (standing.suspended()) revert Suspended(institution);
        BatchSlots storage batch = _batches[institution][root];
        Record old = batch.record;
        if (_counts(institution, old)) revert BatchExists(institution, root);
        // A record that does not count is written over, and is counted once.
        slots.standing = standing.withBatch(size, old.exists(), old.detail());
        batch.record = newRecord(writer, size, adopted);
    }

    // ---------------------------------------------------------------------------------------- revocations

    /// @inheritdoc ISanadRegistry
    function revoke(bytes32 institution, address authority, bytes32[] calldata commitments, uint8 reason)
        external
    {
        _revoke(institution, msg.sender, authority, commitments, reason);
    }

    /// @inheritdoc ISanadRegistry
    function replace(
        bytes32 institution,
        address authority,
        bytes32[] calldata commitments,
        bytes32[] calldata replacements,
        uint8 reason
    ) external {
        _replace(institution, msg.sender, authority, commitments, replacements, reason);
    }

    function _revoke(
        bytes32 institution,
        address writer,
        address authority,
        bytes32[] calldata commitments,
        uint8 reason
    ) internal {
        _requireAuthority(institution, writer, authority);
        _requireReason(reason);
        uint32 added;
        for (uint256 i; i < commitments.length; ++i) {
            bytes32 commitment = commitments[i];
            RevocationSlots storage slots = _revocations[institution][authority][commitment];
            Record old = slots.record;
            if (_counts(institution, old)) continue;
            _writeRevocation(slots, writer, commitment, reason);
            if (old.exists()) slots.replacement = 0;
            else ++added;
            emit CertificateRevoked(institution, commitment, writer, reason, authority == INSTITUTION);
        }
        _countRevocations(institution, added);
    }

    function _replace(
        bytes32 institution,
        address writer,
        address authority,
        bytes32[] calldata commitments,
        bytes32[] calldata replacements,
        uint8 reason
    ) internal {
        _requireAuthority(institution, writer, authority);
        _requireReason(reason);
        if (commitments.length != replacements.length) revert LengthMismatch();
        uint32 added;
        for (uint256 i; i < commitments.length; ++i) {
            added += _replaceOne(institution, writer, authority, commitments[i], replacements[i], reason);
        }
        _countRevocations(institution, added);
    }

    /// @return added 1 where there was no record, counting or not
    function _replaceOne(
        bytes32 institution,
        address writer,
        address authority,
        bytes32 commitment,
        bytes32 replacement,
        uint8 reason
    ) private returns (uint32 added) {
        if (replacement == 0 || replacement == commitment) revert BadReplacement(commitment);
        RevocationSlots storage slots = _revocations[institution][authority][commitment];
        Record old = slots.record;
        if (_counts(institution, old)) return 0;
        _writeRevocation(slots, writer, commitment, reason);
        slots.replacement = replacement;
        if (!old.exists()) added = 1;
        emit CertificateReplaced(
            institution, commitment, writer, reason, authority == INSTITUTION, replacement
        );
    }

    function _writeRevocation(
        RevocationSlots storage slots,
        address writer,
        bytes32 commitment,
        uint8 reason
    ) private {
        if (commitment == 0) revert ZeroCommitment();
        slots.record = newRecord(writer, reason, false);
    }

    function _countRevocations(bytes32 institution, uint32 added) private {
        InstitutionSlots storage slots = _institutions[institution];
        slots.standing = slots.standing.withRevocations(added);
    }

    /// @dev The admin revokes for the institution, a signer for its own batches. Whoever lost the authority that it
    /// names fails, and never acts in another one that it has left.
    function _requireAuthority(bytes32 institution, address writer, address authority) private view {
        KeyState key = _keys[institution][writer];
        if (authority == INSTITUTION) {
            if (!key.isAdmin()) revert NotAdmin(institution, writer);
            return;
        }
        if (authority != writer) revert NotYourAuthority(authority, writer);
        _requireSigner(institution, writer, key);
    }

    function _requireReason(uint8 reason) private pure {
        if (reason == 0 || reason > LAST_REASON) revert BadReason(reason);
    }
}
