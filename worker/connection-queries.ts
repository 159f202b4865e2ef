/** SQL of connection records. */

import type { Db } from "../shared/server/postgres/pool.ts";
import type { ConnectionRecord } from "../shared/server/redis/connection-record-store.ts";

type Opened = Extract<ConnectionRecord, { kind: "opened" }>;
type Closed = Extract<ConnectionRecord, { kind: "closed" }>;

/** The last record of each id, because one statement must not change a row twice. */
const lastById = <R extends { id: string }>(records: R[]): R[] => [
  ...new Map(records.map((record) => [record.id, record])).values(),
];

export function createConnectionQueries(db: Db) {
  return {
    /** Inserts records. Of a record that exists, only the count of short connections changes, if the new one is higher. */
    async addConnections(records: Opened[]): Promise<void> {
      const opened = lastById(records);
      if (opened.length === 0) return;
      await db`
        insert into connections as known (id, user_id, session_id, connected_at, ip, user_agent, gateway, boot, times)
        select id, user_id, session_id, to_timestamp(at / 1000), ip, user_agent, gateway, boot, times
        from unnest(
          ${opened.map((each) => each.id)}::uuid[],
          ${opened.map((each) => each.user)}::uuid[],
          ${opened.map((each) => each.session)}::uuid[],
          ${opened.map((each) => each.at)}::float8[],
          ${opened.map((each) => each.ip)}::inet[],
          ${opened.map((each) => each.userAgent.replaceAll("\0", ""))}::text[],
          ${opened.map((each) => each.gateway)}::text[],
          ${opened.map((each) => each.boot)}::text[],
          ${opened.map((each) => each.times ?? 1)}::integer[]
        ) as opened (id, user_id, session_id, at, ip, user_agent, gateway, boot, times)
        on conflict (id) do update set times = excluded.times where excluded.times > known.times`;
    },

    /** Overwrites an end time that was derived from a lapsed lease, because the gateway knows the exact one. */
    async endConnections(records: Closed[]): Promise<void> {
      const closed = lastById(records);
      if (closed.length === 0) return;
      await db`
        update connections set disconnected_at = to_timestamp(closed.at / 1000)
        from unnest(
          ${closed.map((each) => each.id)}::uuid[],
          ${closed.map((each) => each.at)}::float8[]
        ) as closed (id, at)
        where connections.id = closed.id`;
    },

    /** Node instances with connections that have no end time. */
    async findOpenInstances(): Promise<string[]> {
      const rows = await db<{ boot: string }[]>`
        select distinct boot from connections where disconnected_at is null`;
      return rows.map(({ boot }) => boot);
    },

    async endConnectionsOf(instances: string[]): Promise<void> {
      await db`
        update connections set disconnected_at = now()
        where disconnected_at is null and boot = any(${instances}::text[])`;
    },

    /** @returns the number of deleted rows. */
    async deleteOldConnections(days: number, max: number): Promise<number> {
      const result = await db`
        delete from connections where id in (
          select id from connections where connected_at < now() - make_interval(days => ${days}) limit ${max})`;
      return result.count;
    },
  };
}
