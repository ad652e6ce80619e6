// The verdict of SPEC.md section 11, without the signature and the domain, which do not force one.
import { followed, walked } from "./beside.mjs";
import { hex, keccak256, sha256, unhex } from "./bytes.mjs";
import { instant, ofSeconds } from "./dates.mjs";
import { Refused } from "./json.mjs";
import { envelope, isDomain, readBatchFile, readFile } from "./reading.mjs";

const ORDER = ["altered", "unavailable", "unknown", "revoked", "replaced", "untrusted", "date", "pending", "expired", "valid"];
export const ZERO = "0x" + "00".repeat(32);
const NOBODY = "0x" + "00".repeat(20);
const SENTINEL = hex(keccak256(Buffer.from("sanad.registry.1")));
const LAST = 253402300799;
const FRESH = ofSeconds(600);
export const institution = (domain) => hex(keccak256(Buffer.from(domain)));
const worst = (outcomes) => ORDER.find((each) => outcomes.includes(each));
/** A date that cannot be read is unavailable, after revoked, replaced and untrusted. */
const named = (outcome) => (outcome === "date" ? "unavailable" : outcome);

/** How step 3 ends for each verdict that no answer speaks for. */
const unanswered = (outcome) => ({ outcome, anchored: outcome === "unknown" ? "failed" : "could not check" });

export class Verifier {
  constructor(registries, archive, answers) {
    Object.assign(this, { registries, archive, answers });
  }

  /** The verdict's word; of somebody else's credential, which gets none, `unknown`. */
  file(bytes) {
    return this.judge(bytes).outcome ?? "unknown";
  }

  hash(asked) {
    return this.judgeHash(asked).outcome;
  }

  /** The verdict with what is told beside it; its outcome is null where there is none. */
  judge(bytes) {
    const found = readFile(bytes);
    if (found.is === "altered") return { outcome: "altered", anchored: "skipped", registered: this.registered(found.found) };
    if (found.is !== "intact") return { outcome: found.is };
    const { credential } = found;
    if (found.kind !== "credential") return this.closed(this.byDomain(credential, (domain) => this.whole(found, domain)), credential);
    const stored = this.stored(found.hash);
    if (this.ofSomebodyElse(credential, found.hash, stored)) return { outcome: null };
    return this.closed(this.bare(credential, found.hash, stored), credential);
  }

  /** The verdict on what is registered under an altered file's code; undefined where there is nothing to say. */
  registered(found) {
    const domain = found && issuerDomain(found.credential);
    const asked = domain ? this.ask(domain, found.root) : null;
    return asked?.holding.length ? this.held(asked, found.index, found.credential).outcome : undefined;
  }

  judgeHash(asked) {
    const stored = this.stored(asked);
    return stored ? this.closed(this.bare(stored.credential, asked, stored), stored.credential) : this.bareHash(asked);
  }

  closed(verdict, credential) {
    return verdict.speaks ? { ...verdict, ...followed(this, verdict, credential), ...walked(this, verdict) } : verdict;
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
    return domain ? judged(domain) : unanswered(this.registries.length ? "unknown" : "unavailable");
  }

  whole(place, domain) {
    const asked = this.ask(domain, place.root);
    if (asked.holding.length) return this.held(asked, place.index, place.credential);
    if (asked.silent.length || !this.registries.length) return unanswered("unavailable");
    return unanswered(fresh(place.credential, asked.newest) ? "unavailable" : "unknown");
  }

  /** Every place of a credential, with what is answered about it. */
  everywhere(domain, hash, stored) {
    const places = new Map(stored?.leads ? [[stored.root, stored.index]] : []);
    for (const { root, index } of this.places(hash, domain)) {
      if (!(places.get(root) <= index)) places.set(root, index);
    }
    return [...places].map(([root, index]) => ({ index, ...this.ask(domain, root) }));
  }

  /** The places that decide: all that count, else all that are held. */
  deciding(everything) {
    const held = everything.filter((each) => each.holding.length);
    const counting = held.filter((each) => each.holding.some(({ answer }) => answer.counts));
    return counting.length ? counting : held;
  }

