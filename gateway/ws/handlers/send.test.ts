import fc from "fast-check";
import { expect, test } from "vitest";
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import { Refusal } from "../../errors.ts";
import type { Messages } from "../../messages/send.ts";
import { newConnection, type Socket, send } from "../connection.ts";
import { createSendMessage } from "./send.ts";

/** A socket whose messages are accepted while `up`. `say` answers with the ms to wait, or 0 for an accepted one. */
function open() {
  const state = { now: 0, up: true };
  const accepted: string[] = [];
  const connection = newConnection("c", "::1", "");
  const socket = { getUserData: () => connection, send: () => 1 } as unknown as Socket;
  const messages: Messages = {
    send: async ({ room, clientId }) => {
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

test("a message that waited for more than two seconds behind others is to come again", async () => {
  const { state, accepted, say } = open();
  state.now = 2_001;
  expect(await say("tea", "1", 0)).toBe(1_000);
  expect(await say("tea", "1", 1)).toBe(0);
  expect(accepted).toEqual(["tea 1"]);
});

test("a client that gives up on a refused message is not held for longer than it was told to wait", async () => {
  const { state, say } = open();
  state.up = false;
  await say("tea", "1");
  state.up = true;
  state.now = 1_000;
  expect(await say("tea", "2")).toBe(0);
});

test("a client that sends again what was refused, when it was told to, is heard in the order it wrote", async () => {
  const step = fc.record({ ms: fc.nat(400), up: fc.boolean(), writes: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { state, accepted, say } = open();
      /** Written and not accepted yet, oldest first; `at`: when to send it again. */
      let pending: { id: string; at: number }[] = [];
      let written = 0;
      const send = async (one: { id: string; at: number }): Promise<void> => {
        const waitMs = await say("tea", one.id);
        if (waitMs === 0) pending = pending.filter((each) => each !== one);
        else one.at = state.now + waitMs;
      };
      for (const { ms, up, writes } of [
        ...steps,
        ...Array(20).fill({ ms: 1_000, up: true, writes: false }),
      ]) {
        state.now += ms;
        state.up = up;
        for (const one of [...pending]) if (one.at <= state.now) await send(one);
        if (!writes) continue;
        const one = { id: String(++written), at: 0 };
        pending.push(one);
        await send(one);
      }
      expect(accepted).toEqual(Array.from({ length: written }, (_, index) => `tea ${index + 1}`));
    }),
  );
});
