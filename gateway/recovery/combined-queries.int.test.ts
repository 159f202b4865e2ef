/** Recoveries of many rooms share transactions, and none waits for ever or fails because of another. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectPostgres, type Sql } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { createDatabase, type TestDatabase } from "../../test/support/postgres.ts";
import { migrate } from "../../worker/migrate.ts";
import { combineQueries } from "./combined-queries.ts";
import { createRecoveryQueries, type RecoveryQueries } from "./recovery-queries.ts";

let database: TestDatabase;
let sql: Sql;
let statements: string[][] = [];
const NAMES = Array.from({ length: 40 }, (_, n) => `room-${n}`);

beforeAll(async () => {
  database = await createDatabase();
  sql = connectPostgres(database.url, { name: "test", max: 8 });
  await migrate(sql, createLog("test", "silent"));
  await sql`insert into rooms (name, title, last_seq) select name, name, 7 from unnest(${NAMES}::text[]) as given (name)`;
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});
beforeEach(() => {
  statements = [];
});

/** The queries of one gateway; `statements` has the rooms of each. */
const openGateway = () => {
  const queries = createRecoveryQueries(sql);
  const watched: RecoveryQueries = {
    beginEpochs(rooms) {
      statements.push(rooms.map(({ room }) => room));
      return queries.beginEpochs(rooms);
    },
    holdingRooms(names, work) {
      statements.push(names);
      return queries.holdingRooms(names, work);
    },
  };
  return combineQueries(watched, { running: 2 });
};

test("epochs of many rooms begin in a few statements, each above all that is known, and none for an unknown room", async () => {
  const { beginEpoch } = openGateway();
  const starts = await Promise.all([...NAMES, "nowhere"].map((name, n) => beginEpoch(name, n * 10)));
  expect(starts).toEqual([...NAMES.map((_, n) => Math.max(7, n * 10) + 2_000_000), undefined]);
  expect(statements.length).toBe(5);
  const again = await Promise.all(NAMES.map((name) => beginEpoch(name, 0)));
  expect(again.every((start, n) => (start ?? 0) > (starts[n] ?? 0))).toBe(true);
});

test("gateways that hold the same rooms in different orders, and begin their epochs, do not wait for each other", async () => {
  const gateways = [openGateway(), openGateway(), openGateway()];
  const recover = ({ beginEpoch, holdingRoom }: ReturnType<typeof openGateway>, name: string) =>
    beginEpoch(name, 1).then(() =>
      holdingRoom(name, async (held, archive) => {
        await archive.archived(name, 100, 10);
        await archive.confirm();
        return held?.lastSeq;
      }),
    );
  const orders = [NAMES, [...NAMES].reverse(), [...NAMES.slice(20), ...NAMES.slice(0, 20)]];
  const found = await Promise.all(
    gateways.flatMap((gateway, n) => (orders[n] ?? []).map((name) => recover(gateway, name))),
  );
  expect(found).toEqual(found.map(() => 7));
});

test("a room whose statement fails does not fail those that share its transaction", async () => {
  const { holdingRoom } = openGateway();
  const first = NAMES.slice(0, 2).map((name) => holdingRoom(name, async (held) => held?.lastSeq));
  const shared = NAMES.slice(2, 10).map((name, n) =>
    holdingRoom(name, async (held, archive) => {
      if (n === 3) await archive.archived(name, Number.NaN, 1);
      await archive.confirm();
      return held?.lastSeq;
    }),
  );
  const results = await Promise.allSettled([...first, ...shared]);
  expect(results.map(({ status }) => status)).toEqual(
    results.map((_, n) => (n === 5 ? "rejected" : "fulfilled")),
  );
  expect(statements.some((names) => names.length > 1)).toBe(true);
});

test("a work that refuses fails its own room only, and a room that does not exist is told to its work", async () => {
  const { holdingRoom } = openGateway();
  const works = [...NAMES.slice(0, 6), "nowhere"].map((name, n) =>
    holdingRoom(name, async (held) => {
      if (n === 4) throw new Error("no");
      return held?.lastSeq;
    }).catch((error: Error) => error.message),
  );
  expect(await Promise.all(works)).toEqual([7, 7, 7, 7, "no", 7, undefined]);
});
