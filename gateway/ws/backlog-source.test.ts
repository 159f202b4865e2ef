import { expect, test } from "vitest";
import type { LoggedEvent } from "../events/event.ts";
import type { Backlog } from "../history/backlog.ts";
import { createEventBuffer } from "../room-log/event-buffer.ts";
import type { Room } from "../room-log/live-room.ts";
import { createBacklogSource } from "./backlog-source.ts";

const event = (seq: number): LoggedEvent => ({ seq, epoch: "e1", bytes: Buffer.from(`{"seq":${seq}}`) });

test("events that memory took during the read of the backlog are sent too", async () => {
  const log = createEventBuffer({ events: 2, bytes: 1_000_000, ms: 0 });
  const state = { epoch: "e1", seq: 10, prevEpoch: "", prevUpTo: 0 };
  log.reset(state, [event(9), event(10)], 8);
  log.noteStored(10);
  const room = { name: "tea", log } as Room;
  const read = { state, entries: [6, 7, 8, 9, 10].map(event), more: false } as unknown as Backlog;
  const source = createBacklogSource(async () => read, 100_000);

  const joinMemory = await source.read(room, { epoch: "e1", seq: 5 }, "asker");
  log.appendIfNext(event(11));
  const missed = typeof joinMemory === "function" ? joinMemory() : undefined;

  expect(missed?.events.map(({ seq }) => seq)).toEqual([6, 7, 8, 9, 10, 11]);
  expect(missed?.isComplete).toBe(true);
});
