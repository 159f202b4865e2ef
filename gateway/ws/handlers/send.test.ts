import fc from "fast-check";
import { expect, test } from "vitest";
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import { LATE_MS } from "../../../shared/timeouts.ts";
import { Refusal } from "../../errors.ts";
import type { Messages } from "../../messages/send.ts";
import { send } from "../connection.ts";
import { fakeSocket } from "../testing/fake-socket.ts";
import { createSendMessage } from "./send.ts";

/** A socket whose messages are accepted while `up`. `say` answers with the ms to wait, or 0 for an accepted one. */
function open() {
  const state = { now: 0, up: true, takesMs: 0 };
  const accepted: string[] = [];
  const socket = fakeSocket();
  const messages: Messages = {
    send: async ({ room, clientId }) => {
      state.now += state.takesMs;
      if (!state.up) throw new Unavailable("Redis is away");
      const key = `${room} ${clientId}`;
      if (!accepted.includes(key)) accepted.push(key);
      return { seq: accepted.indexOf(key) + 1, warned: false };
    },
  };
  const handle = createSendMessage(
    {
      ...{ messages, membership: () => ({ id: "u1", nickname: "n", role: "user" }) },
      ...{ times: { begin: () => undefined }, acknowledge: send },
      retries: {
        answer: async (_, { room, clientId }) => {
          if (!state.up) throw new Unavailable("Redis is away");
          return accepted.includes(`${room} ${clientId}`);
        },
      },
    },
    () => state.now,
  );
  const say = async (room: string, clientId: string, receivedAt = state.now): Promise<number> => {
    try {
      await handle(socket, { type: "send", room, clientId, text: "hi" }, receivedAt);
      return 0;
    } catch (error) {
      return error instanceof Refusal ? (error.details.retryAfterMs ?? 0) : 1_000;
    }
  };
  return { state, accepted, say };
}

test("a message behind one that was refused in an outage does not overtake it", async () => {
  const { state, accepted, say } = open();
  state.up = false;
  expect(await say("tea", "1")).toBe(1_000);
  state.up = true;
  state.now = 400;
  expect(await say("tea", "2")).toBe(600);
  expect(await say("coffee", "3")).toBe(0);
  state.now = 1_000;
  expect(await say("tea", "1")).toBe(0);
  expect(await say("tea", "2")).toBe(0);
  expect(accepted).toEqual(["coffee 3", "tea 1", "tea 2"]);
});

test("each room keeps its order, also when messages of several were refused, with whatever client ids", async () => {
  const { state, accepted, say } = open();
  state.up = false;
  await say("tea", "1");
  state.now = 800;
  await say("coffee", "1");
  state.up = true;
  state.now = 1_500;
  expect(await say("tea", "2")).toBe(50);
  expect(await say("coffee", "2")).toBe(300);
  expect(await say("tea", "1")).toBe(0);
  expect(await say("tea", "2")).toBe(0);
  state.up = false;
  await say("tea", "3");
  state.up = true;
  expect(await say("coffee", "3")).toBe(300);
  expect(await say("coffee", "1")).toBe(0);
  expect(await say("tea", "4")).toBe(1_000);
  expect(accepted).toEqual(["tea 1", "tea 2", "coffee 1"]);
});

test("while messages take long, one that waited too long behind others is to come again", async () => {
  const { state, accepted, say } = open();
  state.takesMs = 300;
  for (let count = 0; count < 32; count++) await say("tea", `slow ${count}`);
  expect(await say("tea", "late", state.now - LATE_MS - 1)).toBe(1_000);
  expect(await say("tea", "late", state.now - LATE_MS)).toBe(0);
  expect(accepted.at(-1)).toBe("tea late");
});

test("a burst of one client is taken, however long its last message waits for the first", async () => {
  const { state, accepted, say } = open();
  state.takesMs = 10;
  for (let count = 0; count < 600; count++) expect(await say("tea", String(count), 0)).toBe(0);
  expect(accepted).toHaveLength(600);
});

test("a client that gives up on refused messages is heard again four seconds after the first was due, however it goes on", async () => {
  const { state, accepted, say } = open();
  state.up = false;
  await say("tea", "1");
  state.up = true;
  for (; state.now < 5_000; state.now += 25)
    expect(await say("tea", `given up ${state.now}`)).toBeGreaterThan(0);
  expect(await say("tea", "2")).toBe(0);
  expect(await say("tea", "3")).toBe(0);
  expect(accepted).toEqual(["tea 2", "tea 3"]);
});

