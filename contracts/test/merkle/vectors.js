// Writes vectors.json: for some sizes, the root that npm @openzeppelin/merkle-tree makes of the rows
// (i, 2i + 1, 2i + 2). Run in contracts/: node test/merkle/vectors.js
const fs = require("fs");
const path = require("path");
const { StandardMerkleTree } = require("@openzeppelin/merkle-tree");

const SIZES = [1, 2, 3, 17, 40, 100];
const word = (n) => "0x" + n.toString(16).padStart(64, "0");

function root(size) {
  const rows = Array.from({ length: size }, (_, i) => [i, word(2 * i + 1), word(2 * i + 2)]);
  return StandardMerkleTree.of(rows, ["uint256", "bytes32", "bytes32"]).root;
}

const roots = Object.fromEntries(SIZES.map((size) => [`size${size}`, root(size)]));
fs.writeFileSync(path.join(__dirname, "vectors.json"), JSON.stringify({ roots }, null, 2) + "\n");
