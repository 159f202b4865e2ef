import { afterAll, beforeAll, expect, it } from "vitest";
import { createRelayedDatabase, type RelayedDatabase } from "../../../test/support/relayed-database.ts";
import { Unavailable } from "../process/unavailable.ts";
import { type Database, openDatabase } from "./deadline.ts";
import { connectPostgres } from "./pool.ts";

/** Also a connection is opened within it, on whatever machine. */
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
  const { sql } = database;
  const queries = database.bounded(LIMIT_MS, {
    ask: async (word: string) => (await sql`select ${word}::text as word`)[0]?.word,
    hold: (word: string) => sql.begin(async (tx) => (await tx`select ${word}::text as word`)[0]?.word),
  });
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
