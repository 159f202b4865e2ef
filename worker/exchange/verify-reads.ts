/** Complete reads for a verification, a page at a time: the rooms, the dead letters, and the stored seqs in Redis. */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { type Letter, snapshot, type VerifiedRoom } from "./verify-queries.ts";

const ROOMS = 1_000;
const LETTERS = 10_000;
const HEADS = 100;

export async function readRooms(sql: Sql): Promise<VerifiedRoom[]> {
  const rooms: VerifiedRoom[] = [];
  for (;;) {
    const page = await snapshot(sql, ({ findVerified }) => findVerified(rooms.at(-1)?.id ?? 0, ROOMS));
    rooms.push(...page);
    if (page.length < ROOMS) return rooms;
  }
}

export async function readLetters(sql: Sql): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (;;) {
    const page = await snapshot(sql, ({ findLetters }) => findLetters(letters.at(-1)?.id ?? 0, LETTERS));
    letters.push(...page);
    if (page.length < LETTERS) return letters;
  }
}

/** The `stored` seq of each room in Redis, by the room's id. */
export async function readStored(
  heads: RoomLogStore["heads"],
  rooms: VerifiedRoom[],
): Promise<Map<number, number>> {
  const stored = new Map<number, number>();
  for (let from = 0; from < rooms.length; from += HEADS) {
    await Promise.all(
      rooms.slice(from, from + HEADS).map(async ({ id, name }) => {
        const [head] = await heads([name]);
        if (head) stored.set(id, head.stored);
      }),
    );
  }
  return stored;
}
