// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the Sanad registry refuses
/// @notice Each error says who or what stands in the way; issuer/revert_reasons.py has a sentence for people.
interface ISanadRegistryErrors {
    /// @notice Ownership can be transferred, never renounced.
    error CannotRenounce();
    /// @notice The domain is not in lower-case A-labels, or has too few labels, a port, a path or a final dot.
    error BadDomain(string domain);
    /// @notice A name is empty or longer than 200 bytes.
    error BadName();
    /// @notice An address that must be someone is zero.
    error ZeroAddress();
    /// @notice The domain is accredited already.
    error AlreadyAccredited(bytes32 institution);
    /// @notice A successor's chain must be named.
    error ZeroChain();
    /// @notice No such institution.
    error NotAccredited(bytes32 institution);
    /// @notice The institution is suspended.
    error Suspended(bytes32 institution);
    /// @notice The sender, or who signed for the institution, is not the institution's admin.
    error NotAdmin(bytes32 institution, address sender);
    /// @notice The sender was not nominated as the institution's admin.
    error NotNominated(bytes32 institution, address sender);
    /// @notice The key is no authorised signer of the institution.
    error NotAuthorised(bytes32 institution, address key);
    /// @notice A key revokes for the institution (zero) or for itself, not for another key.
    error NotYourAuthority(address authority, address key);
    /// @notice The key is distrusted and does nothing more.
    error Distrusted(bytes32 institution, address key);
    /// @notice The sender may not say this of the key: an admin's distrust is the programme's matter,
    /// a signer's the admin's, and nobody distrusts the acting admin.
    error NotYoursToDistrust(bytes32 institution, address key);
    /// @notice The moment is zero or in the future.
    error BadMoment(uint40 since);
    /// @notice The registry has a successor and takes no more batches.
    error Closed(address successor);
    /// @notice The root is zero.
    error ZeroRoot();
    /// @notice A batch holds at least one certificate.
    error EmptyBatch();
    /// @notice A counting batch stands under (institution, root).
    error BatchExists(bytes32 institution, bytes32 root);
    /// @notice The batch is withdrawn already.
    error AlreadyWithdrawn(bytes32 institution, bytes32 root);
    /// @notice The batch is not withdrawn.
    error NotWithdrawn(bytes32 institution, bytes32 root);
    /// @notice The batch's list of withdrawals and reinstatements holds 16, and all of them count.
    error TooManyWithdrawals(bytes32 institution, bytes32 root);
    /// @notice A reason is 1 to 6.
    error BadReason(uint8 reason);
    /// @notice A commitment is zero.
    error ZeroCommitment();
    /// @notice A replacement is zero or the certificate itself.
    error BadReplacement(bytes32 commitment);
    /// @notice Lists that belong together differ in length.
    error LengthMismatch();
    /// @notice The deadline has passed, or is more than a day ahead.
    error BadDeadline(uint256 deadline);
    /// @notice The signature is not the signer's over exactly these values.
    error BadSignature(address signer);
    /// @notice The programme did not permit the institution to certify educators.
    error MayNotCertify(bytes32 institution);
    /// @notice The certifier says nothing that counts of this key.
    error NotCertified(bytes32 certifier, address key);
    /// @notice The certifier revoked the educator's certificate.
    error EducatorRevoked(bytes32 certifier, bytes32 commitment);
}
