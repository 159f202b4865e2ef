/** Presence in Redis, merged from all gateways: the lease of each node instance, and the people that it contributes to each room. */
import type { Commands } from "./connect.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { scriptError } from "./outages.ts";
import { openScript } from "./script.ts";

export type PresenceStore = ReturnType<typeof openPresenceStore>;

/** The contribution of a node instance to one room: current totals of guests and connections, and changes of users. */
export type RoomContribution = {
  room: string;
  guests: number;
  connections: number;
  added: string[];
  removed: string[];
};
type Renewal = {
  shard: number;
  instanceId: string;
  leaseMs: number;
  renewal: number;
  contributions: RoomContribution[];
};
export type RoomCount = { people: number; connections: number };

const SHARD_BYTES = 500;
const ROOM_BYTES = 100;
const USER_BYTES = 40;
/** A gateway with many rooms has so many in one shard that Redis should answer others before the next ones. */
const MAX_SHARDS = 16;

export function openPresenceStore(redis: Commands, keys: RedisKeys) {
  const renew = openScript(redis, "presence");
  const people = openScript(redis, "people");
  const busy = openScript(redis, "busy");
  async function renewAll(renewals: Renewal[]): Promise<(RoomCount[] | undefined | Error)[]> {
    const names = renewals.flatMap(({ shard }) => keysOf(shard));
    const args = renewals.flatMap((one) => {
      const own = argumentsOf(one);
      return [own.length, ...own];
    });
    const replies = (await renew.runBatch(names, args)) as (number[][] | string | null)[];
    return replies.map((reply) => {
      if (typeof reply === "string") return scriptError(reply);
      return reply?.map(([people, connections]) => ({
        people: Number(people),
        connections: Number(connections),
      }));
    });
  }

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

  const renewOne = createGroupCommit(renewAll, bytesOf, { maxItems: MAX_SHARDS });

  return {
    /**
     * Renews the lease of a node instance on a shard and applies its changes. Safe to retry if the answer was lost. Renewals of one
     * moment share one call.
     * @param renewal counts the instance's renewals on this shard. 1 registers: `contributions` must be complete.
     * @returns undefined if the instance must register, because its lease lapsed or Redis lost its data.
     */
    renew: (
      shard: number,
      instanceId: string,
      leaseMs: number,
      renewal: number,
      contributions: RoomContribution[],
    ): Promise<RoomCount[] | undefined> => renewOne({ shard, instanceId, leaseMs, renewal, contributions }),

    /** Users (max `max` ids) and guests in one room. */
    async findPeople(room: string, max: number): Promise<{ users: number; guests: number; ids: string[] }> {
      const [answer] = await whoIn(keys.shardOf(room), max, [room]);
      return answer ?? { users: 0, guests: 0, ids: [] };
    },

    /** Node instances with a valid lease on the first shard; each instance has one on every shard. */
    async livingInstances(): Promise<string[]> {
      const [seconds] = await redis.time();
      return redis.zrangebyscore(keys.presence(0), Number(seconds) * 1_000, "+inf");
    },

    /** The rooms that have people in them, in any order. */
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

function bytesOf({ contributions }: Renewal): number {
  const users = contributions.reduce((sum, { added, removed }) => sum + added.length + removed.length, 0);
  return SHARD_BYTES + contributions.length * ROOM_BYTES + users * USER_BYTES;
}

function argumentsOf({ instanceId, leaseMs, renewal, contributions }: Renewal): (string | number)[] {
  const rooms = contributions.flatMap(({ room, guests, connections, added, removed }) => [
    ...[room, guests, connections],
    ...[added.length, ...added],
    ...[removed.length, ...removed],
  ]);
  return [instanceId, leaseMs, renewal, ...rooms];
}
