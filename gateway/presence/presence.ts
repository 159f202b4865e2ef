/**
 * Who is there. Each gateway boot holds a lease on every shard and tells its own share of each room; a boot that dies lets
 * its leases lapse, and the others subtract its share. A user with two tabs is one person; a guest is one each.
 */
import { randomBytes } from "node:crypto";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { PresenceScripts, RoomCount, RoomShare } from "../../shared/server/redis/presence-store.ts";
import { LEASE_MS } from "../../shared/timeouts.ts";

export type Presence = ReturnType<typeof createPresence>;

/** People told by name in one answer. */
const MOST_TOLD = 200;

type Local = { users: Map<string, number>; guests: number; connections: number; changed: Set<string> };

export function createPresence(scripts: PresenceScripts, keys: RedisKeys) {
  const boot = randomBytes(9).toString("base64url");
  const rooms = new Map<string, Local>();
  const counts = new Map<string, RoomCount>();
  /** How many ticks Redis took on each shard since this boot registered there. */
  const ticks = new Map<number, number>();

  const local = (room: string): Local => {
    let found = rooms.get(room);
    if (!found) {
      found = { users: new Map(), guests: 0, connections: 0, changed: new Set() };
      rooms.set(room, found);
    }
    return found;
  };

  const shareOf = (room: string, here: Local, users: Iterable<string>): RoomShare => {
    const added: string[] = [];
    const removed: string[] = [];
    for (const user of users) (here.users.has(user) ? added : removed).push(user);
    return { room, guests: here.guests, connections: here.connections, added, removed };
  };

  const tickShard = async (shard: number): Promise<void> => {
    const mine = [...rooms].filter(([room]) => keys.shardOf(room) === shard);
    const number = (ticks.get(shard) ?? 0) + 1;
    const registers = number === 1;
    const shares = mine.map(([room, here]) =>
      shareOf(room, here, registers ? here.users.keys() : here.changed),
    );
    // Changes are forgotten once Redis has them: telling one twice is harmless, losing one is not.
    const pending = mine.map(([, here]) => {
      const { changed } = here;
      here.changed = new Set();
      return changed;
    });
    const takeBack = (): void => {
      for (const [index, [, here]] of mine.entries())
        for (const user of pending[index] ?? []) here.changed.add(user);
    };
    try {
      const answer = await scripts.tick(shard, boot, LEASE_MS, number, shares);
      if (!answer) {
        ticks.delete(shard);
        takeBack();
        return tickShard(shard);
      }
      ticks.set(shard, number);
      for (const [index, [room, here]] of mine.entries()) {
        const count = answer[index];
        if (count) counts.set(room, count);
        if (here.connections === 0 && shares[index]?.connections === 0 && here.changed.size === 0) {
          rooms.delete(room);
          counts.delete(room);
        }
      }
    } catch (error) {
      takeBack();
      throw error;
    }
  };

  const tick = async (): Promise<void> => {
    await Promise.all(Array.from({ length: keys.shards }, (_, shard) => tickShard(shard)));
  };

  return {
    /** The name under which this process holds its leases. */
    boot,
    /** A socket of the user (null: a guest) came into the room. */
    enter(room: string, user: string | null): void {
      const here = local(room);
      here.connections++;
      if (user === null) here.guests++;
      else {
        const sockets = here.users.get(user) ?? 0;
        here.users.set(user, sockets + 1);
        if (sockets === 0) here.changed.add(user);
      }
    },

    /** A socket that came in with `enter` went. */
    leave(room: string, user: string | null): void {
      const here = local(room);
      here.connections--;
      if (user === null) here.guests--;
      else {
        const sockets = (here.users.get(user) ?? 1) - 1;
        if (sockets > 0) here.users.set(user, sockets);
        else {
          here.users.delete(user);
          here.changed.add(user);
        }
      }
    },

    /** Renews all leases and exchanges counts. @throws an outage; what could not be told is told next time. */
    tick,

    /** Who is in a room anywhere in the cluster, now. */
    async people(room: string): Promise<{ ids: string[]; guests: number; more: boolean }> {
      const { users, guests, ids } = await scripts.in(room, MOST_TOLD);
      return { ids, guests, more: users > ids.length };
    },

    /** People and connections of the whole cluster in a room with members here, as of the last tick. */
    count: (room: string): RoomCount | undefined => counts.get(room),

    /** Takes this boot's share away at once, instead of letting the leases lapse. */
    close: async (): Promise<void> => {
      for (const here of rooms.values()) {
        for (const user of here.users.keys()) here.changed.add(user);
        here.users.clear();
        here.guests = 0;
        here.connections = 0;
      }
      await tick();
    },
  };
}
