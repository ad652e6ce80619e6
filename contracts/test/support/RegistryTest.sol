// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../../src/ISanadRegistry.sol";
import {ISanadRegistryErrors} from "../../src/ISanadRegistryErrors.sol";
import {Tree} from "./Tree.sol";
import {Vm} from "./Vm.sol";

/// @notice What the registry inherits besides its interface.
interface IOwned {
    function owner() external view returns (address);
    function pendingOwner() external view returns (address);
    function transferOwnership(address owner) external;
    function acceptOwnership() external;
    function renounceOwnership() external;
    function eip712Domain()
        external
        view
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory);
}

/// @notice A registry with one programme, two universities and two professors of the first.
/// @dev The registry is deployed from its artifact and never imported, so that it is compiled as it is released.
abstract contract RegistryTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// forge asks for this to know that a test contract failed by its own means; ours revert.
    bool public constant IS_TEST = true;

    uint256 internal constant SIGNER_KEY = 0x5161;
    uint256 internal constant ADMIN_KEY = 0xAD31;
    uint40 internal constant START = 1_800_000_000;
    uint8 internal constant DATA_ERROR = 2;
    address internal constant INSTITUTION = address(0);

    string internal constant DOMAIN = "kpu.example";
    string internal constant NAME = "Khyber Polytechnic University";
    string internal constant OTHER_DOMAIN = "lahore.example";

    address internal immutable PROGRAMME = _actor("programme");
    address internal immutable ADMIN = vm.addr(ADMIN_KEY);
    address internal immutable SIGNER = vm.addr(SIGNER_KEY);
    address internal immutable SECOND = _actor("second signer");
    address internal immutable OTHER_ADMIN = _actor("other admin");
    address internal immutable STRANGER = _actor("stranger");

    bytes32 internal immutable UNI = keccak256(bytes(DOMAIN));
    bytes32 internal immutable OTHER = keccak256(bytes(OTHER_DOMAIN));

    ISanadRegistry internal registry;

    function setUp() public virtual {
        vm.warp(START);
        registry = deploy();
        vm.startPrank(PROGRAMME);
        registry.accredit(DOMAIN, NAME, ADMIN, false);
        registry.accredit(OTHER_DOMAIN, "University of Lahore", OTHER_ADMIN, true);
        vm.stopPrank();
        vm.startPrank(ADMIN);
        registry.authorise(UNI, SIGNER);
        registry.authorise(UNI, SECOND);
        vm.stopPrank();
    }

    function deploy() internal returns (ISanadRegistry) {
        return ISanadRegistry(vm.deployCode("SanadRegistry.sol:SanadRegistry", abi.encode(PROGRAMME)));
    }

    // ----------------------------------------------------------------------------------- shorthand for acts

    function issue(bytes32 root) internal {
        vm.prank(SIGNER);
        registry.issue(UNI, root, 1);
    }

    /// The admin in the institution's authority, everybody else in their own.
    function revoke(address sender, bytes32 commitment) internal {
        revokeAs(sender, authorityOf(sender), commitment);
    }

    function revokeAs(address sender, address authority, bytes32 commitment) internal {
        vm.prank(sender);
        registry.revoke(UNI, authority, list(commitment), DATA_ERROR);
    }

    function authorityOf(address sender) internal view returns (address) {
        return sender == ADMIN ? INSTITUTION : sender;
    }

    function withdraw(address sender, bytes32 root) internal {
        vm.prank(sender);
        registry.withdraw(UNI, root);
    }

    function reinstate(address sender, bytes32 root) internal {
        vm.prank(sender);
        registry.reinstateBatch(UNI, root);
    }

    /// The admin hands over to another one.
    function handOver(address from, address to) internal {
        vm.prank(from);
        registry.transferAdmin(UNI, to);
        vm.prank(to);
        registry.acceptAdmin(UNI);
    }

    /// The programme puts another admin in place of a thief, and distrusts the thief's key.
    function rescue(address thief, address admin, uint256 since) internal {
        vm.startPrank(PROGRAMME);
        registry.replaceAdmin(UNI, admin);
        registry.distrust(UNI, thief, uint40(since));
        vm.stopPrank();
    }

    function distrust(address key, uint256 since) internal {
        vm.prank(ADMIN);
        registry.distrust(UNI, key, uint40(since));
    }

    /// A certificate that is alone in its batch: its root is its leaf, its path empty.
    function single(bytes32 commitment) internal pure returns (bytes32 root) {
        return Tree.leaf(0, commitment, 0);
    }

    function verify(bytes32 commitment) internal view returns (ISanadRegistry.Answer memory) {
        return registry.verify(DOMAIN, 0, commitment, 0, new bytes32[](0));
    }

    function counters(bytes32 institution)
        internal
        view
        returns (uint64 certificates, uint32 batches, uint32 revocations)
    {
        ISanadRegistry.Institution memory i = registry.institutionRecord(institution);
        return (i.certificates, i.batches, i.revocations);
    }

    // --------------------------------------------------------------------------------------- expectations

    function expect(bytes memory revertData) internal {
        vm.expectRevert(revertData);
    }

    function expectEvent() internal {
        vm.expectEmit(address(registry));
    }

    function notAdmin(address sender) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ISanadRegistryErrors.NotAdmin.selector, UNI, sender);
    }

    function notAuthorised(address key) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ISanadRegistryErrors.NotAuthorised.selector, UNI, key);
    }

    function distrusted(address key) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ISanadRegistryErrors.Distrusted.selector, UNI, key);
    }

    function notOwner(address sender) internal pure returns (bytes memory) {
        return abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", sender);
    }

    // ----------------------------------------------------------------------------------------------- lists

    function list(bytes32 a) internal pure returns (bytes32[] memory values) {
        values = new bytes32[](1);
        values[0] = a;
    }

    function list(bytes32 a, bytes32 b) internal pure returns (bytes32[] memory values) {
        values = new bytes32[](2);
        (values[0], values[1]) = (a, b);
    }

    function list(uint32 a) internal pure returns (uint32[] memory values) {
        values = new uint32[](1);
        values[0] = a;
    }

    function list(address a) internal pure returns (address[] memory values) {
        values = new address[](1);
        values[0] = a;
    }

    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }

    function _actor(string memory name) internal returns (address account) {
        account = vm.addr(uint256(keccak256(bytes(name))));
        vm.label(account, name);
    }
}
