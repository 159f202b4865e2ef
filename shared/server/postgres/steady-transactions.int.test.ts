import { afterAll, beforeAll, expect, it } from "vitest";
import { createRelayedDatabase, type RelayedDatabase } from "../../../test/support/relayed-database.ts";
import { Unavailable } from "../process/unavailable.ts";
import { connectPostgres, type Sql, type Transaction } from "./pool.ts";

let database: RelayedDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await createRelayedDatabase();
  sql = connectPostgres(database.url, { name: "test", max: 1 });
  await sql`create table kept (word text)`;
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await database.close();
});

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no failure",
    (error: unknown) => error,
  );

/**
 * @param then the work after the loss of its connection.
 * @returns the error of the transaction.
 */
async function lose(then: (tx: Transaction) => Promise<unknown>): Promise<unknown> {
  let tell: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const attempt = failure(
    sql.begin(async (tx) => {
      await tx`insert into kept values ('lost')`;
      database.relay.cut();
      await lost;
      return then(tx);
    }),
  );
  const error = await attempt;
  tell();
  database.relay.mend();
  // The library writes the next statement in the next turn of the event loop.
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  return error;
}

const kept = async (): Promise<string[]> =>
  (await sql<{ word: string }[]>`select word from kept`).map(({ word }) => word);

it.each<[string, (tx: Transaction) => Promise<unknown>]>([
  ["asks for more", (tx) => tx`select 1`],
  ["has nothing more to do", async () => "done"],
  ["fails for another reason", () => Promise.reject(new Error("another"))],
])(
  "a transaction whose connection is lost fails as an outage, and nothing else does, when its work %s",
  async (_, then) => {
    expect(await lose(then)).toBeInstanceOf(Unavailable);
    expect(await kept()).toEqual([]);
  },
);

it("a transaction whose connection is lost amid a statement fails as an outage, and nothing else does", async () => {
  const error = await failure(
    sql.begin(async (tx) => {
      await tx`insert into kept values ('lost')`;
      const slow = tx`select pg_sleep(10)`.execute();
      setImmediate(database.relay.cut);
      await slow;
    }),
  );
  database.relay.mend();
  expect(error).toBeInstanceOf(Unavailable);
  expect(await kept()).toEqual([]);
});

it("a transaction that fails for a reason of its own, or of PostgreSQL's, is rolled back", async () => {
  const reason = new Error("not now");
  const own = sql.begin(async (tx) => {
    await tx`insert into kept values ('own')`;
    throw reason;
  });
  expect(await failure(own)).toBe(reason);
  const theirs = sql.begin(async (tx) => {
    await tx`insert into kept values ('theirs')`;
    await tx`select 1 / 0`;
  });
  expect(await failure(theirs)).toMatchObject({ code: "22012" });
  expect(await sql.begin((tx) => tx`select count(*)::int as kept from kept`)).toMatchObject([{ kept: 0 }]);
});

it("a transaction whose work stops for long is ended by PostgreSQL, as an outage", async () => {
  const [row] = await sql`select current_setting('idle_in_transaction_session_timeout') as max`;
  expect(row?.max).toBe("5s");
  const error = await failure(
    sql.begin(async (tx) => {
      await tx`set local idle_in_transaction_session_timeout = 20`;
      await new Promise(() => undefined);
    }),
  );
  expect(error).toBeInstanceOf(Unavailable);
});

it("arrays arrive unchanged, with any text in them", async () => {
  const texts = ['"', "\\", "{}", "", "NULL", null, "a,b", "한글 🙂", "line\nline"];
  expect(await sql`select word from unnest(${texts}::text[]) as of (word)`).toEqual(
    texts.map((word) => ({ word })),
  );
  expect(await sql`select n::int from unnest(${[3, 1]}::bigint[]) as of (n)`).toEqual([{ n: 3 }, { n: 1 }]);
});
