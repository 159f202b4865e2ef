import { expect, test } from "vitest";
import type { Log } from "../shared/server/process/logger.ts";
import { createMemoryRelief } from "./memory-relief.ts";
import { createMetrics } from "./metrics.ts";

/** A Redis with rooms of 1 % each, and a share that does not go. @param busy rooms that cannot leave; their logs can be trimmed by half. */
function start(shares: { other: number; idle: number; busy: number }) {
  let other = shares.other;
  const idle = new Map(Array.from({ length: shares.idle }, (_, n) => [`idle-${n}`, 1_000 - n]));
  const busy = new Map(Array.from({ length: shares.busy }, (_, n) => [`busy-${n}`, 1]));
  const left: string[] = [];
  const lines: string[] = [];
  const asked = { rooms: 0 };
  const names = [...idle.keys(), ...busy.keys()].map((name, id) => ({ id, name }));
  const metrics = createMetrics();
  const log = {
    warn: (_: object, line: string) => lines.push(`warn ${line}`),
    info: (_: object, line: string) => lines.push(`info ${line}`),
  } as unknown as Log;
  const run = createMemoryRelief({
    memory: async () => ({
      used: other + idle.size + [...busy.values()].reduce((sum, each) => sum + each, 0),
      max: 100,
    }),
    rooms: {
      findIdle: async (rooms) => rooms.map((room) => ({ room, at: idle.get(room) ?? 5_000 })),
      leave: async (room) => idle.delete(room) && left.push(room) > 0,
      trimToJoin: async (room) => void busy.set(room, 0.5),
    },
    database: {
      use: async () => {
        asked.rooms++;
        return names as never;
      },
    },
    ...{ limitMs: 1_000, metrics, log },
  });
  const grow = (by: number): void => {
    other += by;
  };
  const ratio = async (): Promise<number> => (await metrics.redisMemoryRatio.get()).values[0]?.value ?? -1;
  return { run, ratio, left, lines, busy, asked, grow };
}

test("below 80 % nothing leaves, and the share is told", async () => {
  const { run, ratio, left, lines } = start({ other: 69, idle: 10, busy: 0 });
  await run();
  expect([await ratio(), left, lines]).toEqual([0.79, [], []]);
});

test("from 80 % on the rooms that are idle longest leave until it is below 75 %, with one warning and one line at the end", async () => {
  const { run, ratio, left, lines, grow } = start({ other: 0, idle: 85, busy: 5 });
  await run();
  await run();
  expect(left.slice(0, 2)).toEqual(["idle-84", "idle-83"]);
  expect(await ratio()).toBeLessThan(0.75);
  expect(lines.filter((line) => line.startsWith("warn the memory"))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("info"))).toHaveLength(1);
  grow(50);
  await run();
  expect(lines.filter((line) => line.startsWith("warn the memory"))).toHaveLength(2);
});

test("logs are trimmed when rooms that leave are not enough", async () => {
  const { run, busy } = start({ other: 60, idle: 5, busy: 20 });
  await run();
  expect([...busy.values()].every((share) => share === 0.5)).toBe(true);
});

test("where nothing can leave, not every run asks for all rooms", async () => {
  const { run, asked, lines } = start({ other: 90, idle: 0, busy: 3 });
  for (let n = 0; n < 12; n++) await run();
  expect(asked.rooms).toBe(1);
  expect(lines.filter((line) => line.startsWith("warn the memory"))).toHaveLength(1);
});
