/**
 * Clocks that jump, PostgreSQL's included: an ended session stays ended, whichever node starts or cleans up in between.
 */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createTokens } from "../../shared/server/identity/access-tokens.ts";
import { connectPostgres, type Sql } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { openCommands, openSubscriber } from "../../shared/server/redis/connect.ts";
import { controlKeepMs } from "../../shared/server/redis/control-events.ts";
import { openControlLogStore } from "../../shared/server/redis/control-log-store.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { createDatabase, type TestDatabase } from "../../test/support/postgres.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { cleanUp } from "../../worker/cleanup.ts";
import { migrate } from "../../worker/migrate.ts";
import { createSteadyTime } from "../../worker/steady-time.ts";
import { createRefreshTokens } from "../sessions/refresh-tokens.ts";
import { createSessionQueries, type SessionQueries } from "../sessions/session-queries.ts";
import { createBus } from "../subscriber.ts";
import { createControl } from "./control-log.ts";
import { createEndedSessions } from "./ended-sessions.ts";

const LOG = createLog("clocks", "silent");
const KEYS = [{ kid: "k", secret: "s".repeat(32) }];
const TOKEN_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let server: TestRedis;
let database: TestDatabase;
let sql: Sql;
let queries: SessionQueries;
let closes: (() => unknown)[] = [];
const user = randomUUID();

beforeAll(async () => {
  [server, database] = await Promise.all([startRedis(), createDatabase()]);
  const admin = connectPostgres(database.url, { name: "admin", max: 1 });
  const name = new URL(database.url).pathname.slice(1);
  // Found by name before PostgreSQL's own functions, so that the test can set its clock.
  await admin.unsafe(`
    create schema clock;
    create table clock.set_by (ms float8);
    insert into clock.set_by values (0);
    create function clock.now() returns timestamptz language sql stable as
      'select pg_catalog.now() + (select ms from clock.set_by) * interval ''1 millisecond''';
    alter database ${name} set search_path = clock, pg_catalog, public`);
  await admin.end({ timeout: 1 });
  sql = connectPostgres(database.url, { name: "clocks", max: 4 });
  await migrate(sql, LOG);
  await sql`insert into users (id, nickname) values (${user}, 'ana')`;
  queries = createSessionQueries(sql);
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await Promise.all([server.stop(), database.drop()]);
});
afterEach(async () => {
  for (const close of closes) close();
  closes = [];
  vi.useRealTimers();
});

/** One machine: all its clocks are set together, and everything on it happens at the test's time. */
function openMachine() {
  let setBy = 0;
  let passed = 0;
  const start = Date.now();
  const wall = () => start + passed + setBy;
  const clock = { wall, steady: () => performance.now() + passed };
  vi.useFakeTimers({ toFake: ["Date"] });
  const follow = async () => {
    vi.setSystemTime(wall());
    await sql`update clock.set_by set ms = ${wall() - start}`;
  };
  const keys = createRedisKeys(`test-${randomUUID().slice(0, 8)}`, 4);
  const redis = openCommands(server.url, "clocks", LOG);
  /** Trims the log as its next entry would when Redis' clock says that all entries are old. */
  const trim = () => redis.xtrim(keys.controlLog, "MAXLEN", 0);
  const tokens = createTokens(KEYS, TOKEN_MS);
  const surely = createSteadyTime(TOKEN_MS + 5 * MINUTE_MS, clock);
  closes.push(() => redis.disconnect());

  return {
    connect: () => redis.connect(),
    async pass(ms: number) {
      passed += ms;
      await follow();
      if (ms >= DAY_MS) await trim();
    },
    async set(ms: number) {
      setBy += ms;
      await follow();
      if (ms > 0) await trim();
    },
    cleanUp: () => cleanUp(sql, surely(), { messages: 0, connections: 90 }, LOG),
    async startGateway() {
      const subscriber = openSubscriber(server.url, "clocks", LOG);
      await subscriber.connect();
      closes.push(() => subscriber.disconnect());
      const control = createControl({
        bus: createBus(subscriber),
        scripts: openControlLogStore(redis, keys),
        channel: keys.controlChannel,
        ended: createEndedSessions((now) => queries.listEnded(now, controlKeepMs(TOKEN_MS)), clock),
        reload: async () => undefined,
        accessTokenMs: TOKEN_MS,
        onInternalError: (error) => {
          throw error;
        },
        onEvent: {
          sessions_ended: () => undefined,
          restricted: () => undefined,
          user_changed: () => undefined,
          room_created: () => undefined,
          room_changed: () => undefined,
          banned: () => undefined,
          account_closed: () => undefined,
          private_room: () => undefined,
          own_rooms: () => undefined,
          raid: () => undefined,
        },
      });
      await control.start();
      return control;
    },
    /** Opens a session. @returns its id and an access token. */
    async logIn() {
      const id = randomUUID();
      const times = { lifeMs: 30 * DAY_MS, tokensUntil: wall() + TOKEN_MS + MINUTE_MS };
      const token = createRefreshTokens(KEYS).fresh();
      await queries.add({ id, userId: user, ip: "127.0.0.1", userAgent: "", ...times, token }, 1_000);
      return { id, accessToken: tokens.sign({ userId: user, sessionId: id }).token };
    },
    isAlive: (accessToken: string) => tokens.verify(accessToken) !== undefined,
  };
}
type Gateway = Awaited<ReturnType<ReturnType<typeof openMachine>["startGateway"]>>;

