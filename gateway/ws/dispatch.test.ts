import { expect, test, vi } from "vitest";
import { CLOSE } from "../../shared/codes.ts";
import { RETRY_AFTER_MS, Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import { newConnection, type Socket } from "./connection.ts";
import { createDispatch, type Handlers } from "./dispatch.ts";
import { createFrameLimit, type FrameLimit } from "./frame-limit.ts";

const RULE = { perSecond: 50, burst: 200 };
const NO_LIMIT = createFrameLimit({ ...RULE, on: false });
type Fixture = { authenticated: boolean; ping: () => void | Promise<void>; limit?: FrameLimit };

/** A socket whose pings are handled by `ping`, and the frames it was sent. */
function open({ authenticated, ping, limit = NO_LIMIT }: Fixture) {
  const notified: unknown[] = [];
  const noted: unknown[] = [];
  const connection = { ...newConnection("c", "::1", ""), authenticated };
  const socket = {
    getUserData: () => ({ connection }),
    send: (frame: string) => {
      notified.push(JSON.parse(frame));
      return 1;
    },
    end: (code: number) => notified.push(code),
  } as unknown as Socket;
  const hello = async (): Promise<void> => void (await ping());
  const { receive, inFlight } = createDispatch(
    { ping, hello } as unknown as Handlers,
    limit,
    { answer: async () => false },
    () => undefined,
    (error, where, about) => `id-${noted.push([error, where, about])}`,
  );
  const say = async (frame: object): Promise<void> => {
    receive(socket, new TextEncoder().encode(JSON.stringify(frame)).buffer as ArrayBuffer, false);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { notified, noted, say, inFlight };
}

const BUG = new TypeError("secret detail of the inside");
const PING = { type: "ping", id: 1 };
const HELLO = { type: "hello", v: 1 };

test.each([
  [
    "at once",
    () => {
      throw BUG;
    },
  ],
  [
    "later",
    async () => {
      throw BUG;
    },
  ],
])("a fault of our own that shows %s fails the one frame, and the next is handled", async (_, ping) => {
  const it = open({ authenticated: true, ping });
  await it.say([PING, PING]);
  expect(it.noted).toEqual(Array(2).fill([BUG, "frame", { type: "ping" }]));
  expect(it.notified).toEqual(
    Array(2).fill({ type: "refused", code: "internal", retryAfterMs: expect.any(Number) }),
  );
  expect(JSON.stringify(it.notified)).not.toContain("secret");
  expect(it.inFlight()).toBe(0);
});

test.each([
  [new Refusal("slow_mode", { retryAfterMs: 5 }), { code: "slow_mode", retryAfterMs: 5 }],
  [new Refusal("no_such_room"), { code: "no_such_room" }],
  [new Refusal("unavailable"), { code: "unavailable", retryAfterMs: RETRY_AFTER_MS }],
  [new Unavailable("inside"), { code: "unavailable", retryAfterMs: RETRY_AFTER_MS }],
])("%s is told by name, and is no fault of ours", async (error, frame) => {
  const it = open({ authenticated: true, ping: () => Promise.reject(error) });
  await it.say(PING);
  expect(it.notified).toEqual([{ type: "refused", ...frame }]);
  expect(it.noted).toEqual([]);
});

test("a refusal of HTTP alone, which no client of frames knows, is a fault of ours", async () => {
  const error = new Refusal("email_taken");
  const it = open({ authenticated: true, ping: () => Promise.reject(error) });
  await it.say(PING);
  expect(it.notified).toEqual([{ type: "refused", code: "internal", retryAfterMs: RETRY_AFTER_MS }]);
  expect(it.noted).toEqual([[error, "frame", { type: "ping" }]]);
});

test("a socket that could not be authenticated for a fault of our own is told to come back", async () => {
  const it = open({
    authenticated: false,
    ping: () => {
      throw BUG;
    },
  });
  await it.say(HELLO);
  expect(it.notified).toEqual([CLOSE.overloaded]);
  expect(it.noted).toHaveLength(1);
});

test("with the limits off a burst waits for a slow frame, however many frames it has", async () => {
  const slow = Promise.withResolvers<void>();
  const handled: number[] = [];
  const it = open({ authenticated: true, ping: () => slow.promise.then(() => void handled.push(1)) });
  for (let i = 0; i < 50; i++) await it.say(Array.from({ length: 40 }, () => PING));
  expect(it.notified).toEqual([]);
  slow.resolve();
  await vi.waitFor(() => expect(handled).toHaveLength(2_000));
});

test("with the limits on as many wait as a burst may have, and more end the socket", async () => {
  let now = 0;
  const limit = createFrameLimit({ on: true, perSecond: 1_000, burst: 1_000 }, () => now);
  const it = open({ authenticated: true, ping: () => new Promise(() => undefined), limit });
  for (let i = 0; i < 25; i++) {
    await it.say(Array.from({ length: 40 }, () => PING));
    now += 40;
  }
  expect(it.notified).toEqual([]);
  await it.say(Array.from({ length: 40 }, () => PING));
  expect(it.notified).toEqual([CLOSE.flooding]);
});
