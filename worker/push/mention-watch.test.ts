import { expect, test } from "vitest";
import { createLineWatch, createMentionWatch } from "./mention-watch.ts";

test("each new mention in the shard of a waiting room is noticed once", async () => {
  const streams = new Map<number, string>();
  const watch = createMentionWatch(
    async (shard) => streams.get(shard),
    (room) => room.length,
  );
  const rooms = ["tea", "cake", "nuts"].map((room) => ({ room }));
  expect(await watch(rooms)).toBe(false);
  streams.set(4, "1-0").set(9, "1-0");
  expect(await watch(rooms)).toBe(true);
  expect(await watch(rooms)).toBe(false);
  streams.set(4, "2-0");
  expect(await watch([{ room: "tea" }])).toBe(false);
  expect(await watch(rooms)).toBe(true);
});

test("a message in a direct line is not kept waiting, and many of them have a batch a second", () => {
  let now = 0;
  const watch = createLineWatch(() => now);
  const line = [{ room: "tea" }, { room: `d-${"a".repeat(26)}` }];
  expect([watch([{ room: "d-tea" }]), watch(line), watch(line)]).toEqual([false, true, false]);
  now += 1_000;
  expect(watch(line)).toBe(true);
});
