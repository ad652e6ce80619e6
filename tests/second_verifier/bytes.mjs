// Keccak-256, SHA-256, hex, and the tree of SPEC.md sections 3 to 5. Written from SPEC.md and FIPS 202 alone.
import { createHash } from "node:crypto";

const MASK = (1n << 64n) - 1n;
const ROUNDS = [];
const turn = (x, n) => (n ? ((x << BigInt(n)) | (x >> BigInt(64 - n))) & MASK : x);
let register = 1;
for (let round = 0; round < 24; round++) {
  let constant = 0n;
  for (let j = 0; j < 7; j++) {
    if (register & 1) constant |= 1n << BigInt((1 << j) - 1);
    register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
  }
  ROUNDS.push(constant);
}

function permute(a) {
  for (const constant of ROUNDS) {
    const c = [0, 1, 2, 3, 4].map((x) => a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]);
    for (let i = 0; i < 25; i++) a[i] ^= c[(i + 4) % 5] ^ turn(c[(i + 1) % 5], 1);
    let [x, y, moving] = [1, 0, a[1]];
    for (let t = 0; t < 24; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const at = x + 5 * y;
      [moving, a[at]] = [a[at], turn(moving, (((t + 1) * (t + 2)) / 2) % 64)];
    }
    for (let row = 0; row < 25; row += 5) {
      const r = a.slice(row, row + 5);
      for (let i = 0; i < 5; i++) a[row + i] = r[i] ^ (~r[(i + 1) % 5] & MASK & r[(i + 2) % 5]);
    }
    a[0] ^= constant;
  }
}

export function keccak256(data) {
  const rate = 136;
  const padded = Buffer.concat([data, Buffer.alloc(rate - (data.length % rate))]);
  padded[data.length] ^= 0x01;
  padded[padded.length - 1] ^= 0x80;
  const a = Array(25).fill(0n);
  for (let block = 0; block < padded.length; block += rate) {
    for (let i = 0; i < rate / 8; i++) a[i] ^= padded.readBigUInt64LE(block + 8 * i);
    permute(a);
  }
  const out = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) out.writeBigUInt64LE(a[i], 8 * i);
  return out;
}

export const sha256 = (data) => createHash("sha256").update(data).digest();
export const hex = (data) => "0x" + data.toString("hex");
export const unhex = (text) => Buffer.from(text.slice(2), "hex");

export function leaf(index, commitment, sheet) {
  const number = Buffer.alloc(32);
  number.writeUInt32BE(index, 28);
  return keccak256(keccak256(Buffer.concat([number, commitment, sheet])));
}

export const parent = (a, b) => keccak256(Buffer.concat(Buffer.compare(a, b) < 0 ? [a, b] : [b, a]));

/** The array t of section 5. */
export function treeOf(leaves) {
  const n = leaves.length;
  const t = Array(2 * n - 1);
  [...leaves].sort(Buffer.compare).forEach((each, i) => (t[2 * n - 2 - i] = each));
  for (let i = n - 2; i >= 0; i--) t[i] = parent(t[2 * i + 1], t[2 * i + 2]);
  return t;
}

export const rootOf = (leaves) => treeOf(leaves)[0];

/** The siblings from a leaf up to the root. */
export function pathOf(tree, leaf) {
  const path = [];
  for (let at = tree.findIndex((each) => each.equals(leaf)); at > 0; at = (at - 1) >> 1) path.push(tree[((at - 1) ^ 1) + 1]);
  return path;
}

/** The checksum of PNG's chunks (ISO 3309). */
export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
