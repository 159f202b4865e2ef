/** The bytes of events as the Lua scripts make and cut them, compared with those of events/ for the same events. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { archivedEventJson } from "../../shared/server/events/archived-event.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { type Commands, connected, openCommands } from "../../shared/server/redis/connect.ts";
import { draftDeletion, draftMessage, draftNotice } from "../../shared/server/redis/event-draft.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { openRoomLogStore, type RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { authorOf } from "./redact-author.ts";
import { targetOf, tombstoneOf } from "./tombstone.ts";

let server: TestRedis;
let redis: Commands;
let scripts: RoomLogStore;
const keys = createRedisKeys("test", 4);
beforeAll(async () => {
  server = await startRedis();
  redis = openCommands(server.url, "events", createLog("events", "silent"));
  await connected(redis);
  scripts = openRoomLogStore(redis, keys, { events: 500, ms: 0, bytes: 8 << 20 });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** Texts and names that could be mistaken for a part of an event. */
const TRAPS = [
  '","text":"',
  '"user":{"id":"u9"',
  '"at":1',
  ',"deleted":true}',
  "\\",
  '{"type":"deleted"',
  "수다 🙂",
];
const words = fc
  .array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...TRAPS)), { maxLength: 4 })
  .map((parts) => parts.join(""));
const id = fc.uuid();
const message = fc.record({
  author: fc.record({ id, nickname: words, role: fc.constantFrom("user", "moderator", "admin") }),
  clientId: fc.stringMatching(/^[A-Za-z0-9_-]{2,64}$/),
  text: words,
  extras: fc.option(
    fc.record({ mentions: fc.array(fc.record({ id, start: fc.nat(1_024), length: fc.nat(30) })) }),
    { nil: undefined },
  ),
});
const RUNS = { numRuns: 100 };

let rooms = 0;
type RestoredEntry = Parameters<RoomLogStore["restore"]>[1]["entries"][number];
/** A room of its own for each run, open for events. */
async function openRoom(entries: RestoredEntry[] = []): Promise<string> {
  const room = `room-${++rooms}`;
  const base = entries.at(-1)?.seq ?? 0;
  await scripts.restore(room, { epoch: "e1", base, postgresSeq: 0, prevEpoch: "", prevUpTo: 0, entries });
  return room;
}
async function logged(room: string): Promise<Buffer> {
  const [entry] = (await scripts.readNewest(room, 1))?.entries ?? [];
  if (!entry) throw new Error("nothing in the log");
  return entry.bytes;
}
/** @returns the entry of a deleted message in the room's log. */
async function tombstoneInRedis(room: string, target: number): Promise<string> {
  const [kept = ""] = await redis.zrangebyscore(keys.tombstones(room), target, target);
  return kept.split(" ").slice(2).join(" ");
}

test("an event gets its seq and time behind the room, and its other bytes as they were drafted", async () => {
  await fc.assert(
    fc.asyncProperty(message, async ({ author, clientId, text, extras }) => {
      const room = await openRoom();
      const { nickname, role } = author;
      const user = { id: author.id, nickname };
      const rank = role === "user" ? {} : { role };
      const fields = [
        { type: "message", user, ...rank, clientId, text, ...extras },
        { type: "notice", code: "renamed", user, before: text, clientId: "n" },
        { type: "deleted", target: 1, by: author.id, clientId: "d" },
      ];
      await scripts.append(draftMessage({ room, clientId }, author, text, extras));
      const found = [await logged(room)];
      await scripts.append(draftNotice({ room, clientId: "n" }, { code: "renamed", user, before: text }));
      found.push(await logged(room));
      await scripts.delete(draftDeletion({ room, clientId: "d" }, author.id, 1), {
        ...{ target: 1, any: false, tombstone: "" },
      });
      found.push(await logged(room));
      for (const [index, { type, ...rest }] of fields.entries()) {
        const bytes = String(found[index]);
        const { at } = JSON.parse(bytes) as { at: number };
        expect(bytes).toBe(JSON.stringify({ type, room, seq: index + 1, at, ...rest }));
      }
      expect(found.map((bytes) => targetOf(bytes))).toEqual([undefined, undefined, 1]);
      expect(found.map((bytes) => authorOf(bytes.toString()))).toEqual([author.id, author.id, undefined]);
    }),
    RUNS,
  );
});

test("a message is cut to the same tombstone by a deletion, by a recovery, by a gateway and out of the archive", async () => {
  await fc.assert(
    fc.asyncProperty(message, id, fc.boolean(), async (said, other, isTakenBack) => {
      const { author, clientId, text, extras } = said;
      fc.pre(other !== author.id);
      const room = await openRoom();
      await scripts.append(draftMessage({ room, clientId }, author, text, extras));
      const bytes = await logged(room);
      const takeBackMs = isTakenBack ? 10_000 : -1;
      const deletion = { target: 1, any: false, tombstone: "", takeBackMs };
      const foreign = draftDeletion({ room, clientId: "f" }, other, 1);
      expect(await scripts.delete(foreign, deletion)).toBe("forbidden");
      await scripts.delete(draftDeletion({ room, clientId: "d" }, author.id, 1), deletion);
      const tombstone = tombstoneOf(bytes, isTakenBack).toString();
      expect(tombstone.includes(',"takenBack":true,"deleted":true}')).toBe(isTakenBack);
      expect(await tombstoneInRedis(room, 1)).toBe(tombstone);

      const entries = [bytes, await logged(room)].map((each, index) => ({
        ...{ seq: index + 1, epoch: "e0", bytes: each, sent: undefined },
      }));
      expect(await tombstoneInRedis(await openRoom(entries), 1)).toBe(tombstone);

      const { at } = JSON.parse(bytes.toString()) as { at: number };
      const { id: userId, nickname, role } = author;
      const kept = { ...(role === "user" ? {} : { role }), ...extras };
      const data = Object.keys(kept).length > 0 ? kept : null;
      const row = { seq: 1, at, kind: "message", userId, nickname, clientId, text, deleted: false, data };
      expect(archivedEventJson(room, row)).toBe(bytes.toString());
      const marked = isTakenBack ? { ...data, deletion: 2, takenBack: true } : data;
      expect(archivedEventJson(room, { ...row, data: marked, deleted: true })).toBe(tombstone);
    }),
    RUNS,
  );
});
