/** Marks of changes of private rooms' members in Redis. A gateway that knows the newest mark of a room knows its members. */
import { randomUUID } from "node:crypto";
import type { Commands } from "./connect.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type MembersStore = ReturnType<typeof openMembersStore>;

const MARK_BYTES = 80;

/** Longer than any gateway keeps members in its memory without hearing of a change. */
const LIFE_MS = 24 * 3_600_000;

export function openMembersStore(redis: Commands, keys: RedisKeys) {
  const read = openScript(redis, "members-marks");
  return {
    /** The mark of the newest change of a room's members, another one in each run of Redis. Questions that come together share one call. */
    readMark: createGroupCommit(readAll, () => MARK_BYTES),

    /**
     * To be called inside the transaction that changes the members, before it commits: if Redis does not answer, nothing has changed; if it
     * does, no gateway takes a message on the word of what it knew before.
     */
    async markChange(room: string): Promise<void> {
      await redis.set(keys.members(room), randomUUID(), "PX", LIFE_MS);
    },
  };

  async function readAll(rooms: string[]): Promise<string[]> {
    const names = rooms.map((room) => keys.members(room));
    return (await read.runBatch(names, [])) as string[];
  }
}
