/**
 * The messages that are replied to: a reply names a message of its room that is not deleted. Most are found in this gateway's memory,
 * the others in Redis or PostgreSQL, at the pace of a gate, so that no flood of replies is a flood of queries.
 */
import { singleFlight } from "../../shared/server/process/single-flight.ts";
import type { Reply, RoomEvent } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { FindEvents } from "../history/find-events.ts";
import type { RoomFeed } from "../room-log/live-rooms.ts";

/**
 * Finds the message of a room that has this seq. `user`: the id of its author; empty if an imported message has none.
 * @param asker the user who replies: askers take turns.
 * @throws Refusal `no_such_message`, also for a deleted one; Unavailable.
 */
export type FindReplyTarget = (room: string, seq: number, asker: string) => Promise<Reply>;

/** Shorter than a deletion stays in memory, which is looked at each time. */
const KEEP_MS = 10_000;
const MAX_KEPT = 1_000;

export function createReplyTargets(
  loaded: RoomFeed["loaded"],
  find: FindEvents,
  now = () => performance.now(),
): FindReplyTarget {
  const kept = new Map<string, { bytes: Buffer; until: number }>();
  const findOld = singleFlight(
    async (room: string, seq: number, asker: string) => {
      const [json] = await find(room, [seq], asker);
      return json === undefined ? undefined : Buffer.from(json);
    },
    { keyOf, onResult: (bytes, room, seq) => bytes && keep(keyOf(room, seq), bytes) },
  );

  return async (room, seq, asker) => {
    const known = loaded(room)?.log.find(seq);
    if (known === "none") throw new Refusal("no_such_message");
    const bytes = known?.bytes ?? keptOf(keyOf(room, seq)) ?? (await findOld(room, seq, asker));
    // Asked after the wait, because the message may be deleted meanwhile.
    if (!bytes || loaded(room)?.log.isDeleted({ seq, bytes })) throw new Refusal("no_such_message");
    const event = JSON.parse(bytes.toString()) as RoomEvent;
    if (event.type !== "message" || event.deleted) throw new Refusal("no_such_message");
    return { seq, user: event.user.id };
  };

  function keptOf(key: string): Buffer | undefined {
    const found = kept.get(key);
    return found && now() < found.until ? found.bytes : undefined;
  }

  function keep(key: string, bytes: Buffer): void {
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, { bytes, until: now() + KEEP_MS });
  }
}

const keyOf = (room: string, seq: number): string => `${room} ${seq}`;
