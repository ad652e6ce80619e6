// A credential's own signature, from SPEC.md section 12 alone. Canonical RDF would need a library: of eddsa-rdfc-2022 only
// what is decided before it is answered, and "rdfc" where it would come to that.
import { createHash, createPublicKey, verify } from "node:crypto";
import { instant } from "./dates.mjs";
import { Refused, jcs } from "./json.mjs";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const OB = "https://purl.imsglobal.org/spec/ob/v3p0/";
const CONTEXTS = [
  ...["https://www.w3.org/ns/credentials/v2", "https://w3id.org/security/data-integrity/v2", "https://w3id.org/security/data-integrity/v1"],
  ...["context-3.0.3.json", "context-3.0.2.json", "context-3.0.1.json", "context.json", "extensions.json"].map((name) => OB + name),
];
const ITSELF = ["issuer", "validFrom", "validUntil", "credentialStatus", "credentialSubject"];
const STAMP = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const [GENUINE, FALSE, UNCHECKED] = ["genuine", "false", "could not check"];

function multibase(text) {
  if (typeof text !== "string" || !/^z[1-9A-HJ-NP-Za-km-z]{1,128}$/.test(text)) return null;
  let number = 0n;
  for (const digit of text.slice(1)) number = number * 58n + BigInt(ALPHABET.indexOf(digit));
  const zeros = /^1*/.exec(text.slice(1))[0].length;
  const digits = number === 0n ? "" : number.toString(16);
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex")]);
}

const without = (map, name) => new Map([...map].filter(([key]) => key !== name));
const contexts = (map) => (Array.isArray(map.get("@context")) ? map.get("@context") : [map.get("@context")]);

export function signature(credential, domain) {
  let proof = credential.get("proof");
  if (Array.isArray(proof) && proof.length > 1) return UNCHECKED;
  if (Array.isArray(proof)) proof = proof[0];
  if (!(proof instanceof Map)) return FALSE;
  const method = proof.get("verificationMethod");
  if (typeof method !== "string" || !method.includes("#")) return FALSE;
  const [controller, key] = [method.slice(0, method.indexOf("#")), method.slice(method.indexOf("#") + 1)];
  if (!key.startsWith("z6Mk")) return UNCHECKED;
  const issuer = credential.get("issuer");
  if (controller !== (issuer instanceof Map ? issuer.get("id") : issuer) || controller !== `did:web:${domain}`) return FALSE;
  const bytes = multibase(key);
  if (bytes === null || bytes.length !== 34 || bytes[0] !== 0xed || bytes[1] !== 1) return FALSE;
  if (proof.get("type") !== "DataIntegrityProof") return UNCHECKED;
  if (proof.get("proofPurpose") !== "assertionMethod") return FALSE;
  if (proof.has("created")) {
    const found = time(proof.get("created"));
    if (found !== GENUINE) return found;
  }
  if (proof.has("expires") || proof.has("previousProof")) return UNCHECKED;
  const value = multibase(proof.get("proofValue"));
  if (value === null) return FALSE;
  const [options, document] = [without(proof, "proofValue"), without(credential, "proof")];
  if (proof.get("cryptosuite") === "eddsa-rdfc-2022") return readable(options, document) ? "rdfc" : UNCHECKED;
  if (proof.get("cryptosuite") !== "eddsa-jcs-2022") return UNCHECKED;
  if (options.has("@context")) {
    const [signed, present] = [contexts(options), contexts(document)];
    if (!signed.every((each, place) => place < present.length && jcs(each) === jcs(present[place]))) return FALSE;
    if (present.length > signed.length) return UNCHECKED;
    document.set("@context", options.get("@context"));
  }
  const hashes = [options, document].map((each) => createHash("sha256").update(jcs(each)).digest());
  const spki = createPublicKey({ key: Buffer.concat([SPKI, bytes.subarray(2)]), format: "der", type: "spki" });
  return verify(null, Buffer.concat(hashes), spki, value) ? GENUINE : FALSE;
}

/** Of a proof's time: false where it is no dateTimeStamp of XML Schema, could not check where it cannot be read. */
function time(created) {
  if (created !== null && !(typeof created === "string" && STAMP.test(created))) return FALSE;
  try {
    instant(created);
    return GENUINE;
  } catch (error) {
    if (error instanceof Refused) return UNCHECKED;
    throw error;
  }
}

function readable(options, document) {
  const named = document.get("@context") ?? [];
  const addresses = Array.isArray(named) ? named : [named];
  if (addresses.length > 16 || !addresses.every((each) => CONTEXTS.includes(each))) return false;
  return [new Map([...options, ["@context", named]]), document].every(small) && [without(options, "@context"), without(document, "@context")].every(compacted);
}

function* walk(value, key = "") {
  yield [key, value];
  if (value instanceof Map) for (const [name, item] of value) yield* walk(item, name);
  if (Array.isArray(value)) for (const item of value) yield* walk(item, key);
}

function small(document) {
  let [values, nodes, nameless] = [0, 0, 0];
  for (const [, value] of walk(document)) {
    values++;
    if (Array.isArray(value) && value.length > 256) return false;
    if (!(value instanceof Map)) continue;
    nodes++;
    if (!["id", "@id", "@value"].some((each) => value.has(each))) nameless++;
  }
  return values <= 768 && nodes <= 256 && nameless <= 64;
}

function compacted(body) {
  if (["id", "issuer", "validFrom", "validUntil"].some((key) => Array.isArray(body.get(key)))) return false;
  for (const [key, value] of walk(body)) {
    if (value === null || (Array.isArray(value) && (value.length === 0 || value.some(Array.isArray)))) return false;
    if (Array.isArray(value)) {
      const texts = value.filter((each) => !(each instanceof Map));
      if (value.length === 1 && texts.length === 1 && !["type", "tag", "allowedValue", "endorsementJwt"].includes(key)) return false;
      if (new Set(texts.map((each) => typeof each + each)).size < texts.length && key !== "allowedValue") return false;
    }
    if (key === "hashed" && typeof value !== "boolean") return false;
    if (value instanceof Map && !plain(value, body)) return false;
    const types = key === "type" ? (Array.isArray(value) ? value : [value]) : [];
    if (types.some((each) => typeof each === "string" && !each.includes(":") && /^[a-z]/.test(each))) return false;
    if (typeof value === "string" && (value.startsWith("xsd:") || (key === "id" && value.startsWith("_:")))) return false;
  }
  return true;
}

function plain(node, body) {
  if (node.has("@value")) {
    const language = node.get("@language");
    return node.size === 2 && typeof node.get("@value") === "string" && typeof language === "string" && /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(language);
  }
  if ([...node.keys()].some((key) => key.startsWith("@") || key.includes(":") || /^[A-Z]/.test(key))) return false;
  return node === body || !node.has("id") || node.get("id") !== body.get("id") || !ITSELF.some((each) => node.has(each));
}
