// The verdict of SPEC.md section 11, without step 11 (the walk), the signature and the domain, none of which force one.
import { hex, keccak256, sha256, unhex } from "./bytes.mjs";
import { envelope, isDomain, readBatchFile, readFile } from "./reading.mjs";

const ORDER = ["altered", "unavailable", "unknown", "revoked", "replaced", "untrusted", "pending", "expired", "valid"];
const ZERO = "0x" + "00".repeat(32);
const SENTINEL = hex(keccak256(Buffer.from("sanad.registry.1")));
const institution = (domain) => hex(keccak256(Buffer.from(domain)));
const worst = (outcomes) => ORDER.find((each) => outcomes.includes(each));

export class Verifier {
  constructor(registries, archive, answers) {
    Object.assign(this, { registries, archive, answers });
  }

  file(bytes) {
    const found = readFile(bytes);
    if (found.is === "altered") return "altered";
    if (found.is !== "intact") return found.is;
    if (found.kind === "credential") return this.hash(found.hash);
    return this.judge(found);
  }

  /** The verdict on what is registered under an altered file's code; undefined where there is nothing to say. */
  registered(bytes) {
    const { found } = readFile(bytes);
    const domain = found?.credential.get("issuer")?.get?.("id")?.slice?.(8) ?? "";
    const held = found && this.registries.some((each) => this.answer(each, domain, found.root)?.issued_at);
    return held ? this.judge(found) : undefined;
  }

  hash(asked) {
    const kept = (this.archive.envelopes ?? []).map((text) => envelope(Buffer.from(text, "base64")));
    const found = kept.find((each) => each && each.hash === asked);
    if (found) return found.leads ? this.judge(found) : "altered";
    const commitment = sha256(unhex(asked));
    const files = this.batchFiles();
    for (const { bytes, domain, root } of files) {
      for (let index = 0, at = bytes.indexOf("\n") + 1; at < bytes.length; at += 64, index++) {
        if (!bytes.subarray(at, at + 32).equals(commitment)) continue;
        const outcome = this.ask(domain, root, (answer) => standing(answer, index));
        return ["revoked", "replaced", "untrusted"].includes(outcome) ? outcome : "unavailable";
      }
    }
    return this.registries.length > 0 && this.registries.every((each) => this.covers(each, files)) ? "unknown" : "unavailable";
  }

  batchFiles() {
    return (this.archive.batch_files ?? []).flatMap((text) => {
      const bytes = Buffer.from(text, "base64");
      try {
        return [{ bytes, ...readBatchFile(bytes) }];
      } catch {
        return [];
      }
    });
  }

  covers(registry, files) {
    if (registry.unavailable !== undefined) return false;
    const counts = registry.counts ?? Object.fromEntries(registry.roots.map((each) => [each.domain, 1]));
    return Object.entries(counts).every(([domain, count]) => {
      const held = files.filter((file) => file.domain === domain && this.answer(registry, domain, file.root)?.issued_at);
      return held.length >= count;
    });
  }

  judge(found) {
    const issuer = found.credential.get("issuer");
    const id = issuer instanceof Map ? issuer.get("id") : undefined;
    const domain = typeof id === "string" && id.startsWith("did:web:") ? id.slice(8) : "";
    if (!isDomain(domain)) return "unknown";
    return this.ask(domain, found.root, (answer) => worst([standing(answer, found.index), ...timely(answer, found.credential)]));
  }

  /** The worst of what registries that hold the root say; else unknown, or unavailable if one is silent. */
  ask(domain, root, judged) {
    const answers = this.registries.map((registry) => this.answer(registry, domain, root));
    const holding = answers.filter((answer) => answer?.issued_at);
    if (holding.length) return worst(holding.map(judged));
    return answers.length && answers.every(Boolean) ? "unknown" : "unavailable";
  }

  /** What a registry answers, checked before it is used; null where it gives nothing that can be trusted. */
  answer(registry, domain, root) {
    if (registry.unavailable !== undefined) return null;
    const held = registry.roots.find((each) => each.domain === domain && each.root === root);
    const changes = held ? held.answer : (registry.otherwise ?? {});
    const asked = { root, institution: institution(domain) };
    const answer = { ...this.answers[held ? "good" : "nothing"], ...asked, ...changes };
    const certifier = answer.certifier_domain ? institution(answer.certifier_domain) : ZERO;
    const sound =
      answer.sentinel === SENTINEL && answer.root === root && answer.institution === asked.institution &&
      answer.certifier === certifier && (answer.accredited || !answer.issued_at);
    return sound ? answer : null;
  }
}

function standing(answer, index) {
  if (answer.reason) return answer.replacement === ZERO ? "revoked" : "replaced";
  return !answer.counts || index >= answer.size || answer.withdrawn_at ? "untrusted" : "valid";
}

function timely(answer, credential) {
  const forced = answer.issued_at < answer.finalized_time ? [] : ["pending"];
  const [from, until] = ["validFrom", "validUntil"].map((key) => credential.has(key) ? moment(credential.get(key)) : null);
  if (Number.isNaN(from) || Number.isNaN(until)) return [...forced, "unavailable"];
  if (from !== null && answer.block_time < from) forced.push("pending");
  if (until !== null && answer.block_time > until) forced.push("expired");
  return forced;
}

function moment(text) {
  const form = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (typeof text !== "string" || !form) return NaN;
  const day = new Date(`${form[1]}T00:00:00Z`);
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(form[1]);
  return exists ? Date.parse(text) / 1000 : NaN;
}
