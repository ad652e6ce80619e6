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

    /// The right people could and the wrong ones could not; no counting batch changed its signer or time in any step;
    /// no outsider's step changed anything of an institution's certificates.
    function invariant_no_surprise() public view {
        vm.assertEq(_handler.surprise(), "", "surprise");
    }

    /// A root belongs to the institution that wrote it there; before the moment of distrust all stands, from then on
    /// nothing counts.
    function invariant_batches() public view {
        for (uint256 n; n < 2 * _handler.CERTIFICATES(); ++n) {
            (uint256 place, uint256 number) = (n % 2, n / 2);
            Model.Batch memory b = _handler.batch(place, number);
            ISanadRegistry.Answer memory a = _handler.answer(place, number);
            vm.assertEq(a.signer, b.writer, "signer");
            vm.assertEq(a.issuedAt, b.time, "time");
            vm.assertEq(a.size, b.size, "size");
            vm.assertEq(a.adopted, b.adopted, "adopted");
            vm.assertEq(a.withdrawnAt, b.withdrawnAt, "withdrawn");
            vm.assertEq(a.signerAuthorised, _handler.authorised(place, b.writer), "authorised");
            vm.assertEq(a.distrustedSince, _handler.distrustedSince(place, b.writer), "distrusted");
            vm.assertEq(a.counts, _handler.batchCounts(place, number), "counts");
            vm.assertEq(a.suspended, _handler.suspended(place), "suspended");
        }
    }

    /// A counting revocation is final while its writer is not distrusted since before it.
    function invariant_revocations() public view {
        for (uint256 n; n < 2 * _handler.CERTIFICATES(); ++n) {
            (uint256 place, uint256 number) = (n % 2, n / 2);
            (Model.Revocation memory r, bool byInstitution) = _handler.bite(place, number);
            ISanadRegistry.Answer memory a = _handler.answer(place, number);
            vm.assertEq(a.revokedAt, r.time, "time");
            vm.assertEq(a.revokedBy, r.writer, "writer");
            vm.assertEq(a.reason, r.reason, "reason");
            vm.assertEq(a.replacement, r.replacement, "replacement");
            vm.assertEq(a.revokedByInstitution, byInstitution, "whose");
        }
    }

    function invariant_good_and_never_at_or_beyond_the_size() public view {
        for (uint256 n; n < 2 * _handler.CERTIFICATES(); ++n) {
            (uint256 place, uint256 number) = (n % 2, n / 2);
            uint256 index = number % 3;
            ISanadRegistry.Answer memory a = _handler.answer(place, number);
            vm.assertEq(a.good, _handler.good(place, number, index), "good");
            if (a.good) vm.assertTrue(index < a.size, "below the size");
        }
    }

    function invariant_counters() public view {
        for (uint256 place; place < 2; ++place) {
            (uint256 certificates, uint256 batches, uint256 revocations) = _handler.counters(place);
            (uint64 c, uint32 b, uint32 r) = counters(_handler.id(place));
            vm.assertEq(c, certificates, "certificates");
            vm.assertEq(b, batches, "batches");
            vm.assertEq(r, revocations, "revocations");
        }
    }

    /// The acting admin is never distrusted, and is the one the registry shows.
    function invariant_admins() public view {
        for (uint256 place; place < 2; ++place) {
            address admin = registry.institutionRecord(_handler.id(place)).admin;
            vm.assertEq(admin, _handler.admin(place), "admin");
            vm.assertEq(registry.keyRecord(_handler.id(place), admin).distrustedSince, 0, "trusted");
        }
    }
}
