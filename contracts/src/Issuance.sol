// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "./ISanadRegistry.sol";
import {Records} from "./Records.sol";

/// @title Batches and revocations
abstract contract Issuance is Records {
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

    /// @inheritdoc ISanadRegistry
    function withdraw(bytes32 institution, bytes32 root) external onlyAdmin(institution) {
        if (_batches[institution][root].issuedAt == 0) revert NoBatch(institution, root);
        if (_withdrawals[institution][root] != 0) revert AlreadyWithdrawn(institution, root);
        _withdrawals[institution][root] = _now();
        emit BatchWithdrawn(institution, root, msg.sender);
    }

    /// @inheritdoc ISanadRegistry
    function reinstateBatch(bytes32 institution, bytes32 root) external onlyAdmin(institution) {
        if (_withdrawals[institution][root] == 0) revert NotWithdrawn(institution, root);
        _withdrawals[institution][root] = 0;
        emit BatchReinstated(institution, root, msg.sender);
    }

    function _issue(bytes32 institution, address signer, bytes32 root, uint32 size) internal {
        _requireSigner(institution, signer);
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
        if (slots.suspended) revert Suspended(institution);
        BatchSlot storage old = _batches[institution][root];
        if (_counts(institution, old.writer, old.issuedAt)) revert BatchExists(institution, root);
        // A record that does not count is written over, and is counted once.
        bool fresh = old.issuedAt == 0;
        slots.certificates = slots.certificates - old.size + size;
        if (fresh) ++slots.batches;
        _batches[institution][root] = BatchSlot(writer, _now(), size, adopted);
    }

    // ---------------------------------------------------------------------------------------- revocations

    /// @inheritdoc ISanadRegistry
    function revoke(bytes32 institution, bytes32[] calldata commitments, uint8 reason) external {
        _revoke(institution, msg.sender, commitments, reason);
    }

    /// @inheritdoc ISanadRegistry
    function replace(
        bytes32 institution,
        bytes32[] calldata commitments,
        bytes32[] calldata replacements,
        uint8 reason
    ) external {
        _replace(institution, msg.sender, commitments, replacements, reason);
    }

    function _revoke(bytes32 institution, address writer, bytes32[] calldata commitments, uint8 reason)
        internal
    {
        address authority = _authorityOf(institution, writer);
        _requireReason(reason);
        uint32 added;
        for (uint256 i; i < commitments.length; ++i) {
            bytes32 commitment = commitments[i];
            if (_isRevoked(institution, authority, commitment)) continue;
            if (_writeRevocation(institution, authority, writer, commitment, reason)) ++added;
            else delete _replacements[institution][authority][commitment];
            emit CertificateRevoked(institution, commitment, writer, reason, authority == INSTITUTION);
        }
        _institutions[institution].revocations += added;
    }

    function _replace(
        bytes32 institution,
        address writer,
        bytes32[] calldata commitments,
        bytes32[] calldata replacements,
        uint8 reason
    ) internal {
        address authority = _authorityOf(institution, writer);
        _requireReason(reason);
        if (commitments.length != replacements.length) revert LengthMismatch();
        uint32 added;
        for (uint256 i; i < commitments.length; ++i) {
            bytes32 commitment = commitments[i];
            bytes32 replacement = replacements[i];
            if (replacement == 0 || replacement == commitment) revert BadReplacement(commitment);
            if (_isRevoked(institution, authority, commitment)) continue;
            if (_writeRevocation(institution, authority, writer, commitment, reason)) ++added;
            _replacements[institution][authority][commitment] = replacement;
            emit CertificateReplaced(
                institution, commitment, writer, reason, authority == INSTITUTION, replacement
            );
        }
        _institutions[institution].revocations += added;
    }

    /// @dev Writes over a record that does not count.
    /// @return fresh there was no record at all
    function _writeRevocation(
        bytes32 institution,
        address authority,
        address writer,
        bytes32 commitment,
        uint8 reason
    ) private returns (bool fresh) {
        if (commitment == 0) revert ZeroCommitment();
        RevocationSlot storage old = _revocations[institution][authority][commitment];
        fresh = old.revokedAt == 0;
        _revocations[institution][authority][commitment] = RevocationSlot(writer, _now(), reason);
    }

    /// @dev The admin revokes for the institution, a signer for its own batches, nobody else at all.
    function _authorityOf(bytes32 institution, address writer) private view returns (address) {
        if (_institutions[institution].admin == writer) return INSTITUTION;
        _requireSigner(institution, writer);
        return writer;
    }

    function _requireReason(uint8 reason) private pure {
        if (reason == 0 || reason > LAST_REASON) revert BadReason(reason);
    }
}
