// Hashes, trees, paths and institutions: SPEC.md sections 3, 4, 5, 9 and 10.
import { hex, keccak256, leaf, parent, pathOf, sha256, treeOf, unhex } from "./bytes.mjs";

const differ = (found, wanted) => (JSON.stringify(found) === JSON.stringify(wanted) ? null : `gives ${JSON.stringify(found)}`);

/** Section 9: the first 55 bits, five at a time, and the check character. */
function codeOf(hash) {
  const bits = (BigInt(hash) >> 201n).toString(2).padStart(55, "0");
  const digits = bits.match(/.{5}/g).map((each) => Number.parseInt(each, 2));
  const check = digits.reduce((sum, d) => (((sum ^ d) << 1) ^ ((sum ^ d) & 16 ? 0b100101 : 0)) & 31, 0);
  return [...digits, check].map((each) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[each]).join("").match(/.{4}/g).join("-");
}

/** Reads the folders with `each`, which counts the vectors and tells what a check says. */
export function agreeOnTrees(each) {
  each("hashes", ({ hash, commitment, base64url, code, link }) => {
    const bytes = unhex(hash);
    const text = bytes.toString("base64url");
    const found = [hex(sha256(bytes)), text, codeOf(hash), `https://verify.example/c/${text}`];
    return differ(found, [commitment, base64url, code, link]);
  });
  each("trees", ({ records, leaves, root, paths }) => {
    const own = records.map(([c, p], index) => leaf(index, unhex(c), unhex(p)));
    const tree = treeOf(own);
    const found = { leaves: own.map(hex), root: hex(tree[0]), paths: own.map((one) => pathOf(tree, one).map(hex)) };
    return differ(found, { leaves, root, paths });
  });
  each("paths", ({ index, commitment, sheet, path, leaf: own, root }) => {
    const start = leaf(index, unhex(commitment), unhex(sheet));
    return differ([hex(start), hex(path.map(unhex).reduce(parent, start))], [own, root]);
  });
  each("institutions", ({ domain, institution }) => differ(hex(keccak256(Buffer.from(domain))), institution));
}
