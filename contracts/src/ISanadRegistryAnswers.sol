// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the Sanad registry answers, and what `verifyMany` is asked
/// @notice Zero means "none" in every field.
interface ISanadRegistryAnswers {
    /// @notice Everything the registry knows about one certificate, as `verify` returns it.
    struct Answer {
        /// keccak256("sanad.registry.1"), read from storage: a node without this state answers zero.
        bytes32 sentinel;
        /// The block that this answer is of.
        uint64 blockNumber;
        /// That block's time.
        uint64 blockTime;
        /// The registry that replaces this one; zero while this one takes batches.
        address successor;
        /// The chain on which the successor stands (EIP-155); zero while there is none.
        uint64 successorChain;
        /// The root computed from index, commitment, sheet and path.
        bytes32 root;
        /// The institution, computed from the domain; it need not be accredited.
        bytes32 institution;
        /// The programme accredited that domain.
        bool accredited;
        /// The institution may not issue for now. What it issued is not touched.
        bool suspended;
        /// The institution's name as the programme gave it.
        string institutionName;
        /// Who wrote the batch: its signer, or, where `adopted`, the admin who adopted it.
        address signer;
        /// When the batch was written; zero if there is no record of (institution, root).
        uint40 issuedAt;
        /// How many certificates the writer said the batch holds.
        uint32 size;
        /// The batch was registered in the institution's own name and has no signer.
        bool adopted;
        /// Since when the whole batch is withdrawn; zero while it stands. The newest withdrawal or reinstatement
        /// that counts decides.
        uint40 withdrawnAt;
        /// Which admin withdrew it; zero while it stands.
        address withdrawnBy;
        /// `signer` is, now, an authorised signer of the institution.
        bool signerAuthorised;
        /// Since when the institution distrusts `signer`; zero if it does not.
        uint40 distrustedSince;
        /// There is a record, and its writer is not distrusted since its time or earlier.
        bool counts;
        /// Why the certificate is revoked, 1 to 6 (see `revoke`); zero if no counting revocation exists.
        uint8 reason;
        /// When it was revoked.
        uint40 revokedAt;
        /// Who revoked it.
        address revokedBy;
        /// The institution revoked it (its admin), rather than the batch's signer.
        bool revokedByInstitution;
        /// The commitment of the certificate that replaces this one; zero if none was named.
        bytes32 replacement;
        /// The institution on whose word the signer was authorised as an educator; zero if none.
        bytes32 certifier;
        /// That institution's domain.
        string certifierDomain;
        /// That institution's name.
        string certifierName;
        /// The commitment of the educator's own certificate.
        bytes32 educatorCommitment;
        /// Accredited, counts, index below size, not withdrawn, not revoked.
        bool good;
    }

    /// @notice An institution as the views return it. All zero and empty if it is not accredited.
    struct Institution {
        /// Its DNS domain, by which it is known; keccak256 of it is its id.
        string domain;
        /// The name shown to people, as the programme gave it.
        string name;
        /// Who acts for it.
        address admin;
        /// Whom the admin nominated as the next one; zero if nobody.
        address pendingAdmin;
        /// When the programme accredited it; zero if it did not.
        uint40 accreditedAt;
        /// It may not issue, adopt or certify for now.
        bool suspended;
        /// It may certify educators.
        bool mayCertify;
        /// Sum of the sizes of all batches on record, as their writers claimed them, counting or not.
        uint64 certificates;
        /// Number of roots on record, counting or not.
        uint32 batches;
        /// Number of revocations on record, in both namespaces, counting or not.
        uint32 revocations;
    }

    /// @notice A batch as `batchRecord` returns it. All zero if (institution, root) has no record.
    struct Batch {
        /// Who wrote it: its signer, or, where `adopted`, the admin who adopted it.
        address signer;
        /// When it was written.
        uint40 issuedAt;
        /// How many certificates the writer said it holds.
        uint32 size;
        /// It was registered in the institution's own name and has no signer.
        bool adopted;
        /// Since when it is withdrawn; zero while it stands. A withdrawal outlasts a second writing. The newest
        /// withdrawal or reinstatement that counts decides.
        uint40 withdrawnAt;
        /// Which admin withdrew it; zero while it stands.
        address withdrawnBy;
        /// Its writer is not distrusted since its time or earlier.
        bool counts;
    }

    /// @notice What an institution says about one address.
    struct Key {
        /// The address.
        address key;
        /// It is an authorised signer. It acts only if it is not distrusted as well.
        bool authorised;
        /// When it was last authorised as a signer or made admin, removed since or not; zero if neither ever.
        uint40 authorisedAt;
        /// It is the institution's admin.
        bool isAdmin;
        /// It is, or once was, the institution's admin.
        bool everAdmin;
        /// Since when it is distrusted; zero if it is not.
        uint40 distrustedSince;
        /// The institution on whose word it was last authorised; zero if none.
        bytes32 certifier;
        /// The commitment of the educator's certificate then.
        bytes32 educatorCommitment;
    }

    /// @notice One certificate that `verifyMany` is asked about; the fields are `verify`'s parameters.
    struct Query {
        /// The certificate's place in its batch.
        uint256 index;
        /// SHA-256 of the certificate's hash.
        bytes32 commitment;
        /// SHA-256 of the PDF's first revision, or zero.
        bytes32 sheet;
        /// The Merkle path; empty in a batch of one.
        bytes32[] path;
    }

    /// @notice The counting revocation of one certificate; all zero if there is none.
    struct Revocation {
        /// Why, 1 to 6 (see `revoke`).
        uint8 reason;
        /// When it was written.
        uint40 revokedAt;
        /// Who wrote it.
        address revokedBy;
        /// The institution revoked (its admin), rather than the signer for its own batches.
        bool byInstitution;
        /// The commitment of the certificate that replaces this one; zero if none was named.
        bytes32 replacement;
    }
}
