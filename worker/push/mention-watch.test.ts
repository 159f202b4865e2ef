import { expect, test } from "vitest";
import { createMentionWatch } from "./mention-watch.ts";

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
