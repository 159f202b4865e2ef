/** Two bare nodes on uWebSockets.js and Redis' pub/sub, with frames as long as Suda's: the ceiling of this library. */
import type { Contender } from "../contender.ts";
import { createOwnServers } from "../own-servers.ts";
import { packageVersion } from "../package-version.ts";

export const bare: Contender = {
  name: "bare",
  about:
    "two bare uWebSockets.js nodes joined by ioredis pub/sub, frames as Suda's; no accounts, no history, no order across nodes",
  dialect: {
    path: () => "/ws",
    steps: ({ room }) => [{ write: [JSON.stringify({ type: "join", room })], until: '"type":"joined"' }],
    say: ({ room, user }, text, number) =>
      JSON.stringify({ type: "send", room, clientId: `${user}-${1e9 + number}`, text }),
    acknowledged: '"type":"ack"',
  },
  async start({ folder }) {
    const servers = createOwnServers();
    const redis = await servers.startRedis(folder);
    const ports = [
      await servers.startScript("node 1", "bare-node.ts", [String(redis.port)]),
      await servers.startScript("node 2", "bare-node.ts", [String(redis.port)]),
    ];
    return {
      ...{ ports, processes: servers.processes, stop: servers.stop },
      versions: [redis.version, packageVersion("uWebSockets.js"), packageVersion("ioredis")],
      prepare: async (rooms) => rooms.map((_, index) => ({ user: `u${1e5 + index}`, token: "" })),
    };
  },
};
