/** The positions of rooms, as one call of head.lua for those that are asked for together. */
import type { Commands } from "./connect.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import type { Head } from "./room-state.ts";
import { openScript } from "./script.ts";

const ROOM_BYTES = 60;

/** @returns a function that finds the position of a room; undefined for one that does not exist, or cannot be read. */
export function openHead(redis: Commands, keys: RedisKeys): (room: string) => Promise<Head | undefined> {
  const head = openScript(redis, "head");
  return createGroupCommit(findAll, () => ROOM_BYTES);

  async function findAll(rooms: string[]): Promise<(Head | undefined)[]> {
    const names = rooms.map((room) => keys.room(room));
    const replies = (await head.runBatch(names, [])) as unknown[][];
    return replies.map(([current, epoch, seq, stored, reacting]) =>
      epoch === undefined
        ? undefined
        : {
            ...{ current: Number(current) === 1, away: Number(current) === 2 },
            ...{ epoch: String(epoch), seq: Number(seq), stored: Number(stored) },
            reacting: Number(reacting) === 1,
          },
    );
  }
}
