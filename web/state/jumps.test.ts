import fc from "fast-check";
import { expect, test } from "vitest";
import type { MessageEvent } from "../../shared/server-frames.ts";
import { createFakeChat, joined, ME, message, welcome } from "./chat.fake.ts";
import { createJumps } from "./jumps.ts";
import type { Notification } from "./toasts.ts";

const PAGE = 50;

/** A room of `head` messages, of which the newest fifty are loaded. */
function open(head: number) {
  const fake = createFakeChat();
  const log: MessageEvent[] = Array.from({ length: head }, (_, index) => message(index + 1));
  fake.history.push(...log);
  const notified: Notification[] = [];
  const gone: string[] = [];
  const api = {
    isAway: false,
    asked: 0,
    async around(_: string, seq: number) {
      api.asked++;
      if (api.isAway) return { ok: false, problem: { code: "unreachable" } } as const;
      const older = log.filter((event) => event.seq < seq);
      const newer = log.filter((event) => event.seq >= seq);
      const events = [...older.slice(-PAGE / 2), ...newer.slice(0, PAGE / 2)];
      return { ok: true, value: { events, more: older.length > 25, newer: newer.length > 25 } } as const;
    },
    async after(_: string, seq: number) {
      api.asked++;
      if (api.isAway) return { ok: false, problem: { code: "unreachable" } } as const;
      const newer = log.filter((event) => event.seq > seq);
      const value = { events: newer.slice(0, PAGE), more: true, newer: newer.length > PAGE };
      return { ok: true, value } as const;
    },
  };
  fake.chat.welcome(welcome());
  fake.hears(joined({ head, recovered: true, events: log.slice(-PAGE), more: head > PAGE }));
  const { chat } = fake;
  const jumps = createJumps({
    ...{ api, chat, clock: fake.clock, notify: (notice) => notified.push(notice) },
    route: { go: (name) => gone.push(name) },
  });
  const room = chat.room.value;
  const shown = () => room.viewport.shown.value.map(({ seq }) => seq);
  return {
    ...{ api, chat, log, jumps, room, shown, notified, gone, hears: fake.hears, clock: fake.clock },
    async to(seq: number) {
      jumps.to("lobby", seq);
      await jumps.load(room);
    },
    /** A new message, or a deletion of one. */
    say(target?: number) {
      const seq = log.length + 1;
      const place = { room: "lobby", seq, at: seq };
      if (target === undefined) {
        log.push(message(seq));
        fake.hears(message(seq));
      } else {
        log.push(message(seq));
        fake.hears({ type: "deleted", ...place, target, by: "you", clientId: `d${seq}` });
      }
    },
  };
}
const settle = () => new Promise((resolve) => setTimeout(resolve));
const isContiguous = (seqs: number[]) =>
  seqs.every((seq, index) => index === 0 || seq === (seqs[index - 1] ?? 0) + 1);

test("a message far from the newest is shown with what is around it, and the view stands there", async () => {
  const { to, shown, room, jumps, say } = open(1_000);
  await to(300);
  expect(shown()).toEqual(Array.from({ length: 50 }, (_, index) => 275 + index));
  expect(jumps.reached.value).toMatchObject({ seq: 300 });
  say();
  expect(shown().at(-1)).toBe(324);
  expect([room.viewport.atNewest.value, room.viewport.unseen.value]).toEqual([false, 1]);
  room.viewport.newest();
  expect(shown().at(-1)).toBe(1_001);
});

test("a message that is loaded is shown without a request", async () => {
  const { to, shown, api } = open(1_000);
  await to(960);
  expect(api.asked).toBe(0);
  expect(shown()).toContain(960);
  await to(400);
  await to(390);
  expect(api.asked).toBe(1);
});

test("read on in both directions, the part has no hole, and becomes the newest log where they meet", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 60, max: 700 }),
      fc.nat(699),
      fc.array(fc.constantFrom("older", "newer", "say", "jump"), { maxLength: 40 }),
      async (head, place, acts) => {
        const { to, shown, room, say, log } = open(head);
        const target = 1 + (place % head);
        await to(target);
        expect(shown()).toContain(target);
        for (const [index, act] of acts.entries()) {
          if (act === "older") await room.loadOlder();
          else if (act === "newer") room.viewport.newer();
          else if (act === "say") say();
          else await to(1 + ((place * 31 + index) % head));
          await settle();
          expect(isContiguous(shown())).toBe(true);
        }
        for (let n = 0; room.viewport.newerHere() > 0; n++) {
          expect(n).toBeLessThan(100);
          room.viewport.newer();
          await settle();
          expect(isContiguous(shown())).toBe(true);
        }
        expect(room.viewport.part.value).toBeUndefined();
        expect(shown().at(-1)).toBe(log.length);
        for (let n = 0; shown()[0] !== 1; n++) {
          expect(n).toBeLessThan(100);
          await room.loadOlder();
          expect(isContiguous(shown())).toBe(true);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("a deletion reaches a message of the part, also one that is loaded after it", async () => {
  const { to, room, say } = open(1_000);
  await to(300);
  say(301);
  say(260);
  await room.loadOlder();
  const dead = room.viewport.shown.value.filter((event) => event.type === "message" && event.deleted);
  expect(dead.map(({ seq }) => seq)).toEqual([260, 301]);
});

test("a jump that finds nothing, or nobody, says so and stays", async () => {
  const { to, shown, api, notified, log } = open(1_000);
  const before = shown();
  api.isAway = true;
  await to(300);
  api.isAway = false;
  log.length = 0;
  await to(300);
  expect(notified).toEqual([
    { about: "problem", code: "unreachable" },
    { about: "problem", code: "no_such_message" },
  ]);
  expect(shown()).toEqual(before);
});

test("a page below that does not come is asked for again, because a reader at the end cannot scroll further", async () => {
  const { to, shown, api, room, clock } = open(1_000);
  await to(300);
  api.isAway = true;
  room.viewport.newer();
  await settle();
  api.isAway = false;
  clock.advance(5_000);
  await settle();
  expect(shown().at(-1)).toBe(374);
});

test("a later jump counts, and one to another room goes there first", async () => {
  const { jumps, room, shown, gone } = open(1_000);
  jumps.to("lobby", 300);
  const first = jumps.load(room);
  jumps.to("lobby", 500);
  await Promise.all([first, jumps.load(room)]);
  expect(shown()).toContain(500);
  jumps.to("tea", 7);
  await jumps.load(room);
  expect(gone).toEqual(["tea"]);
  expect(jumps.wanted.value).toEqual({ room: "tea", seq: 7 });
});

test("one's own message ends the look back", async () => {
  const { to, chat, room } = open(1_000);
  await to(300);
  chat.write("now", { replyTo: 300 });
  expect(room.viewport.atNewest.value).toBe(true);
  expect(chat.entries.value).toMatchObject([{ text: "now", replyTo: 300 }]);
  expect(ME.id).toBe("me");
});
