import { expect, test } from "vitest";
import { CLOSE } from "../../shared/codes.ts";
import { newConnection, type Socket } from "./connection.ts";
import { createDispatch, type Handlers } from "./dispatch.ts";

/** A socket whose pings are handled by `ping`, and what it was told. */
function open({ greeted, ping }: { greeted: boolean; ping: () => void | Promise<void> }) {
  const told: unknown[] = [];
  const noted: unknown[] = [];
  const connection = { ...newConnection("c", "::1", ""), greeted };
  const socket = {
    getUserData: () => connection,
    send: (frame: string) => {
      told.push(JSON.parse(frame));
      return 1;
    },
    end: (code: number) => told.push(code),
  } as unknown as Socket;
  const hello = async (): Promise<void> => void (await ping());
  const { receive, inFlight } = createDispatch(
    { ping, hello } as unknown as Handlers,
    () => "ok",
    { answer: async () => false },
    () => undefined,
    (error, where, about) => `id-${noted.push([error, where, about])}`,
  );
  const say = async (frame: object): Promise<void> => {
    receive(socket, new TextEncoder().encode(JSON.stringify(frame)).buffer as ArrayBuffer, false);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { told, noted, say, inFlight };
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
  const it = open({ greeted: true, ping });
  await it.say([PING, PING]);
  expect(it.noted).toEqual(Array(2).fill([BUG, "frame", { type: "ping" }]));
  expect(it.told).toEqual(
    Array(2).fill({ type: "refused", code: "internal", retryAfterMs: expect.any(Number) }),
  );
  expect(JSON.stringify(it.told)).not.toContain("secret");
  expect(it.inFlight()).toBe(0);
});

test("a socket that could not be greeted for a fault of our own is told to come back", async () => {
  const it = open({
    greeted: false,
    ping: () => {
      throw BUG;
    },
  });
  await it.say(HELLO);
  expect(it.told).toEqual([CLOSE.overloaded]);
  expect(it.noted).toHaveLength(1);
});
