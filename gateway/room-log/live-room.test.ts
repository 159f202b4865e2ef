/** A room that was unloaded leaves the one that took its place alone. */
import { expect, test } from "vitest";
import { Refusal } from "../errors.ts";
import { createFanOutPace } from "./fan-out-pace.ts";
import { createRoom, type RoomRead } from "./live-room.ts";

const EMPTY: RoomRead = {
  state: {
    ...{ current: true, away: false, epoch: "e1", seq: 0, stored: 0, floor: 1, base: 0 },
    ...{ prevEpoch: "", prevUpTo: 0, expired: 0 },
  },
  entries: [],
};

test.each([
  ["cannot be read", new Error("what stands in the log is no event")],
  ["is closed", new Refusal("no_such_room")],
])(
  "that its log %s is no news of a room that was let go: another of its name may be there",
  async (_, error) => {
    const read = Promise.withResolvers<RoomRead>();
    const notified: unknown[] = [];
    const room = createRoom("tea", {
      bounds: { events: 50, ms: 0, bytes: 1 << 20 },
      out: { publish: () => undefined, pace: createFanOutPace() },
      reads: { newest: async () => EMPTY, after: () => read.promise },
      keptSince: () => 0,
      onEvents: () => undefined,
      onLost: (from) => void notified.push(from),
      onUnreadable: (why) => void notified.push(why),
      onClosed: (code) => void notified.push(code),
    });
    await room.load();
    const resyncing = room.resync();
    room.close();
    read.reject(error);
    await resyncing;
    room.onBus(Buffer.from("e1 1 junk"));
    expect(notified).toEqual([]);
  },
);
