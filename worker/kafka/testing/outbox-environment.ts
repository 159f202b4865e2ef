/** A database with a role for the gateways, and a Kafka that is only a list. */
import { connectPostgres } from "../../../shared/server/postgres/pool.ts";
import { createLog } from "../../../shared/server/process/logger.ts";
import { createDatabase } from "../../../test/support/postgres.ts";
import { createGrantQueries } from "../../grant-queries.ts";
import { migrate } from "../../migrate.ts";
import { ensureAhead } from "../../partitions.ts";
import { forget, readOutbox } from "../outbox.ts";
import type { OutboxRow } from "../outbox-queries.ts";

export type OutboxEnvironment = Awaited<ReturnType<typeof openOutboxEnvironment>>;

/** @param role must be no other test file's: roles belong to the whole server. */
export async function openOutboxEnvironment(role: string) {
  const database = await createDatabase();
  const sql = connectPostgres(database.url, { name: "test", max: 8 });
  await migrate(sql, createLog("test", "silent"));
  await ensureAhead(sql, Date.now());
  await sql.unsafe(`drop role if exists ${role}; create role ${role} login password 'test'`);
  await createGrantQueries(sql).grantGateway(role);
  const gatewayUrl = Object.assign(new URL(database.url), { username: role, password: "test" });
  const gateway = connectPostgres(gatewayUrl.href, { name: "gateway", max: 8 });
  const published: OutboxRow[] = [];
  let mark: number | undefined;

  return {
    /** As the worker. */
    sql,
    /** As a gateway, with its rights only. */
    gateway,
    /** Another gateway, with one connection, whose transactions may stay open. */
    openSession: () => connectPostgres(gatewayUrl.href, { name: "gateway", max: 1 }),
    published,
    mark: () => mark,
    /** Publishes all that is there. @param fails the Kafka transaction is aborted. */
    async publish({ max = 100, fails = false, forgets = true } = {}): Promise<void> {
      for (;;) {
        const rows = await readOutbox(sql, mark ?? 0, max);
        if (rows.length === 0 || fails) return;
        published.push(...rows);
        mark = rows.at(-1)?.place;
        if (forgets) await forget(sql, mark ?? 0);
      }
    },
    /** Another Kafka, which is empty. */
    newKafka(): void {
      published.length = 0;
      mark = undefined;
    },
    /** The last value of each key of a topic. */
    compacted: (topic: string): Map<string, unknown> =>
      new Map(published.filter((row) => row.topic === topic).map(({ key, value }) => [key, value])),
    of: (topic: string): OutboxRow[] => published.filter((row) => row.topic === topic),
    async close(): Promise<void> {
      await gateway.end({ timeout: 1 });
      await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
      await sql.end({ timeout: 1 });
      await database.drop();
    },
  };
}
