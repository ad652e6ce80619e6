// Batch files, envelopes and sealed files: SPEC.md sections 6 to 8 and "what a file is" of section 11.
import { hex, leaf, parent, rootOf, sha256, unhex } from "./bytes.mjs";
import { Refused, jcs, parse } from "./json.mjs";
import { baked, isPng, isSvg } from "./pictures.mjs";
import { search, textOf } from "./search.mjs";

const HASH = /^0x[0-9a-f]{64}$/;

// --- section 8

export function isDomain(text) {
  const labels = text.split(".");
  const fits = (label) => /^[a-z0-9-]{1,63}$/.test(label) && !label.startsWith("-") && !label.endsWith("-");
  return text.length <= 253 && labels.length >= 2 && labels.every(fits) && /^[a-z]/.test(labels.at(-1));
}

export function readBatchFile(bytes) {
  const end = bytes.indexOf("\n");
  const head = /^sanad-batch 1 (\S+) (0x[0-9a-f]{64})$/.exec(bytes.subarray(0, Math.max(end, 0)).toString("latin1"));
  const body = bytes.subarray(end + 1);
  if (!head || !isDomain(head[1]) || body.length === 0 || body.length % 64) throw new Refused("no batch file");
  const leaves = [];
  for (let at = 0; at < body.length; at += 64) {
    leaves.push(leaf(at / 64, body.subarray(at, at + 32), body.subarray(at + 32, at + 64)));
  }
  if (hex(rootOf(leaves)) !== head[2]) throw new Refused("another root");
  return { domain: head[1], root: head[2], size: leaves.length };
}

// --- sections 6 and 7

function isEnvelope(value) {
  if (!(value instanceof Map) || [...value.keys()].sort().join() !== "credential,index,path,root,sanad,sheet") return false;
  const [index, path] = [value.get("index"), value.get("path")];
  const isHash = (text) => typeof text === "string" && HASH.test(text);
  return (
    value.get("credential") instanceof Map &&
    Number.isInteger(index) && index >= 0 && index <= 2 ** 32 - 2 &&
    Array.isArray(path) && path.length <= 40 && path.every(isHash) &&
    isHash(value.get("root")) && value.get("sanad") === 1 && isHash(value.get("sheet"))
  );
}

