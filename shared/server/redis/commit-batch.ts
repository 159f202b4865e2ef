/** Rooms of which PostgreSQL has more: those that come together are one call of commit.lua. */
import type { Commands } from "./connect.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { scriptError } from "./outages.ts";
import type { LogBounds } from "./room-state.ts";
import { openScript } from "./script.ts";

type Commit = { room: string; seq: number };

const ROOM_BYTES = 300;
/** The log of a busy room takes Redis a third of a millisecond. */
const MAX_ROOMS = 32;

export function openCommit(redis: Commands, keys: RedisKeys, bounds: LogBounds) {
  const commit = openScript(redis, "commit");
  const commitOne = createGroupCommit(commitAll, () => ROOM_BYTES, { maxItems: MAX_ROOMS });
  return (room: string, seq: number): Promise<void> => commitOne({ room, seq });

  async function commitAll(commits: Commit[]): Promise<(undefined | Error)[]> {
    const names = commits.flatMap(({ room }) => {
      const shard = keys.shardOf(room);
      return [keys.room(room), keys.log(room), keys.dirty(shard), keys.tombstones(room), keys.long(shard)];
    });
    const args = commits.flatMap(({ room, seq }) => [room, seq]);
    const shared = [bounds.events, bounds.ms, bounds.bytes];
    const replies = (await commit.runBatch(names, [...shared, ...args])) as [number | string][];
    return replies.map(([stored]) => (typeof stored === "string" ? scriptError(stored) : undefined));
  }
}
