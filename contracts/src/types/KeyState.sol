// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What an institution says of one address, in one slot
///
/// | 255..104 |   103..64    |      63..24     |   23..16  |  15..8  |    7..0    |
/// |   zero   | authorisedAt | distrustedSince | everAdmin | isAdmin | authorised |
///
/// `isAdmin` repeats the institution's `admin`, so that a signer's revocation need not read that slot too.
/// `authorisedAt` is when the key was last authorised as a signer or made admin; zero if it was neither ever.
type KeyState is uint256;

using {
    authorised,
    mayAct,
    isAdmin,
    everAdmin,
    distrustedSince,
    authorisedAt,
    withAuthorised,
    withAdmin,
    withAuthorisedAt,
    withDistrustedSince
} for KeyState global;

uint256 constant AUTHORISED = 1;
uint256 constant IS_ADMIN = 1 << 8;
uint256 constant EVER_ADMIN = 1 << 16;
uint256 constant DISTRUSTED_AT = 24;
uint256 constant DISTRUSTED = uint256(type(uint40).max) << DISTRUSTED_AT;
uint256 constant AUTHORISED_AT = 64;
uint256 constant AUTHORISED_TIME = uint256(type(uint40).max) << AUTHORISED_AT;

/// @notice It is an authorised signer, distrusted or not.
function authorised(KeyState key) pure returns (bool) {
    return KeyState.unwrap(key) & AUTHORISED != 0;
}

/// @notice It is an authorised signer and not distrusted.
function mayAct(KeyState key) pure returns (bool) {
    return KeyState.unwrap(key) & (AUTHORISED | DISTRUSTED) == AUTHORISED;
}

/// @notice It is the institution's admin now.
function isAdmin(KeyState key) pure returns (bool) {
    return KeyState.unwrap(key) & IS_ADMIN != 0;
}

/// @notice It is or was the institution's admin.
function everAdmin(KeyState key) pure returns (bool) {
    return KeyState.unwrap(key) & EVER_ADMIN != 0;
}

/// @notice Since when it is distrusted; zero if it is not.
function distrustedSince(KeyState key) pure returns (uint40) {
    return uint40(KeyState.unwrap(key) >> DISTRUSTED_AT);
}

/// @notice When it was last authorised as a signer or made admin; zero if neither ever.
function authorisedAt(KeyState key) pure returns (uint40) {
    return uint40(KeyState.unwrap(key) >> AUTHORISED_AT);
}

function withAuthorised(KeyState key, bool value) pure returns (KeyState) {
    uint256 word = KeyState.unwrap(key);
    return KeyState.wrap(value ? word | AUTHORISED : word & ~AUTHORISED);
}

/// @notice The key as admin, or no longer.
function withAdmin(KeyState key, bool value) pure returns (KeyState) {
    uint256 word = KeyState.unwrap(key);
    return KeyState.wrap(value ? word | IS_ADMIN | EVER_ADMIN : word & ~IS_ADMIN);
}

function withAuthorisedAt(KeyState key, uint40 time) pure returns (KeyState) {
    return KeyState.wrap((KeyState.unwrap(key) & ~AUTHORISED_TIME) | (uint256(time) << AUTHORISED_AT));
}

function withDistrustedSince(KeyState key, uint40 since) pure returns (KeyState) {
    return KeyState.wrap((KeyState.unwrap(key) & ~DISTRUSTED) | (uint256(since) << DISTRUSTED_AT));
}