  ofSomebodyElse(credential, hash, stored) {
    const domain = issuerDomain(credential);
    if (!domain) return true;
    const has = (registry) => registry.unavailable !== undefined || counts(registry)[domain] !== undefined;
    const held = this.deciding(this.everywhere(domain, hash, stored)).length;
    return !held && this.registries.length > 0 && !this.registries.some(has);
  }

  bare(credential, hash, stored) {
    return this.byDomain(credential, (domain) => {
      const everything = this.everywhere(domain, hash, stored);
      const verdicts = this.deciding(everything).map((each) => this.held(each, each.index, credential));
      const outcomes = new Set(verdicts.map((each) => each.outcome));
      if (outcomes.size) return outcomes.size === 1 ? verdicts[0] : unanswered("unavailable");
      const silent = this.registries.some((each) => each.unavailable !== undefined) || everything.some((each) => each.silent.length);
      if (silent || !this.registries.every((each) => this.covers(each, domain)) || !this.registries.length) return unanswered("unavailable");
      const probe = this.ask(domain, ZERO);
      return unanswered(probe.silent.length || fresh(credential, probe.newest) ? "unavailable" : "unknown");
    });
  }

  bareHash(hash) {
    const places = this.places(hash).map(({ domain, root }) => this.ask(domain, root));
    if (places.some((each) => each.holding.length)) return { outcome: "unavailable", anchored: "note" };
    const silent = this.registries.some((each) => each.unavailable !== undefined) || places.some((each) => each.silent.length);
    if (silent || !this.registries.length || this.registries.some((each) => this.covers(each) === null)) return unanswered("unavailable");
    if (this.registries.every((each) => this.covers(each))) return unanswered("unknown");
    return { outcome: "unavailable", anchored: "skipped" };
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

  /** Whether every batch that a registry counts, of one institution or of all, is at hand and on record; null: it is silent. */
  covers(registry, domain) {
    if (registry.unavailable !== undefined) return null;
    let whole = true;
    for (const [counted, count] of Object.entries(counts(registry))) {
      if (count === 0 || (domain !== undefined && counted !== domain)) continue;
      const answers = this.batchFiles(counted).map((file) => this.answer(registry, counted, file.root));
      if (answers.includes(null)) return null;
      whole &&= answers.filter((answer) => answer.issued_at).length >= count;
    }
    return whole;
  }

  ask(domain, root) {
    const answers = this.registries.map((registry) => this.answer(registry, domain, root));
    return {
      domain,
      root,
      holding: answers.map((answer, at) => ({ answer, registry: at + 1 })).filter(({ answer }) => answer?.issued_at),
      silent: this.registries.filter((_, at) => answers[at] === null),
      newest: Math.max(...answers.map((answer) => answer?.block_time ?? 0)),
    };
  }

  /** The worst of what registries that hold it say; a silent one that accredits the institution hides good news. */
  held(asked, index, credential) {
    const said = asked.holding.map((each) => ({ ...each, outcome: worst([...standing(each.answer, index), ...timely(each.answer, credential), "valid"]) }));
    const { answer, registry, outcome } = said.find((each) => each.outcome === worst(said.map((one) => one.outcome)));
    const found = { speaks: answer, registry, domain: asked.domain, root: asked.root };
    const doubt = asked.silent.some((each) => each.accredits?.includes(asked.domain));
    if (doubt && ["pending", "expired", "valid"].includes(outcome)) return { ...found, ...unanswered("unavailable") };
    const note = asked.silent.length || answer.successor !== NOBODY || answer.lone_node;
    return { ...found, outcome: named(outcome), anchored: note ? "note" : "passed" };
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

/** A registry's institutions and how many batches it counts for each. */
function counts(registry) {
  if (registry.counts) return registry.counts;
  const found = {};
  for (const { domain } of registry.roots) found[domain] = (found[domain] ?? 0) + 1;
  return found;
}

export function issuerDomain(credential) {
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
  const lost = !answer.counts || index >= answer.size || answer.withdrawn_at;
  const revoked = answer.replacement === ZERO ? "revoked" : "replaced";
  return [...(answer.reason ? [revoked] : []), ...(lost ? ["untrusted"] : [])];
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

