/** Who is in which room, as all gateways together know it in Redis: leases of gateways, and what each contributes. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type PresenceStore = ReturnType<typeof openPresenceStore>;

/** What a gateway boot tells of one room: totals as they are, users as they changed. */
export type RoomShare = {
  room: string;
  guests: number;
  connections: number;
  added: string[];
  removed: string[];
};
export type RoomCount = { people: number; connections: number };

export function openPresenceStore(redis: Commands, keys: RedisKeys) {
  const tick = openScript(redis, "presence");
  const people = openScript(redis, "people");
  const busy = openScript(redis, "busy");
  const whoIn = async (shard: number, max: number, rooms: string[]) =>
    (
      (await people.run([keys.peopleIn(shard), keys.countsOf(shard)], [max, ...rooms])) as [
        number,
        number,
        string[],
      ][]
    ).map(([users, guests, ids]) => ({ users, guests, ids }));

  const keysOf = (shard: number): string[] => [
    ...[keys.presence(shard), keys.renewals(shard), keys.clock(shard)],
    ...[keys.roomsOf(shard), keys.heldBy(shard), keys.peopleIn(shard), keys.countsOf(shard)],
  ];

  return {
    /**
     * Renews the boot's lease on a shard and takes in its changes; safe to repeat when the answer was lost.
     * @param number of the boot's ticks on this shard; with 1 it registers: `shares` is everything it has.
     * @returns null when the boot must register: it was judged dead, or Redis lost what it told before.
     */
    async tick(
      shard: number,
      boot: string,
      leaseMs: number,
      number: number,
      shares: RoomShare[],
    ): Promise<RoomCount[] | null> {
      const args = shares.flatMap(({ room, guests, connections, added, removed }) => [
        room,
        guests,
        connections,
        added.length,
        ...added,
        removed.length,
        ...removed,
      ]);
      const reply = (await tick.run(keysOf(shard), [boot, leaseMs, number, ...args])) as number[][] | null;
      if (reply === null) return null;
      return reply.map(([users, connections]) => ({
        people: Number(users),
        connections: Number(connections),
      }));
    },

    /** Users (at most `max` ids) and guests in one room. */
    async findPeople(room: string, max: number): Promise<{ users: number; guests: number; ids: string[] }> {
      const [answer] = await whoIn(keys.shardOf(room), max, [room]);
      return answer ?? { users: 0, guests: 0, ids: [] };
    },

    /** Gateway boots whose lease is alive on the first shard; each boot holds one on every shard. */
    async livingBoots(): Promise<string[]> {
      const [seconds] = await redis.time();
      return redis.zrangebyscore(keys.presence(0), Number(seconds) * 1_000, "+inf");
    },

    /** The rooms that somebody is in, in any order. */
    async listBusy(): Promise<{ name: string; people: number }[]> {
      const shards = await Promise.all(
        Array.from({ length: keys.shards }, (_, shard) =>
          busy.run(
            [keys.presence(shard), keys.roomsOf(shard), keys.peopleIn(shard), keys.countsOf(shard)],
            [],
          ),
        ),
      );
      const flat = (shards as (string | number)[][]).flat();
      return flat.flatMap((name, at) =>
        at % 2 === 0 ? [{ name: String(name), people: Number(flat[at + 1]) }] : [],
      );
    },
  };
}
