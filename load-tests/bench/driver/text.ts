/** The texts that the driver sends: 30 characters, with a mark to count by, the time at which they were due, and their sender. */

/** Stands in no frame of any contender but in the texts. */
export const MARK = "~".charCodeAt(0);
const STAMPED = "T".charCodeAt(0);
const STAMP_DIGITS = 10;
const SENDER_DIGITS = 5;
const SENDER_AT = 2 + STAMP_DIGITS;
const PER_MS = 100;
const ZERO = "0".charCodeAt(0);

/** @param due by performance.now(). @param stamped whether receivers measure its latency. */
export function composeText(due: number, sender: number, number: number, stamped: boolean): string {
  const stamp = digits(Math.round(due * PER_MS), STAMP_DIGITS);
  return `~${stamped ? "T" : "."}${stamp}${digits(sender, SENDER_DIGITS)} message ${digits(number % 10_000, 4)}`;
}

/** @param at the place of the mark. */
export const isStamped = (buffer: Buffer, at: number): boolean => buffer[at + 1] === STAMPED;
/** @returns the time at which it was due, by performance.now(). */
export const dueOf = (buffer: Buffer, at: number): number => numberIn(buffer, at + 2, STAMP_DIGITS) / PER_MS;
export const senderOf = (buffer: Buffer, at: number): number =>
  numberIn(buffer, at + SENDER_AT, SENDER_DIGITS);

const digits = (value: number, count: number): string => String(value).padStart(count, "0");

function numberIn(buffer: Buffer, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) value = value * 10 + (buffer[at] ?? ZERO) - ZERO;
  return value;
}
