// Credentials baked into PNG and SVG: SPEC.md section 11, what a file is.
import { crc32 } from "./bytes.mjs";
import { Refused } from "./json.mjs";

const PNG = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const KEYWORD = "openbadgecredential\0";
const LIMIT = { text: 262144, chunks: 10000, parts: 100000, depth: 32, written: 1048576 };
const BADGES = "https://purl.imsglobal.org/ob/v3p0 credential";
const SVG = "http://www.w3.org/2000/svg svg";

export const isPng = (file) => file.subarray(0, 8).equals(PNG);

const NAME = `[^ \\t\\r\\n<>/="'&!?:]{1,200}`;
const QUALIFIED = `${NAME}(?::${NAME})?`;
const VALUE = `(?:"[^"<]*"|'[^'<]*')`;
const EQUALS = "[ \\t\\r\\n]*=[ \\t\\r\\n]*";
const PART = new RegExp(
  [
    "<!--(?<comment>.*?)-->",
    "<\\?(?<instruction>.*?)\\?>",
    "<!\\[CDATA\\[(?<data>.*?)\\]\\]>",
    `</(?<end>${QUALIFIED})[ \\t\\r\\n]*>`,
    `<(?<start>${QUALIFIED})(?<attributes>(?:[ \\t\\r\\n]+${QUALIFIED}${EQUALS}${VALUE}){0,256})[ \\t\\r\\n]*(?<empty>/?)>`,
    "(?<text>[^<]+)",
  ].join("|"),
  "suy",
);
const ATTRIBUTES = new RegExp(`(${QUALIFIED})${EQUALS}(${VALUE})`, "gu");
const ENCODING = /^<\?xml[ \t\r\n][^>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']/;
const ROOT = new RegExp(`<(?:${NAME}:)?svg[ \\t\\r\\n/>]|<!DOCTYPE[ \\t\\r\\n]+(?:${NAME}:)?svg[ \\t\\r\\n\\[>]`, "uy");
const withoutMark = (bytes) => (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? bytes.subarray(3) : bytes);

export function isSvg(file) {
  const text = withoutMark(file).subarray(0, 65536).toString("utf8");
  const skipped = /[ \t\r\n]+|<!--.*?-->|<\?.*?\?>/suy;
  let at = 0;
  while (((skipped.lastIndex = at), skipped.test(text))) at = skipped.lastIndex;
  ROOT.lastIndex = at;
  return ROOT.test(text);
}

/** The text that is baked into a picture; refuses any other picture. */
export function baked(file) {
  const found = isPng(file) ? inPng(file) : inSvg(file);
  if (found.length !== 1) throw new Refused("none or several");
  if (found[0].length > LIMIT.text || /^[ \t\n\v\f\r]*$/.test(found[0].toString("latin1"))) throw new Refused("empty or too long");
  return found[0];
}

function inPng(file) {
  const found = [];
  let [at, kind, count] = [8, "", 0];
  while (kind !== "IEND") {
    if (at + 12 > file.length || ++count > LIMIT.chunks) throw new Refused("cut off, or too many chunks");
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length || crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) throw new Refused("damaged");
    kind = file.toString("latin1", at + 4, at + 8);
    const body = file.subarray(at + 8, end - 4);
    if (kind === "iTXt" && body.toString("latin1", 0, KEYWORD.length) === KEYWORD) found.push(plain(body.subarray(KEYWORD.length)));
    at = end;
  }
  if (at !== file.length) throw new Refused("something follows");
  return found;
}

function plain(body) {
  const language = body.indexOf(0, 2);
  const translated = body.indexOf(0, language + 1);
  if (body.length < 2 || body[0] || body[1] || language < 0 || translated < 0) throw new Refused("compressed or damaged");
  return body.subarray(translated + 1);
}

function inSvg(file) {
  const text = utf8(withoutMark(file));
  const declared = ENCODING.exec(text);
  if (declared && declared[1].toUpperCase() !== "UTF-8") throw new Refused("another encoding");
  const reader = new SvgReader();
  let count = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (!part || ++count > LIMIT.parts) throw new Refused("no part, or too many");
    reader.take(part.groups);
  }
  if (!reader.whole) throw new Refused("no end");
  return reader.credentials.map((each) => Buffer.from(each.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "")));
}

function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("not UTF-8");
  }
}

class SvgReader {
  constructor() {
    Object.assign(this, { credentials: [], open: [], inside: false, whole: false, written: 0 });
  }

  take({ comment, instruction, data, text, end, start, attributes, empty }) {
    if (comment !== undefined || instruction !== undefined) return;
    if (data !== undefined || text !== undefined) this.text(data, text);
    else if (end !== undefined) this.end(end);
    else {
      this.start(start, attributes);
      if (empty) this.end(start);
    }
  }

  start(name, attributes) {
    if (this.whole || this.inside || this.open.length === LIMIT.depth) throw new Refused("no place for a tag");
    const scope = new Map([...(this.open.at(-1)?.scope ?? [["xml", "http://www.w3.org/XML/1998/namespace"]]), ...namespaces(attributes)]);
    const [prefix, local] = name.includes(":") ? name.split(":") : ["", name];
    const full = `${scope.get(prefix) ?? ""} ${local}`;
    if ((prefix && !scope.has(prefix)) || (!this.open.length && full !== SVG)) throw new Refused("no namespace, or no svg");
    this.open.push({ name, scope });
    this.inside = full === BADGES;
    if (this.inside) this.credentials.push("");
  }

  end(name) {
    if (this.open.pop()?.name !== name) throw new Refused("another end");
    this.inside = false;
    this.whole = this.open.length === 0;
  }

  text(data, text) {
    if (!this.open.length && (data !== undefined || /[^ \t\r\n]/.test(text))) throw new Refused("text outside");
    if (!this.inside) return;
    const part = data !== undefined ? data : text.replace(/&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}))?;?/g, character);
    this.written += [...(data !== undefined ? `<![CDATA[${data}]]>` : text)].length;
    if (this.written > LIMIT.written) throw new Refused("too long");
    this.credentials.push(this.credentials.pop() + part);
  }
}

function namespaces(attributes) {
  const bound = new Map();
  for (const [, name, value] of attributes.matchAll(ATTRIBUTES)) {
    if (name !== "xmlns" && !name.startsWith("xmlns:")) continue;
    if (bound.has(name.slice(6))) throw new Refused("a namespace twice");
    bound.set(name.slice(6), value.slice(1, -1));
  }
  return bound;
}

function character(whole, name, decimal, hexadecimal) {
  if (!whole.endsWith(";") || whole === "&;") throw new Refused("no reference");
  if (name) return { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }[name];
  const code = decimal ? Number(decimal) : parseInt(hexadecimal, 16);
  if (code < 1 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new Refused("no character");
  return String.fromCodePoint(code);
}
