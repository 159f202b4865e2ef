/** `node socket-io-node.ts PORT REDIS_PORT ADAPTER`: a chat node as the documents of Socket.IO have it, with one of its adapters for Redis. */
import { randomUUID } from "node:crypto";
import { createAdapter } from "@socket.io/redis-adapter";
import { createAdapter as createStreamsAdapter } from "@socket.io/redis-streams-adapter";
import { Redis } from "ioredis";
import { Server } from "socket.io";

const [port, redisPort, kind] = process.argv.slice(2);
const isWithStreams = kind === "redis-streams-adapter";
const redis = new Redis({ port: Number(redisPort) });
const RECOVERY = { connectionStateRecovery: { maxDisconnectionDuration: 120_000 } };
const io = new Server({
  adapter: isWithStreams ? createStreamsAdapter(redis) : createAdapter(redis, redis.duplicate()),
  // Only the adapter with streams supports it.
  ...(isWithStreams ? RECOVERY : {}),
  transports: ["websocket"],
});
let seq = 1_000_000;

io.on("connection", (socket) => {
  const user = { id: randomUUID(), nickname: "guest-123456" };
  socket.on("join", async (room: string, done: (answer: string) => void) => {
    await socket.join(room);
    done("joined");
  });
  socket.on("send", (room: string, clientId: string, text: string, done: (answer: string) => void) => {
    seq++;
    io.to(room).emit("message", { room, seq, at: Date.now(), user, clientId, text });
    done("accepted");
  });
});
io.listen(Number(port));
