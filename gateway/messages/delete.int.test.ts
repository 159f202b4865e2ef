/** Deletions on a real Redis of messages that PostgreSQL has blanked. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ArchivedEvent } from "../../shared/server/events/archived-event.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";
import { createDeletions } from "./delete.ts";

const AUTHOR = "01936f6e-0000-7000-8000-000000000001";
let server: TestRedis;
let node: TestNode;
beforeAll(async () => {
  server = await startRedis({});
});
afterAll(async () => {
  node?.close();
  await server.stop();
});

test("a blanked message whose deletion was lost with the log is deleted anew, once, and by nobody who may not", async () => {
  const row: ArchivedEvent = {
    ...{ seq: 3, at: 1_000, kind: "message", userId: AUTHOR, nickname: "수다" },
    ...{ clientId: "c3", text: null, deleted: true, data: null },
  };
  node = await openTestNode(server.url, { lastSeq: 3, rows: [row] });
  await node.restore("tea");
  const deletions = createDeletions({
    users: { find: async (id) => ({ user: { id, nickname: "n", role: "user" }, restricted: undefined }) },
    log: { delete: async (...args) => (await node.scripts.delete(...args)) ?? "absent" },
    queries: { find: async () => ({ ...row, deletion: undefined }) },
    moderates: () => false,
    sightings: { sinceMs: () => 60_000, countOf: () => 0 },
  });
  const remove = (userId: string, clientId: string) =>
    deletions.delete({ userId, room: "tea", clientId, seq: 3 });

  await expect(remove("somebody else", "d0")).rejects.toThrow("forbidden");
  const { seq } = await remove(AUTHOR, "d1");
  expect(await remove(AUTHOR, "d1")).toEqual({ seq });
  expect(await remove(AUTHOR, "d2")).toEqual({ seq });
  const read = await node.scripts.readAfter("tea", 0, 100);
  const types = read?.entries.map(({ bytes }) => JSON.parse(`${bytes}`).type);
  expect(types).toEqual(["message", "deleted"]);
});
