// The verdict of SPEC.md section 11, without step 11 (the walk), the signature and the domain, none of which force one.
import { hex, keccak256, sha256, unhex } from "./bytes.mjs";
import { instant, ofSeconds } from "./dates.mjs";
import { Refused } from "./json.mjs";
import { envelope, isDomain, readBatchFile, readFile } from "./reading.mjs";

const ORDER = ["altered", "unavailable", "unknown", "revoked", "replaced", "untrusted", "date", "pending", "expired", "valid"];
const ZERO = "0x" + "00".repeat(32);
const NOBODY = "0x" + "00".repeat(20);
const SENTINEL = hex(keccak256(Buffer.from("sanad.registry.1")));
const LAST = 253402300799;
const FRESH = ofSeconds(600);
const institution = (domain) => hex(keccak256(Buffer.from(domain)));
const worst = (outcomes) => ORDER.find((each) => outcomes.includes(each));
/** A date that cannot be read is unavailable, after revoked, replaced and untrusted. */
const named = (outcome) => (outcome === "date" ? "unavailable" : outcome);

export class Verifier {
  constructor(registries, archive, answers) {
    Object.assign(this, { registries, archive, answers });
  }

  file(bytes) {
    const found = readFile(bytes);
    if (found.is === "altered") return "altered";
    if (found.is !== "intact") return found.is;
    if (found.kind === "credential") return this.bare(found.credential, found.hash, this.stored(found.hash));
    return this.byDomain(found.credential, (domain) => this.whole(found, domain));
  }

  /** The verdict on what is registered under an altered file's code; undefined where there is nothing to say. */
  registered(bytes) {
    const { found } = readFile(bytes);
    const domain = found?.credential.get("issuer")?.get?.("id")?.slice?.(8) ?? "";
    const held = found && this.registries.some((each) => this.answer(each, domain, found.root)?.issued_at);
    return held ? this.byDomain(found.credential, (domain) => this.whole(found, domain)) : undefined;
  }

  hash(asked) {
    const stored = this.stored(asked);
    return stored ? this.bare(stored.credential, asked, stored) : this.bareHash(asked);
  }

  /** What is stored under H, if it is an envelope of this H. */
  stored(asked) {
    const own = (this.archive.envelopes ?? []).map((text) => envelope(Buffer.from(text, "base64")));
    const said = this.archive.stored_as?.[asked];
    if (said !== undefined) own.push(envelope(Buffer.from(said, "base64")));
    return own.find((each) => each?.hash === asked) ?? null;
  }

  byDomain(credential, judged) {
    const domain = issuerDomain(credential);
    if (domain) return judged(domain);
    return this.registries.length ? "unknown" : "unavailable";
  }

  whole(place, domain) {
    const asked = this.ask(domain, place.root);
    if (asked.holding.length) return this.held(asked, place.index, place.credential);
    if (asked.silent.length || !this.registries.length) return "unavailable";
    return fresh(place.credential, asked.newest) ? "unavailable" : "unknown";
  }

  bare(credential, hash, stored) {
    return this.byDomain(credential, (domain) => {
      const places = new Map(stored?.leads ? [[stored.root, stored.index]] : []);
      for (const { root, index } of this.places(hash, domain)) {
        if (!(places.get(root) <= index)) places.set(root, index);
      }
      const everything = [...places].map(([root, index]) => ({ index, ...this.ask(domain, root) }));
      const held = everything.filter((each) => each.holding.length);
      const counting = held.filter((each) => each.holding.some((answer) => answer.counts));
      const outcomes = new Set((counting.length ? counting : held).map((each) => this.held(each, each.index, credential)));
      if (outcomes.size) return outcomes.size === 1 ? [...outcomes][0] : "unavailable";
      const silent = this.registries.some((each) => each.unavailable !== undefined) || everything.some((each) => each.silent.length);
      if (silent || !this.registries.every((each) => this.covers(each, domain)) || !this.registries.length) return "unavailable";
      const probe = this.ask(domain, ZERO);
      return probe.silent.length || fresh(credential, probe.newest) ? "unavailable" : "unknown";
    });
  }

  bareHash(hash) {
    const places = this.places(hash).map(({ domain, root }) => this.ask(domain, root));
    if (places.some((each) => each.holding.length || each.silent.length)) return "unavailable";
    return this.registries.length && this.registries.every((each) => this.covers(each)) ? "unknown" : "unavailable";
  }

  /** Each batch file once for its domain and root, proved by the root; of one institution, or of all. */
  batchFiles(domain) {
    const found = new Map();
    for (const text of this.archive.batch_files ?? []) {
      const bytes = Buffer.from(text, "base64");
      try {
        const file = readBatchFile(bytes);
        if (domain === undefined || file.domain === domain) found.set(`${file.domain} ${file.root}`, { bytes, ...file });
      } catch {
        continue;
      }
    }
    return [...found.values()];
  }

  places(hash, domain) {
    const commitment = sha256(unhex(hash));
    return this.batchFiles(domain).flatMap(({ bytes, ...file }) => {
      for (let index = 0, at = bytes.indexOf("\n") + 1; at < bytes.length; at += 64, index++) {
        if (bytes.subarray(at, at + 32).equals(commitment)) return [{ ...file, index }];
      }
      return [];
    });
  }

