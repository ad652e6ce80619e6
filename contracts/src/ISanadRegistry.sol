// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistryAnswers} from "./ISanadRegistryAnswers.sol";
import {ISanadRegistryErrors} from "./ISanadRegistryErrors.sol";
import {ISanadRegistryEvents} from "./ISanadRegistryEvents.sol";

/// @title The Sanad registry of certificates
/// @notice Universities (institutions), accredited by a programme (the owner), register batches of course
/// certificates, each batch as one Merkle root, and revoke single certificates. Everything a verifier needs
/// is in storage and is answered by one call of `verify`; nobody has to read logs.
///
/// Words: an institution is named by `keccak256(bytes(domain))`; a `commitment` is SHA-256 of a certificate's
/// hash; a `sheet` is SHA-256 of a PDF's first revision, or zero; all times are block times in seconds.
///
/// What counts: each batch, revocation, withdrawal, reinstatement and certification keeps its writer and time. Where
/// the writer is distrusted since that time or earlier, the record counts as unwritten, and may be written again.
///
/// Calls that succeed without effect: `revoke` and `replace` take any commitment, for nobody can see here in whose
/// batch a certificate is. In a signer's authority they bite only in batches which that signer registered: revoking a
/// commitment of somebody else's batch costs gas, raises the counter, and changes no certificate. They also skip what
/// stands, with its first reason. Read `verify` or `revocations` afterwards.
interface ISanadRegistry is ISanadRegistryAnswers, ISanadRegistryErrors, ISanadRegistryEvents {
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

    /// @notice Stops the institution from issuing, adopting and certifying, and others from authorising educators on
    /// its word. Revoking and withdrawing go on, and what was issued is not touched.
    function suspend(bytes32 institution) external;

    /// @notice Lets a suspended institution issue again.
    function reinstate(bytes32 institution) external;

    /// @notice Changes the name shown for an institution, on all its certificates.
    function rename(bytes32 institution, string calldata name) external;

    /// @notice Says whether an institution may certify educators, from now on.
    function permitCertifying(bytes32 institution, bool permitted) external;

    /// @notice Puts another admin in place at once, where keys are lost or stolen. A nomination lapses.
    /// The old admin's distrust, if it is due, is named by `distrust` thereafter. If the institution itself
    /// distrusts the new key, that is lifted: a thief could else keep any key out by distrusting it first.
    /// What that key wrote as a signer since the moment of its distrust then comes to count again, where nobody has
    /// written over it: batches, and revocations in its own authority. Where that is not meant, name another key.
    /// A former admin, whom only the programme distrusts, stays distrusted, and this reverts.
    /// @param institution whose admin it is to be
    /// @param admin the new one
    function replaceAdmin(bytes32 institution, address admin) external;

    /// @notice Names the registry that takes this one's place. From then on this one takes no batches. May be
    /// corrected to another one, never taken back.
    /// @param chainId the chain that it stands on (EIP-155): an address alone could be somebody else's elsewhere
    /// @param registry its address there
    function nameSuccessor(uint64 chainId, address registry) external;

    // ------------------------------------------------------------------------------- institution admin

    /// @notice Nominates the next admin, who accepts by `acceptAdmin`. Zero takes a nomination back.
    function transferAdmin(bytes32 institution, address nominee) external;

    /// @notice The nominee takes over as admin.
    function acceptAdmin(bytes32 institution) external;

    /// @notice Lets a key issue for the institution, on nobody's word but the institution's. Distrust stays.
    function authorise(bytes32 institution, address signer) external;

    /// @notice Lets an educator's key issue for the institution, on the word of an institution that certified
    /// it. Checked now: the certifier may certify, is not suspended, said so of this key, and has not revoked
    /// the educator's certificate in its own name. (A revocation by one of its signers cannot be seen here, as
    /// a commitment does not say in whose batch it stands; verifiers see it when they walk, and the certifier
    /// takes its word back by `certify`.) Kept: certifier and commitment. A later revocation voids nothing here.
    function authoriseEducator(bytes32 institution, address signer, bytes32 certifier) external;

    /// @notice Ends a signer's authority. What it did stands.
    function remove(bytes32 institution, address signer) external;

    /// @notice From `since` on, what the key wrote counts as unwritten, and it does nothing more. May be moved.
    /// The admin says so of keys that were never admin; the programme of former admins.
    /// @param since a moment not later than now
    function distrust(bytes32 institution, address key, uint40 since) external;

    /// @notice Ends distrust. What the key wrote counts again, where nobody has written over it or, of withdrawals and
    /// reinstatements, dropped it.
    function liftDistrust(bytes32 institution, address key) external;

    /// @notice Withdraws a whole batch, until it is reinstated; also one that is not registered here yet, so that what
    /// was withdrawn in another registry does not stand for a moment when it is adopted. Takes any root: withdrawing
    /// one that nobody registers succeeds and changes no certificate.
    ///
    /// Withdrawals and reinstatements of a batch are a list with writer and time. The newest that counts decides. The
    /// list holds 16: a further act first drops those that do not count, and reverts where all 16 do.
    function withdraw(bytes32 institution, bytes32 root) external;

    /// @notice Reinstates a withdrawn batch. An act of the list as `withdraw` is.
    function reinstateBatch(bytes32 institution, bytes32 root) external;

    /// @notice Registers, in the institution's own name, roots that have no counting record: honest batches of a
    /// stolen key, or all batches when a registry is moved. Only the institution revokes there. A withdrawal
    /// of the root stays.
    function adopt(bytes32 institution, bytes32[] calldata roots, uint32[] calldata sizes) external;

