// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice OpenZeppelin's StandardMerkleTree over (index, commitment, sheet), as the issuer builds it: leaves
/// sorted, a complete binary tree in one array, commutative keccak256 nodes.
library Tree {
    function leaf(uint256 index, bytes32 commitment, bytes32 sheet) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(index, commitment, sheet))));
    }

    function node(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    /// @return nodes the root first, the leaves last
    function build(bytes32[] memory leaves) internal pure returns (bytes32[] memory nodes) {
        uint256 count = leaves.length;
        bytes32[] memory sorted = sort(leaves);
        nodes = new bytes32[](2 * count - 1);
        for (uint256 i; i < count; ++i) {
            nodes[nodes.length - 1 - i] = sorted[i];
        }
        for (uint256 i = count - 1; i > 0; --i) {
            nodes[i - 1] = node(nodes[2 * i - 1], nodes[2 * i]);
        }
    }

    function path(bytes32[] memory nodes, bytes32 wanted) internal pure returns (bytes32[] memory result) {
        uint256 place = nodes.length - 1;
        while (nodes[place] != wanted) --place;
        uint256 length;
        for (uint256 i = place; i > 0; i = (i - 1) / 2) ++length;
        result = new bytes32[](length);
        for (uint256 i; i < length; ++i) {
            result[i] = nodes[place % 2 == 0 ? place - 1 : place + 1];
            place = (place - 1) / 2;
        }
    }

    function sort(bytes32[] memory values) internal pure returns (bytes32[] memory sorted) {
        sorted = new bytes32[](values.length);
        for (uint256 i; i < values.length; ++i) {
            uint256 place = i;
            for (; place > 0 && sorted[place - 1] > values[i]; --place) sorted[place] = sorted[place - 1];
            sorted[place] = values[i];
        }
    }
}
