// What a status list says of a credential: SPEC.md section 15.3, and section 12 for the list's own signature.
import { createHash, createPublicKey, verify } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Refused, jcs as canonical, parse } from "./json.mjs";

const LEAST = 16384;
const MOST = 2097152;
const DATE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;
const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const SECTION_12 = ["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue", "@context"];

const jcs = (value) => canonical(parse(Buffer.from(JSON.stringify(value))));

export function status(credential, bytes, now) {
  try {
    parse(bytes);
    return isSet(credential, JSON.parse(bytes), now) ? "revoked" : "not revoked";
  } catch (error) {
    if (error instanceof Refused) return "could not check";
    throw error;
  }
}

// 15.5, steps 4 to 6: which places are set, of those that are known, and as they were otherwise.
export function published({ places, batches, revoked, before }) {
  const set = new Set(before);
  for (const index of new Set(places.map((place) => place.index))) {
    const here = places.filter((place) => place.index === index && batches[place.root]?.issuedAt);
    const commitments = [...new Set(here.map((place) => place.commitment))];
    const said = commitments.map((c) => fallen(here.filter((each) => each.commitment === c), batches, revoked));
    if (said.includes(true)) set.add(index);
    else if (said.length && !said.includes(null)) set.delete(index);
  }
  return [...set].sort((a, b) => a - b);
}

function fallen(places, batches, revoked) {
  const records = places.map((place) => ({ ...place, ...batches[place.root] }));
  const counting = records.filter((record) => record.counts);
  const said = (counting.length ? counting : records).map((record) => {
    const biting = [ZERO, ...(record.adopted ? [] : [record.signer])];
    const bites = (each) => each.commitment === record.commitment && biting.includes(each.authority);
    return !record.counts || record.withdrawnAt !== 0 || revoked.some(bites);
  });
  return said.every((each) => each === said[0]) ? said[0] : null;
}

const ZERO = `0x${"0".repeat(40)}`;

function need(holds, what) {
  if (!holds) throw new Refused(what);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const names = (value) => (Array.isArray(value) ? value : [value]);
const identity = (issuer) => (isObject(issuer) ? issuer.id : issuer);

function isSet(credential, list, now) {
  const entries = names(credential.credentialStatus);
  need(entries.length === 1 && isObject(entries[0]) && entries[0].type === "BitstringStatusListEntry", "entry");
  const entry = entries[0];
  need(!("statusSize" in entry) || entry.statusSize === 1, "size");
  need(isObject(list) && isObject(list.credentialSubject), "subject");
  const subject = list.credentialSubject;
  need(typeof list.id === "string" && list.id === entry.statusListCredential, "another list");
  need(names(list.type).includes("BitstringStatusListCredential"), "type");
  need(names(subject.type).includes("BitstringStatusList"), "type");
  need(entry.statusPurpose === "revocation" && names(subject.statusPurpose).includes("revocation"), "purpose");
  need(typeof identity(list.issuer) === "string" && identity(list.issuer) === identity(credential.issuer), "issuer");
  need(!("validFrom" in list) || before(list.validFrom, now), "not yet");
  need(!("validUntil" in list) || before(now, list.validUntil), "over");
  checkProof(list);
  const index = entry.statusListIndex;
  need(typeof index === "string" && /^(0|[1-9][0-9]{0,9})$/.test(index), "index");
  const bits = unpacked(subject.encodedList);
  need(Number(index) < bits.length * 8, "beyond");
  return (bits[Math.floor(Number(index) / 8)] & (0x80 >> (Number(index) % 8))) !== 0;
}

function before(one, other) {
  const [a, b] = [one, other].map((text) => {
    const found = typeof text === "string" ? DATE.exec(text) : null;
    need(found && !Number.isNaN(Date.parse(found[1] + found[3])), "date");
    return [Date.parse(found[1] + found[3]), (found[2] ?? "").padEnd(12, "0")];
  });
  return a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]);
}

function unpacked(encoded) {
  need(typeof encoded === "string" && /^u[A-Za-z0-9_-]*$/.test(encoded) && encoded.length % 4 !== 2, "base64url");
  const packed = Buffer.from(encoded.slice(1), "base64url");
  let found;
  try {
    found = gunzipSync(packed, { maxOutputLength: MOST, info: true });
  } catch {
    throw new Refused("gzip");
  }
  // Node reads members one after another, and stops at other bytes without a word.
  need(found.engine.bytesWritten === packed.length, "bytes follow");
  need(packed.readUInt32LE(packed.length - 4) === found.buffer.length, "several members");
  need(found.buffer.length >= LEAST, "short");
  return found.buffer;
}