/** What bytes say as an envelope, in whatever form, with their canonical form; null where they are none. */
export function saying(bytes) {
  let value;
  try {
    value = parse(bytes);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
  if (!isEnvelope(value)) return null;
  const hash = sha256(Buffer.from(jcs(value.get("credential"))));
  const commitment = sha256(hash);
  const [index, root, sheet] = ["index", "root", "sheet"].map((key) => value.get(key));
  const found = value.get("path").map(unhex).reduce(parent, leaf(index, commitment, unhex(sheet)));
  const credential = value.get("credential");
  const leads = hex(found) === root;
  return { credential, hash: hex(hash), commitment: hex(commitment), sheet, index, root, leads, form: jcs(value) };
}

/** What an envelope says, where it is one in canonical bytes; null where it is not. */
export function envelope(bytes) {
  const found = saying(bytes);
  return found && Buffer.from(found.form).equals(bytes) ? found : null;
}

const LINE = 20; // bytes of one entry of the table
const SHEET_END =
  /^trailer\n<<\/Size ([1-9][0-9]{0,5})\/Root ([1-9][0-9]{0,5}) 0 R\/Info ([1-9][0-9]{0,5}) 0 R\/ID\[<([0-9a-f]{32})><([0-9a-f]{32})>\]\/SanadSheet\(D:([0-9]{14})Z\)>>\nstartxref\n([1-9][0-9]{0,6})\n%%EOF\n$/;

/** Whether fourteen digits are a second of the Gregorian calendar, years 1 to 9999. */
function isSecond(digits) {
  const year = Number(digits.slice(0, 4));
  const [month, day, hour, minute, second] = [4, 6, 8, 10, 12].map((at) => Number(digits.slice(at, at + 2)));
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year >= 1 && day >= 1 && day <= days && hour <= 23 && minute <= 59 && second <= 59;
}

/** The numbers of a sheet's end, as text; null where it is no sheet. */
function sheetEnd(sheet) {
  const text = sheet.toString("latin1");
  const start = /startxref\n([1-9][0-9]{0,6})\n%%EOF\n$/.exec(text.slice(-24));
  if (!start) return null;
  const x = Number(start[1]);
  const head = /^xref\n0 ([1-9][0-9]{0,5})\n0000000000 65535 f \n/.exec(text.slice(x, x + 40));
  if (!head) return null;
  let at = x + head[0].length;
  for (let entry = 1; entry < Number(head[1]); entry++, at += LINE) {
    if (!/^[0-9]{10} 00000 n \n$/.test(text.slice(at, at + LINE))) return null;
  }
  const end = SHEET_END.exec(text.slice(at));
  if (!end) return null;
  const [, n, r, i, id, second, date, again] = end;
  const fits = n === head[1] && id === second && again === start[1] && isSecond(date);
  return fits && Number(r) < Number(n) && Number(i) < Number(n) ? { n: Number(n), r, i, x: again, id, date } : null;
}

export function seal(sheet, envelopeBytes) {
  const end = sheetEnd(sheet);
  if (!end) return null;
  const { n, r, i, x, id, date } = end;
  const e = envelopeBytes.length;
  const objects = [
    `${n} 0 obj\n[${n + 2} 0 R]\nendobj\n`,
    `${n + 1} 0 obj\n<</EmbeddedFiles<</Names[(certificate.json)${n + 2} 0 R]>>>>\nendobj\n`,
    `${n + 2} 0 obj\n<</Type/Filespec/F(certificate.json)/UF(certificate.json)/Desc(Sanad envelope)/AFRelationship/Data/EF<</F ${n + 3} 0 R/UF ${n + 3} 0 R>>>>\nendobj\n`,
    `${n + 3} 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjson/Params<</Size ${e}/ModDate(D:${date}Z)>>/Length ${e}>>\nstream\n`,
  ];
  const ten = (number) => String(number).padStart(10, "0");
  let at = sheet.length;
  const offsets = objects.map((object) => ((at += object.length), ten(at - object.length)));
  const close = "\nendstream\nendobj\n";
  at += e + close.length;
  const j = sha256(envelopeBytes).subarray(0, 16).toString("hex");
  const tail =
    `${close}xref\n${n} 4\n${offsets.map((each) => `${each} 00000 n \n`).join("")}` +
    `trailer\n<</Size ${n + 4}/Root ${r} 0 R/Info ${i} 0 R/Prev ${x}/ID[<${id}><${j}>]/SanadSeal[${ten(sheet.length)} ${ten(e)}]>>\n` +
    `startxref\n${ten(at)}\n%%EOF\n`;
  const start = Buffer.from(objects.join(""), "latin1");
  return { bytes: Buffer.concat([start, envelopeBytes, Buffer.from(tail, "latin1")]), start: start.length };
}

function sealed(file, s, e) {
  if (e === 0 || e > 262144 || s + e >= file.length) return null;
  const sheet = file.subarray(0, s);
  const blank = seal(sheet, Buffer.alloc(e));
  if (!blank) return null;
  const inside = file.subarray(s + blank.start, s + blank.start + e);
  if (!seal(sheet, inside).bytes.equals(file.subarray(s))) return null;
  const found = envelope(inside);
  return found && found.leads && found.sheet === hex(sha256(sheet)) && !/^0x0+$/.test(found.sheet) ? found : null;
}

// --- section 11, what a file is

const SEALED_END = /\/SanadSeal\[([0-9]{10}) ([0-9]{10})\]>>\nstartxref\n[0-9]{10}\n%%EOF\n$/;

export function readFile(file) {
  if (file.length > 10_000_000) return { is: "unreadable" };
  const end = file.length >= 63 && SEALED_END.exec(file.subarray(-63).toString("latin1"));
  if (end && end.index === 0) {
    const found = sealed(file, Number(end[1]), Number(end[2]));
    return found ? { is: "intact", kind: "pdf", ...found } : { is: "altered", found: search(file).found };
  }
  if (textOf(file)[0] === 0x7b) return readJson(file);
  if (isPng(file) || isSvg(file)) return readPicture(file);
  return readOther(file);
}

function readPicture(file) {
  let inside;
  try {
    inside = baked(file);
  } catch (error) {
    if (error instanceof Refused) return readOther(file);
    throw error;
  }
  return readJson(inside);
}

function readOther(file) {
  if (file.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1"))) return { is: "unreadable" };
  const { envelopes, found } = search(file);
  return envelopes.length ? { is: "altered", found } : { is: "unreadable" };
}

function readJson(file) {
  const exact = envelope(file);
  if (exact) return exact.leads ? { is: "intact", kind: "envelope", ...exact } : { is: "altered", found: null };
  const marked = file.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
  let value;
  try {
    value = parse(file.subarray(marked ? 3 : 0));
  } catch (error) {
    if (error instanceof Refused) return { is: "unreadable" };
    throw error;
  }
  if (isBare(value)) return bare(value);
  if (isEnvelope(value)) return { is: "altered", found: search(file).found };
  return readPresentation(value);
}

const isBare = (value) => value instanceof Map && ["@context", "credentialSubject", "proof"].every((key) => value.has(key));
const bare = (value) => {
  return { is: "intact", kind: "credential", credential: value, hash: hex(sha256(Buffer.from(jcs(value)))) };
};

function readPresentation(value) {
  const kinds = value instanceof Map ? [value.get("type")].flat() : [];
  if (!kinds.includes("VerifiablePresentation") || !value.has("verifiableCredential")) return { is: "unreadable" };
  const held = [value.get("verifiableCredential")].flat();
  if (!held.length || held.length > 20 || !held.every(isBare)) return { is: "unreadable" };
  return held.length === 1 ? bare(held[0]) : { is: "several", hashes: held.map((each) => bare(each).hash) };
}
