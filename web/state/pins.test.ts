import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { createPins, type PinsDeps } from "./pins.ts";

type Event = { seq: number; type: string; code?: string; target?: number };
const message = (seq: number): Event => ({ seq, type: "message" });

function open(answer: number | undefined) {
  const log = signal<{ events: Event[] }>({ events: [] });
  const asked: string[] = [];
  const pins = createPins({
    api: {
      asUser: async (_: string, path: string) => {
        asked.push(path);
        return { ok: true, value: { pinned: answer } };
      },
    },
    room: signal({ name: "tea", log, state: signal("live") }),
    kept: { of: () => signal(undefined), change: () => undefined },
    notify: () => undefined,
  } as unknown as PinsDeps);
  const show = (...events: Event[]): void => {
    log.value = { events };
  };
  return { pins, asked, show };
}

test("a busy room whose oldest messages leave the memory is not asked for its pin again", async () => {
  const { pins, asked, show } = open(7);
  show(message(10), message(11));
  await Promise.resolve();
  const before = asked.length;
  for (let seq = 12; seq < 500; seq++) show(message(seq - 1), message(seq));
  expect([asked.length, pins.pinned.value]).toEqual([before, 7]);
});

test("a pin stays when its notice leaves the memory, and ends where the room starts over", async () => {
  const { pins, asked, show } = open(7);
  show(message(10));
  show(message(10), { seq: 11, type: "notice", code: "pinned", target: 10 });
  show(message(12), message(13));
  show(message(13), message(14));
  expect(pins.pinned.value).toBe(10);
  const before = asked.length;
  show(message(900));
  await Promise.resolve();
  expect([asked.length, pins.pinned.value]).toEqual([before + 1, 7]);
});
