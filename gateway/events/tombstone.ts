/**
 * The rest of a deleted message: its author, its time, and the fact of its deletion. The same form is made in Redis by
 * delete.lua, of rows by archived-event.ts, and on a page that gets the deletion by web/sync/replica.ts.
 */

import { isRemoved, type Removal } from "../../shared/server/redis/removal-store.ts";
import { removalOf, writerOf } from "./removal.ts";

/** The text is a message's last field but for what vanishes with it, and no JSON string can hold its name with bare quotes. */
const TEXT = Buffer.from(',"text":"');
const END = Buffer.from(',"deleted":true}');
const DELETED = Buffer.from('{"type":"deleted"');

/** @returns the message's JSON without its text. delete.lua makes the same bytes. */
export function tombstoneOf(message: Buffer): Buffer {
  const cut = message.indexOf(TEXT);
  return cut < 0 ? message : Buffer.concat([message.subarray(0, cut), END]);
}

/** @returns the seq of the event that this one deletes; undefined for other events. */
export function targetOf(event: Buffer): number | undefined {
  if (!event.subarray(0, DELETED.length).equals(DELETED)) return undefined;
  return (JSON.parse(event.toString()) as { target: number }).target;
}

/** Whether an event is a message that a removal deletes. */
const isRemovedBy = (removals: readonly Removal[], { seq, bytes }: { seq: number; bytes: Buffer }): boolean =>
  removals.length > 0 && isRemoved(removals, seq, writerOf(bytes));

/**
 * Merges events that were read at different moments: a message that one source shows as deleted has no text in the
 * result.
 * @param isDeleted knows further deletions.
 */
export function withDeletions<E extends { seq: number; bytes: Buffer }>(
  events: readonly E[],
  isDeleted = (_: E): boolean => false,
): E[] {
  const targets = new Set(events.map(({ bytes }) => targetOf(bytes)));
  const removals = events.flatMap(({ bytes }) => removalOf(bytes) ?? []);
  return events.map((event) =>
    targets.has(event.seq) || isRemovedBy(removals, event) || isDeleted(event)
      ? { ...event, bytes: tombstoneOf(event.bytes) }
      : event,
  );
}
