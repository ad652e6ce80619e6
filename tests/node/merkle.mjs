// Roots and proofs of OpenZeppelin's StandardMerkleTree for the batches on standard input.
import { readFileSync } from "node:fs";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";

const batches = JSON.parse(readFileSync(0, "utf8"));
const answers = batches.map(({ records, proofs }) => {
  const tree = StandardMerkleTree.of(
    records.map(([commitment, sheet], index) => [index, commitment, sheet]),
    ["uint256", "bytes32", "bytes32"],
  );
  return { root: tree.root, proofs: proofs.map((index) => tree.getProof(index)) };
});
process.stdout.write(JSON.stringify(answers));
