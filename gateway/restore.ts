/**
 * What happens when Redis was restarted or lost data: the room goes on in a fresh epoch, far above every seq that
 * anybody can have seen, so that no seq is used twice. PostgreSQL says whether the room exists and what is surely kept.
 */
import { randomBytes } from "node:crypto";
import { DEDUPE_MS } from "../shared/limits.ts";
import type { Log } from "../shared/server/log.ts";
import type { RedisKeys } from "../shared/server/redis-keys.ts";
import type { RoomScripts } from "../shared/server/room-scripts.ts";
import { Refused } from "./refused.ts";
import type { LoggedEvent, RoomLog } from "./room-log.ts";
import type { RoomQueries } from "./room-queries.ts";

export type Restore = (room: string) => Promise<void>;

const EMPTY = { epoch: "", seq: 0, from: 0, entries: [] };

/** The key under which a message's client id is remembered; null for other events and for tombstones. */
function sentKey(keys: RedisKeys, room: string, { bytes }: LoggedEvent): string | null {
  const event = JSON.parse(bytes.toString()) as { clientId?: string; user?: { id: string } };
  return event.clientId && event.user ? keys.sent(room, event.user.id, event.clientId) : null;
}

/** @param memoryOf what this gateway holds of a room, if it has members here. @param onRestored told how many events are surely gone. */
export function createRestore(
  scripts: RoomScripts,
  queries: Pick<RoomQueries, "lastSeq" | "clientIdsSince">,
  keys: RedisKeys,
  memoryOf: (room: string) => RoomLog | undefined,
  log: Log,
  onRestored: (lost: number) => void,
): Restore {
  const running = new Map<string, Promise<void>>();

  const restore = async (room: string): Promise<void> => {
    const postgresSeq = await queries.lastSeq(room);
    if (postgresSeq === null) throw new Refused("no_such_room");
    if (!(await scripts.exists(room))) {
      await scripts.rememberSent(room, await queries.clientIdsSince(room, Date.now() - DEDUPE_MS));
    }
    const memory = memoryOf(room);
    const entries = memory?.all().map((event) => ({ ...event, sentKey: sentKey(keys, room, event) }));
    const { here, lost } = await scripts.restore(room, {
      epoch: randomBytes(9).toString("base64url"),
      postgresSeq,
      memory: memory && entries ? { ...memory.position, from: memory.completeAbove + 1, entries } : EMPTY,
    });
    if (here) onRestored(lost);
    if (here && postgresSeq > 0) log.info({ room, postgresSeq, lost }, "room restored in a fresh epoch");
    if (lost > 0) log.error({ room, lost }, "events were lost with Redis' data");
  };

  return (room) => {
    let run = running.get(room);
    if (!run) {
      run = restore(room).finally(() => running.delete(room));
      running.set(room, run);
    }
    return run;
  };
}
