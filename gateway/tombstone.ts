/** Reads a stretch of the log as clients must see it: an id missing inside an epoch is a deleted message. */
import type { LogEntry } from "../shared/server/room-scripts.ts";
import type { LoggedEvent } from "./room-log.ts";

const tombstone = (room: string, seq: number, epoch: string): LoggedEvent => ({
  seq,
  epoch,
  bytes: Buffer.from(`{"type":"message","room":"${room}","seq":${seq},"deleted":true}`),
});

/**
 * Fills the holes. Between two epochs seqs jump, and only there: such a hole is none.
 * @param after seq and epoch the stretch follows on; a hole right behind it counts only within that epoch.
 */
export function withTombstones(
  room: string,
  after: { seq: number; epoch: string },
  entries: readonly LogEntry[],
): LoggedEvent[] {
  const whole: LoggedEvent[] = [];
  let last = after;
  for (const entry of entries) {
    if (entry.epoch === last.epoch) {
      for (let seq = last.seq + 1; seq < entry.seq; seq++) whole.push(tombstone(room, seq, entry.epoch));
    }
    whole.push(entry);
    last = entry;
  }
  return whole;
}