    /// @notice Says that each educator's key belongs to the educator whose certificate has the commitment beside it; a zero
    /// commitment takes it back. For institutions that may certify.
    function certify(bytes32 institution, address[] calldata educators, bytes32[] calldata commitments) external;

    // ------------------------------------------------------------------------------------------ signers

    /// @notice Registers a batch. While it counts, a second one under the same (institution, root) reverts.
    /// @param root root of the batch's Merkle tree
    /// @param size how many certificates it holds; `verify` is never good at or beyond it
    function issue(bytes32 institution, bytes32 root, uint32 size) external;

    /// @notice Revokes certificates. Skips those whose counting revocation under that authority stands. A counting
    /// revocation is final. In a signer's authority it bites only in batches which that signer registered and nobody
    /// adopted: for a commitment of somebody else's batch the call succeeds, and that certificate stays good.
    /// @param authority in whose authority the sender acts: zero for the institution's, which only its admin has, or
    /// the sender's own address for a signer's. A key that lost the one that it names fails, and never acts in the other.
    /// @param reason 1 issued in error, 2 data error, 3 misconduct, 4 superseded, 5 holder's request, 6 other
    function revoke(bytes32 institution, address authority, bytes32[] calldata commitments, uint8 reason) external;

    /// @notice Revokes certificates as `revoke` does and names what replaces each, within the institution. What is
    /// skipped keeps its first replacement, or none.
    /// @param authority as in `revoke`
    function replace(
        bytes32 institution,
        address authority,
        bytes32[] calldata commitments,
        bytes32[] calldata replacements,
        uint8 reason
    ) external;

    /// @notice `issue`, signed by the signer and sent by anybody. EIP-712:
    /// Issue(bytes32 institution,address signer,bytes32 root,uint32 size,uint256 deadline)
    ///
    /// A used signature can serve again until its deadline where the batch that it registered ceased to count and the
    /// signer may act: after somebody else wrote over it who is distrusted since, say.
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
    /// Revoke(bytes32 institution,address signer,address authority,bytes32[] commitments,uint8 reason,uint256 deadline)
    /// @param authority as in `revoke`, with the signer as sender
    function revokeFor(
        bytes32 institution,
        address signer,
        address authority,
        bytes32[] calldata commitments,
        uint8 reason,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice `replace`, signed by the signer or admin and sent by anybody. EIP-712:
    /// Replace(bytes32 institution,address signer,address authority,bytes32[] commitments,bytes32[] replacements,uint8 reason,uint256 deadline)
    /// @param authority as in `revoke`, with the signer as sender
    function replaceFor(
        bytes32 institution,
        address signer,
        address authority,
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

    /// @notice Answers everything about many certificates of one institution, in the order asked: each answer is the
    /// one that `verify` gives. A node may limit the gas of a call and the length of an answer: README.md has what
    /// hundreds take.
    /// @param domain as in `verify`
    /// @param queries what is asked of each
    function verifyMany(string calldata domain, Query[] calldata queries)
        external
        view
        returns (Answer[] memory answers);

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

    /// @notice The chain that the successor stands on; zero if none.
    function successorChain() external view returns (uint64);

    /// @notice How many institutions were ever accredited.
    function institutionCount() external view returns (uint256);

    /// @notice The institution at a place, in order of accreditation.
    function institutionAt(uint256 position) external view returns (bytes32);

    /// @notice Many institutions and their counters, in order of accreditation.
    /// @param first the place of the first one
    /// @param limit how many at most
    /// @return sentinel as in `verify`
    /// @return blockNumber as in `verify`
    /// @return blockTime as in `verify`
    /// @return count how many were ever accredited
    /// @return records those from `first` on; none where there are no more
    function institutions(uint256 first, uint256 limit)
        external
        view
        returns (
            bytes32 sentinel,
            uint64 blockNumber,
            uint64 blockTime,
            uint256 count,
            Institution[] memory records
        );

    /// @notice An institution and its counters.
    function institutionRecord(bytes32 institution) external view returns (Institution memory);

    /// @notice The batch under (institution, root).
    function batchRecord(bytes32 institution, bytes32 root) external view returns (Batch memory);

    /// @notice Many batches of an institution, in the order asked.
    /// @return sentinel as in `verify`
    /// @return blockNumber as in `verify`
    /// @return blockTime as in `verify`
    /// @return records one for each root; all zero where there is no record
    function batchRecords(bytes32 institution, bytes32[] calldata roots)
        external
        view
        returns (bytes32 sentinel, uint64 blockNumber, uint64 blockTime, Batch[] memory records);

    /// @notice Every address that was ever a signer or admin of an institution, in the order of its first authority.
    /// Keys that a thief authorised are among them, and `authorisedAt` says which were authorised since the theft.
    /// @param first the place of the first one
    /// @param limit how many at most
    /// @return sentinel as in `verify`
    /// @return blockNumber as in `verify`
    /// @return blockTime as in `verify`
    /// @return count how many there are
    /// @return records those from `first` on; none where there are no more
    function keys(bytes32 institution, uint256 first, uint256 limit)
        external
        view
        returns (bytes32 sentinel, uint64 blockNumber, uint64 blockTime, uint256 count, Key[] memory records);

    /// @notice What the institution says of one address, as signer or admin.
    function keyRecord(bytes32 institution, address key) external view returns (Key memory);

    /// @notice The educator's certificate that an institution certified a key with, if that counts; else zero.
    function certification(bytes32 institution, address key) external view returns (bytes32 commitment);
}
