// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Governance} from "./Governance.sol";
import {ISanadRegistry} from "./ISanadRegistry.sol";
import {Relay} from "./Relay.sol";
import {KeyState} from "./types/KeyState.sol";
import {Record} from "./types/Record.sol";

/// @title The Sanad registry: accredits, records and answers
/// @notice Immutable: no proxy, no upgrade. Another version is another contract, named by `successor`.
contract SanadRegistry is Governance, Relay {
    /// @param programme the owner, who accredits institutions
    constructor(address programme) Ownable(programme) EIP712("Sanad", "1") {}

    // ---------------------------------------------------------------------------------------------- verify

    /// @inheritdoc ISanadRegistry
    function verify(
        string calldata domain,
        uint256 index,
        bytes32 commitment,
        bytes32 sheet,
        bytes32[] calldata path
    ) external view returns (Answer memory) {
        return _answer(keccak256(bytes(domain)), index, commitment, sheet, path);
    }

    /// @inheritdoc ISanadRegistry
    function verifyMany(string calldata domain, Query[] calldata queries)
        external
        view
        returns (Answer[] memory answers)
    {
        bytes32 institution = keccak256(bytes(domain));
        answers = new Answer[](queries.length);
        for (uint256 i; i < queries.length; ++i) {
            Query calldata q = queries[i];
            answers[i] = _answer(institution, q.index, q.commitment, q.sheet, q.path);
        }
    }

    function _answer(
        bytes32 institution,
        uint256 index,
        bytes32 commitment,
        bytes32 sheet,
        bytes32[] calldata path
    ) private view returns (Answer memory a) {
        a.sentinel = _sentinel;
        (a.blockNumber, a.blockTime) = _block();
        (a.successor, a.successorChain) = (successor, successorChain);
        a.institution = institution;
        a.root = MerkleProof.processProofCalldata(path, _leaf(index, commitment, sheet));
        _answerInstitution(a);
        _answerBatch(a);
        _answerSigner(a);
        _answerRevocation(a, commitment);
        a.good = a.accredited && a.counts && index < a.size && a.withdrawnAt == 0 && a.reason == 0;
    }

    /// @dev As OpenZeppelin's StandardMerkleTree hashes ["uint256", "bytes32", "bytes32"]; hashed twice, so that no
    /// inner node can pass for a leaf.
    function _leaf(uint256 index, bytes32 commitment, bytes32 sheet) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(index, commitment, sheet))));
    }

    function _answerInstitution(Answer memory a) private view {
        InstitutionSlots storage slots = _institutions[a.institution];
        a.accredited = slots.standing.accreditedAt() != 0;
        a.suspended = slots.standing.suspended();
        a.institutionName = slots.name;
    }

    function _answerBatch(Answer memory a) private view {
        Record record = _batches[a.institution][a.root].record;
        Record withdrawal = _withdrawal(a.institution, a.root);
        a.signer = record.writer();
        a.issuedAt = record.time();
        a.size = record.detail();
        a.adopted = record.adopted();
        a.withdrawnAt = withdrawal.time();
        a.withdrawnBy = withdrawal.writer();
        a.counts = _counts(a.institution, record);
    }

    function _answerSigner(Answer memory a) private view {
        KeyState key = _keys[a.institution][a.signer];
        a.signerAuthorised = key.authorised();
        a.distrustedSince = key.distrustedSince();
        // An adopted batch has no signer, so no educator either.
        if (a.adopted) return;
        EducatorSlots storage educator = _educators[a.institution][a.signer];
        a.certifier = educator.certifier;
        a.educatorCommitment = educator.commitment;
        a.certifierDomain = _institutions[a.certifier].domain;
        a.certifierName = _institutions[a.certifier].name;
    }

    function _answerRevocation(Answer memory a, bytes32 commitment) private view {
        address signer = a.adopted ? INSTITUTION : a.signer;
        Revocation memory revocation = _revocation(a.institution, signer, commitment);
        a.reason = revocation.reason;
        a.revokedAt = revocation.revokedAt;
        a.revokedBy = revocation.revokedBy;
        a.revokedByInstitution = revocation.byInstitution;
        a.replacement = revocation.replacement;
    }

    // -------------------------------------------------------------------------------------------- the rest

    /// @inheritdoc ISanadRegistry
    function revocations(bytes32 institution, address signer, bytes32[] calldata commitments)
        external
        view
        returns (bytes32 sentinel, uint64 blockNumber, uint64 blockTime, Revocation[] memory answers)
    {
        sentinel = _sentinel;
        (blockNumber, blockTime) = _block();
        answers = new Revocation[](commitments.length);
        for (uint256 i; i < commitments.length; ++i) {
            answers[i] = _revocation(institution, signer, commitments[i]);
        }
    }

    /// @inheritdoc ISanadRegistry
    function institutionCount() external view returns (uint256) {
        return _institutionIds.length;
    }

    /// @inheritdoc ISanadRegistry
    function institutionAt(uint256 position) external view returns (bytes32) {
        return _institutionIds[position];
    }

    /// @inheritdoc ISanadRegistry
    function institutions(uint256 first, uint256 limit)
        external
        view
        returns (
            bytes32 sentinel,
            uint64 blockNumber,
            uint64 blockTime,
            uint256 count,
            Institution[] memory records
        )
    {
        sentinel = _sentinel;
        (blockNumber, blockTime) = _block();
        count = _institutionIds.length;
        records = new Institution[](_page(first, limit, count));
        for (uint256 i; i < records.length; ++i) {
            records[i] = institutionRecord(_institutionIds[first + i]);
        }
    }

    /// @inheritdoc ISanadRegistry
    function institutionRecord(bytes32 institution) public view returns (Institution memory) {
        InstitutionSlots storage slots = _institutions[institution];
        return Institution({
            domain: slots.domain,
            name: slots.name,
            admin: slots.admin,
            pendingAdmin: slots.pendingAdmin,
            accreditedAt: slots.standing.accreditedAt(),
            suspended: slots.standing.suspended(),
            mayCertify: slots.standing.mayCertify(),
            certificates: slots.standing.certificates(),
            batches: slots.standing.batches(),
            revocations: slots.standing.revocations()
        });
    }

    /// @inheritdoc ISanadRegistry
    function batchRecords(bytes32 institution, bytes32[] calldata roots)
        external
        view
        returns (bytes32 sentinel, uint64 blockNumber, uint64 blockTime, Batch[] memory records)
    {
        sentinel = _sentinel;
        (blockNumber, blockTime) = _block();
        records = new Batch[](roots.length);
        for (uint256 i; i < roots.length; ++i) {
            records[i] = batchRecord(institution, roots[i]);
        }
    }

    /// @inheritdoc ISanadRegistry
    function batchRecord(bytes32 institution, bytes32 root) public view returns (Batch memory) {
        Record record = _batches[institution][root].record;
        Record withdrawal = _withdrawal(institution, root);
        return Batch({
            signer: record.writer(),
            issuedAt: record.time(),
            size: record.detail(),
            adopted: record.adopted(),
            withdrawnAt: withdrawal.time(),
            withdrawnBy: withdrawal.writer(),
            counts: _counts(institution, record)
        });
    }

    /// @inheritdoc ISanadRegistry
    function keys(bytes32 institution, uint256 first, uint256 limit)
        external
        view
        returns (bytes32 sentinel, uint64 blockNumber, uint64 blockTime, uint256 count, Key[] memory records)
    {
        sentinel = _sentinel;
        (blockNumber, blockTime) = _block();
        address[] storage all = _keyList[institution];
        count = all.length;
        records = new Key[](_page(first, limit, count));
        for (uint256 i; i < records.length; ++i) {
            records[i] = keyRecord(institution, all[first + i]);
        }
    }

    /// @inheritdoc ISanadRegistry
    function keyRecord(bytes32 institution, address key) public view returns (Key memory) {
        KeyState state = _keys[institution][key];
        EducatorSlots storage educator = _educators[institution][key];
        return Key({
            key: key,
            authorised: state.authorised(),
            authorisedAt: state.authorisedAt(),
            isAdmin: state.isAdmin(),
            everAdmin: state.everAdmin(),
            distrustedSince: state.distrustedSince(),
            certifier: educator.certifier,
            educatorCommitment: educator.commitment
        });
    }

    /// @dev The institution's record outranks the signer's.
    function _revocation(bytes32 institution, address signer, bytes32 commitment)
        private
        view
        returns (Revocation memory)
    {
        address authority = _isRevoked(institution, INSTITUTION, commitment) ? INSTITUTION : signer;
        RevocationSlots storage slots = _revocations[institution][authority][commitment];
        Record record = slots.record;
        if (!_counts(institution, record)) return Revocation(0, 0, address(0), false, 0);
        return Revocation({
            reason: uint8(record.detail()),
            revokedAt: record.time(),
            revokedBy: record.writer(),
            byInstitution: authority == INSTITUTION,
            replacement: slots.replacement
        });
    }

    /// @dev How many of `count` a page holds that begins at `first` and has room for `limit`.
    function _page(uint256 first, uint256 limit, uint256 count) private pure returns (uint256) {
        uint256 left = first < count ? count - first : 0;
        return limit < left ? limit : left;
    }

    function _block() private view returns (uint64 number, uint64 time) {
        return (uint64(block.number), uint64(block.timestamp));
    }
}
