// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What happens in the Sanad registry
/// @notice Told right after each change, for explorers and those who watch; no verifier reads them.
interface ISanadRegistryEvents {
    /// @notice The programme accredited an institution.
    event InstitutionAccredited(
        bytes32 indexed institution, string domain, string name, address indexed admin, bool mayCertify
    );
    /// @notice The institution may not issue until it is reinstated.
    event InstitutionSuspended(bytes32 indexed institution);
    /// @notice The institution may issue again.
    event InstitutionReinstated(bytes32 indexed institution);
    /// @notice The name shown for the institution changed.
    event InstitutionRenamed(bytes32 indexed institution, string name);
    /// @notice The programme said whether the institution may certify educators.
    event CertifyingPermitted(bytes32 indexed institution, bool permitted);
    /// @notice The admin nominated the next one, who has to accept; zero takes a nomination back.
    event AdminNominated(bytes32 indexed institution, address indexed admin, address indexed nominee);
    /// @notice The institution has another admin.
    event AdminChanged(bytes32 indexed institution, address indexed previous, address indexed admin);
    /// @notice This registry takes no more batches; the one at `successor` on chain `chainId` does.
    event SuccessorNamed(uint64 indexed chainId, address indexed successor);
    /// @notice The signer may issue for the institution, on a certifier's word if `certifier` is not zero.
    event SignerAuthorised(
        bytes32 indexed institution, address indexed signer, bytes32 certifier, bytes32 educatorCommitment
    );
    /// @notice The signer may no longer issue for the institution.
    event SignerRemoved(bytes32 indexed institution, address indexed signer);
    /// @notice What the key wrote at `since` or later does not count.
    event KeyDistrusted(bytes32 indexed institution, address indexed key, uint40 since);
    /// @notice What the key wrote counts again, where nobody has written over it.
    event DistrustLifted(bytes32 indexed institution, address indexed key);
    /// @notice A signer registered a batch.
    event BatchIssued(
        bytes32 indexed institution, bytes32 indexed root, address indexed signer, uint32 size
    );
    /// @notice The admin registered a batch in the institution's own name.
    event BatchAdopted(
        bytes32 indexed institution, bytes32 indexed root, address indexed admin, uint32 size
    );
    /// @notice No certificate of the batch is good until it is reinstated.
    event BatchWithdrawn(bytes32 indexed institution, bytes32 indexed root, address indexed admin);
    /// @notice The batch stands again.
    event BatchReinstated(bytes32 indexed institution, bytes32 indexed root, address indexed admin);
    /// @notice A certificate was revoked, by the institution or by one signer for its own batches.
    event CertificateRevoked(
        bytes32 indexed institution,
        bytes32 indexed commitment,
        address indexed writer,
        uint8 reason,
        bool byInstitution
    );
    /// @notice A certificate was revoked and another one named in its place.
    event CertificateReplaced(
        bytes32 indexed institution,
        bytes32 indexed commitment,
        address indexed writer,
        uint8 reason,
        bool byInstitution,
        bytes32 replacement
    );
    /// @notice The institution said whose key this is; a zero commitment takes it back.
    event EducatorCertified(bytes32 indexed institution, address indexed key, bytes32 commitment);
}
