/** Reactions as readers get them while PostgreSQL does not have the newest events of the room yet. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { draftRemoval } from "../../../shared/server/redis/event-draft.ts";
import { startRedis, type TestRedis } from "../../../test/support/redis.ts";
import { createEventsAfter } from "../../room-log/events-after.ts";
import { openTestNode } from "../../testing/test-node.ts";
import { createLogChanges } from "./log-changes.ts";
import { createReactionReads } from "./reaction-reads.ts";

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis({});
});
afterAll(() => server.stop());

const NOBODY = { lowest: undefined, upTo: undefined };

test("reactions to messages that were removed are gone at once, also to those of which PostgreSQL alone knows the author", async () => {
  const node = await openTestNode(server.url, { lastSeq: 0 });
  // The test node's author is u1.
  const [first, second] = [await node.append("tea", "a"), await node.append("tea", "b")];
  const rows = [first, second].map((target) => ({ target, emoji: "👍", count: 2, you: false }));
  const asked: (readonly number[])[] = [];
  const state = { stored: 0 };
  const reads = createReactionReads({
    queries: {
      count: async () => ({ upTo: state.stored, rows }),
      listUsers: async () => ({ upTo: state.stored, rows: [{ emoji: "👍", userId: "u2" }] }),
    },
    archive: {
      findAll: async (_, seqs) => {
        asked.push(seqs);
        return seqs.map((seq) => ({ seq, userId: seq === first ? "u1" : "u2" }));
      },
    },
    changesAfter: createLogChanges(createEventsAfter({ scripts: node.scripts })),
    gate: { through: (_, read) => read() },
    listByIds: async (ids) => ids.map((id) => ({ id, nickname: id, role: "user" as const })),
  });
  const counted = async () =>
    (await reads.count("tea", { from: 0, to: 99 }, undefined, "reader")).reactions.map(
      ({ target }) => target,
    );
  expect([await counted(), asked]).toEqual([[first, second], []]);

  const draft = draftRemoval({ room: "tea", clientId: randomUUID() }, "mod", "u1");
  expect(await node.scripts.remove(draft, { sinceMs: 0, ...NOBODY })).toMatchObject({ seq: second + 1 });
  expect([await counted(), asked]).toEqual([[], []]);
  expect(await reads.list("tea", first, "reader")).toEqual([]);

  state.stored = second;
  expect([await counted(), asked]).toEqual([[second], [[first, second]]]);
  expect(await reads.list("tea", first, "reader")).toEqual([]);
  expect(await reads.list("tea", second, "reader")).toMatchObject([{ emoji: "👍", count: 1 }]);
  node.close();
});
