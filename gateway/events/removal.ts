/** Removals of an author's messages, as events: which messages they delete. Pure; tombstone.ts owns the form of what is left. */
import type { Removal } from "../../shared/server/redis/removal-store.ts";

const REMOVED = Buffer.from('{"type":"removed"');
const MESSAGE = Buffer.from('{"type":"message"');
const AUTHOR = Buffer.from('"user":{"id":"');
const QUOTE = 0x22;

/** @returns the removal that an event is; undefined for other events. */
export function removalOf(event: Buffer): Removal | undefined {
  if (!event.subarray(0, REMOVED.length).equals(REMOVED)) return undefined;
  const { author, from, seq } = JSON.parse(event.toString()) as Removal;
  return { author, from, seq };
}

/** @returns the id of the author of a message; undefined for other events. The author comes before every text of a person. */
export function writerOf(event: Buffer): string | undefined {
  if (!event.subarray(0, MESSAGE.length).equals(MESSAGE)) return undefined;
  const start = event.indexOf(AUTHOR);
  if (start < 0) return undefined;
  const id = start + AUTHOR.length;
  return event.toString("latin1", id, event.indexOf(QUOTE, id));
}
