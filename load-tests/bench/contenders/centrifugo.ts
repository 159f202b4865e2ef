/** Two nodes of Centrifugo with its Redis engine. Rooms keep a history, and subscriptions recover from it. */
import { createHmac, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../support/free-port.ts";
import { findGoProgram } from "../../support/go-program.ts";
import { type Contender, Unobtainable } from "../contender.ts";
import { createOwnServers } from "../own-servers.ts";

const CENTRIFUGO = {
  name: "centrifugo",
  module: "github.com/centrifugal/centrifugo/v6",
  version: "v6.9.1",
  how: "https://centrifugal.dev/docs/getting-started/installation, or install Go and try again",
};
/** Of each room, as much as Suda keeps in Redis of a busy one. */
const HISTORY = { history_size: 1_000, history_ttl: "120s", force_recovery: true };
const RIGHTS = { allow_subscribe_for_client: true, allow_publish_for_subscriber: true };

export const centrifugo: Contender = {
  name: "centrifugo",
  about: "two nodes of Centrifugo 6 with the Redis engine, tokens, history and recovery on",
  dialect: {
    path: () => "/connection/websocket",
    steps: ({ room, token }) => [
      {
        write: [`{"id":1,"connect":{"token":"${token}"}}`, `{"id":2,"subscribe":{"channel":"${room}"}}`],
        until: '{"id":2,"subscribe":',
      },
    ],
    say: ({ room, user }, text, number) => {
      const data = {
        type: "message",
        at: Date.now(),
        user: { id: user },
        clientId: `${user}-${1e9 + number}`,
        text,
      };
      return JSON.stringify({ id: number + 3, publish: { channel: room, data } });
    },
    acknowledged: '"publish":{}',
    refused: '"error":{',
    heartbeat: { heard: "{}", answer: "{}" },
  },
  async start({ folder, tools, say }) {
    const program = find(tools, say);
    const servers = createOwnServers();
    const redis = await servers.startRedis(folder);
    const secret = randomBytes(32).toString("hex");
    const ports: number[] = [];
    for (const number of [1, 2]) {
      const port = await freePort();
      const file = join(folder, `centrifugo-${number}.json`);
      writeFileSync(file, JSON.stringify(settingsOf(port, redis.port, secret)));
      await servers.start(`node ${number}`, port, program, ["--config", file]);
      ports.push(port);
    }
    return {
      ...{ ports, processes: servers.processes, stop: servers.stop },
      versions: [redis.version, `Centrifugo ${CENTRIFUGO.version}`],
      prepare: async (rooms) =>
        rooms.map((_, index) => {
          const user = `u${1e5 + index}`;
          return { user, token: tokenOf(user, secret) };
        }),
    };
  },
};

function find(tools: string, say: (line: string) => void): string {
  try {
    return findGoProgram(CENTRIFUGO, tools, say);
  } catch (error) {
    throw new Unobtainable((error as Error).message);
  }
}

const settingsOf = (port: number, redisPort: number, secret: string) => ({
  http_server: { address: "127.0.0.1", port },
  engine: { type: "redis", redis: { address: `redis://127.0.0.1:${redisPort}` } },
  client: { token: { hmac_secret_key: secret }, allowed_origins: ["*"] },
  channel: { without_namespace: { ...HISTORY, ...RIGHTS } },
  log: { level: "warn" },
});

/** A token that never ends. */
function tokenOf(user: string, secret: string): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ sub: user })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
