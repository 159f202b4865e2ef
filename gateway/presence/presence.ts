/**
 * Presence. Each gateway process holds a lease on every shard and contributes its own counts to each room. When a
 * process dies its leases lapse, and the others subtract its contribution. A user with two tabs is one person; each
 * guest is one.
 */
import { randomBytes } from "node:crypto";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { PresenceStore, RoomContribution, RoomCount } from "../../shared/server/redis/presence-store.ts";
import { HEARTBEAT_MS, LEASE_MS, QUIET_LEASE_MS, QUIET_RENEWAL_MS } from "../../shared/timeouts.ts";

export type Presence = ReturnType<typeof createPresence>;

/** Max people named in one answer. */
const MAX_NAMED = 200;

/** `number` of renewals on a shard. `quiet`: nobody was contributed, so it holds for longer. */
type Renewal = { number: number; at: number; quiet: boolean };
/** One room's sockets on this node. `changed`: users who came or went since the last renewal. */
type LocalRoom = { users: Map<string, number>; guests: number; connections: number; changed: Set<string> };

export function createPresence(scripts: PresenceStore, keys: RedisKeys) {
  const instanceId = randomBytes(9).toString("base64url");
  const rooms = new Map<string, LocalRoom>();
  const counts = new Map<string, RoomCount>();
  /** The last renewal of each shard that Redis took, counted from the registration of this process there. */
  const renewals = new Map<number, Renewal>();

  return {
    /** The name under which this process holds its leases, different at each start of a node. */
    instanceId,

    /** Counts a socket of the user (undefined: a guest) that joined the room. */
    enter(room: string, user: string | undefined): void {
      const here = localRoom(room);
      here.connections++;
      if (user === undefined) here.guests++;
      else {
        const sockets = here.users.get(user) ?? 0;
        here.users.set(user, sockets + 1);
        if (sockets === 0) here.changed.add(user);
      }
    },

    /** Counts a socket out of the room. */
    leave(room: string, user: string | undefined): void {
      const here = localRoom(room);
      here.connections--;
      if (user === undefined) here.guests--;
      else {
        const sockets = (here.users.get(user) ?? 1) - 1;
        if (sockets > 0) here.users.set(user, sockets);
        else {
          here.users.delete(user);
          here.changed.add(user);
        }
      }
    },

    renew,

    /** The people in a room, in the whole cluster, now. */
    async people(room: string): Promise<{ ids: string[]; guests: number; more: boolean }> {
      const { users, guests, ids } = await scripts.findPeople(room, MAX_NAMED);
      return { ids, guests, more: users > ids.length };
    },

    /** People and connections of the whole cluster in a room with members here, as of the last renewal. */
    count: (room: string): RoomCount | undefined => counts.get(room),

    /** Removes this node's contribution at once, so that nobody waits for the lapse of its leases. */
    async close(): Promise<void> {
      for (const here of rooms.values()) {
        for (const user of here.users.keys()) here.changed.add(user);
        here.users.clear();
        here.guests = 0;
        here.connections = 0;
      }
      await renew();
    },
  };

  /**
   * Renews the leases that are due and exchanges counts.
   * @throws Unavailable; changes that Redis did not take are contributed next time.
   */
  async function renew(): Promise<void> {
    const byShard = Map.groupBy(rooms, ([room]) => keys.shardOf(room));
    const now = performance.now();
    const due = Array.from({ length: keys.shards }, (_, shard) => shard).filter(
      (shard) => byShard.has(shard) || !isQuiet(renewals.get(shard), now),
    );
    await Promise.all(due.map((shard) => renewShard(shard, byShard.get(shard) ?? [])));
  }

  async function renewShard(shard: number, mine: [name: string, here: LocalRoom][]): Promise<void> {
    const renewal = (renewals.get(shard)?.number ?? 0) + 1;
    const at = performance.now();
    const quiet = mine.length === 0;
    const contributions = mine.map(([room, here]) =>
      contributionOf(room, here, renewal === 1 ? here.users.keys() : here.changed),
    );
    const takeBack = takeChanges(mine.map(([, here]) => here));
    try {
      const leaseMs = quiet ? QUIET_LEASE_MS : LEASE_MS;
      const answer = await scripts.renew(shard, instanceId, leaseMs, renewal, contributions);
      if (!answer) {
        renewals.delete(shard);
        takeBack();
        return renewShard(shard, mine);
      }
      renewals.set(shard, { number: renewal, at, quiet });
      for (const [index, [room, here]] of mine.entries()) {
        const count = answer[index];
        if (count) counts.set(room, count);
        if (here.connections === 0 && contributions[index]?.connections === 0 && here.changed.size === 0) {
          rooms.delete(room);
          counts.delete(room);
        }
      }
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  function localRoom(name: string): LocalRoom {
    let found = rooms.get(name);
    if (!found) {
      found = { users: new Map(), guests: 0, connections: 0, changed: new Set() };
      rooms.set(name, found);
    }
    return found;
  }
}

/**
 * Nobody depends on the lease of a shard without people here, so a longer one is renewed less often. The first beat with somebody
 * renews at once, with the usual lease.
 */
const isQuiet = (last: Renewal | undefined, now: number): boolean =>
  last?.quiet === true && now - last.at < QUIET_RENEWAL_MS - HEARTBEAT_MS / 2;

function contributionOf(room: string, here: LocalRoom, users: Iterable<string>): RoomContribution {
  const added: string[] = [];
  const removed: string[] = [];
  for (const user of users) (here.users.has(user) ? added : removed).push(user);
  return { room, guests: here.guests, connections: here.connections, added, removed };
}

/**
 * Takes the changes out for a renewal. They must be put back if it fails, because contributing one twice is harmless
 * and losing one is not.
 * @returns a function that puts them back.
 */
function takeChanges(rooms: readonly LocalRoom[]): () => void {
  const taken = rooms.map((here) => {
    const { changed } = here;
    here.changed = new Set();
    return { here, changed };
  });
  return () => {
    for (const { here, changed } of taken) for (const user of changed) here.changed.add(user);
  };
}
