import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomsNews } from "../../shared/server-frames.ts";
import { createBusyRooms } from "./busy-rooms.ts";
import { createRoomNews } from "./room-news.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** News over a fake directory: the frames for sockets, second by second. */
function setUp() {
  const environment = {
    listeners: 1,
    open: new Set<string>(),
    people: new Map<string, number>(),
    asked: 0,
    away: false,
    /** Runs during a look-up of rooms. */
    meanwhile: (): void => undefined,
  };
  const frames: RoomsNews[] = [];
  const faults: unknown[] = [];
  const news = createRoomNews({
    named: async (names) => {
      environment.asked += 1;
      if (environment.away) throw new Unavailable("Redis is away");
      const found = names
        .filter((name) => environment.open.has(name))
        .map((name) => ({ name, title: name, slowModeMs: 0, people: environment.people.get(name) ?? 0 }));
      environment.meanwhile();
      return found;
    },
    busy: createBusyRooms(
      async () => [...environment.people].map(([name, people]) => ({ name, people })),
      () => Date.now(),
    ),
    listeners: () => environment.listeners,
    publish: (frame) => frames.push(JSON.parse(frame)),
    onInternalError: (error) => String(faults.push(error)),
  });
  return { environment, frames, faults, news };
}
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

test("a room that was created, changed or closed is published once, within a second", async () => {
  const { environment, frames, news } = setUp();
  environment.open.add("tea");
  news.changed("tea");
  news.changed("gone");
  news.changed("tea");
  await seconds(2);
  expect(frames).toEqual([
    { type: "rooms", rooms: [{ name: "tea", title: "tea", slowModeMs: 0, people: 0 }], gone: ["gone"] },
  ]);
});

test("counts are told every few seconds, and only those that changed", async () => {
  const { environment, frames } = setUp();
  environment.open = new Set(["tea", "milk"]);
  environment.people = new Map([
    ["tea", 3],
    ["milk", 1],
  ]);
  await seconds(5);
  expect(frames.at(-1)?.rooms.map(({ name, people }) => [name, people])).toEqual([
    ["tea", 3],
    ["milk", 1],
  ]);
  await seconds(5);
  expect(frames).toHaveLength(1);
  environment.people = new Map([["tea", 4]]);
  await seconds(5);
  expect(frames.at(-1)?.rooms.map(({ name, people }) => [name, people])).toEqual([
    ["tea", 4],
    ["milk", 0],
  ]);
});

test("however much changes, a frame is bounded and says that it is not all", async () => {
  const { environment, frames, news } = setUp();
  for (let n = 0; n < 5_000; n++) {
    environment.open.add(`r-${n}`);
    environment.people.set(`r-${n}`, n);
    news.changed(`r-${n}`);
  }
  await seconds(5);
  expect(frames[0]).toMatchObject({ stale: true });
  expect(frames.length).toBeGreaterThan(1);
  for (const frame of frames) expect(JSON.stringify(frame).length).toBeLessThan(8_000);
  expect(frames.at(-1)).not.toHaveProperty("stale");
});

test("nobody is asked while nobody listens", async () => {
  const { environment, frames, news } = setUp();
  environment.listeners = 0;
  news.changed("tea");
  await seconds(10);
  environment.listeners = 1;
  await seconds(10);
  expect([environment.asked, frames]).toEqual([0, []]);
});

test("changes during an outage are published after it, and an outage is no fault", async () => {
  const { environment, frames, faults, news } = setUp();
  environment.away = true;
  environment.open.add("tea");
  news.changed("tea");
  await seconds(3);
  expect(frames).toEqual([]);
  environment.away = false;
  await seconds(1);
  expect(frames.map(({ rooms }) => rooms.map(({ name }) => name))).toEqual([["tea"]]);
  expect(faults).toEqual([]);
});

test("a room that changes again during its look-up is published again", async () => {
  const { environment, frames, news } = setUp();
  environment.open.add("tea");
  news.changed("tea");
  environment.meanwhile = () => {
    environment.meanwhile = () => undefined;
    environment.open.delete("tea");
    news.changed("tea");
  };
  await seconds(2);
  expect(frames.map(({ gone }) => gone)).toEqual([[], ["tea"]]);
});
