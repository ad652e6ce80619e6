// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Domain} from "./Domain.sol";
import {ISanadRegistry} from "./ISanadRegistry.sol";
import {Records} from "./Records.sol";
import {KeyState} from "./types/KeyState.sol";
import {newRecord} from "./types/Record.sol";
import {Standing, newStanding} from "./types/Standing.sol";

/// @title Who may do what: the programme accredits, the institutions' admins authorise
abstract contract Governance is Records {
    uint256 private constant MAX_NAME = 200;

    // ------------------------------------------------------------------------------------------ programme

    /// @inheritdoc ISanadRegistry
    function accredit(string calldata domain, string calldata name, address admin, bool mayCertify)
        external
        onlyOwner
        returns (bytes32 institution)
    {
        if (!Domain.isCanonical(bytes(domain))) revert BadDomain(domain);
        _requireName(name);
        institution = keccak256(bytes(domain));
        InstitutionSlots storage slots = _institutions[institution];
        if (slots.standing.accreditedAt() != 0) revert AlreadyAccredited(institution);
        slots.standing = newStanding(mayCertify);
        slots.domain = domain;
        slots.name = name;
        _institutionIds.push(institution);
        emit InstitutionAccredited(institution, domain, name, admin, mayCertify);
        _setAdmin(institution, admin);
    }

    /// @inheritdoc ISanadRegistry
    function suspend(bytes32 institution) external onlyOwner onlyAccredited(institution) {
        _setSuspended(institution, true);
        emit InstitutionSuspended(institution);
    }

    /// @inheritdoc ISanadRegistry
    function reinstate(bytes32 institution) external onlyOwner onlyAccredited(institution) {
        _setSuspended(institution, false);
        emit InstitutionReinstated(institution);
    }

    /// @inheritdoc ISanadRegistry
    function rename(bytes32 institution, string calldata name)
        external
        onlyOwner
        onlyAccredited(institution)
    {
        _requireName(name);
        _institutions[institution].name = name;
        emit InstitutionRenamed(institution, name);
    }

    /// @inheritdoc ISanadRegistry
    function permitCertifying(bytes32 institution, bool permitted)
        external
        onlyOwner
        onlyAccredited(institution)
    {
        InstitutionSlots storage slots = _institutions[institution];
        slots.standing = slots.standing.withMayCertify(permitted);
        emit CertifyingPermitted(institution, permitted);
    }

    /// @inheritdoc ISanadRegistry
    function replaceAdmin(bytes32 institution, address admin)
        external
        onlyOwner
        onlyAccredited(institution)
    {
        KeyState state = _keys[institution][admin];
        // Only the admin who is being replaced can have said so of one that was never admin.
        if (!state.everAdmin() && state.distrustedSince() != 0) _liftDistrust(institution, admin);
        _setAdmin(institution, admin);
    }

    /// @inheritdoc ISanadRegistry
    function nameSuccessor(uint64 chainId, address registry) external onlyOwner {
        if (registry == address(0)) revert ZeroAddress();
        if (chainId == 0) revert ZeroChain();
        successor = registry;
        successorChain = chainId;
        emit SuccessorNamed(chainId, registry);
    }

    // ---------------------------------------------------------------------------------- institution admin

    /// @inheritdoc ISanadRegistry
    function transferAdmin(bytes32 institution, address nominee) external onlyAdmin(institution) {
        _institutions[institution].pendingAdmin = nominee;
        emit AdminNominated(institution, msg.sender, nominee);
    }

    /// @inheritdoc ISanadRegistry
    function acceptAdmin(bytes32 institution) external {
        if (_institutions[institution].pendingAdmin != msg.sender) {
            revert NotNominated(institution, msg.sender);
        }
        _setAdmin(institution, msg.sender);
    }

    /// @inheritdoc ISanadRegistry
    function authorise(bytes32 institution, address signer) external onlyAdmin(institution) {
        _authorise(institution, signer, 0, 0);
    }

    /// @inheritdoc ISanadRegistry
    function authoriseEducator(bytes32 institution, address signer, bytes32 certifier)
        external
        onlyAdmin(institution)
    {
        _requireCertifier(certifier);
        bytes32 commitment = certification(certifier, signer);
        if (commitment == 0) revert NotCertified(certifier, signer);
        if (_isRevoked(certifier, INSTITUTION, commitment)) revert EducatorRevoked(certifier, commitment);
        _authorise(institution, signer, certifier, commitment);
    }

    /// @inheritdoc ISanadRegistry
    function remove(bytes32 institution, address signer) external onlyAdmin(institution) {
        _keys[institution][signer] = _keys[institution][signer].withAuthorised(false);
        emit SignerRemoved(institution, signer);
    }

    /// @inheritdoc ISanadRegistry
    function distrust(bytes32 institution, address key, uint40 since) external {
        _requireDistruster(institution, key);
        if (since == 0 || since > block.timestamp) revert BadMoment(since);
        _keys[institution][key] = _keys[institution][key].withDistrustedSince(since);
        emit KeyDistrusted(institution, key, since);
    }

    /// @inheritdoc ISanadRegistry
    function liftDistrust(bytes32 institution, address key) external {
        _requireDistruster(institution, key);
        _liftDistrust(institution, key);
    }

    /// @inheritdoc ISanadRegistry
    function certify(bytes32 institution, address[] calldata educators, bytes32[] calldata commitments)
        external
        onlyAdmin(institution)
    {
        _requireCertifier(institution);
        if (educators.length != commitments.length) revert LengthMismatch();
        for (uint256 i; i < educators.length; ++i) {
            address key = educators[i];
            if (key == address(0)) revert ZeroAddress();
            _certifications[institution][key] = CertificationSlots(newRecord(msg.sender, 0, false), commitments[i]);
            emit EducatorCertified(institution, key, commitments[i]);
        }
    }

    /// @inheritdoc ISanadRegistry
    function certification(bytes32 institution, address key) public view returns (bytes32) {
        CertificationSlots storage slots = _certifications[institution][key];
        return _counts(institution, slots.record) ? slots.commitment : bytes32(0);
    }

    // ------------------------------------------------------------------------------------------- internal

    function _setSuspended(bytes32 institution, bool suspended) private {
        InstitutionSlots storage slots = _institutions[institution];
        slots.standing = slots.standing.withSuspended(suspended);
    }

    function _liftDistrust(bytes32 institution, address key) private {
        _keys[institution][key] = _keys[institution][key].withDistrustedSince(0);
        emit DistrustLifted(institution, key);
    }

    /// @dev An admin is never distrusted: a distrusted key cannot become one, and nobody distrusts the acting one.
    function _setAdmin(bytes32 institution, address admin) private {
        if (admin == address(0)) revert ZeroAddress();
        if (_keys[institution][admin].distrustedSince() != 0) revert Distrusted(institution, admin);
        InstitutionSlots storage slots = _institutions[institution];
        address previous = slots.admin;
        slots.admin = admin;
        slots.pendingAdmin = address(0);
        _keys[institution][previous] = _keys[institution][previous].withAdmin(false);
        _keys[institution][admin] = _listed(institution, admin).withAdmin(true);
        emit AdminChanged(institution, previous, admin);
    }

    function _authorise(bytes32 institution, address signer, bytes32 certifier, bytes32 commitment) private {
        if (signer == address(0)) revert ZeroAddress();
        _keys[institution][signer] = _listed(institution, signer).withAuthorised(true);
        _educators[institution][signer] = EducatorSlots(certifier, commitment);
        emit SignerAuthorised(institution, signer, certifier, commitment);
    }

    /// @dev The key's state with now as the time of its authority. Where it is its first one, the key is listed.
    function _listed(bytes32 institution, address key) private returns (KeyState) {
        KeyState state = _keys[institution][key];
        if (state.authorisedAt() == 0) _keyList[institution].push(key);
        return state.withAuthorisedAt(uint40(block.timestamp));
    }

    /// @dev Admins past cannot be distrusted by an admin: by handing over to itself it could void its revocations.
    function _requireDistruster(bytes32 institution, address key) private view {
        KeyState state = _keys[institution][key];
        address distruster = state.everAdmin() ? owner() : _institutions[institution].admin;
        if (msg.sender != distruster || state.isAdmin()) revert NotYoursToDistrust(institution, key);
    }

    function _requireCertifier(bytes32 institution) private view {
        Standing standing = _institutions[institution].standing;
        if (!standing.mayCertify()) revert MayNotCertify(institution);
        if (standing.suspended()) revert Suspended(institution);
    }

    function _requireName(string calldata name) private pure {
        uint256 length = bytes(name).length;
        if (length == 0 || length > MAX_NAME) revert BadName();
    }
}
