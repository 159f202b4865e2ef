/**
 * The rest of a deleted message: its author, its time, and the fact of its deletion. The same form is made in Redis by
 * delete.lua, of rows by archived-event.ts, and on a page that gets the deletion by web/sync/replica.ts.
 */

import { isRemoved, type Removal } from "../../shared/server/redis/removal-store.ts";
import { removalOf, writerOf } from "./removal.ts";

/** The text is a message's last field but for what vanishes with it, and no JSON string can hold its name with bare quotes. */
const TEXT = Buffer.from(',"text":"');
const END = Buffer.from(',"deleted":true}');
const TAKEN_BACK_END = Buffer.from(',"takenBack":true,"deleted":true}');
const DELETED = Buffer.from('{"type":"deleted"');

/** A `deleted` event. `isTakenBack`: its author took the message back in time, so that pages show nothing of it. */
export type Deletion = { target: number; isTakenBack: boolean };

/** @returns the message's JSON without its text. delete.lua makes the same bytes. */
export function tombstoneOf(message: Buffer, isTakenBack = false): Buffer {
  const cut = message.indexOf(TEXT);
  const end = isTakenBack ? TAKEN_BACK_END : END;
  return cut < 0 ? message : Buffer.concat([message.subarray(0, cut), end]);
}

/** @returns the deletion that the event is; undefined for other events. */
export function deletionIn(event: Buffer): Deletion | undefined {
  if (!event.subarray(0, DELETED.length).equals(DELETED)) return undefined;
  const { target, takenBack } = JSON.parse(event.toString()) as { target: number; takenBack?: true };
  return { target, isTakenBack: takenBack === true };
}

/** @returns the seq of the event that this one deletes; undefined for other events. */
export const targetOf = (event: Buffer): number | undefined => deletionIn(event)?.target;

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
  const deletions = events.flatMap(({ bytes }) => deletionIn(bytes) ?? []);
  const targets = new Map(deletions.map(({ target, isTakenBack }) => [target, isTakenBack]));
  const removals = events.flatMap(({ bytes }) => removalOf(bytes) ?? []);
  return events.map((event) =>
    targets.has(event.seq) || isRemovedBy(removals, event) || isDeleted(event)
      ? { ...event, bytes: tombstoneOf(event.bytes, targets.get(event.seq)) }
      : event,
  );
}
