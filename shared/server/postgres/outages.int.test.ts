import { afterAll, beforeAll, expect, it } from "vitest";
import { createRelayedDatabase, type RelayedDatabase } from "../../../test/support/relayed-database.ts";
import { Unavailable } from "../process/unavailable.ts";
import { connectPostgres, PostgresError, type Sql } from "./pool.ts";

let database: RelayedDatabase;
const pools: Sql[] = [];
beforeAll(async () => {
  database = await createRelayedDatabase();
});
afterAll(async () => {
  for (const sql of pools) await sql.end({ timeout: 0 });
  await database.close();
});

function open(url = database.url): Sql {
  const sql = connectPostgres(url, { name: "test", max: 1 });
  pools.push(sql);
  return sql;
}
const asked = (sql: Sql): Promise<unknown>[] => [
  sql`select 1`,
  sql.unsafe("select 1"),
  sql.begin((tx) => tx`select 1`),
];
const OUTAGES = Array(3).fill(expect.any(Unavailable));
const failures = async (sql: Sql): Promise<unknown[]> =>
  (await Promise.allSettled(asked(sql))).map((each) => (each.status === "rejected" ? each.reason : each));

it("no server, and a pool that was ended, are outages", async () => {
  expect(await failures(open("postgres://127.0.0.1:1/suda"))).toEqual(OUTAGES);
  const ended = open();
  await ended.end({ timeout: 0 });
  expect(await failures(ended)).toEqual(OUTAGES);
});

it("a connection that is lost amid a statement is an outage", async () => {
  const sql = open();
  await sql`select 1`;
  const slow = sql`select pg_sleep(10)`.execute();
  const waiting = sql`select 1`.execute();
  setImmediate(database.relay.cut);
  await expect(slow).rejects.toThrow(Unavailable);
  await expect(waiting).rejects.toThrow(Unavailable);
  database.relay.mend();
});

it("a statement that PostgreSQL gives up for time is an outage, in a transaction too, which goes on to roll back", async () => {
  const sql = open();
  await sql`set statement_timeout = 20`;
  await expect(sql`select pg_sleep(10)`).rejects.toThrow(Unavailable);
  const transaction = sql.begin(async (tx) => {
    await tx.unsafe("select pg_sleep(10)");
  });
  await expect(transaction).rejects.toMatchObject({ name: "Unavailable", cause: expect.any(PostgresError) });
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
});

it("a statement that is wrong is a fault, and what PostgreSQL says of it stays as it is", async () => {
  const sql = open();
  await expect(sql`select 1 / 0`).rejects.toMatchObject({ name: "PostgresError", code: "22012" });
  await expect(sql.unsafe("selec")).rejects.toThrow(PostgresError);
  await expect(sql.begin((tx) => tx`select from nowhere`)).rejects.toThrow(PostgresError);
});

it("parts of a statement are what they were", async () => {
  const sql = open();
  const part = sql`where ${sql("word")} = ${"x"}`;
  expect(await sql`select word from (values ('x'), ('y')) as words (word) ${part}`).toEqual([{ word: "x" }]);
});
