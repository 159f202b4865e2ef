/** The Redis side of presence and of the control log. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type PresenceScripts = ReturnType<typeof openPresenceScripts>;
export type ControlScripts = ReturnType<typeof openControlScripts>;

/** What a gateway boot tells of one room: totals as they are, users as they changed. */
export type RoomShare = {
  room: string;
  guests: number;
  connections: number;
  added: string[];
  removed: string[];
};
export type RoomCount = { people: number; connections: number };

export function openPresenceScripts(redis: Commands, keys: RedisKeys) {
  const tick = openScript(redis, "presence");
  const people = openScript(redis, "people");
  const busy = openScript(redis, "busy");
  const whoIn = async (shard: number, most: number, rooms: string[]) =>
    ((await people.run([keys.presence(shard)], [most, ...rooms])) as [number, number, string[]][]).map(
      ([users, guests, ids]) => ({ users, guests, ids }),
    );

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
      const reply = (await tick.run([keys.presence(shard)], [boot, leaseMs, number, ...args])) as
        | number[][]
        | null;
      if (reply === null) return null;
      return reply.map(([users, connections]) => ({
        people: Number(users),
        connections: Number(connections),
      }));
    },

    /** Users (at most `most` ids) and guests in one room. */
    async in(room: string, most: number): Promise<{ users: number; guests: number; ids: string[] }> {
      const [answer] = await whoIn(keys.shardOf(room), most, [room]);
      return answer ?? { users: 0, guests: 0, ids: [] };
    },

    /** The rooms that somebody is in, in any order. */
    async busy(): Promise<{ name: string; people: number }[]> {
      const shards = await Promise.all(
        Array.from({ length: keys.shards }, (_, shard) => busy.run([keys.presence(shard)], [])),
      );
      const flat = (shards as (string | number)[][]).flat();
      return flat.flatMap((name, at) =>
        at % 2 === 0 ? [{ name: String(name), people: Number(flat[at + 1]) }] : [],
      );
    },
  };
}

export type ControlEntry = { id: string; json: string };

export function openControlScripts(redis: Commands, keys: RedisKeys) {
  const append = openScript(redis, "control-append");
  const head = openScript(redis, "control-head");
  return {
    /** @param keepMs longer than an access token lives. */
    append: (json: string, keepMs: number): Promise<string> =>
      append.run([keys.controlLog, keys.controlChannel], [json, keepMs]) as Promise<string>,
    /** Entries after an id, oldest first. */
    async after(id: string): Promise<ControlEntry[]> {
      const rows = await redis.xrange(keys.controlLog, `(${id}`, "+");
      return rows.map(([entry, fields]) => ({ id: entry, json: fields[1] ?? "{}" }));
    },
    /** The oldest entry's id, `0-0` in an empty log. */
    async oldest(): Promise<string> {
      const [row] = await redis.xrange(keys.controlLog, "-", "+", "COUNT", 1);
      return row?.[0] ?? "0-0";
    },
    /** The run of Redis, and the newest entry's id: `0-0` in an empty log. */
    async head(): Promise<{ run: string; newest: string }> {
      const [run = "", newest = "0-0"] = (await head.run([keys.controlLog], [])) as string[];
      return { run, newest };
    },
  };
}
