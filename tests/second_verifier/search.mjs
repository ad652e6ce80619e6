// The search for envelopes in a changed file: SPEC.md section 11, search(file).
import { constants, inflateRawSync } from "node:zlib";
import { saying } from "./reading.mjs";

const START = '{"credential":{';
const END = /"sanad":1,"sheet":"0x[0-9a-f]{64}"\}/g;
const ENVELOPE = 262144;
const LIMIT = { candidates: 32, floor: 65536, streams: 256, head: 1024, stream: 524288, total: 1048576 };
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A file without a byte-order mark at its beginning and white space around. */
export function textOf(file) {
  const text = file.subarray(file.subarray(0, 3).equals(MARK) ? 3 : 0);
  const white = (byte) => byte === 0x20 || (byte >= 9 && byte <= 13);
  let [from, to] = [0, text.length];
  while (from < to && white(text[from])) from++;
  while (to > from && white(text[to - 1])) to--;
  return text.subarray(from, to);
}

/** The envelopes found, each once; and the H of the one that leads to its root, if just one does. */
export function search(file) {
  const seeking = new Search(file);
  const text = textOf(file);
  try {
    if (text[0] === 0x7b) seeking.attempt(text);
    else {
      seeking.lookThrough(file);
      for (const stream of streams(file)) seeking.lookInto(stream);
    }
  } catch (error) {
    if (error !== OVER) throw error;
  }
  const envelopes = [...seeking.found.values()];
  const leading = envelopes.filter((each) => each.leads);
  return { envelopes, found: leading.length === 1 ? leading[0] : null };
}

const OVER = Symbol("a limit is reached");

class Search {
  constructor(file) {
    const allowed = Math.min(Math.max(LIMIT.floor, file.length), ENVELOPE);
    Object.assign(this, { allowed, tried: 0, triedBytes: 0, inflated: 0, found: new Map() });
  }

  lookThrough(data) {
    const text = data.toString("latin1");
    let end = 0;
    for (;;) {
      const first = text.indexOf(START, end);
      if (first < 0) return;
      END.lastIndex = first;
      const closing = END.exec(text);
      if (!closing) return;
      const start = text.lastIndexOf(START, closing.index - START.length);
      end = closing.index + closing[0].length;
      this.attempt(data.subarray(start, end));
    }
  }

  attempt(data) {
    const size = data.length <= ENVELOPE ? data.length : 0;
    if (this.tried === LIMIT.candidates || this.triedBytes + size > this.allowed) throw OVER;
    this.tried++;
    this.triedBytes += size;
    const envelope = size ? saying(data) : null;
    if (envelope && !this.found.has(envelope.form)) this.found.set(envelope.form, envelope);
  }

  lookInto(stream) {
    const body = deflated(stream);
    if (!body) return;
    const head = inflate(body.subarray(0, LIMIT.head), LIMIT.head).toString("latin1");
    if (!head.includes(START) && !head.startsWith("%PDF-")) return;
    const input = body.subarray(0, LIMIT.stream);
    if (this.inflated + input.length > LIMIT.total) throw OVER;
    this.inflated += input.length;
    const output = inflate(input, Math.min(LIMIT.stream, LIMIT.total - this.inflated));
    this.inflated += output.length;
    this.lookThrough(output);
  }
}

function* streams(file) {
  const starts = [...file.toString("latin1").matchAll(/(?<!end)stream\r?\n/g)].slice(0, LIMIT.streams + 1);
  for (let at = 0; at < Math.min(starts.length, LIMIT.streams); at++) {
    yield file.subarray(starts[at].index + starts[at][0].length, starts[at + 1]?.index ?? file.length);
  }
}

function deflated(stream) {
  if (stream.length < 2) return null;
  const [method, flags] = stream;
  const sound = (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && !(flags & 32);
  return sound ? stream.subarray(2) : null;
}

/** What DEFLATE makes of the longest beginning of the bytes that holds no fault, at most so many. */
function inflate(bytes, limit) {
  // No byte of input gives more than eight times 258, so what is too long is longer than the limit, one byte less too.
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit + 4096 };
  const attempt = (length) => {
    try {
      return length ? inflateRawSync(bytes.subarray(0, length), options) : Buffer.alloc(0);
    } catch {
      return null;
    }
  };
  let [sound, beyond, found] = [0, bytes.length + 1, Buffer.alloc(0)];
  for (let length = bytes.length; sound + 1 < beyond; length = (sound + beyond) >> 1) {
    const output = attempt(length);
    if (output) [sound, found] = [length, output];
    else beyond = length;
  }
  return found.subarray(0, limit);
}