function checkProof(list) {
  const { proof, ...document } = list;
  need(isObject(proof) && proof.type === "DataIntegrityProof" && proof.proofPurpose === "assertionMethod", "proof");
  need(Object.keys(proof).every((key) => SECTION_12.includes(key)), "proof");
  const [controller, multikey] = String(proof.verificationMethod).split("#");
  need(controller === identity(list.issuer) && /^did:web:/.test(controller), "method");
  const { proofValue, ...options } = proof;
  const hashed = signed(document, options).map((text) => createHash("sha256").update(text).digest());
  const key = base58(multikey);
  need(key.length === 34 && key[0] === 0xed && key[1] === 0x01, "key");
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key.subarray(2)]);
  const given = createPublicKey({ key: der, format: "der", type: "spki" });
  need(verify(null, Buffer.concat(hashed), given, base58(proofValue)), "signature");
}

function signed(document, options) {
  if (options.cryptosuite === "eddsa-jcs-2022") return [jcs(options), jcs(document)];
  need(options.cryptosuite === "eddsa-rdfc-2022" && !("@context" in options), "suite");
  return [proofQuads(options), listQuads(document)];
}

const XSD = "http://www.w3.org/2001/XMLSchema#";
const VC = "https://www.w3.org/2018/credentials#";
const STATUS = "https://www.w3.org/ns/credentials/status#";
const SECURITY = "https://w3id.org/security#";
const A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
const TYPES = {
  VerifiableCredential: `${VC}VerifiableCredential`,
  BitstringStatusListCredential: `${STATUS}BitstringStatusListCredential`,
  BitstringStatusList: `${STATUS}BitstringStatusList`,
};

const iri = (text) => (need(typeof text === "string" && /^[a-z]+:[^\s<>"{}|\\^`]+$/.test(text), "iri"), `<${text}>`);
const plain = (text) => (need(typeof text === "string" && /^[ !#-[\]-~]*$/.test(text), "literal"), `"${text}"`);
const typed = (text, type) => `${plain(text)}^^<${type}>`;
const sorted = (lines) => lines.map((line) => `${line} .\n`).sort().join("");

// The RDF of a list in the form of 15.2, of which every node has a name: sorted lines are its RDFC-1.0 form.
function listQuads(list) {
  const { "@context": context, id, type, issuer, validFrom, validUntil, credentialSubject: subject, ...more } = list;
  need(jcs(context) === '["https://www.w3.org/ns/credentials/v2"]' && !Object.keys(more).length, "form");
  const { id: own, type: kind, statusPurpose, encodedList, ttl, ...rest } = subject;
  need(!Object.keys(rest).length && Number.isSafeInteger(ttl) && names(kind).length === 1, "form");
  need(!isObject(issuer) || Object.keys(issuer).length === 1, "form");
  const dates = Object.entries({ validFrom, validUntil }).filter(([, value]) => value !== undefined);
  return sorted([
    ...names(type).map((each) => `${iri(id)} ${A} ${iri(TYPES[each])}`),
    `${iri(id)} <${VC}issuer> ${iri(identity(issuer))}`,
    ...dates.map(([name, value]) => `${iri(id)} <${VC}${name}> ${typed(value, `${XSD}dateTime`)}`),
    `${iri(id)} <${VC}credentialSubject> ${iri(own)}`,
    `${iri(own)} ${A} ${iri(TYPES[names(kind)[0]])}`,
    ...names(statusPurpose).map((each) => `${iri(own)} <${STATUS}statusPurpose> ${plain(each)}`),
    `${iri(own)} <${STATUS}encodedList> ${typed(encodedList, `${SECURITY}multibase`)}`,
    `${iri(own)} <${STATUS}ttl> ${typed(String(ttl), `${XSD}integer`)}`,
  ]);
}

// A proof has no name; it is the one blank node.
function proofQuads(options) {
  const node = "_:c14n0";
  return sorted([
    `${node} ${A} <${SECURITY}DataIntegrityProof>`,
    `${node} <http://purl.org/dc/terms/created> ${typed(options.created, `${XSD}dateTime`)}`,
    `${node} <${SECURITY}cryptosuite> ${typed(options.cryptosuite, `${SECURITY}cryptosuiteString`)}`,
    `${node} <${SECURITY}proofPurpose> <${SECURITY}assertionMethod>`,
    `${node} <${SECURITY}verificationMethod> ${iri(options.verificationMethod)}`,
  ]);
}

function base58(text) {
  need(typeof text === "string" && /^z[1-9A-HJ-NP-Za-km-z]+$/.test(text), "base58");
  let number = 0n;
  for (const character of text.slice(1)) number = number * 58n + BigInt(ALPHABET.indexOf(character));
  const digits = number.toString(16);
  const zeros = /^1*/.exec(text.slice(1))[0].length;
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex")]);
}
