/** The limit on unsent bytes, for a client that comes back over a slow line: on a real socket. */
import { App } from "uWebSockets.js";
import { expect, test, vi } from "vitest";
import { freePort } from "../../load-tests/support/free-port.ts";
import type { RoomEvent, ServerFrame } from "../../shared/server-frames.ts";
import { rawFrame, rawUpgrade } from "../../test/support/raw-socket.ts";
import { listen } from "../app.ts";
import type { Socket } from "./connection.ts";
import type { ConnectionLimits } from "./connection-limits.ts";
import { createDispatch, type Handlers } from "./dispatch.ts";
import { createFrameLimit } from "./frame-limit.ts";
import { registerSockets } from "./socket-lifecycle.ts";
import { createJoining } from "./testing/join-fixture.ts";
import { createLoggedRoom, ROOM } from "./testing/logged-room.ts";
import { topicOf } from "./topics.ts";

const LIMIT = 1 << 20;
/**
 * Seven megabytes: far more than the kernel buffers for a client that does not read, and than the gateway may hold for
 * it.
 */
const MISSED = 28_000;

/** A gateway's sockets around a room. `slow` counts the closed ones; `sockets` has the open ones. */
async function serve() {
  const app = App();
  const sockets = new Set<Socket>();
  const room = createLoggedRoom((frame) => void app.publish(topicOf(ROOM), frame));
  const { join, leaveAll, drained } = createJoining(room, LIMIT);
  const handlers: Pick<Handlers, "hello" | "join"> = {
    hello(socket) {
      Object.assign(socket.getUserData().connection, { authenticated: true, isOlder: false });
    },
    join,
  };
  const retries = { answer: async () => false };
  const onSlow = vi.fn();
  const connectionLimits: Pick<ConnectionLimits<Socket>, "opened" | "closed"> = {
    opened: () => undefined,
    closed: () => undefined,
  };
  registerSockets(app, {
    dispatch: createDispatch(
      handlers as Handlers,
      createFrameLimit({ on: false, perSecond: 1, burst: 1 }),
      retries,
      () => undefined,
      () => "id",
    ),
    sockets: {
      add: (socket: Socket) => void sockets.add(socket),
      remove: (socket: Socket) => void sockets.delete(socket),
    },
    joining: { leaveAll, drained },
    limits: { connectionLimits, connectRate: { fromAddress: () => 0 }, maxBackpressure: LIMIT },
    records: { closed: () => undefined },
    mayEnter: () => true,
    onSlow,
    onInternalError: () => "id",
  });
  const port = await freePort();
  const stop = await listen(app, "127.0.0.1", port);
  return { room, url: `http://127.0.0.1:${port}`, sockets, onSlow, stop };
}

/** Parses the server's frames out of the bytes; they are unfragmented text. @returns the seqs in them. */
function createReader() {
  let rest = Buffer.alloc(0);
  return (chunk: Buffer): number[] => {
    rest = Buffer.concat([rest, chunk]);
    const seqs: number[] = [];
    for (;;) {
      const short = (rest[1] ?? 0) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < head) return seqs;
      const long = head === 4 ? rest.readUInt16BE(2) : head === 10 ? Number(rest.readBigUInt64BE(2)) : short;
      if (rest.length < head + long) return seqs;
      const frames: ServerFrame[] = [JSON.parse(rest.toString("utf8", head, head + long))].flat();
      const events = frames.flatMap((frame) =>
        frame.type === "joined" ? frame.events : [frame as RoomEvent],
      );
      seqs.push(...events.map(({ seq }) => seq));
      rest = rest.subarray(head + long);
    }
  };
}

test("a client that missed more than a socket may hold, and reads slowly, gets all of it on one connection", async () => {
  const { room, url, sockets, onSlow, stop } = await serve();
  room.log(MISSED);
  const line = await rawUpgrade(url);
  line.socket.pause();
  const since = { epoch: "e1", seq: 0 };
  const frames = [
    { type: "hello", v: 1 },
    { type: "join", room: ROOM, since },
  ];
  line.write(rawFrame({ opcode: 1, payload: Buffer.from(JSON.stringify(frames)) }));
  const unsent = (): number => Math.max(0, ...[...sockets].map((socket) => socket.getBufferedAmount()));
  await vi.waitFor(() => expect(unsent()).toBeGreaterThan(LIMIT / 4));

  let max = 0;
  const seqs: number[] = [];
  const read = createReader();
  const done = new Promise<void>((resolve) => {
    line.socket.on("data", (chunk: Buffer) => {
      seqs.push(...read(chunk));
      max = Math.max(max, unsent());
      // The room goes on during the catch-up.
      if (room.head() < MISSED + 100) room.say();
      else if (seqs.at(-1) === room.head()) resolve();
    });
  });
  for (let i = 0; i < 10; i++) room.say();
  line.socket.resume();
  await Promise.race([done, line.ended]);
  expect(onSlow).not.toHaveBeenCalled();
  expect(seqs).toEqual(Array.from({ length: room.head() }, (_, i) => i + 1));
  expect(max).toBeLessThanOrEqual(LIMIT);
  line.cut();
  stop();
});
