// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "./ISanadRegistry.sol";
import {Records} from "./Records.sol";
import {Record, newRecord} from "./types/Record.sol";

/// @title Withdrawing whole batches, and reinstating them
/// @dev Each act is kept with its writer and time, and the newest that counts decides: else a thief's reinstatement
/// would outlive the thief, and a withdrawal of the thief's too.
abstract contract Withdrawals is Records {
    uint256 private constant MAX_ACTS = 16;
    uint32 private constant REINSTATED = 0;
    uint32 private constant WITHDRAWN = 1;

    /// @inheritdoc ISanadRegistry
    function withdraw(bytes32 institution, bytes32 root) external onlyAdmin(institution) {
        if (root == 0) revert ZeroRoot();
        if (_withdrawal(institution, root).exists()) revert AlreadyWithdrawn(institution, root);
        _append(institution, root, WITHDRAWN);
        emit BatchWithdrawn(institution, root, msg.sender);
    }

    /// @inheritdoc ISanadRegistry
    function reinstateBatch(bytes32 institution, bytes32 root) external onlyAdmin(institution) {
        if (!_withdrawal(institution, root).exists()) revert NotWithdrawn(institution, root);
        _append(institution, root, REINSTATED);
        emit BatchReinstated(institution, root, msg.sender);
    }

    /// @dev The withdrawal that is in force; no record where the batch stands.
    function _withdrawal(bytes32 institution, bytes32 root) internal view returns (Record) {
        Record[] storage acts = _batches[institution][root].withdrawals;
        for (uint256 i = acts.length; i != 0; --i) {
            Record act = acts[i - 1];
            if (_counts(institution, act)) return act.detail() == WITHDRAWN ? act : Record.wrap(0);
        }
        return Record.wrap(0);
    }

    function _append(bytes32 institution, bytes32 root, uint32 what) private {
        Record[] storage acts = _batches[institution][root].withdrawals;
        if (acts.length == MAX_ACTS) _dropUncounted(institution, acts);
        if (acts.length == MAX_ACTS) revert TooManyWithdrawals(institution, root);
        acts.push(newRecord(msg.sender, what, false));
    }

    /// @dev So that nobody whose acts no longer count has filled the list for good.
    function _dropUncounted(bytes32 institution, Record[] storage acts) private {
        uint256 kept;
        for (uint256 i; i < MAX_ACTS; ++i) {
            Record act = acts[i];
            if (!_counts(institution, act)) continue;
            acts[kept] = act;
            ++kept;
        }
        while (acts.length > kept) acts.pop();
    }
}
