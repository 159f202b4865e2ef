/** Two nodes of Socket.IO with each of its adapters for Redis. It acknowledges a message that it handed over; nothing keeps it. */
import type { Contender } from "../contender.ts";
import type { Dialect } from "../dialect.ts";
import { createOwnServers } from "../own-servers.ts";
import { packageVersion } from "../package-version.ts";

/** The digit 4 begins a packet of the transport, the second one an event (2), an answer (3) or a connection (0). */
const dialect: Dialect = {
  path: () => "/socket.io/?EIO=4&transport=websocket",
  steps: ({ room }) => [
    { write: ["40"], until: "40{" },
    { write: [`420["join","${room}"]`], until: '430["joined"]' },
  ],
  say: ({ room, user }, text, number) =>
    `42${number + 1}["send","${room}","${user}-${1e9 + number}","${text}"]`,
  acknowledged: '["accepted"]',
  heartbeat: { heard: "2", answer: "3" },
};

export const socketIo = createContender(
  "socket.io",
  "redis-adapter",
  "two nodes of Socket.IO 4 with @socket.io/redis-adapter, WebSocket only; at most once",
);
export const socketIoStreams = createContender(
  "socket.io-streams",
  "redis-streams-adapter",
  "the same with @socket.io/redis-streams-adapter and connection state recovery",
);

function createContender(
  name: string,
  adapter: "redis-adapter" | "redis-streams-adapter",
  about: string,
): Contender {
  return {
    ...{ name, about, dialect },
    async start({ folder }) {
      const servers = createOwnServers();
      const redis = await servers.startRedis(folder);
      const args = [String(redis.port), adapter];
      const ports = [
        await servers.startScript("node 1", "socket-io-node.ts", args),
        await servers.startScript("node 2", "socket-io-node.ts", args),
      ];
      return {
        ...{ ports, processes: servers.processes, stop: servers.stop },
        versions: [redis.version, packageVersion("socket.io"), packageVersion(`@socket.io/${adapter}`)],
        prepare: async (rooms) => rooms.map((_, index) => ({ user: `u${1e5 + index}`, token: "" })),
      };
    },
  };
}