/** Whether the gateway accepts a token of the session. */
function letsIn(gateway: Gateway, session: string): boolean {
  try {
    return !gateway.isEnded(session);
  } catch {
    return false;
  }
}

test("three days forward and back: a logged-out token is still refused, by gateways old and new", async () => {
  const machine = openMachine();
  await machine.connect();
  const gateways = [await machine.startGateway()];
  const [control] = gateways;
  const { id, accessToken } = await machine.logIn();
  await queries.end([id], undefined);
  await control?.endSessions([id]);

  await machine.set(3 * DAY_MS);
  for (const gateway of gateways) await gateway.check();
  gateways.push(await machine.startGateway());
  for (let n = 0; n < 2; n++) await machine.cleanUp();
  const other = await machine.logIn();

  await machine.set(-3 * DAY_MS);
  await queries.end([other.id], undefined);
  await control?.endSessions([other.id]);
  expect(machine.isAlive(accessToken)).toBe(true);
  expect(gateways.map((gateway) => letsIn(gateway, id))).toEqual([false, false]);
  for (const gateway of gateways) await gateway.check();
  gateways.push(await machine.startGateway());
  expect(gateways.map((gateway) => letsIn(gateway, id))).toEqual([false, false, false]);

  // A token that was made by a clock in the future is valid when that time comes.
  await machine.pass(3 * DAY_MS);
  await machine.cleanUp();
  for (const gateway of gateways) await gateway.check();
  gateways.push(await machine.startGateway());
  expect(machine.isAlive(other.accessToken)).toBe(true);
  expect(gateways.map((gateway) => letsIn(gateway, other.id))).toEqual(Array(4).fill(false));
});

test("a clock that is set does not lock anybody out who is logged in", async () => {
  const machine = openMachine();
  await machine.connect();
  const gateway = await machine.startGateway();
  const { id } = await machine.logIn();
  for (const ms of [3 * DAY_MS, -3 * DAY_MS, -3_600_000]) {
    await machine.set(ms);
    await gateway.check();
    expect(letsIn(gateway, id)).toBe(true);
  }
});

test("memory forgets sessions that PostgreSQL no longer lists, and keeps those added during the read", async () => {
  let steady = 0;
  const sessions = createEndedSessions(async () => ["b"], { wall: () => steady, steady: () => steady });
  await sessions.load();
  sessions.add(["a"]);
  expect([sessions.isDue(), sessions.has("a")]).toEqual([false, true]);
  steady += 6 * MINUTE_MS;
  expect(sessions.isDue()).toBe(true);
  const loading = sessions.load();
  sessions.add(["c"]);
  await loading;
  expect(["a", "b", "c"].map(sessions.has)).toEqual([false, true, true]);
});

type Act = { act: "set" | "pass" | "logOut" | "start" | "cleanUp"; ms: number };
const acts = fc.array(
  fc.oneof(
    fc.record<Act>({ act: fc.constant("set"), ms: fc.integer({ min: -5 * DAY_MS, max: 5 * DAY_MS }) }),
    fc.record<Act>({ act: fc.constant("pass"), ms: fc.nat({ max: 20 * MINUTE_MS }) }),
    fc.record<Act>({ act: fc.constantFrom("logOut", "start", "cleanUp"), ms: fc.constant(0) }),
  ),
  { minLength: 3, maxLength: 12 },
);

test("no sequence of jumps, restarts and clean-ups makes a logged-out token good", async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (plan) => {
      const machine = openMachine();
      await machine.connect();
      let gateway = await machine.startGateway();
      const out: { id: string; accessToken: string }[] = [];
      for (const { act, ms } of [{ act: "logOut", ms: 0 }, ...plan]) {
        if (act === "set") await machine.set(ms);
        if (act === "pass") await machine.pass(ms);
        if (act === "start") gateway = await machine.startGateway();
        if (act === "cleanUp") await machine.cleanUp();
        if (act === "logOut") {
          const somebody = await machine.logIn();
          await queries.end([somebody.id], undefined);
          await gateway.endSessions([somebody.id]);
          out.push(somebody);
        }
        await gateway.check();
        for (const { id, accessToken } of out)
          if (machine.isAlive(accessToken)) expect(letsIn(gateway, id)).toBe(false);
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
