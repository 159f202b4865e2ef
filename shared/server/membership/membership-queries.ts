/** SQL of the processes that live on a database, and of what they agree on. */
import type { Db } from "../postgres/pool.ts";

export type Kind = "runner" | "gateway" | "worker";
/** Fixed for the life of the process. `address`: where it serves. */
export type Identity = {
  id: string;
  kind: Kind;
  name: string;
  machine: string;
  address: string;
  pid: number;
  signingKeys: string[];
};
/** The state of a process, which changes. `alarm`: the reason why a person has to look, in a line. */
export type Report = { ready: boolean; clients?: number; alarm?: string };
export type Living = Pick<Identity, "id" | "kind" | "name" | "machine" | "signingKeys"> & {
  redis: string;
  renewals: number;
};
type Oldest = Pick<Living, "kind" | "name" | "machine" | "redis">;
export type Member = Pick<Identity, "kind" | "name" | "machine" | "address" | "pid"> & Report;

/** A process whose row was not renewed for this long is taken for dead. */
const LEASE_MS = 10_000;
/** A dead process's row is kept this long. */
const KEPT_MS = 60_000;
/** An arbitrary lock number that nothing else in this database uses. */
const MEMBERSHIP_LOCK = 7_834_202;
const REDIS = "redis:";

export function createMembershipQueries(db: Db) {
  return {
    /** In a transaction: holds every other process back that wants to join, until its end. */
    async lock(): Promise<void> {
      await db`select pg_advisory_xact_lock(${MEMBERSHIP_LOCK})`;
    },

    async findSettings(): Promise<Map<string, string>> {
      const rows = await db<{ key: string; value: string }[]>`select key, value from cluster`;
      return new Map(rows.map(({ key, value }) => [key, value]));
    },

    /** Stores a setting unless one is stored. @returns the one that is stored. */
    async agreeOn(key: string, value: string): Promise<string> {
      await db`insert into cluster (key, value) values (${key}, ${value}) on conflict do nothing`;
      const [row] = await db<{ value: string }[]>`select value from cluster where key = ${key}`;
      return row?.value ?? value;
    },

    /** The processes that live, the oldest first. */
    findLiving(): Promise<Living[]> {
      return db<Living[]>`
        select id, kind, name, machine, to_json(signing_keys) as "signingKeys", redis, renewals::float8 as renewals
        from processes where renewed_at > clock_timestamp() - ${LEASE_MS} * interval '1 millisecond'
        order by started_at, id`.then((rows) => [...rows]);
    },

    /**
     * Makes or renews the row of a process.
     * @param ageMs how long it lives. @param confirmed whether its Redis answered with its id.
     * @returns the Redis and the name of the oldest process that lives, which may be this one.
     */
    async renew(
      self: Identity,
      redis: string,
      report: Report,
      ageMs: number,
      confirmed: boolean,
    ): Promise<Oldest | undefined> {
      // A query beside a statement that writes does not see what it wrote.
      const [oldest] = await db<Oldest[]>`
        with own as (
          insert into processes (id, kind, name, machine, address, pid, redis, signing_keys, ready, clients, alarm,
            started_at, renewed_at)
          values (${self.id}, ${self.kind}, ${self.name}, ${self.machine}, ${self.address}, ${self.pid}, ${redis},
            ${self.signingKeys}::text[], ${report.ready}, ${report.clients ?? null}, ${report.alarm ?? null},
            clock_timestamp() - ${ageMs}::float8 * interval '1 millisecond', clock_timestamp())
          on conflict (id) do update set redis = excluded.redis, ready = excluded.ready, clients = excluded.clients,
            alarm = excluded.alarm, renewed_at = excluded.renewed_at,
            renewals = processes.renewals + ${confirmed ? 1 : 0}::integer
          returning id, kind, name, machine, redis, started_at
        )
        select kind, name, machine, redis from (
          select * from own
          union all select id, kind, name, machine, redis, started_at from processes
          where id <> ${self.id} and renewed_at > clock_timestamp() - ${LEASE_MS} * interval '1 millisecond'
        ) as living
        order by started_at, id limit 1`;
      return oldest;
    },

    async remove(id: string): Promise<void> {
      await db`
        delete from processes
        where id = ${id} or renewed_at < clock_timestamp() - ${KEPT_MS} * interval '1 millisecond'`;
    },

    /** Every process that lives, for a person to read. */
    findMembers(): Promise<Member[]> {
      return db<(Omit<Member, "clients" | "alarm"> & { clients: number | null; alarm: string | null })[]>`
        select kind, name, machine, address, pid, ready, clients, alarm
        from processes where renewed_at > clock_timestamp() - ${LEASE_MS} * interval '1 millisecond'
        order by machine, kind desc, name`.then((rows) =>
        rows.map(({ clients, alarm, ...rest }) => ({
          ...rest,
          ...(clients === null ? {} : { clients }),
          ...(alarm === null ? {} : { alarm }),
        })),
      );
    },

    /** Records that a Redis is the cluster's, after every one that was before. */
    async addRedis(id: string, place: number): Promise<void> {
      await db`insert into cluster (key, value) values (${REDIS + id}, ${String(place)}) on conflict do nothing`;
    },
  };
}

/** The ids of every Redis that was the cluster's, oldest first. */
export function redisesOf(settings: ReadonlyMap<string, string>): string[] {
  return [...settings]
    .filter(([key]) => key.startsWith(REDIS))
    .sort(([, a], [, b]) => Number(a) - Number(b))
    .map(([key]) => key.slice(REDIS.length));
}