  /** Whether every batch that a registry counts, of one institution or of all, is at hand and on record there. */
  covers(registry, domain) {
    if (registry.unavailable !== undefined) return false;
    const counts = registry.counts ?? {};
    if (!registry.counts) registry.roots.forEach((each) => (counts[each.domain] = (counts[each.domain] ?? 0) + 1));
    return Object.entries(counts).every(([counted, count]) => {
      if (domain !== undefined && counted !== domain) return true;
      const held = this.batchFiles(counted).filter((file) => this.answer(registry, counted, file.root)?.issued_at);
      return held.length >= count;
    });
  }

  ask(domain, root) {
    const answers = this.registries.map((registry) => this.answer(registry, domain, root));
    return {
      domain,
      holding: answers.filter((answer) => answer?.issued_at),
      silent: this.registries.filter((_, at) => answers[at] === null),
      newest: Math.max(...answers.map((answer) => answer?.block_time ?? 0)),
    };
  }

  /** The worst of what registries that hold it say; a silent one that accredits the institution hides good news. */
  held(asked, index, credential) {
    const outcome = worst(asked.holding.flatMap((answer) => [standing(answer, index), ...timely(answer, credential)]));
    const doubt = asked.silent.some((each) => each.accredits?.includes(asked.domain));
    return doubt && ["pending", "expired", "valid"].includes(outcome) ? "unavailable" : named(outcome);
  }

  /** What a registry answers, checked before it is used; null where it gives nothing that can be trusted. */
  answer(registry, domain, root) {
    if (registry.unavailable !== undefined) return null;
    const held = registry.roots.find((each) => each.domain === domain && each.root === root);
    const changes = held ? held.answer : (registry.otherwise ?? {});
    const asked = { root, institution: institution(domain) };
    const answer = { ...this.answers[held ? "good" : "nothing"], ...asked, ...changes };
    const right = answer.sentinel === SENTINEL && answer.root === root && answer.institution === asked.institution;
    return right && usable(answer) ? answer : null;
  }
}

/** The table of SPEC.md section 11. */
function usable(a) {
  const exists = a.issued_at !== 0;
  const past = [a.issued_at, a.withdrawn_at, a.distrusted_since, a.revoked_at];
  const distrusted = a.distrusted_since > 0 && a.distrusted_since <= a.issued_at;
  const nobody = !a.suspended && !a.institution_name && !a.withdrawn_at && !a.distrusted_since && !a.reason && !a.signer_authorised;
  const noEducator = !a.certifier_domain && !a.certifier_name && a.educator_commitment === ZERO;
  const educator = () =>
    exists && !a.adopted && a.educator_commitment !== ZERO &&
    isDomain(a.certifier_domain) && a.certifier === institution(a.certifier_domain);
  return (
    a.block_time > 0 && a.block_time <= LAST && a.finalized_time >= 0 && a.finalized_time <= LAST &&
    past.every((time) => time >= 0 && time <= a.block_time) &&
    (a.successor === NOBODY) === (a.successor_chain === 0) &&
    (a.accredited || (!exists && nobody)) &&
    (exists ? a.size > 0 && a.signer !== NOBODY : a.size === 0 && a.signer === NOBODY && !a.adopted) &&
    (exists || (!a.signer_authorised && !a.distrusted_since)) &&
    (a.withdrawn_at !== 0 || a.withdrawn_by === NOBODY) &&
    a.counts === (exists && !distrusted) &&
    a.reason >= 0 && a.reason <= 6 && (a.reason === 0) === (a.revoked_at === 0) &&
    (a.reason !== 0 || (a.replacement === ZERO && a.revoked_by === NOBODY && !a.revoked_by_institution)) &&
    (a.certifier === ZERO ? noEducator : educator())
  );
}

function issuerDomain(credential) {
  const issuer = credential.get("issuer");
  const id = issuer instanceof Map ? issuer.get("id") : undefined;
  const domain = typeof id === "string" && id.startsWith("did:web:") ? id.slice(8) : "";
  return isDomain(domain) ? domain : null;
}

/** Whether the one proof's time lies within ten minutes of the newest block. */
function fresh(credential, newest) {
  const proof = credential.get("proof");
  const created = proof instanceof Map ? proof.get("created") : undefined;
  try {
    const since = instant(created) - ofSeconds(newest);
    return since <= FRESH && -since <= FRESH;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

function standing(answer, index) {
  if (answer.reason) return answer.replacement === ZERO ? "revoked" : "replaced";
  return !answer.counts || index >= answer.size || answer.withdrawn_at ? "untrusted" : "valid";
}

function timely(answer, credential) {
  const forced = answer.issued_at < answer.finalized_time ? [] : ["pending"];
  const now = ofSeconds(answer.block_time);
  let from, until;
  try {
    [from, until] = ["validFrom", "validUntil"].map((key) => (credential.has(key) ? instant(credential.get(key)) : null));
  } catch (error) {
    if (error instanceof Refused) return [...forced, "date"];
    throw error;
  }
  if (from !== null && now < from) forced.push("pending");
  if (until !== null && now > until) forced.push("expired");
  return forced;
}