test("a message that was accepted and comes again is acknowledged, and holds nobody back", async () => {
  const { state, accepted, say } = open();
  expect(await say("tea", "1")).toBe(0);
  state.up = false;
  await say("tea", "2");
  state.up = true;
  state.now = 500;
  expect(await say("tea", "1")).toBe(0);
  expect(await say("tea", "3")).toBe(500);
  state.now = 1_000;
  expect(await say("tea", "2")).toBe(0);
  expect(await say("tea", "3")).toBe(0);
  expect(accepted).toEqual(["tea 1", "tea 2", "tea 3"]);
});

test("when a client gave one message up, the others keep their order, whichever comes first", async () => {
  const { state, accepted, say } = open();
  state.up = false;
  await say("tea", "given up");
  state.up = true;
  for (; state.now < 4_990; state.now += 100)
    for (const id of ["1", "2", "3"]) expect(await say("tea", id)).toBeGreaterThan(0);
  state.now = 5_000;
  expect(await say("tea", "4")).toBe(50);
  expect(await say("tea", "2")).toBe(50);
  for (const id of ["1", "2", "3", "4"]) expect(await say("tea", id)).toBe(0);
  expect(accepted).toEqual(["tea 1", "tea 2", "tea 3", "tea 4"]);
});

test("a refused message that comes late does not have to wait for those that were written behind it", async () => {
  const { state, accepted, say } = open();
  state.up = false;
  await say("tea", "1");
  state.up = true;
  state.now = 1_400;
  expect(await say("tea", "2")).toBe(50);
  state.now = 3_000;
  expect(await say("tea", "3")).toBe(50);
  expect(await say("tea", "1")).toBe(0);
  expect(await say("tea", "2")).toBe(0);
  expect(await say("tea", "3")).toBe(0);
  expect(accepted).toEqual(["tea 1", "tea 2", "tea 3"]);
});

test("a message that waited in the gateway does not overtake a refused one that waits behind it in the same queue", async () => {
  const { state, accepted, say } = open();
  state.up = false;
  await say("tea", "1");
  state.up = true;
  state.now = 9_000;
  expect(await say("tea", "2", 7)).toBe(50);
  expect(await say("tea", "1", 8_900)).toBe(0);
  expect(await say("tea", "2")).toBe(0);
  expect(accepted).toEqual(["tea 1", "tea 2"]);
});

test("a message that Redis keeps waiting uses up no time of those behind it", async () => {
  const { state, accepted, say } = open();
  state.up = false;
  await say("tea", "1");
  await say("tea", "2");
  Object.assign(state, { up: true, now: 1_000, takesMs: 6_000 });
  expect(await say("tea", "1")).toBe(0);
  state.takesMs = 0;
  expect(await say("tea", "3", 6_000)).toBeGreaterThan(0);
  expect(await say("tea", "2")).toBe(0);
  expect(await say("tea", "3")).toBe(0);
  expect(accepted).toEqual(["tea 1", "tea 2", "tea 3"]);
});

test("a client that sends again what was refused, when it was told to, is heard in the order it wrote", async () => {
  const step = fc.record({ at: fc.nat(5_000), what: fc.constantFrom("write", "write", "up", "down") });
  const scenario = fc.array(step, { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(scenario, fc.constantFrom(0, 1, 30, 200, 1_500), async (steps, latency) => {
      const { state, accepted, say } = open();
      const due = steps.map(({ at, what }) => ({ at, run: () => act(what) }));
      due.push({ at: 5_000, run: () => act("up") });
      let written = 0;
      const later = (ms: number, run: () => unknown): void => {
        due.push({ at: state.now + ms, run });
      };
      const send = (id: string): void =>
        later(latency, async () => {
          const waitMs = await say("tea", id);
          if (waitMs > 0) later(latency + waitMs, () => send(id));
        });
      const act = (what: string): void => {
        if (what === "write") send(String(++written));
        else state.up = what === "up";
      };
      for (;;) {
        // Sorting keeps the order of those that are due at the same time.
        const next = due.sort((a, b) => a.at - b.at).shift();
        if (!next) break;
        state.now = next.at;
        await next.run();
      }
      expect(accepted).toEqual(Array.from({ length: written }, (_, index) => `tea ${index + 1}`));
    }),
    { numRuns: 300 },
  );
});
