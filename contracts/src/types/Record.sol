// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A batch or a revocation in one slot
///
/// |  255..240 | 239..232 |       231..200        | 199..160 | 159..0 |
/// |   zero    | adopted  | size (of a batch), or |   time   | writer |
/// |           |          | reason (revocation)   |          |        |
///
/// Zero is no record: a record's time is never zero.
type Record is uint256;

using {writer, time, detail, adopted, exists} for Record global;

uint256 constant TIME_AT = 160;
uint256 constant DETAIL_AT = 200;
uint256 constant ADOPTED_AT = 232;

/// @notice What `account` writes now.
function newRecord(address account, uint32 detail_, bool adopted_) view returns (Record) {
    uint256 flag = adopted_ ? 1 << ADOPTED_AT : 0;
    return Record.wrap(
        flag | (uint256(detail_) << DETAIL_AT) | (block.timestamp << TIME_AT) | uint160(account)
    );
}

function exists(Record record) pure returns (bool) {
    return Record.unwrap(record) != 0;
}

/// @notice Who wrote it.
function writer(Record record) pure returns (address) {
    return address(uint160(Record.unwrap(record)));
}

/// @notice When it was written.
function time(Record record) pure returns (uint40) {
    return uint40(Record.unwrap(record) >> TIME_AT);
}

/// @notice A batch's size, a revocation's reason.
function detail(Record record) pure returns (uint32) {
    return uint32(Record.unwrap(record) >> DETAIL_AT);
}

/// @notice The batch is in the institution's own name.
function adopted(Record record) pure returns (bool) {
    return Record.unwrap(record) >> ADOPTED_AT != 0;
}
