// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title An institution's flags and counters in one slot
///
/// | 255..184 |  183..176  |  175..168 |   167..128   |   127..96   |  95..64 |    63..0     |
/// |   zero   | mayCertify | suspended | accreditedAt | revocations | batches | certificates |
///
/// The counters are claims of those who write, and cannot overflow into each other: each batch adds less than 2^32
/// certificates, and 2^32 batches or revocations cost more than 10^14 gas.
type Standing is uint256;

using {
    certificates,
    batches,
    revocations,
    accreditedAt,
    suspended,
    mayCertify,
    withBatch,
    withRevocations,
    withSuspended,
    withMayCertify
} for Standing global;

uint256 constant BATCHES_AT = 64;
uint256 constant REVOCATIONS_AT = 96;
uint256 constant ACCREDITED_AT = 128;
uint256 constant SUSPENDED_AT = 168;
uint256 constant MAY_CERTIFY_AT = 176;

/// @notice That of an institution accredited now.
function newStanding(bool mayCertify_) view returns (Standing) {
    return Standing.wrap(block.timestamp << ACCREDITED_AT).withMayCertify(mayCertify_);
}

function certificates(Standing standing) pure returns (uint64) {
    return uint64(Standing.unwrap(standing));
}

function batches(Standing standing) pure returns (uint32) {
    return uint32(Standing.unwrap(standing) >> BATCHES_AT);
}

function revocations(Standing standing) pure returns (uint32) {
    return uint32(Standing.unwrap(standing) >> REVOCATIONS_AT);
}

function accreditedAt(Standing standing) pure returns (uint40) {
    return uint40(Standing.unwrap(standing) >> ACCREDITED_AT);
}

function suspended(Standing standing) pure returns (bool) {
    return uint8(Standing.unwrap(standing) >> SUSPENDED_AT) != 0;
}

function mayCertify(Standing standing) pure returns (bool) {
    return uint8(Standing.unwrap(standing) >> MAY_CERTIFY_AT) != 0;
}

/// @notice Counts a batch of `size`; where it is written over another one, that one's size goes.
function withBatch(Standing standing, uint32 size, bool over, uint32 oldSize) pure returns (Standing) {
    unchecked {
        uint256 word = Standing.unwrap(standing) + size;
        return Standing.wrap(over ? word - oldSize : word + (1 << BATCHES_AT));
    }
}

/// @notice Counts further revocations.
function withRevocations(Standing standing, uint32 added) pure returns (Standing) {
    unchecked {
        return Standing.wrap(Standing.unwrap(standing) + (uint256(added) << REVOCATIONS_AT));
    }
}

function withSuspended(Standing standing, bool value) pure returns (Standing) {
    return Standing.wrap(_withFlag(Standing.unwrap(standing), SUSPENDED_AT, value));
}

function withMayCertify(Standing standing, bool value) pure returns (Standing) {
    return Standing.wrap(_withFlag(Standing.unwrap(standing), MAY_CERTIFY_AT, value));
}

function _withFlag(uint256 word, uint256 at, bool value) pure returns (uint256) {
    uint256 bit = 1 << at;
    return value ? word | bit : word & ~bit;
}
