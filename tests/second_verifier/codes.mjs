// Links, hashes and short codes, strictly and as pasted: SPEC.md section 9.
import { hex } from "./bytes.mjs";
import { Refused } from "./json.mjs";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LIMIT = 10_000;
const MISTYPED = "mistyped";

// --- the strict form

const LINK =
  /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^/?#]+(?:\/(?![cC]\/[A-Za-z0-9_-]{43})[^/?#]*)*\/c\/([A-Za-z0-9_-]{43})\/?(?:[?#].*)?$/;

export function readCode(text) {
  if ([...text].length > LIMIT) throw new Refused("too long");
  const bare = text.replace(/^[ \t\r\n]+/, "").replace(/(?<![ \t\r\n])[ \t\r\n]+$/, "");
  const link = /^[!-~]*$/.test(bare) && LINK.exec(bare);
  if (link) return { hash: base64url(link[1]) };
  if (/^(0[xX])?[0-9a-fA-F]{64}$/.test(bare)) return { hash: "0x" + bare.slice(-64).toLowerCase() };
  if (/^[A-Za-z0-9_-]{43}$/.test(bare)) return { hash: base64url(bare) };
  if (!/^[0-9A-TV-Za-tv-z](?:[ -]*[0-9A-TV-Za-tv-z]){11}$/.test(bare)) throw new Refused("no code");
  return { code: shortCode(bare) };
}

function base64url(text) {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) throw new Refused("not canonical");
  return hex(bytes);
}

function shortCode(text) {
  const plain = text.replace(/[\n -]/g, "").toUpperCase().replaceAll("O", "0").replaceAll("I", "1").replaceAll("L", "1");
  const digits = [...plain].map((each) => CROCKFORD.indexOf(each));
  let check = 0;
  for (const d of digits.slice(0, 11)) {
    check = (check ^ d) << 1;
    if (check & 32) check ^= 0b100101;
  }
  if (check !== digits[11]) throw new Refused(MISTYPED);
  return plain.match(/.{4}/g).join("-");
}

// --- as pasted

const DASH = "\u2013";
const DASHES = /[\u02d7\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2796\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\u{10ead}]/gu;
const INVISIBLE = /[\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]/gu;

function plainText(text) {
  return [...text.replaceAll("\r\n", "\n")]
    .map((each) => (each === "\u017f" || each === "\u212a" ? each : each.normalize("NFKC")))
    .join("")
    .replace(/[\n\r\u0085\u2028\u2029]/g, "\n")
    .replace(/[\0-\u0009\u000b-\u001f\u007f-\u009f\u1680]/g, " ")
    .replace(DASHES, DASH)
    .replace(INVISIBLE, "")
    .replace(/[\u0660-\u0669]/g, (digit) => digit.charCodeAt(0) - 0x660)
    .replace(/[\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
    .replace(/ +/g, " ");
}

const once = (found) => [...new Set(found.filter(Boolean))];

/** Every hash (0x…) or short code that a text names. */
export function readPasted(text) {
  try {
    return Object.values(readCode(text));
  } catch (error) {
    if (!(error instanceof Refused) || error.message === MISTYPED || [...text].length > LIMIT) throw error;
  }
  const plain = plainText(text);
  const whole = plain.replaceAll("\u00ad", "");
  for (const found of [links(whole), hashes(whole)]) if (found.length) return found;
  return codes(plain.replace(/[\u00ad\u2013]/g, "-"));
}

function links(text) {
  const found = [];
  for (let layers = [text], depth = 0; depth < 4; depth++, layers = layers.flatMap(unwrapped)) {
    for (const layer of layers) {
      for (const [, run, rest] of layer.matchAll(/\/[cC]\/([A-Za-z0-9_–-]*)(?:=? ?\n[ >|]*([A-Za-z0-9_–-]*))?/g)) {
        found.push(leadingHash(run) ?? (rest ? leadingHash(run + rest) : null));
      }
    }
  }
  return once(found);
}

function leadingHash(run) {
  return run.length >= 43 && /^[_-]*(?:–.*)?$/.test(run.slice(43)) ? hashOf(run.slice(0, 43).replaceAll(DASH, "-")) : null;
}

function unwrapped(text) {
  const plain = decoded(text);
  const wrapped = [...text.matchAll(/\/v2\/url\?u=([^&# \n]+)/g)].map((each) => decoded(each[1].replaceAll("-", "%").replaceAll("_", "/")));
  return plain === text ? wrapped : [plain, ...wrapped];
}

function decoded(text) {
  return text.replace(/%([2-6][0-9A-Fa-f]|7[0-9A-Ea-e])/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

function hashes(text) {
  const alone = /^[^A-Za-z0-9]*(?:0[xX])?([0-9a-fA-F]{64})[^A-Za-z0-9]*$/.exec(text.replace(/[ \n]/g, ""));
  if (alone) return ["0x" + alone[1].toLowerCase()];
  const hyphened = text.replaceAll(DASH, "-");
  const between = /[ \n"'`<>()[\]{},;:|]+/;
  const joined = hyphened.replace(/^[ \n]+/, "").replace(/(?<![ \n])[ \n]+$/, "").replace(/=? ?\n[ >|]*/, "");
  return once([joined, ...hyphened.split(between), ...text.replaceAll(DASH, " ").split(between)].map(hashIn));
}

function hashIn(word) {
  const digits = /^[^A-Za-z0-9]*(?:0[xX])?([0-9a-fA-F]{64})[^A-Za-z0-9]*$/.exec(word);
  if (digits) return "0x" + digits[1].toLowerCase();
  const found = /^[^A-Za-z0-9_-]*([A-Za-z0-9_-]{43})[^A-Za-z0-9]*$/.exec(word);
  return found && hashOf(found[1]);
}

function hashOf(text) {
  try {
    return base64url(text);
  } catch {
    return null;
  }
}

const X = "[0-9A-TV-Za-tv-z]";
const ALONE = new RegExp(`^${X}(?:[ \\n-]*${X}){11}$`);
const AMONG_WORDS = new RegExp(`(?<![A-Za-z0-9])(?<![A-Za-z0-9]-)${X}{4}-${X}{4}-${X}{4}(?!-?[A-Za-z0-9])`, "g");

function codes(text) {
  const inner = /[A-Za-z0-9][^]*[A-Za-z0-9]/.exec(text);
  if (inner && ALONE.test(inner[0])) return [shortCode(inner[0])];
  const found = [];
  let mistyped = null;
  for (const each of text.match(AMONG_WORDS) ?? []) {
    try {
      found.push(shortCode(each));
    } catch (error) {
      mistyped ??= error;
    }
  }
  if (mistyped && !found.length) throw mistyped;
  return once(found);
}
