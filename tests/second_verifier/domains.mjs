// What domains publish: did.json, TXT records and programme files, from SPEC.md sections 13 and 14 alone.
import { instant, split } from "./dates.mjs";
import { Refused, parse } from "./json.mjs";

const NAME = /^[\x20-\x7e\xa0-\xac\xae-\u061b\u061d-\u180d\u180f-\u200a\u200c\u200d\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufff8\ufffc-\u{dffff}\u{e1000}-\u{10ffff}]{1,200}$/u;
const CAIP10 = /^eip155:[1-9][0-9]{0,18}:0x[0-9a-f]{40}$/;

const list = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
const nodes = (value) => list(value).filter((each) => each instanceof Map);
const date = (holder, name) => (holder.has(name) ? Number(split(instant(holder.get(name))).seconds) : null);
const earliest = (...times) => times.filter((each) => each !== null).sort((a, b) => a - b)[0] ?? null;
const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export function readDidDocument(bytes, domain) {
  const document = parse(bytes);
  const did = `did:web:${domain}`;
  if (!(document instanceof Map) || document.get("id") !== did) throw new Refused("another's");
  const full = (id) => (typeof id !== "string" ? null : id.startsWith("#") ? did + id : id);
  const methods = new Map();
  for (const each of [...nodes(document.get("verificationMethod")), ...nodes(document.get("assertionMethod"))]) {
    const id = full(each.get("id"));
    if (methods.has(id)) throw new Refused("an id twice");
    if (id !== null) methods.set(id, each);
  }
  const keys = [];
  for (const entry of list(document.get("assertionMethod"))) {
    const method = entry instanceof Map ? entry : methods.get(full(entry));
    const key = method?.get("publicKeyMultibase");
    if (typeof key !== "string" || key === "") continue;
    date(method, "validFrom");
    keys.push({ key, until: earliest(date(method, "expires"), date(method, "validUntil")), revoked: date(method, "revoked") });
  }
  const registries = nodes(document.get("service"))
    .filter((each) => each.get("type") === "SanadRegistry" && each.get("serviceEndpoint") instanceof Map)
    .map((each) => each.get("serviceEndpoint").get("registry"))
    .filter((each) => typeof each === "string");
  return { keys, registries: registries.map(lower) };
}

export function readRecords(records) {
  const ours = records.filter((each) => /^v=sanad1[ \t]*(;|$)/.test(each));
  if (ours.length === 0) return null;
  const [keys, registries] = [[], []];
  for (const record of ours) {
    const tags = new Map();
    for (const part of record.split(";")) {
      const found = /^[ \t]*([^=]*?)[ \t]*=[ \t]*([^]*?)[ \t]*$/.exec(part);
      if (found && !tags.has(found[1])) tags.set(found[1], found[2]);
    }
    if (tags.get("key")) keys.push({ key: tags.get("key"), until: date(tags, "until"), revoked: date(tags, "revoked") });
    if (tags.get("registry")) registries.push(lower(tags.get("registry")));
  }
  return { keys, registries };
}

export function readProgramme(bytes) {
  if (bytes.length > 65536) throw new Refused("too long");
  const file = parse(bytes);
  if (!(file instanceof Map)) throw new Refused("no object");
  const [programme, retired] = [file.get("programme"), file.get("retired")];
  if (file.get("sanad") !== 1) throw new Refused("another version");
  if (typeof programme !== "string" || !NAME.test(programme) || !/[^ \u00a0\u200c\u200d]/.test(programme)) throw new Refused("no name");
  if (!Array.isArray(retired) || retired.length > 100) throw new Refused("no list");
  const places = [file.get("registry"), ...retired].map((each) => (typeof each === "string" ? lower(each) : ""));
  if (!places.every((each) => CAIP10.test(each))) throw new Refused("no registry");
  if (new Set(places).size !== places.length) throw new Refused("a registry twice");
  return { programme, registry: places[0], retired: places.slice(1) };
}
