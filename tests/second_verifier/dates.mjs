// Dates: SPEC.md section 16. Exact, so BigInt and no Date.
import { Refused } from "./json.mjs";

const STAMP =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))$/;
const SECOND = 1_000_000_000n;
const FIRST = BigInt(daysTo(1, 1, 1) * 86400);
const LAST = BigInt(daysTo(9999, 12, 31) * 86400 + 86399);

/** Nanoseconds since 1970-01-01T00:00:00Z. */
export function instant(text) {
  const found = typeof text === "string" && STAMP.exec(text);
  if (!found) throw new Refused("no date");
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const ahead = Number(found[9] ?? 0) * 60 + Number(found[10] ?? 0);
  const exists =
    year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month) &&
    hour < 24 && minute < 60 && second < 60 && Number(found[10] ?? 0) < 60 && ahead <= 14 * 60;
  if (!exists) throw new Refused("no such date");
  const offset = found[8] === "-" ? -ahead : ahead;
  const seconds = BigInt(daysTo(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset * 60);
  if (seconds < FIRST || seconds > LAST) throw new Refused("outside the years 1 to 9999");
  return seconds * SECOND + BigInt((found[7] ?? "").padEnd(9, "0"));
}

export const ofSeconds = (seconds) => BigInt(seconds) * SECOND;

/** Whole seconds, rounded down, and the nanoseconds above them. */
export function split(at) {
  const rest = ((at % SECOND) + SECOND) % SECOND;
  return { seconds: String((at - rest) / SECOND), nanoseconds: String(rest) };
}

function isLeap(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function lastDay(year, month) {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 1970-01-01. */
function daysTo(year, month, day) {
  const before = year - 1;
  let days = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719162;
  for (let each = 1; each < month; each++) days += lastDay(year, each);
  return days + day - 1;
}
