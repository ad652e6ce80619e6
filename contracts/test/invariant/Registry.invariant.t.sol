// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../../src/ISanadRegistry.sol";
import {RegistryTest} from "../support/RegistryTest.sol";
import {Handler} from "./Handler.sol";
import {Model} from "./Model.sol";

/// @notice Whatever happens in whatever order, the registry says what the model says.
contract RegistryInvariants is RegistryTest {
    Handler private _handler;

    function setUp() public override {
        vm.warp(START);
        registry = deploy();
        _handler = new Handler(registry, PROGRAMME, START);
    }

    /// forge asks for it: random calls go to the handler only.
    function targetContracts() external view returns (address[] memory) {
        return list(address(_handler));
    }

    /// One campaign for all of them: what takes time is the walk, not the looking.
    function invariant_the_registry_is_as_the_model_says() public view {
        _noSurprise();
        for (uint256 place; place < 2; ++place) {
            _counters(place);
            _admin(place);
            _keys(place);
            for (uint256 number; number < _handler.CERTIFICATES(); ++number) {
                ISanadRegistry.Answer memory a = _handler.answer(place, number);
                _batch(a, place, number);
                _revocation(a, place, number);
                _good(a, place, number);
            }
        }
    }

    /// The right people could and the wrong ones could not; no counting batch changed its signer or time in any step;
    /// no outsider's step changed anything of an institution's certificates.
    function _noSurprise() private view {
        vm.assertEq(_handler.surprise(), "", "surprise");
    }

    /// A root belongs to the institution that wrote it there; before the moment of distrust all stands, from then on
    /// nothing counts.
    function _batch(ISanadRegistry.Answer memory a, uint256 place, uint256 number) private view {
        Model.Batch memory b = _handler.batch(place, number);
        vm.assertEq(a.signer, b.writer, "signer");
        vm.assertEq(a.issuedAt, b.time, "time");
        vm.assertEq(a.size, b.size, "size");
        vm.assertEq(a.adopted, b.adopted, "adopted");
        Model.Act memory act = _handler.withdrawal(place, number);
        vm.assertEq(a.withdrawnAt, act.time, "withdrawn");
        vm.assertEq(a.withdrawnBy, act.writer, "by whom");
        vm.assertEq(a.signerAuthorised, _handler.authorised(place, b.writer), "authorised");
        vm.assertEq(a.distrustedSince, _handler.distrustedSince(place, b.writer), "distrusted");
        vm.assertEq(a.counts, _handler.batchCounts(place, number), "counts");
        vm.assertEq(a.suspended, _handler.suspended(place), "suspended");
    }

    /// A counting revocation is final while its writer is not distrusted since before it.
    function _revocation(ISanadRegistry.Answer memory a, uint256 place, uint256 number) private view {
        (Model.Revocation memory r, bool byInstitution) = _handler.bite(place, number);
        vm.assertEq(a.revokedAt, r.time, "time");
        vm.assertEq(a.revokedBy, r.writer, "writer");
        vm.assertEq(a.reason, r.reason, "reason");
        vm.assertEq(a.replacement, r.replacement, "replacement");
        vm.assertEq(a.revokedByInstitution, byInstitution, "whose");
    }

    /// Never good at or beyond the size.
    function _good(ISanadRegistry.Answer memory a, uint256 place, uint256 number) private view {
        uint256 index = number % 3;
        vm.assertEq(a.good, _handler.good(place, number, index), "good");
        if (a.good) vm.assertTrue(index < a.size, "below the size");
    }

    function _counters(uint256 place) private view {
        (uint256 certificates, uint256 batches, uint256 revocations) = _handler.counters(place);
        (uint64 c, uint32 b, uint32 r) = counters(_handler.id(place));
        vm.assertEq(c, certificates, "certificates");
        vm.assertEq(b, batches, "batches");
        vm.assertEq(r, revocations, "revocations");
    }

    /// Whoever was ever signer or admin is listed once, with when it last became it.
    function _keys(uint256 place) private view {
        address[] memory all = _handler.keys(place);
        (,,, uint256 count, ISanadRegistry.Key[] memory found) =
            registry.keys(_handler.id(place), 0, type(uint256).max);
        vm.assertEq(count, all.length, "keys");
        for (uint256 i; i < count; ++i) {
            vm.assertEq(found[i].key, all[i], "key");
            vm.assertEq(found[i].authorisedAt, _handler.authorisedAt(place, all[i]), "authorised at");
        }
    }

    /// The acting admin is never distrusted, and is the one the registry shows.
    function _admin(uint256 place) private view {
        address admin = registry.institutionRecord(_handler.id(place)).admin;
        vm.assertEq(admin, _handler.admin(place), "admin");
        vm.assertEq(registry.keyRecord(_handler.id(place), admin).distrustedSince, 0, "trusted");
    }
}
