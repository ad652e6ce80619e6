// Reads the vectors and says where this verifier, written from SPEC.md alone, disagrees: node agree.mjs <vectors>
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { hex, keccak256 } from "./bytes.mjs";
import { instant, split } from "./dates.mjs";
import { readCode, readPasted } from "./codes.mjs";
import { isDomain, readBatchFile, readFile } from "./reading.mjs";
import { jcs, parse } from "./json.mjs";
import { published, status } from "./status.mjs";
import { agreeOnTrees } from "./agree_trees.mjs";
import { confirmed, readDidDocument, readProgramme, readRecords } from "./domains.mjs";
import { signature } from "./signature.mjs";
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
each("codes/pasted", (vector) => {
  if (vector.found === undefined) return refuses(() => readPasted(vector.input));
  const found = JSON.stringify(readPasted(vector.input));
  return found === JSON.stringify(vector.found) ? null : `finds ${found}`;
});
each("domains/good", (vector) => (isDomain(vector.input) ? null : "is refused"));
each("domains/bad", (vector) => (isDomain(vector.input) ? "is accepted" : null));
each("dates/good", (vector) => differs(split(instant(vector.input)), vector, ["seconds", "nanoseconds"]));
each("dates/bad", (vector) => refuses(() => instant(vector.input)));
each("batch_files/good", (vector, input) => differs(readBatchFile(input), vector, ["domain", "root", "size"]));
each("batch_files/bad", (_, input) => refuses(() => readBatchFile(input)));
each("files/intact", (vector, input) => {
  const found = readFile(input);
  return found.is === "intact" ? differs(found, vector, ["hash", "commitment", "sheet", "index", "root"]) : `is ${found.is}`;
});
each("files/altered", (vector, input) => {
  const found = readFile(input);
  return found.is !== "altered" ? `is ${found.is}` : differs({ found: found.found?.hash ?? null }, vector, ["found"]);
});
each("files/credentials", (vector, input) => {
  const found = readFile(input);
  return found.kind === "credential" ? differs(found, vector, ["hash"]) : `is ${found.kind ?? found.is}`;
});
each("files/presentations", (vector, input) => {
  const found = readFile(input);
  return found.is === "several" ? differs({ hashes: String(found.hashes) }, { hashes: String(vector.hashes) }, ["hashes"]) : `is ${found.is}`;
});
each("files/unreadable", (_, input) => (readFile(input).is === "unreadable" ? null : `is ${readFile(input).is}`));

each("status_lists", (vector, input) => {
  const found = status(vector.credential, input, vector.now);
  return found === vector.answer ? null : `says ${found}`;
});
agreeOnTrees(each);

each("status_publishing", (vector) => {
  const found = JSON.stringify(published(vector));
  return found === JSON.stringify(vector.after) ? null : `gives ${found}`;
});

const sorted = (value) =>
  JSON.stringify(value, (_, each) =>
    each && typeof each === "object" && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort()) : each,
  );
const sameAs = (found, vector) =>
  Object.keys(found).every((key) => sorted(found[key]) === sorted(vector[key])) ? null : `gives ${JSON.stringify(found)}`;
each("domain_keys/did/good", (vector, input) => sameAs(readDidDocument(input, "university.example"), vector));
each("domain_keys/did/bad", (_, input) => refuses(() => readDidDocument(input, "university.example")));
each("domain_keys/txt/good", (vector) => sameAs(readRecords(vector.records), vector));
each("domain_keys/txt/foreign", (vector) => (readRecords(vector.records) === null ? null : "is ours"));
each("domain_keys/txt/bad", (vector) => refuses(() => readRecords(vector.records)));
each("domain_keys/step", (vector) => {
  const found = confirmed(vector, "university.example");
  return found === vector.step ? null : `step 10 is ${found}, not ${vector.step}`;
});
each("programmes/good", (vector, input) => sameAs(readProgramme(input), vector));
each("programmes/bad", (_, input) => refuses(() => readProgramme(input)));
// Canonical RDF needs a library, so what hangs on it alone is not compared.
each("signatures", (vector) => {
  const found = signature(parse(Buffer.from(JSON.stringify(vector.credential))), vector.domain);
  return found === "rdfc" || found === vector.signature ? null : `is ${found}, not ${vector.signature}`;
});

const answers = JSON.parse(readFileSync(join(folder, "verdicts", "answers.json")));
each("verdicts", (vector) => {
  if (vector.registries === undefined) return null; // answers.json
  const verifier = new Verifier(vector.registries, vector.archive ?? {}, answers);
  const found = vector.hash ? verifier.judgeHash(vector.hash) : verifier.judge(Buffer.from(vector.file, "base64"));
  if (found.outcome !== vector.verdict) return `is ${found.outcome}, not ${vector.verdict}`;
  const always = ["registered", "replacement", "walk"].filter((key) => sorted(found[key]) !== sorted(vector[key]));
  const compared = ["anchored", "registry"].filter((key) => key in vector && found[key] !== vector[key]);
  return [...always, ...compared].map((key) => `${key} is ${sorted(found[key])}`).join(", ");
});

for (const problem of problems) console.log(problem);
console.log(`${count} vectors, ${problems.length} disagreements`);
process.exit(problems.length ? 1 : 0);
