/**
 * Bugs of the library `postgres` that this folder works around, each shown with the library alone and disproved with
 * our code. When the first test of a pair fails, the library is fixed and the workaround may go.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createRelayedDatabase, type RelayedDatabase } from "../../../test/support/relayed-database.ts";
import { openDatabase } from "./database.ts";
import { connectPostgres, type Sql } from "./pool.ts";

let database: RelayedDatabase;
beforeAll(async () => {
  database = await createRelayedDatabase();
});
afterEach(() => database.relay.mend());
afterAll(() => database.close());

describe("a connection that is lost in a transaction (porsager/postgres#1154, #1208)", () => {
  /**
   * @returns how a process ends whose transaction loses its connection before its next statement, or before its commit.
   */
  async function endOf(way: "library" | "ours", next: "statement" | "commit"): Promise<string> {
    const child = fork(join(import.meta.dirname, "testing/lost-transaction.ts"), [database.url, way, next], {
      silent: true,
    });
    const ended = once(child, "exit");
    await once(child, "message");
    database.relay.cut();
    child.send("go on");
    const [code] = await ended;
    return code === 0 ? "goes on" : "ends";
  }

  it.each(["statement", "commit"] as const)(
    "ends the process when the library writes the next %s to it, and here fails the transaction",
    async (next) => {
      expect(await endOf("library", next)).toBe("ends");
      database.relay.mend();
      expect(await endOf("ours", next)).toBe("goes on");
    },
  );
});

describe("a begin that fills the pipeline of a connection (porsager/postgres#823, #1189, #1210, #1218)", () => {
  /** Number of connections, and of statements in the pipeline of each. */
  const [CONNECTIONS, PIPELINE] = [4, 100];

  /**
   * Busy connections, hundreds of queued statements, and two transactions from the nth statement on.
   * @returns the number of failures.
   */
  async function failures(sql: Sql, nth: number): Promise<number> {
    const held = Array.from({ length: CONNECTIONS }, () => sql`select pg_sleep(0.05)`.execute());
    const work = Array.from({ length: CONNECTIONS * PIPELINE + 100 }, (_, n) =>
      n === nth || n === nth + 1
        ? sql.begin(async (tx) => {
            await tx`select 1`;
            await tx`select 2`;
          })
        : sql`select 1`.execute(),
    );
    const ends = await Promise.allSettled([...held, ...work]);
    return ends.filter(({ status }) => status === "rejected").length;
  }

  /**
   * The number of ready connections decides where a pipeline is full, so the transactions are tried at each place near
   * it.
   */
  async function failuresNearFull(sql: Sql): Promise<number> {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => sql`select pg_sleep(0.05)`.execute()));
    let failed = 0;
    for (let nth = CONNECTIONS * (PIPELINE - 3); nth < CONNECTIONS * PIPELINE && failed === 0; nth += 2)
      failed += await failures(sql, nth);
    return failed;
  }

  it("lets statements of others run in the library's transactions, and here each has its connection to itself", async () => {
    const open = (): Sql => connectPostgres(database.url, { name: "test", max: CONNECTIONS });
    const bare = open();
    const gated = openDatabase(open);
    try {
      expect(await failuresNearFull(bare)).toBeGreaterThan(0);
      expect(await failuresNearFull(gated.sql)).toBe(0);
    } finally {
      await Promise.all([bare.end({ timeout: 1 }), gated.close()]);
    }
  });
});
