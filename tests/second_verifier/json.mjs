// JSON within the limits of SPEC.md section 2, and its RFC 8785 form.
export class Refused extends Error {}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORDS = { true: true, false: false, null: null };

export function parse(bytes) {
  if (bytes.length > 262144) throw new Refused("too long");
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("not UTF-8");
  }
  const reader = new Reader(text);
  const value = reader.value(1);
  reader.space();
  if (reader.at !== text.length) throw new Refused("something follows");
  return value;
}

class Reader {
  constructor(text) {
    Object.assign(this, { text, at: 0 });
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return null;
    this.at += found[0].length;
    return found[0];
  }

  space() {
    this.take(SPACE);
  }

  eat(character) {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  need(character) {
    if (!this.eat(character)) throw new Refused(`no ${character}`);
  }

  value(depth) {
    this.space();
    const next = this.text[this.at];
    if ((next === "{" || next === "[") && depth > 32) throw new Refused("too deep");
    if (next === "{") return this.object(depth);
    if (next === "[") return this.array(depth);
    if (next === '"') return this.string();
    for (const [word, value] of Object.entries(WORDS)) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  object(depth) {
    const found = new Map();
    this.need("{");
    this.space();
    if (this.eat("}")) return found;
    do {
      this.space();
      const key = this.string();
      if (found.has(key)) throw new Refused("a key twice");
      this.space();
      this.need(":");
      found.set(key, this.value(depth + 1));
      this.space();
    } while (this.eat(","));
    this.need("}");
    return found;
  }

  array(depth) {
    const found = [];
    this.need("[");
    this.space();
    if (this.eat("]")) return found;
    do {
      found.push(this.value(depth + 1));
      this.space();
    } while (this.eat(","));
    this.need("]");
    return found;
  }

  string() {
    const raw = this.take(STRING);
    if (raw === null) throw new Refused("no string");
    const value = JSON.parse(raw);
    if (!value.isWellFormed()) throw new Refused("a lone surrogate");
    return value;
  }

  number() {
    const raw = this.take(NUMBER);
    if (raw === null) throw new Refused("no value");
    if (raw.length > 40) throw new Refused("a number of more than 40 characters");
    const value = Number(raw);
    if (!Number.isFinite(value)) throw new Refused("not finite");
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new Refused("beyond 2^53-1");
    return value;
  }
}

export function jcs(value) {
  if (Array.isArray(value)) return `[${value.map(jcs).join(",")}]`;
  if (!(value instanceof Map)) return JSON.stringify(value);
  const keys = [...value.keys()].sort((a, b) => (a < b ? -1 : 1)); // by UTF-16 code units, as RFC 8785 wants
  return `{${keys.map((key) => `${JSON.stringify(key)}:${jcs(value.get(key))}`).join(",")}}`;
}
