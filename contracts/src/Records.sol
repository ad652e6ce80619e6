// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ISanadRegistry} from "./ISanadRegistry.sol";

/// @title What the registry stores, and which records count
/// @dev Diagrams read from the highest bit to the lowest. README.md has the slots of the whole contract.
abstract contract Records is ISanadRegistry, Ownable2Step {
    // |  ...  | mayCertify 8 | suspended 8 | accreditedAt 40 | revocations 32 | batches 32 | certificates 64 |
    // |  ...  | admin 160 |
    // |  ...  | pendingAdmin 160 |
    // domain, name
    struct InstitutionSlots {
        uint64 certificates;
        uint32 batches;
        uint32 revocations;
        uint40 accreditedAt;
        bool suspended;
        bool mayCertify;
        address admin;
        address pendingAdmin;
        string domain;
        string name;
    }

    // | ... 16 | adopted 8 | size 32 | issuedAt 40 | writer 160 |
    struct BatchSlot {
        address writer;
        uint40 issuedAt;
        uint32 size;
        bool adopted;
    }

    // | ... 48 | reason 8 | revokedAt 40 | writer 160 |
    struct RevocationSlot {
        address writer;
        uint40 revokedAt;
        uint8 reason;
    }

    // | ... 200 | distrustedSince 40 | everAdmin 8 | authorised 8 |
    // | certifier 256 |
    // | educatorCommitment 256 |
    struct KeySlots {
        bool authorised;
        bool everAdmin;
        uint40 distrustedSince;
        bytes32 certifier;
        bytes32 educatorCommitment;
    }

    // | ... 56 | certifiedAt 40 | writer 160 |
    // | commitment 256 |
    struct CertificationSlots {
        address writer;
        uint40 certifiedAt;
        bytes32 commitment;
    }

    /// @dev Names the institution's own namespace of revocations, where a signer's address names the signer's.
    address internal constant INSTITUTION = address(0);

    /// @dev In storage and not in code, so that a node that lost the state cannot answer it.
    bytes32 internal _sentinel = keccak256("sanad.registry.1");

    /// @inheritdoc ISanadRegistry
    address public successor;

    bytes32[] internal _institutionIds;
    mapping(bytes32 institution => InstitutionSlots) internal _institutions;
    mapping(bytes32 institution => mapping(address key => KeySlots)) internal _keys;
    mapping(bytes32 institution => mapping(bytes32 root => BatchSlot)) internal _batches;
    mapping(bytes32 institution => mapping(bytes32 root => uint40 withdrawnAt)) internal _withdrawals;
    mapping(bytes32 institution => mapping(address authority => mapping(bytes32 commitment => RevocationSlot)))
        internal _revocations;
    mapping(bytes32 institution => mapping(address authority => mapping(bytes32 commitment => bytes32)))
        internal _replacements;
    mapping(bytes32 institution => mapping(address key => CertificationSlots)) internal _certifications;

    modifier onlyAdmin(bytes32 institution) {
        if (_institutions[institution].admin != msg.sender) revert NotAdmin(institution, msg.sender);
        _;
    }

    modifier onlyAccredited(bytes32 institution) {
        if (_institutions[institution].accreditedAt == 0) revert NotAccredited(institution);
        _;
    }

    /// @dev Without an owner, lost admin keys could never be replaced.
    function renounceOwnership() public pure override {
        revert CannotRenounce();
    }

    /// @dev Whether a record that `writer` wrote at `time` counts. Time zero is no record.
    function _counts(bytes32 institution, address writer, uint40 time) internal view returns (bool) {
        return time != 0 && !_isDistrustedAt(_keys[institution][writer].distrustedSince, time);
    }

    /// @dev Times are block times, so what was written in the very second of `since` is distrusted too.
    function _isDistrustedAt(uint40 since, uint40 time) private pure returns (bool) {
        return since != 0 && since <= time;
    }

    function _isRevoked(bytes32 institution, address authority, bytes32 commitment)
        internal
        view
        returns (bool)
    {
        RevocationSlot storage revocation = _revocations[institution][authority][commitment];
        return _counts(institution, revocation.writer, revocation.revokedAt);
    }

    /// @dev A key that issues must be authorised and trusted.
    function _requireSigner(bytes32 institution, address signer) internal view {
        KeySlots storage slots = _keys[institution][signer];
        if (!slots.authorised) revert NotAuthorised(institution, signer);
        if (slots.distrustedSince != 0) revert Distrusted(institution, signer);
    }

    function _requireOpen() internal view {
        if (successor != address(0)) revert Closed(successor);
    }

    function _now() internal view returns (uint40) {
        return uint40(block.timestamp);
    }
}
