/**
 * `node bare-node.ts PORT REDIS_PORT`: the least that a chat node on uWebSockets.js and Redis' pub/sub can do. No accounts, no history, no
 * numbers that hold across nodes; a message that Redis took is acknowledged.
 */

import { App, type WebSocket } from "uWebSockets.js";
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";

type Person = { id: string; nickname: string; open: boolean };

const [port = 0, redisPort = 0] = process.argv.slice(2).map(Number);
const commands = new Redis({ port: redisPort, enableAutoPipelining: true });
const bus = new Redis({ port: redisPort });
/** Well below the number of sockets of any scenario, so a reader that stalls is noticed. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;
const rooms = new Set<string>();
const app = App();
let seq = 1_000_000;

app.ws<Person>("/ws", {
  maxBackpressure: MAX_BACKLOG_BYTES,
  upgrade: (response, request, context) => {
    const person = { id: randomUUID(), nickname: "guest-123456", open: true };
    const header = (name: string): string => request.getHeader(name);
    response.upgrade(
      person,
      header("sec-websocket-key"),
      header("sec-websocket-protocol"),
      header("sec-websocket-extensions"),
      context,
    );
  },
  message: (socket, data) => {
    const frame = JSON.parse(Buffer.from(data).toString());
    if (frame.type === "join") void join(socket, frame.room);
    else void send(socket, frame);
  },
  close: (socket) => {
    socket.getUserData().open = false;
  },
});

async function join(socket: WebSocket<Person>, room: string): Promise<void> {
  const person = socket.getUserData();
  if (!rooms.has(room)) {
    rooms.add(room);
    await bus.subscribe(room);
  }
  if (!person.open) return;
  socket.subscribe(room);
  socket.send(`{"type":"joined","room":"${room}"}`);
}

async function send(
  socket: WebSocket<Person>,
  { room, clientId, text }: { room: string; clientId: string; text: string },
): Promise<void> {
  const { open, ...user } = socket.getUserData();
  seq++;
  await commands.publish(
    room,
    JSON.stringify({ type: "message", room, seq, at: Date.now(), user, clientId, text }),
  );
  if (socket.getUserData().open) socket.send(JSON.stringify({ type: "ack", room, clientId, seq }));
}

bus.on("messageBuffer", (room: Buffer, event: Buffer) => app.publish(room.toString(), event));
app.listen("127.0.0.1", port, () => undefined);
