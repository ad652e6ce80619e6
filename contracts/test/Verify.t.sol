// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISanadRegistry} from "../src/ISanadRegistry.sol";
import {RegistryTest} from "./support/RegistryTest.sol";
import {Tree} from "./support/Tree.sol";

/// @notice What `verify` answers, whole; and that nothing but the very leaf at its very place has a path.
contract VerifyTest is RegistryTest {
    bytes32 private constant C = keccak256("commitment");
    bytes32 private constant P = keccak256("sheet");

    // --------------------------------------------------------------------------------- the whole answer

    function test_good_answer() public {
        bytes32 root = Tree.leaf(0, C, P);
        vm.warp(START + 60);
        issue(root);
        vm.warp(START + 90);
        vm.roll(1234);
        ISanadRegistry.Answer memory wanted = _blank(root);
        wanted.signer = SIGNER;
        wanted.issuedAt = START + 60;
        wanted.size = 1;
        wanted.signerAuthorised = true;
        wanted.counts = true;
        wanted.good = true;
        _expectAnswer(registry.verify(DOMAIN, 0, C, P, new bytes32[](0)), wanted);
    }

    function test_unknown_root() public {
        vm.warp(START + 90);
        vm.roll(1234);
        bytes32 root = Tree.leaf(0, C, P);
        _expectAnswer(registry.verify(DOMAIN, 0, C, P, new bytes32[](0)), _blank(root));
    }

    function test_unknown_domain() public {
        vm.warp(START + 90);
        vm.roll(1234);
        ISanadRegistry.Answer memory wanted = _blank(Tree.leaf(0, C, P));
        wanted.institution = keccak256("nowhere");
        wanted.accredited = false;
        wanted.institutionName = "";
        _expectAnswer(registry.verify("nowhere", 0, C, P, new bytes32[](0)), wanted);
        wanted.institution = keccak256("");
        _expectAnswer(registry.verify("", 0, C, P, new bytes32[](0)), wanted);
    }

    function testFuzz_never_reverts(
        string calldata domain,
        uint256 index,
        bytes32 commitment,
        bytes32 sheet,
        bytes32[] calldata path
    ) public view {
        ISanadRegistry.Answer memory a = registry.verify(domain, index, commitment, sheet, path);
        vm.assertFalse(a.good, "good");
        vm.assertFalse(a.counts, "counts");
        vm.assertEq(a.issuedAt, 0, "record");
    }

    function test_sentinel_comes_out_of_storage() public {
        bytes32 sentinel = keccak256("sanad.registry.1");
        uint256 slot;
        while (vm.load(address(registry), bytes32(slot)) != sentinel) ++slot;
        vm.store(address(registry), bytes32(slot), 0);
        vm.assertEq(verify("a").sentinel, 0, "a node without the state answers zero");
    }

    function test_a_revoked_commitment_of_no_batch_is_told() public {
        revoke(ADMIN, C);
        ISanadRegistry.Answer memory a = verify(C);
        vm.assertEq(a.issuedAt, 0, "no batch");
        vm.assertEq(a.reason, DATA_ERROR, "revoked all the same");
    }

    // --------------------------------------------------------------------------------------------- size

    function testFuzz_never_good_at_or_beyond_the_size(uint32 size, uint256 index) public {
        vm.assume(size != 0);
        vm.prank(SIGNER);
        registry.issue(UNI, Tree.leaf(index, C, P), size);
        ISanadRegistry.Answer memory a = registry.verify(DOMAIN, index, C, P, new bytes32[](0));
        vm.assertTrue(a.counts, "counts");
        vm.assertEq(a.good, index < size, "good");
    }

    function test_at_the_size() public {
        bytes32 root = Tree.leaf(5, C, P);
        vm.prank(SIGNER);
        registry.issue(UNI, root, 5);
        vm.assertFalse(registry.verify(DOMAIN, 5, C, P, new bytes32[](0)).good, "at the size");
        vm.prank(SECOND);
        registry.issue(UNI, Tree.leaf(4, C, P), 5);
        vm.assertTrue(registry.verify(DOMAIN, 4, C, P, new bytes32[](0)).good, "below it");
    }

    // -------------------------------------------------------------------------------------------- trees

    function test_every_certificate_of_every_tree_of_up_to_33() public {
        for (uint256 count = 1; count <= 33; ++count) _everyCertificate(count, count);
    }

    function testFuzz_a_certificate_of_a_tree(uint256 count, uint256 seed, uint256 pick) public {
        count = bound(count, 1, 40);
        (bytes32[] memory nodes, bytes32[] memory leaves) = _tree(count, seed);
        vm.prank(SIGNER);
        registry.issue(UNI, nodes[0], uint32(count));
        ISanadRegistry.Answer memory a = _verify(pick % count, seed, Tree.path(nodes, leaves[pick % count]));
        vm.assertTrue(a.good, "good");
        vm.assertEq(a.root, nodes[0], "root");
    }

    function _everyCertificate(uint256 count, uint256 seed) private {
        (bytes32[] memory nodes, bytes32[] memory leaves) = _tree(count, seed);
        vm.prank(SIGNER);
        registry.issue(UNI, nodes[0], uint32(count));
        for (uint256 i; i < count; ++i) {
            ISanadRegistry.Answer memory a = _verify(i, seed, Tree.path(nodes, leaves[i]));
            vm.assertTrue(a.good, "good");
            vm.assertEq(a.root, nodes[0], "root");
        }
    }

    function testFuzz_changed_inputs_are_unknown(uint256 count, uint256 seed, uint256 pick) public {
        count = bound(count, 2, 40);
        (bytes32[] memory nodes, bytes32[] memory leaves) = _tree(count, seed);
        vm.prank(SIGNER);
        registry.issue(UNI, nodes[0], uint32(count));
        uint256 i = pick % count;
        bytes32[] memory path = Tree.path(nodes, leaves[i]);
        (bytes32 c, bytes32 p) = _certificate(i, seed);
        _unknown(i + 1, c, p, path);
        _unknown(i + (1 << 255), c, p, path);
        _unknown(i, p, c, path);
        _unknown(i, c, 0, path);
        _unknown(i, bytes32(uint256(c) ^ (1 << (pick % 256))), p, path);
        _unknown(i, c, bytes32(uint256(p) ^ (1 << (pick % 256))), path);
        _unknown((i + 1) % count, c, p, Tree.path(nodes, leaves[(i + 1) % count]));
    }

    function testFuzz_changed_paths_are_unknown(uint256 count, uint256 seed, uint256 pick) public {
        count = bound(count, 4, 40);
        (bytes32[] memory nodes, bytes32[] memory leaves) = _tree(count, seed);
        vm.prank(SIGNER);
        registry.issue(UNI, nodes[0], uint32(count));
        uint256 i = pick % count;
        bytes32[] memory path = Tree.path(nodes, leaves[i]);
        (bytes32 c, bytes32 p) = _certificate(i, seed);
        _unknown(i, c, p, _withLength(path, path.length - 1));
        _unknown(i, c, p, _withLength(path, path.length + 1));
        _unknown(i, c, p, new bytes32[](0));
        (path[0], path[1]) = (path[1], path[0]);
        _unknown(i, c, p, path);
        (path[0], path[1]) = (path[1], path[0]);
        path[pick % path.length] = bytes32(uint256(path[pick % path.length]) ^ (1 << (pick % 256)));
        _unknown(i, c, p, path);
    }

    /// An inner node is the hash of 64 bytes; a leaf is a hash of a hash of 96. Neither passes for the other.
    function test_inner_node_is_no_leaf() public {
        (bytes32[] memory nodes,) = _tree(4, 1);
        vm.prank(SIGNER);
        registry.issue(UNI, nodes[0], 4);
        // The children of the inner node 1 as if they were a certificate's values.
        _unknown(uint256(nodes[3]), nodes[4], 0, list(nodes[2]));
        _unknown(0, nodes[3], nodes[4], list(nodes[2]));
        _unknown(uint256(nodes[1]), nodes[2], 0, new bytes32[](0));
        _unknown(0, nodes[1], nodes[2], new bytes32[](0));
    }

    /// A tree built over leaves of 64 bytes, or hashed once, or in another order of fields, is another tree.
    function test_other_leaves_are_unknown() public {
        _issueUnknown(keccak256(abi.encode(C, P)));
        _issueUnknown(keccak256(abi.encode(uint256(0), C, P)));
        _issueUnknown(keccak256(abi.encode(keccak256(abi.encode(C, P, uint256(0))))));
        _issueUnknown(keccak256(abi.encode(keccak256(abi.encodePacked(C, P)))));
        _issueUnknown(keccak256(abi.encode(keccak256(abi.encode(uint256(0), P, C)))));
    }

    /// The pair's order does not matter, as in OpenZeppelin's tree; its place in the tree does.
    function test_nodes_are_commutative() public {
        (bytes32[] memory nodes, bytes32[] memory leaves) = _tree(2, 9);
        vm.prank(SIGNER);
        registry.issue(UNI, nodes[0], 2);
        vm.assertTrue(_verify(0, 9, list(leaves[1])).good, "left");
        vm.assertTrue(_verify(1, 9, list(leaves[0])).good, "right");
    }

    /// Made by OpenZeppelin's merkle-tree of npm, see merkle/vectors.js.
    function test_the_issuers_library_builds_the_same_tree() public view {
        string memory json = vm.readFile("test/merkle/vectors.json");
        uint256[6] memory sizes = [uint256(1), 2, 3, 17, 40, 100];
        for (uint256 s; s < sizes.length; ++s) {
            bytes32[] memory leaves = new bytes32[](sizes[s]);
            for (uint256 i; i < sizes[s]; ++i) {
                leaves[i] = Tree.leaf(i, bytes32(2 * i + 1), bytes32(2 * i + 2));
            }
            string memory key = string.concat(".roots.size", vm.toString(sizes[s]));
            vm.assertEq(Tree.build(leaves)[0], vm.parseJsonBytes32(json, key), key);
        }
    }

    // ------------------------------------------------------------------------------------------- private

    function _certificate(uint256 i, uint256 seed) private pure returns (bytes32 c, bytes32 p) {
        return (keccak256(abi.encode("c", seed, i)), keccak256(abi.encode("p", seed, i)));
    }

    function _tree(uint256 count, uint256 seed)
        private
        pure
        returns (bytes32[] memory nodes, bytes32[] memory leaves)
    {
        leaves = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            (bytes32 c, bytes32 p) = _certificate(i, seed);
            leaves[i] = Tree.leaf(i, c, p);
        }
        nodes = Tree.build(leaves);
    }

    function _verify(uint256 i, uint256 seed, bytes32[] memory path)
        private
        view
        returns (ISanadRegistry.Answer memory)
    {
        (bytes32 c, bytes32 p) = _certificate(i, seed);
        return registry.verify(DOMAIN, i, c, p, path);
    }

    function _unknown(uint256 index, bytes32 c, bytes32 p, bytes32[] memory path) private view {
        ISanadRegistry.Answer memory a = registry.verify(DOMAIN, index, c, p, path);
        vm.assertEq(a.issuedAt, 0, "no record under such a root");
        vm.assertFalse(a.good, "good");
    }

    function _issueUnknown(bytes32 root) private {
        issue(root);
        _unknown(0, C, P, new bytes32[](0));
    }

    function _withLength(bytes32[] memory path, uint256 length) private pure returns (bytes32[] memory other) {
        other = new bytes32[](length);
        for (uint256 i; i < length && i < path.length; ++i) other[i] = path[i];
    }

    /// What is answered of an accredited institution without a record of `root`.
    function _blank(bytes32 root) private view returns (ISanadRegistry.Answer memory a) {
        a.sentinel = keccak256("sanad.registry.1");
        a.blockNumber = 1234;
        a.blockTime = START + 90;
        a.root = root;
        a.institution = UNI;
        a.accredited = true;
        a.institutionName = NAME;
    }

    function _expectAnswer(ISanadRegistry.Answer memory a, ISanadRegistry.Answer memory wanted) private pure {
        vm.assertEq(keccak256(abi.encode(a)), keccak256(abi.encode(wanted)), "the whole answer");
    }
}
