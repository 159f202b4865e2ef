import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type ConnectionRecord,
  openConnectionRecordStore,
} from "../shared/server/redis/connection-record-store.ts";
import { openPresenceStore } from "../shared/server/redis/presence-store.ts";
import { createConnectionQueries } from "./connection-queries.ts";
import { createOrphanSweep, recordConnections } from "./connections.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  await environment.redis.flushall();
  await environment.sql`truncate connections`;
});

const deps = () => {
  const records = openConnectionRecordStore(environment.redis, environment.keys);
  const presence = openPresenceStore(environment.redis, environment.keys);
  return { records, presence, database: environment.deps.database, writeLimitMs: 5_000 };
};
const opened = (id: string, boot = "b1", at = 1_000_000): ConnectionRecord => ({
  ...{ kind: "opened", id, user: AUTHOR.id, session: AUTHOR.id, at, boot, gateway: "gateway-1" },
  ...{ ip: "2001:db8::1", userAgent: "Firefox" },
});
const rows = async () => {
  const found = await environment.sql<
    { id: string; connected: number; disconnected: number | null; ip: string }[]
  >`
    select id, extract(epoch from connected_at)::float8 * 1000 as connected,
      extract(epoch from disconnected_at)::float8 * 1000 as disconnected, host(ip) as ip
    from connections order by connected_at`;
  return [...found];
};

test("a connection's start and end become one row, however often they are written", async () => {
  const id = randomUUID();
  await deps().records.add([opened(id)]);
  await deps().records.add([{ kind: "closed", id, at: 1_060_000 }]);
  const again = await deps().records.listOldest(10);
  await recordConnections(deps());
  for (const batch of again) await deps().records.add(batch.records);
  await recordConnections(deps());
  expect(await rows()).toEqual([{ id, connected: 1_000_000, disconnected: 1_060_000, ip: "2001:db8::1" }]);
  expect(await deps().records.listOldest(1)).toEqual([]);
});

test("consecutive short ones have one row with their number, in however many records it came", async () => {
  const { records } = deps();
  const id = randomUUID();
  const notified = (times: number): ConnectionRecord[] => [
    { ...opened(id), times } as ConnectionRecord,
    { kind: "closed", id, at: 1_000_000 + times },
  ];
  await records.add([...notified(3), ...notified(5)]);
  await recordConnections(deps());
  await records.add(notified(9));
  await recordConnections(deps());
  // Written again, as by a worker that crashed before it removed the batch.
  await records.add([{ ...opened(id), times: 5 } as ConnectionRecord]);
  await recordConnections(deps());
  const found =
    await environment.sql`select times, extract(epoch from disconnected_at)::float8 * 1000 as ended from connections`;
  expect([...found]).toEqual([{ times: 9, ended: 1_000_009 }]);
});

test("while no worker takes them, records in Redis are bounded in bytes, and the newest stay", async () => {
  const { records } = deps();
  const batch = Array.from({ length: 200 }, () => ({
    ...(opened(randomUUID()) as object),
    userAgent: "x".repeat(200_000 / 100),
  })) as ConnectionRecord[];
  for (let i = 0; i < 120; i++) await records.add(batch);
  const last = randomUUID();
  await records.add([...batch.slice(0, 199), opened(last)]);
  const used = Number(await environment.redis.memory("USAGE", environment.keys.connections, "SAMPLES", 0));
  expect(used).toBeLessThan(48 << 20);
  const batches = await records.listOldest(1_000);
  expect(batches.length).toBeGreaterThan(50);
  expect(batches.at(-1)?.records.at(-1)?.id).toBe(last);
});

test("connections of a gateway that was killed end once its lease is gone for two looks; those of the living stay", async () => {
  const [killed, living] = [randomUUID(), randomUUID()];
  await deps().records.add([opened(killed, "killed"), opened(living, "living")]);
  await recordConnections(deps());
  await environment.redis.zadd(
    environment.keys.presence(0),
    Date.now() + 60_000,
    "living",
    Date.now() - 60_000,
    "killed",
  );
  const look = createOrphanSweep(deps());
  await look();
  expect((await rows()).filter(({ disconnected }) => disconnected !== null)).toEqual([]);
  await look();
  expect((await rows()).filter(({ disconnected }) => disconnected !== null).map(({ id }) => id)).toEqual([
    killed,
  ]);
});

test("a lease that is missing for one look only ends nothing", async () => {
  await deps().records.add([opened(randomUUID(), "slow")]);
  await recordConnections(deps());
  const look = createOrphanSweep(deps());
  await look();
  await environment.redis.zadd(environment.keys.presence(0), Date.now() + 60_000, "slow");
  await look();
  await environment.redis.del(environment.keys.presence(0));
  await look();
  expect((await rows())[0]?.disconnected).toBe(null);
});

test("records older than they are to be kept are deleted", async () => {
  const [old, recent] = [randomUUID(), randomUUID()];
  await deps().records.add([
    opened(old, "b1", Date.now() - 100 * 86_400_000),
    opened(recent, "b1", Date.now()),
  ]);
  await recordConnections(deps());
  expect(await createConnectionQueries(environment.sql).deleteOldConnections(90, 100)).toBe(1);
  expect((await rows()).map(({ id }) => id)).toEqual([recent]);
});
