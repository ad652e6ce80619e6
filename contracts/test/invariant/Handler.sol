// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../../src/ISanadRegistry.sol";
import {Tree} from "../support/Tree.sol";
import {Vm} from "../support/Vm.sol";
import {Model} from "./Model.sol";

/// @notice Does random things as random people, to the registry and to the model, and remembers where the two
/// disagree on what is allowed, or a step changed what no step may change.
contract Handler is Model {
    struct Seen {
        bool counts;
        address signer;
        uint40 issuedAt;
        bytes32 digest;
    }

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant ACTORS = 4;

    ISanadRegistry public registry;
    string[2] private _domains = ["kpu.example", "lahore.example"];
    address[] private _actors;

    /// What went wrong first; empty as long as nothing did.
    string public surprise;

    constructor(ISanadRegistry registry_, address programme_, uint256 start) {
        registry = registry_;
        programme = programme_;
        clock = start;
        for (uint256 i; i < ACTORS; ++i) _actors.push(vm.addr(0xAC70 + i));
        for (uint256 place; place < 2; ++place) {
            vm.prank(programme);
            registry.accredit(_domains[place], "A University", _actors[place], false);
            _setAdmin(place, _actors[place]);
            for (uint256 i; i < ACTORS; ++i) {
                vm.prank(_actors[place]);
                registry.authorise(id(place), _actors[i]);
                _institutions[place].authorised[_actors[i]] = true;
                _list(place, _actors[i]);
            }
        }
    }

    // --------------------------------------------------------------------------------------- the programme

    function setSuspended(uint256 who, uint256 where, uint256 seldom) external {
        (uint256 place, address sender) = _begin(who, where);
        bool value = seldom % 4 == 0;
        bytes memory call = value
            ? abi.encodeCall(registry.suspend, (id(place)))
            : abi.encodeCall(registry.reinstate, (id(place)));
        if (_does(sender, call, sender == programme, "suspend")) _institutions[place].suspended = value;
    }

    function replaceAdmin(uint256 who, uint256 where, uint256 whom) external {
        (uint256 place, address sender) = _begin(who, where);
        address key = _actor(whom);
        Institution storage i = _institutions[place];
        bool allowed = sender == programme && !(i.everAdmin[key] && i.distrustedSince[key] != 0);
        bytes memory call = abi.encodeCall(registry.replaceAdmin, (id(place), key));
        if (!_does(sender, call, allowed, "replaceAdmin")) return;
        i.distrustedSince[key] = 0;
        _setAdmin(place, key);
    }

    function nameSuccessor(uint256 who, uint256 rarely) external {
        (, address sender) = _begin(who, 0);
        if (rarely % 16 != 0) return;
        bytes memory call = abi.encodeCall(registry.nameSuccessor, (56, address(1)));
        if (_does(sender, call, sender == programme, "nameSuccessor")) closed = true;
    }

    // ------------------------------------------------------------------------------------------- the admin

    function handOver(uint256 who, uint256 where, uint256 whom) external {
        (uint256 place, address sender) = _begin(who, where);
        address key = _actor(whom);
        bool allowed = sender == _institutions[place].admin;
        bytes memory call = abi.encodeCall(registry.transferAdmin, (id(place), key));
        if (_does(sender, call, allowed, "transferAdmin")) _institutions[place].nominee = key;
    }

    function accept(uint256 who, uint256 where) external {
        (uint256 place, address sender) = _begin(who, where);
        Institution storage i = _institutions[place];
        bool allowed = sender == i.nominee && i.distrustedSince[sender] == 0;
        bytes memory call = abi.encodeCall(registry.acceptAdmin, (id(place)));
        if (_does(sender, call, allowed, "acceptAdmin")) _setAdmin(place, sender);
    }

    function setAuthorised(uint256 who, uint256 where, uint256 whom, uint256 seldom) external {
        (uint256 place, address sender) = _begin(who, where);
        address key = _actor(whom);
        bool value = seldom % 4 != 0;
        bytes memory call = value
            ? abi.encodeCall(registry.authorise, (id(place), key))
            : abi.encodeCall(registry.remove, (id(place), key));
        bool allowed = sender == _institutions[place].admin;
        if (!_does(sender, call, allowed, "authorise")) return;
        _institutions[place].authorised[key] = value;
        if (value) _list(place, key);
    }

    /// Mostly by one who may, and since a second around a batch's: there the rule is decided.
    function distrust(uint256 who, uint256 where, uint256 whom, uint256 when) external {
        (uint256 place, address sender) = _begin(who, where);
        address key = _actor(whom);
        if (when % 4 != 0) sender = _institutions[place].everAdmin[key] ? programme : _institutions[place].admin;
        uint256 time = _institutions[place].batches[when % CERTIFICATES].time;
        uint256 since = (time == 0 ? clock : time) + (when >> 8) % 3 - 1;
        bool allowed = _mayDistrust(place, sender, key) && since <= clock;
        bytes memory call = abi.encodeCall(registry.distrust, (id(place), key, uint40(since)));
        if (_does(sender, call, allowed, "distrust")) _institutions[place].distrustedSince[key] = since;
    }

    function lift(uint256 who, uint256 where, uint256 whom) external {
        (uint256 place, address sender) = _begin(who, where);
        address key = _actor(whom);
        bytes memory call = abi.encodeCall(registry.liftDistrust, (id(place), key));
        if (_does(sender, call, _mayDistrust(place, sender, key), "lift")) {
            _institutions[place].distrustedSince[key] = 0;
        }
    }

    function setWithdrawn(uint256 who, uint256 where, uint256 what, bool value) external {
        (uint256 place, address sender) = _begin(who, where);
        _setWithdrawn(place, sender, what % CERTIFICATES, value);
    }

    /// By turns, by the admin: seldom else is a list full.
    function setWithdrawnOften(uint256 where, uint256 what, uint256 times) external {
        (uint256 place,) = _begin(0, where);
        uint256 number = what % CERTIFICATES;
        for (uint256 i; i < times % MAX_ACTS; ++i) {
            _setWithdrawn(place, _institutions[place].admin, number, withdrawal(place, number).time == 0);
        }
    }

    function adopt(uint256 who, uint256 where, uint256 what, uint256 size) external {
        (uint256 place, address sender) = _begin(who, where);
        uint256 number = what % CERTIFICATES;
        size %= 5;
        bytes32[] memory roots = new bytes32[](1);
        uint32[] memory sizes = new uint32[](1);
        (roots[0], sizes[0]) = (root(number), uint32(size));
        bool allowed = sender == _institutions[place].admin && _mayWrite(place, number, size);
        bytes memory call = abi.encodeCall(registry.adopt, (id(place), roots, sizes));
        if (_does(sender, call, allowed, "adopt")) _write(place, number, sender, size, true);
    }

    // ----------------------------------------------------------------------------------------- the signers

    function issue(uint256 who, uint256 where, uint256 what, uint256 size) external {
        (uint256 place, address sender) = _begin(who, where);
        _issue(place, sender, what % CERTIFICATES, size % 5);
    }

    /// Entitled people are rarer than others, and so would be batches.
    function issueByOneWhoMay(uint256 who, uint256 where, uint256 what, uint256 size) external {
        (uint256 place,) = _begin(who, where);
        for (uint256 i; i < ACTORS; ++i) {
            address sender = _actor(who % ACTORS + i);
            if (_mayAct(place, sender)) return _issue(place, sender, what % CERTIFICATES, 1 + size % 4);
        }
    }

    function revoke(uint256 who, uint256 where, uint256 what, uint256 why) external {
        (uint256 place, address sender) = _begin(who, where);
        uint256 number = what % CERTIFICATES;
        uint8 reason = uint8(why % 8);
        address authority = _authority(sender, why);
        bytes memory call =
            abi.encodeCall(registry.revoke, (id(place), authority, _list(commitment(number)), reason));
        if (!_does(sender, call, _mayRevoke(place, sender, authority, reason), "revoke")) return;
        _revoke(place, authority, number, Revocation(sender, clock, reason, 0));
    }

    function replace(uint256 who, uint256 where, uint256 what, uint256 why, bytes32 by) external {
        (uint256 place, address sender) = _begin(who, where);
        uint256 number = what % CERTIFICATES;
        uint8 reason = uint8(why % 8);
        address authority = _authority(sender, why);
        bytes memory call = abi.encodeCall(
            registry.replace, (id(place), authority, _list(commitment(number)), _list(by), reason)
        );
        bool allowed = by != 0 && by != commitment(number) && _mayRevoke(place, sender, authority, reason);
        if (!_does(sender, call, allowed, "replace")) return;
        _revoke(place, authority, number, Revocation(sender, clock, reason, by));
    }

    // --------------------------------------------------------------------------------------- what is asked

    function id(uint256 place) public view returns (bytes32) {
        return keccak256(bytes(_domains[place]));
    }

    function commitment(uint256 number) public pure returns (bytes32) {
        return keccak256(abi.encode(number));
    }

    /// Both institutions use the same roots. Index and size are both small, so that either may be the greater.
    function root(uint256 number) public pure returns (bytes32) {
        return Tree.leaf(number % 3, commitment(number), 0);
    }

    function answer(uint256 place, uint256 number) public view returns (ISanadRegistry.Answer memory) {
        return registry.verify(_domains[place], number % 3, commitment(number), 0, new bytes32[](0));
    }

    // -------------------------------------------------------------------------------------------- private

    /// Time goes on by 0 to 31 seconds. Three of eight acts are tried by the admin, one by the programme.
    function _begin(uint256 who, uint256 where) private returns (uint256 place, address sender) {
        clock += (who >> 64) % 32;
        vm.warp(clock);
        place = where % 2;
        uint256 pick = who % (2 * ACTORS);
        if (pick < ACTORS) sender = _actors[pick];
        else if (pick == ACTORS) sender = programme;
        else sender = _institutions[place].admin;
    }

    function _issue(uint256 place, address sender, uint256 number, uint256 size) private {
        bool allowed = _mayAct(place, sender) && _mayWrite(place, number, size);
        bytes memory call = abi.encodeCall(registry.issue, (id(place), root(number), uint32(size)));
        if (_does(sender, call, allowed, "issue")) _write(place, number, sender, size, false);
    }

    function _setWithdrawn(uint256 place, address sender, uint256 number, bool value) private {
        bool changes = (withdrawal(place, number).time == 0) == value;
        bytes memory call = value
            ? abi.encodeCall(registry.withdraw, (id(place), root(number)))
            : abi.encodeCall(registry.reinstateBatch, (id(place), root(number)));
        bool allowed = sender == _institutions[place].admin && changes && _mayAppend(place, number);
        if (_does(sender, call, allowed, "withdraw")) _append(place, number, Act(sender, clock, value));
    }

    function _actor(uint256 whom) private view returns (address) {
        return _actors[whom % ACTORS];
    }

    function _mayRevoke(uint256 place, address sender, address authority, uint8 reason)
        private
        view
        returns (bool)
    {
        bool forInstitution = authority == INSTITUTION && sender == _institutions[place].admin;
        bool forItself = authority == sender && _mayAct(place, sender);
        return (forInstitution || forItself) && reason >= 1 && reason <= 6;
    }

    /// The institution's or the sender's own, by halves; now and then another key's.
    function _authority(address sender, uint256 pick) private view returns (address) {
        pick >>= 8;
        if (pick % 16 == 0) return _actor(pick >> 8);
        return pick % 2 == 0 ? INSTITUTION : sender;
    }

    function _list(bytes32 value) private pure returns (bytes32[] memory values) {
        values = new bytes32[](1);
        values[0] = value;
    }

    /// Calls the registry, and looks at all certificates before and after.
    function _does(address sender, bytes memory call, bool allowed, string memory what)
        private
        returns (bool done)
    {
        Seen[] memory before = _look();
        bool[2] memory insider = [_belongs(0, sender), _belongs(1, sender)];
        vm.prank(sender);
        (done,) = address(registry).call(call);
        if (done != allowed) _surprised(string.concat(what, done ? " was allowed" : " was refused"));
        Seen[] memory later = _look();
        for (uint256 n; n < before.length; ++n) {
            bool stood = before[n].counts && later[n].counts;
            if (stood && before[n].signer != later[n].signer) _surprised("a counting batch changed its signer");
            if (stood && before[n].issuedAt != later[n].issuedAt) _surprised("a counting batch changed its time");
            bool changed = before[n].digest != later[n].digest;
            if (changed && !insider[n / CERTIFICATES]) _surprised("an outsider changed a certificate");
        }
    }

    /// The programme belongs to all: it suspends, and distrusts former admins.
    function _belongs(uint256 place, address sender) private view returns (bool) {
        return sender == programme || sender == _institutions[place].admin
            || sender == _institutions[place].nominee || _institutions[place].authorised[sender];
    }

    function _look() private view returns (Seen[] memory all) {
        all = new Seen[](2 * CERTIFICATES);
        for (uint256 n; n < all.length; ++n) {
            ISanadRegistry.Answer memory a = answer(n / CERTIFICATES, n % CERTIFICATES);
            all[n] = Seen(a.counts, a.signer, a.issuedAt, keccak256(abi.encode(a)));
        }
    }

    function _surprised(string memory what) private {
        if (bytes(surprise).length == 0) surprise = what;
    }
}
