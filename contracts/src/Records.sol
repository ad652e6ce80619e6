// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ISanadRegistry} from "./ISanadRegistry.sol";
import {KeyState} from "./types/KeyState.sol";
import {Record} from "./types/Record.sol";
import {Standing} from "./types/Standing.sol";

/// @title What the registry stores, and which records count
/// @dev Whatever is written or read often is one slot; types/ has the bits of each. README.md has the slots of all.
abstract contract Records is ISanadRegistry, Ownable2Step {
    struct InstitutionSlots {
        Standing standing;
        address admin;
        address pendingAdmin;
        string domain;
        string name;
    }

    /// The second slot is not touched by issuing. Each withdrawal's detail is 1, each reinstatement's 0.
    struct BatchSlots {
        Record record;
        Record[] withdrawals;
    }

    struct RevocationSlots {
        Record record;
        bytes32 replacement;
    }

    /// On whose word a signer was authorised.
    struct EducatorSlots {
        bytes32 certifier;
        bytes32 commitment;
    }

    /// Whose key it is, in a certifying institution's word. The record's detail is not used.
    struct CertificationSlots {
        Record record;
        bytes32 commitment;
    }

    /// @dev Names the institution's own namespace of revocations, where a signer's address names the signer's.
    address internal constant INSTITUTION = address(0);

    /// @dev In storage and not in code, so that a node that lost the state cannot answer it.
    bytes32 internal _sentinel = keccak256("sanad.registry.1");

    /// @inheritdoc ISanadRegistry
    address public successor;

    /// @inheritdoc ISanadRegistry
    uint64 public successorChain;

    bytes32[] internal _institutionIds;
    mapping(bytes32 institution => InstitutionSlots) internal _institutions;
    mapping(bytes32 institution => mapping(address key => KeyState)) internal _keys;
    mapping(bytes32 institution => mapping(address signer => EducatorSlots)) internal _educators;
    mapping(bytes32 institution => mapping(bytes32 root => BatchSlots)) internal _batches;
    mapping(bytes32 institution => mapping(address authority => mapping(bytes32 commitment => RevocationSlots)))
        internal _revocations;
    mapping(bytes32 institution => mapping(address key => CertificationSlots)) internal _certifications;
    mapping(bytes32 institution => address[]) internal _keyList;

    modifier onlyAdmin(bytes32 institution) {
        if (!_keys[institution][msg.sender].isAdmin()) revert NotAdmin(institution, msg.sender);
        _;
    }

    modifier onlyAccredited(bytes32 institution) {
        if (_institutions[institution].standing.accreditedAt() == 0) revert NotAccredited(institution);
        _;
    }

    /// @dev Without an owner, lost admin keys could never be replaced.
    function renounceOwnership() public pure override {
        revert CannotRenounce();
    }

    /// @dev Whether there is a record and its writer is not distrusted since its time or earlier. Times are block
    /// times, so what was written in the very second of the distrust does not count either.
    function _counts(bytes32 institution, Record record) internal view returns (bool) {
        if (!record.exists()) return false;
        uint40 since = _keys[institution][record.writer()].distrustedSince();
        return since == 0 || since > record.time();
    }

    function _isRevoked(bytes32 institution, address authority, bytes32 commitment)
        internal
        view
        returns (bool)
    {
        return _counts(institution, _revocations[institution][authority][commitment].record);
    }

    /// @dev A key that acts must be authorised and trusted.
    function _requireSigner(bytes32 institution, address signer, KeyState key) internal pure {
        if (key.mayAct()) return;
        if (key.authorised()) revert Distrusted(institution, signer);
        revert NotAuthorised(institution, signer);
    }

    function _requireOpen() internal view {
        address registry = successor;
        if (registry != address(0)) revert Closed(registry);
    }
}
