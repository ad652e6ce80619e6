// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistryErrors} from "./ISanadRegistryErrors.sol";

/// @title The Sanad registry of certificates
/// @notice Universities (institutions), accredited by a programme (the owner), register batches of course
/// certificates, each batch as one Merkle root, and revoke single certificates. Everything a verifier needs
/// is in storage and is answered by one call of `verify`; nobody has to read logs.
///
/// Words: an institution is named by `keccak256(bytes(domain))`; a `commitment` is SHA-256 of a certificate's
/// hash; a `sheet` is SHA-256 of a PDF's first revision, or zero; all times are block times in seconds.
///
/// What counts: each batch and revocation keeps its writer and time. Where the writer is distrusted since that
/// time or earlier, the record counts as unwritten, and may be written again.
interface ISanadRegistry is ISanadRegistryErrors {
    // ------------------------------------------------------------------------------------------ answers

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
        /// Since when the whole batch is withdrawn; zero while it stands.
        uint40 withdrawnAt;
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
        string domain;
        string name;
        address admin;
        /// Whom the admin nominated as the next one; zero if nobody.
        address pendingAdmin;
        uint40 accreditedAt;
        bool suspended;
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
        address signer;
        uint40 issuedAt;
        uint32 size;
        bool adopted;
        uint40 withdrawnAt;
        bool counts;
    }

    /// @notice What an institution says about one address.
    struct Key {
        /// It is an authorised signer. It acts only if it is not distrusted as well.
        bool authorised;
        /// It is, or once was, the institution's admin.
        bool everAdmin;
        /// Since when it is distrusted; zero if it is not.
        uint40 distrustedSince;
        /// The institution on whose word it was last authorised; zero if none.
        bytes32 certifier;
        /// The commitment of the educator's certificate then.
        bytes32 educatorCommitment;
    }

    /// @notice The counting revocation of one certificate; all zero if there is none.
    struct Revocation {
        uint8 reason;
        uint40 revokedAt;
        address revokedBy;
        bool byInstitution;
        bytes32 replacement;
    }

    // ------------------------------------------------------------------------------------------- events

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
    /// @notice This registry takes no more batches; the one at `successor` does.
    event SuccessorNamed(address indexed successor);
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

    // ---------------------------------------------------------------------------- programme (the owner)

    /// @notice Accredits an institution.
    /// @param domain its DNS domain: lower-case A-labels, at least two, no port, path or final dot
    /// @param name the name shown to people, 1 to 200 bytes of UTF-8
    /// @param admin who acts for it
    /// @param mayCertify whether it may certify educators
    /// @return institution keccak256(bytes(domain))
    function accredit(string calldata domain, string calldata name, address admin, bool mayCertify)
        external
        returns (bytes32 institution);

    /// @notice Stops the institution from issuing, adopting and certifying. Revoking goes on, and what was
    /// issued is not touched.
    function suspend(bytes32 institution) external;

    /// @notice Lets a suspended institution issue again.
    function reinstate(bytes32 institution) external;

    /// @notice Changes the name shown for an institution, on all its certificates.
    function rename(bytes32 institution, string calldata name) external;

    /// @notice Says whether an institution may certify educators, from now on.
    function permitCertifying(bytes32 institution, bool permitted) external;

    /// @notice Puts another admin in place at once, where keys are lost or stolen. A nomination lapses.
    /// The old admin's distrust, if it is due, is named by `distrust` thereafter.
    function replaceAdmin(bytes32 institution, address admin) external;

    /// @notice Names the registry that takes this one's place. From then on this one takes no batches. May be
    /// corrected to another address, never taken back. The successor may be on another chain.
    function nameSuccessor(address registry) external;

    // ------------------------------------------------------------------------------- institution admin

    /// @notice Nominates the next admin, who accepts by `acceptAdmin`. Zero takes a nomination back.
    function transferAdmin(bytes32 institution, address nominee) external;

    /// @notice The nominee takes over as admin.
    function acceptAdmin(bytes32 institution) external;

    /// @notice Lets a key issue for the institution, on nobody's word but the institution's. Distrust stays.
    function authorise(bytes32 institution, address signer) external;

    /// @notice Lets an educator's key issue for the institution, on the word of an institution that certified
    /// it. Checked now: the certifier may certify, is not suspended, said so of this key, and has not revoked
    /// the educator's certificate. Kept: certifier and commitment. A later revocation voids nothing here.
    function authoriseEducator(bytes32 institution, address signer, bytes32 certifier) external;

    /// @notice Ends a signer's authority. What it did stands.
    function remove(bytes32 institution, address signer) external;

    /// @notice From `since` on, what the key wrote counts as unwritten, and it does nothing more. May be moved.
    /// The admin says so of keys that were never admin; the programme of former admins.
    /// @param since a moment not later than now
    function distrust(bytes32 institution, address key, uint40 since) external;

    /// @notice Ends distrust. What the key wrote counts again, where nobody has written over it.
    function liftDistrust(bytes32 institution, address key) external;

    /// @notice Withdraws a whole batch, until it is reinstated.
    function withdraw(bytes32 institution, bytes32 root) external;

    /// @notice Reinstates a withdrawn batch.
    function reinstateBatch(bytes32 institution, bytes32 root) external;

    /// @notice Registers, in the institution's own name, roots that have no counting record: honest batches of a
    /// stolen key, or all batches when a registry is moved. Only the institution revokes there. A withdrawal
    /// of the root stays.
    function adopt(bytes32 institution, bytes32[] calldata roots, uint32[] calldata sizes) external;

    /// @notice Says that each key belongs to the educator whose certificate has the commitment beside it; a zero
    /// commitment takes it back. For institutions that may certify.
    function certify(bytes32 institution, address[] calldata keys, bytes32[] calldata commitments) external;

    // ------------------------------------------------------------------------------------------ signers

    /// @notice Registers a batch. A second one under the same (institution, root) reverts.
    /// @param root root of the batch's Merkle tree
    /// @param size how many certificates it holds; `verify` is never good at or beyond it
    function issue(bytes32 institution, bytes32 root, uint32 size) external;

    /// @notice Revokes certificates: for the whole institution if the sender is its admin, else for the sender's
    /// own batches. Skips those whose counting revocation stands. A counting revocation is final.
    /// @param reason 1 issued in error, 2 data error, 3 misconduct, 4 superseded, 5 holder's request, 6 other
    function revoke(bytes32 institution, bytes32[] calldata commitments, uint8 reason) external;

    /// @notice Revokes certificates as `revoke` does and names what replaces each, within the institution.
    function replace(
        bytes32 institution,
        bytes32[] calldata commitments,
        bytes32[] calldata replacements,
        uint8 reason
    ) external;

    /// @notice `issue`, signed by the signer and sent by anybody. EIP-712:
    /// Issue(bytes32 institution,address signer,bytes32 root,uint32 size,uint256 deadline)
    /// @param deadline a moment from now to a day ahead, in seconds
    /// @param signature ECDSA (65 bytes) by `signer`, or what its ERC-1271 contract accepts
    function issueFor(
        bytes32 institution,
        address signer,
        bytes32 root,
        uint32 size,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice `revoke`, signed by the signer or admin and sent by anybody. EIP-712:
    /// Revoke(bytes32 institution,address signer,bytes32[] commitments,uint8 reason,uint256 deadline)
    function revokeFor(
        bytes32 institution,
        address signer,
        bytes32[] calldata commitments,
        uint8 reason,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice `replace`, signed by the signer or admin and sent by anybody. EIP-712:
    /// Replace(bytes32 institution,address signer,bytes32[] commitments,bytes32[] replacements,uint8 reason,uint256 deadline)
    function replaceFor(
        bytes32 institution,
        address signer,
        bytes32[] calldata commitments,
        bytes32[] calldata replacements,
        uint8 reason,
        uint256 deadline,
        bytes calldata signature
    ) external;

    // -------------------------------------------------------------------------------------------- views

    /// @notice Answers everything about one certificate. Never reverts for an unknown domain or root: what is
    /// not there is zero.
    /// @param domain the institution's, out of the certificate's issuer `did:web:<domain>`
    /// @param index the certificate's place in its batch
    /// @param commitment SHA-256 of the certificate's hash
    /// @param sheet SHA-256 of the PDF's first revision, or zero
    /// @param path the Merkle path; empty in a batch of one
    function verify(
        string calldata domain,
        uint256 index,
        bytes32 commitment,
        bytes32 sheet,
        bytes32[] calldata path
    ) external view returns (Answer memory);

    /// @notice The counting revocations of many certificates that one signer issued for an institution, in the
    /// order asked; the institution's outrank the signer's. Zero as signer: the institution's only.
    /// @return sentinel as in `verify`
    /// @return blockNumber as in `verify`
    /// @return blockTime as in `verify`
    /// @return answers one for each commitment
    function revocations(bytes32 institution, address signer, bytes32[] calldata commitments)
        external
        view
        returns (bytes32 sentinel, uint64 blockNumber, uint64 blockTime, Revocation[] memory answers);

    /// @notice The registry that takes this one's place; zero if none.
    function successor() external view returns (address);

    /// @notice How many institutions were ever accredited.
    function institutionCount() external view returns (uint256);

    /// @notice The institution at a place, in order of accreditation.
    function institutionAt(uint256 position) external view returns (bytes32);

    /// @notice An institution and its counters.
    function institutionRecord(bytes32 institution) external view returns (Institution memory);

    /// @notice The batch under (institution, root).
    function batchRecord(bytes32 institution, bytes32 root) external view returns (Batch memory);

    /// @notice What the institution says of one address, as signer or admin.
    function keyRecord(bytes32 institution, address key) external view returns (Key memory);

    /// @notice The educator's certificate that an institution certified a key with, if that counts; else zero.
    function certification(bytes32 institution, address key) external view returns (bytes32 commitment);
}
