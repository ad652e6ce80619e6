// Reads the vectors and says where this verifier, written from SPEC.md alone, disagrees: node agree.mjs <vectors>
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { hex, keccak256, leaf, parent, pathOf, sha256, treeOf, unhex } from "./bytes.mjs";
import { readBatchFile, readCode, readFile } from "./reading.mjs";
import { jcs, parse } from "./json.mjs";
import { Verifier } from "./verdict.mjs";

const folder = process.argv[2];
const problems = [];
let count = 0;

function each(name, check) {
  for (const file of readdirSync(join(folder, name)).filter((each) => each.endsWith(".json"))) {
    const vector = JSON.parse(readFileSync(join(folder, name, file)));
    if (file !== "answers.json") count++;
    let problem;
    try {
      problem = check(vector, Buffer.from(vector.input ?? "", "base64"));
    } catch (error) {
      problem = `${error.stack.split("\n").slice(0, 2).join("")}`;
    }
    if (problem) problems.push(`${name}/${file}: ${problem} (${vector.note})`);
  }
}

function refuses(read) {
  try {
    return `accepted as ${JSON.stringify(read())}`;
  } catch (error) {
    return error.constructor.name === "Refused" ? null : error.stack;
  }
}

const differs = (found, wanted, keys) =>
  keys.filter((key) => key in wanted && found[key] !== wanted[key]).map((key) => `${key} is ${found[key]}`).join(", ");

if (hex(keccak256(Buffer.from("university.example"))) !== "0xb7bc1e484f8177d3c7ca8fc9367933fc19e3293bbc1cbe5d1e5f1ab457b431c9") {
  problems.push("keccak256 is not Ethereum's");
}
each("json/accepted", (vector, input) => (jcs(parse(input)) === vector.canonical ? null : `gives ${jcs(parse(input))}`));
each("json/refused", (_, input) => refuses(() => parse(input)));
each("codes/good", (vector) => differs(readCode(vector.input), vector, ["hash", "code"]));
each("codes/bad", (vector) => refuses(() => readCode(vector.input)));
each("codes/mistyped", (vector) => refuses(() => readCode(vector.input)));
each("batch_files/good", (vector, input) => differs(readBatchFile(input), vector, ["domain", "root", "size"]));
each("batch_files/bad", (_, input) => refuses(() => readBatchFile(input)));
/** Section 9: the first 55 bits, five at a time, and the check character. */
function codeOf(hash) {
  const bits = (BigInt(hash) >> 201n).toString(2).padStart(55, "0");
  const digits = bits.match(/.{5}/g).map((each) => Number.parseInt(each, 2));
  const check = digits.reduce((sum, d) => (((sum ^ d) << 1) ^ ((sum ^ d) & 16 ? 0b100101 : 0)) & 31, 0);
  return [...digits, check].map((each) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[each]).join("").match(/.{4}/g).join("-");
}
each("hashes", (vector) => {
  const bytes = unhex(vector.hash);
  const base64url = bytes.toString("base64url");
  const found = { commitment: hex(sha256(bytes)), base64url, code: codeOf(vector.hash), link: `https://verify.example/c/${base64url}` };
  return differs(found, vector, Object.keys(found));
});
const leavesOf = (records) => records.map(([c, p], index) => leaf(index, unhex(c), unhex(p)));
const differ = (found, wanted) => (JSON.stringify(found) === JSON.stringify(wanted) ? null : `gives ${JSON.stringify(found)}`);
each("trees", ({ records, leaves, root, paths }) => {
  const own = leavesOf(records);
  const tree = treeOf(own);
  const found = { leaves: own.map(hex), root: hex(tree[0]), paths: own.map((each) => pathOf(tree, each).map(hex)) };
  return differ(found, { leaves, root, paths });
});
each("paths", ({ index, commitment, sheet, path, leaf: own, root }) => {
  const start = leaf(index, unhex(commitment), unhex(sheet));
  return differ([hex(start), hex(path.map(unhex).reduce(parent, start))], [own, root]);
});
each("institutions", ({ domain, institution }) => differ(hex(keccak256(Buffer.from(domain))), institution));
each("files/intact", (vector, input) => {
  const found = readFile(input);
  return found.is === "intact" ? differs(found, vector, ["hash", "commitment", "sheet", "index", "root"]) : `is ${found.is}`;
});
// Whether what is neither is altered or unreadable hangs on a search for envelopes; neither is ever intact.
each("files/altered", (_, input) => (readFile(input).is === "intact" ? "is intact" : null));
each("files/unreadable", (_, input) => (["intact", "altered"].includes(readFile(input).is) ? "is readable" : null));

const answers = JSON.parse(readFileSync(join(folder, "verdicts", "answers.json")));
each("verdicts", (vector) => {
  if (vector.verdict === null || vector.registries === undefined) return null; // somebody else's; and answers.json
  const verifier = new Verifier(vector.registries, vector.archive ?? {}, answers);
  const found = vector.hash ? verifier.hash(vector.hash) : verifier.file(Buffer.from(vector.file, "base64"));
  return found === vector.verdict ? null : `is ${found}, not ${vector.verdict}`;
});

for (const problem of problems) console.log(problem);
console.log(`${count} vectors, ${problems.length} disagreements`);
process.exit(problems.length ? 1 : 0);
