/** A database of its own for one test file, on the server of the run. */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { createDatabase as create, dropDatabase } from "../../infra/local/stores/queries.ts";
import { connectPostgres } from "../../shared/server/postgres/pool.ts";
import { trackOpen } from "./open-resources.ts";
import type {} from "./postgres-setup.ts";

export type TestDatabase = {
  url: string;
  /** Removes the database, even if connections are open. */
  drop(): Promise<void>;
};

/** An empty database, without migrations. @param server the address of another server than that of the run. */
export async function createDatabase(server = inject("postgresUrl")): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asServer(server, (sql) => create(sql, name));
  const url = new URL(server);
  url.pathname = `/${name}`;
  const closed = trackOpen(`database ${name}`);
  return {
    url: url.href,
    async drop() {
      await asServer(server, (sql) => dropDatabase(sql, name));
      closed();
    },
  };
}

async function asServer(
  url: string,
  work: (sql: ReturnType<typeof connectPostgres>) => Promise<void>,
): Promise<void> {
  const sql = connectPostgres(url, { name: "test", max: 1 });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}
