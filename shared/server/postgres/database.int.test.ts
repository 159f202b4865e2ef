import { afterAll, beforeAll, expect, it } from "vitest";
import { createRelayedDatabase, type RelayedDatabase } from "../../../test/support/relayed-database.ts";
import { Unavailable } from "../process/unavailable.ts";
import { type Database, openDatabase } from "./database.ts";
import { connectPostgres } from "./pool.ts";

/** Enough time to open a connection, also on a slow machine. */
const LIMIT_MS = 1_000;

let store: RelayedDatabase;
let database: Database;
beforeAll(async () => {
  store = await createRelayedDatabase();
  database = openDatabase(() => connectPostgres(store.url, { name: "test", max: 1 }));
});
afterAll(async () => {
  await database.close();
  await store.close();
});

it("a PostgreSQL that says nothing fails each query in time, those that wait for a connection too, and is asked anew", async () => {
  const queries = database.bounded(LIMIT_MS, (sql) => ({
    ask: async (word: string) => (await sql`select ${word}::text as word`)[0]?.word,
    hold: (word: string) => sql.begin(async (tx) => (await tx`select ${word}::text as word`)[0]?.word),
  }));
  expect(await Promise.all([queries.ask("하나"), queries.hold("둘")])).toEqual(["하나", "둘"]);
  store.relay.blackHole();
  const failed = await Promise.allSettled([queries.ask("a"), queries.hold("b"), queries.ask("c")]);
  expect(failed.map((each) => each.status === "rejected" && each.reason instanceof Unavailable)).toEqual([
    true,
    true,
    true,
  ]);
  expect(await Promise.all([queries.ask("하나"), queries.hold("둘")])).toEqual(["하나", "둘"]);
});

it("thousands of statements and transactions at once, with PostgreSQL stopped amid them, are all answered, each transaction with what is its own", async () => {
  const crowded = openDatabase(() => connectPostgres(store.url, { name: "test", max: 4 }), {
    waitMs: 30_000,
  });
  const { sql } = crowded;
  await sql`create table written (transaction integer, word text)`;
  try {
    for (let round = 0; round < 2; round++) {
      const statements = Array.from(
        { length: 5_000 },
        async (_, n) => (await sql`select ${n}::int as n`)[0]?.n,
      );
      const transactions = Array.from({ length: 500 }, (_, n) =>
        sql.begin(async (tx) => {
          const transaction = round * 500 + n;
          await tx`insert into written values (${transaction}, pg_current_xact_id()::text)`;
          await tx`insert into written values (${transaction}, pg_current_xact_id()::text)`;
        }),
      );
      store.relay.stall();
      setTimeout(store.relay.mend, 2_000);
      expect(await Promise.all(statements)).toEqual(Array.from({ length: 5_000 }, (_, n) => n));
      await Promise.all(transactions);
    }
    const [found] = await sql`
      select count(*)::int as rows, count(distinct transaction)::int as asked, count(distinct word)::int as given,
        count(distinct (transaction, word))::int as pairs from written`;
    expect(found).toEqual({ rows: 2_000, asked: 1_000, given: 1_000, pairs: 1_000 });
  } finally {
    store.relay.mend();
    await crowded.close();
  }
});

it("time at the gate is not held against PostgreSQL, and a statement that waits for too long is refused alone", async () => {
  const narrow = openDatabase(() => connectPostgres(store.url, { name: "test", max: 1 }), {
    limitMs: 1_000,
    waitMs: 1_500,
  });
  try {
    const slow = Array.from({ length: 4 }, () => narrow.sql`select pg_sleep(0.6)`.then(() => "done"));
    const ends = await Promise.allSettled(slow);
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
    expect(narrow.waiting).toBe(0);
    expect(await narrow.sql`select 1 as one`).toEqual([{ one: 1 }]);
  } finally {
    await narrow.close();
  }
});
