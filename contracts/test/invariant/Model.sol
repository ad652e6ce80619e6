// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The registry's rules once more, as plainly as they can be written: what is allowed, what counts, what is
/// counted. Places 0 and 1 are the institutions; certificates are numbered, each alone in a batch of its own.
contract Model {
    struct Act {
        address writer;
        uint256 time;
        bool withdraws;
    }

    struct Batch {
        address writer;
        uint256 time;
        uint256 size;
        bool adopted;
        Act[] acts;
    }

    struct Revocation {
        address writer;
        uint256 time;
        uint8 reason;
        bytes32 replacement;
    }

    struct Institution {
        address admin;
        address nominee;
        bool suspended;
        mapping(address => bool) authorised;
        mapping(address => bool) everAdmin;
        mapping(address => uint256) distrustedSince;
        mapping(uint256 => Batch) batches;
        mapping(address => mapping(uint256 => Revocation)) revocations;
        uint256 revocationCount;
        address[] keys;
        mapping(address => uint256) authorisedAt;
    }

    address internal constant INSTITUTION = address(0);
    uint256 public constant CERTIFICATES = 3;
    uint256 internal constant MAX_ACTS = 16;

    address public programme;
    bool public closed;
    uint256 public clock;
    Institution[2] internal _institutions;

    function counts(uint256 place, address writer, uint256 time) public view returns (bool) {
        uint256 since = _institutions[place].distrustedSince[writer];
        return time != 0 && (since == 0 || time < since);
    }

    function batchCounts(uint256 place, uint256 number) public view returns (bool) {
        Batch storage b = _institutions[place].batches[number];
        return counts(place, b.writer, b.time);
    }

    /// The newest act that counts; none where the batch stands.
    function withdrawal(uint256 place, uint256 number) public view returns (Act memory act) {
        Act[] storage acts = _institutions[place].batches[number].acts;
        for (uint256 i; i < acts.length; ++i) {
            if (counts(place, acts[i].writer, acts[i].time)) act = acts[i];
        }
        if (!act.withdraws) return Act(address(0), 0, false);
    }

    function keys(uint256 place) external view returns (address[] memory) {
        return _institutions[place].keys;
    }

    function authorisedAt(uint256 place, address key) external view returns (uint256) {
        return _institutions[place].authorisedAt[key];
    }

    function batch(uint256 place, uint256 number) external view returns (Batch memory) {
        return _institutions[place].batches[number];
    }

    function authorised(uint256 place, address key) external view returns (bool) {
        return _institutions[place].authorised[key];
    }

    function distrustedSince(uint256 place, address key) external view returns (uint256) {
        return _institutions[place].distrustedSince[key];
    }

    function admin(uint256 place) external view returns (address) {
        return _institutions[place].admin;
    }

    function suspended(uint256 place) external view returns (bool) {
        return _institutions[place].suspended;
    }

    /// The revocation that bites on a batch's certificate, and whose it is.
    function bite(uint256 place, uint256 number) public view returns (Revocation memory r, bool byInstitution) {
        Institution storage i = _institutions[place];
        r = i.revocations[INSTITUTION][number];
        if (counts(place, r.writer, r.time)) return (r, true);
        Batch storage b = i.batches[number];
        if (!b.adopted && b.writer != address(0)) {
            r = i.revocations[b.writer][number];
            if (counts(place, r.writer, r.time)) return (r, false);
        }
        return (Revocation(address(0), 0, 0, 0), false);
    }

    function good(uint256 place, uint256 number, uint256 index) external view returns (bool) {
        Batch storage b = _institutions[place].batches[number];
        (Revocation memory r,) = bite(place, number);
        return batchCounts(place, number) && index < b.size && withdrawal(place, number).time == 0
            && r.time == 0;
    }

    function counters(uint256 place)
        external
        view
        returns (uint256 certificates, uint256 batches, uint256 revocations)
    {
        for (uint256 n; n < CERTIFICATES; ++n) {
            Batch storage b = _institutions[place].batches[n];
            certificates += b.size;
            if (b.time != 0) ++batches;
        }
        revocations = _institutions[place].revocationCount;
    }

    function _mayAct(uint256 place, address key) internal view returns (bool) {
        Institution storage i = _institutions[place];
        return i.authorised[key] && i.distrustedSince[key] == 0;
    }

    function _mayWrite(uint256 place, uint256 number, uint256 size) internal view returns (bool) {
        return !closed && !_institutions[place].suspended && size != 0 && !batchCounts(place, number);
    }

    function _mayDistrust(uint256 place, address sender, address key) internal view returns (bool) {
        Institution storage i = _institutions[place];
        return key != i.admin && sender == (i.everAdmin[key] ? programme : i.admin);
    }

    function _setAdmin(uint256 place, address key) internal {
        Institution storage i = _institutions[place];
        (i.admin, i.nominee, i.everAdmin[key]) = (key, address(0), true);
        _list(place, key);
    }

    function _list(uint256 place, address key) internal {
        Institution storage i = _institutions[place];
        if (i.authorisedAt[key] == 0) i.keys.push(key);
        i.authorisedAt[key] = clock;
    }

    function _actsThatCount(uint256 place, uint256 number) internal view returns (uint256 count) {
        Act[] storage acts = _institutions[place].batches[number].acts;
        for (uint256 i; i < acts.length; ++i) {
            if (counts(place, acts[i].writer, acts[i].time)) ++count;
        }
    }

    function _mayAppend(uint256 place, uint256 number) internal view returns (bool) {
        return _institutions[place].batches[number].acts.length < MAX_ACTS
            || _actsThatCount(place, number) < MAX_ACTS;
    }

    /// A full list is written anew with those that count.
    function _append(uint256 place, uint256 number, Act memory act) internal {
        Act[] storage acts = _institutions[place].batches[number].acts;
        if (acts.length == MAX_ACTS) {
            Act[] memory all = acts;
            delete _institutions[place].batches[number].acts;
            for (uint256 i; i < all.length; ++i) {
                if (counts(place, all[i].writer, all[i].time)) acts.push(all[i]);
            }
        }
        acts.push(act);
    }

    function _write(uint256 place, uint256 number, address writer, uint256 size, bool adopted) internal {
        Batch storage b = _institutions[place].batches[number];
        (b.writer, b.time, b.size, b.adopted) = (writer, clock, size, adopted);
    }

    function _revoke(uint256 place, address authority, uint256 number, Revocation memory r) internal {
        Revocation storage old = _institutions[place].revocations[authority][number];
        if (counts(place, old.writer, old.time)) return;
        if (old.time == 0) ++_institutions[place].revocationCount;
        _institutions[place].revocations[authority][number] = r;
    }
}
