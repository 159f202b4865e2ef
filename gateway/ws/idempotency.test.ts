import { expect, test } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { ServerFrame } from "../../shared/server-frames.ts";
import type { Deletions } from "../messages/delete.ts";
import type { Messages } from "../messages/send.ts";
import { newConnection, type Socket, send } from "./connection.ts";
import { createDispatch, type Handlers } from "./dispatch.ts";
import type { FrameLimit } from "./frame-limit.ts";
import { createDeleteMessage } from "./handlers/delete.ts";
import { createSendMessage } from "./handlers/send.ts";
import { createIdempotentRetries } from "./idempotency.ts";
import { createMembership } from "./membership.ts";

const SEND = { type: "send", room: "tea", clientId: "c1", text: "hi" } as const;
const DELETE = { type: "delete", room: "tea", clientId: "c1", seq: 3 } as const;
const GIVEN: RoomLogStore["findSeq"] = async (room, user, clientId) =>
  room === "tea" && user === "u1" && clientId === "c1" ? 7 : undefined;
const AWAY: RoomLogStore["findSeq"] = async () => {
  throw new Unavailable("Redis is away");
};

/** An authenticated socket that has joined nothing, on a gateway where nobody may send anything new. */
function setUp(
  sent: RoomLogStore["findSeq"],
  { user = "u1", pace = "ok" as ReturnType<FrameLimit["pace"]> } = {},
) {
  const notified: ServerFrame[] = [];
  const connection = newConnection("c", "::1", "");
  connection.authenticated = true;
  if (user) connection.user = { id: user, nickname: "n", role: "user" };
  const socket = {
    getUserData: () => ({ connection }),
    send: (frame: string) => {
      notified.push(JSON.parse(frame));
      return 1;
    },
  } as unknown as Socket;
  const retries = createIdempotentRetries({ findSeq: sent });
  const membership = createMembership({
    mayRead: () => true,
    mayWrite: () => true,
    exists: async () => true,
  });
  const handlers: Pick<Handlers, "send" | "delete" | "ping"> = {
    send: retries.before(
      createSendMessage({
        ...{ messages: {} as Messages, membership, retries },
        ...{ times: { begin: () => undefined }, acknowledge: send },
      }),
    ),
    delete: retries.before(createDeleteMessage({} as Deletions, membership)),
    ping: () => undefined,
  };
  const dispatch = createDispatch(
    handlers as Handlers,
    { pace: () => pace, maxWaiting: 9 },
    retries,
    () => undefined,
    () => "id",
  );
  /** @returns the answer to a frame. */
  return async (frame: object): Promise<ServerFrame | undefined> => {
    const bytes = new TextEncoder().encode(JSON.stringify(frame));
    dispatch.receive(socket, bytes.buffer as ArrayBuffer, false);
    await new Promise((resolve) => setImmediate(resolve));
    return notified.pop();
  };
}

const ACK = { type: "ack", room: "tea", clientId: "c1", seq: 7 };

test.each([SEND, DELETE])(
  "a $type that was accepted before is acknowledged where its room is not joined",
  async (frame) => {
    expect(await setUp(GIVEN)(frame)).toEqual(ACK);
  },
);

test.each([
  ["new", { ...SEND, clientId: "c2" }, "u1", "not_joined"],
  ["another user's", SEND, "u2", "not_joined"],
  ["a guest's", SEND, "", "unauthenticated"],
])("one that is %s is refused", async (_, frame, user, code) => {
  expect(await setUp(GIVEN, { user })(frame)).toMatchObject({ type: "refused", code });
});

test("while Redis is away nobody knows: the client is to come again", async () => {
  expect(await setUp(AWAY)(SEND)).toMatchObject({ code: "unavailable", clientId: "c1", retryAfterMs: 1_000 });
  const tooFast = setUp(AWAY, { pace: "too_fast" });
  expect(await tooFast(SEND)).toMatchObject({ code: "unavailable", clientId: "c1", retryAfterMs: 1_000 });
});

test("of frames that are too fast those that were accepted before are acknowledged, the others are not", async () => {
  const say = setUp(GIVEN, { pace: "too_fast" });
  expect(await say(SEND)).toEqual(ACK);
  expect(await say({ ...SEND, clientId: "c2" })).toMatchObject({ code: "too_fast", clientId: "c2" });
  expect(await say({ type: "ping", id: 1 })).toMatchObject({ code: "too_fast" });
});
