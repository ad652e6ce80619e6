// What is told beside a verdict: `follow` and `walk` of SPEC.md section 11.
import { hex, sha256, unhex } from "./bytes.mjs";
import { jcs } from "./json.mjs";
import { ZERO, institution, issuerDomain } from "./verdict.mjs";

const STEPS = 8;
const LINKS = { valid: "passed", unavailable: "could not check", untrusted: "failed", unknown: "failed" };
const commitment = (hash) => hex(sha256(unhex(hash)));

/** The newest certificate that replaces a replaced one. */
export function followed(verifier, verdict, credential) {
  if (verdict.outcome !== "replaced") return {};
  let hash = hex(sha256(Buffer.from(jcs(credential))));
  let wanted = verdict.speaks.replacement;
  const met = new Set([hash]);
  let replacement;
  for (let step = 0; step < STEPS; step++) {
    const next = verifier.archive.replacements?.[hash];
    if (next === undefined || commitment(next) !== wanted || met.has(next)) break;
    const stored = verifier.stored(next);
    if (!stored || issuerDomain(stored.credential) !== verdict.domain) break;
    replacement = hash = next;
    met.add(next);
    const [first] = verifier.deciding(verifier.everywhere(verdict.domain, next, stored));
    if (!first) break;
    wanted = verifier.held(first, first.index, stored.credential).speaks.replacement;
  }
  return replacement === undefined ? {} : { replacement };
}

/** The sanad: the educator, and the institution that certified the educator. */
export function walked(verifier, { speaks, domain, root }) {
  if (speaks.certifier === ZERO) return {};
  const hash = verifier.archive.educators?.[`${domain} ${root}`];
  const stored = hash !== undefined && commitment(hash) === speaks.educator_commitment ? verifier.stored(hash) : null;
  const own = stored && verifier.bare(stored.credential, hash, stored);
  const certified = stored && institution(issuerDomain(stored.credential) ?? "") === speaks.certifier;
  const educator = !stored ? "could not check" : certified ? LINKS[own.outcome] ?? "note" : "failed";
  const certifier = certified && own.speaks?.suspended ? "note" : "passed";
  return { walk: [{ role: "educator", state: educator }, { role: "certifier", state: certifier }] };
}
