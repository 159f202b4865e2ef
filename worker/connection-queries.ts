/** SQL of connection records. */

import type { Sql, Transaction } from "../shared/server/postgres/pool.ts";
import type { ConnectionRecord } from "../shared/server/redis/connection-record-store.ts";

type Opened = Extract<ConnectionRecord, { kind: "opened" }>;
type Closed = Extract<ConnectionRecord, { kind: "closed" }>;

/** The last word on each id: one statement must not touch a row twice. */
const lastById = <R extends { id: string }>(records: R[]): R[] => [
  ...new Map(records.map((record) => [record.id, record])).values(),
];

/** A record that is there already takes a higher count of short connections, and else stays as it is. */
export async function addConnections(tx: Transaction, records: Opened[]): Promise<void> {
  const opened = lastById(records);
  if (opened.length === 0) return;
  await tx`
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
}

/** The gateway's own word counts more than what was concluded from a lapsed lease. */
export async function endConnections(tx: Transaction, records: Closed[]): Promise<void> {
  const closed = lastById(records);
  if (closed.length === 0) return;
  await tx`
    update connections set disconnected_at = to_timestamp(closed.at / 1000)
    from unnest(
      ${closed.map((each) => each.id)}::uuid[],
      ${closed.map((each) => each.at)}::float8[]
    ) as closed (id, at)
    where connections.id = closed.id`;
}

/** Boots that have connections which nobody has ended. */
export async function findOpenBoots(sql: Sql): Promise<string[]> {
  const rows = await sql<{ boot: string }[]>`
    select distinct boot from connections where disconnected_at is null`;
  return rows.map(({ boot }) => boot);
}

export async function endConnectionsOf(sql: Sql, boots: string[]): Promise<void> {
  await sql`
    update connections set disconnected_at = now()
    where disconnected_at is null and boot = any(${boots}::text[])`;
}

/** @returns how many rows are gone. */
export async function deleteOldConnections(sql: Sql, days: number, max: number): Promise<number> {
  const result = await sql`
    delete from connections where id in (
      select id from connections where connected_at < now() - make_interval(days => ${days}) limit ${max})`;
  return result.count;
}
