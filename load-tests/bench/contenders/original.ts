/** The shape of the chat that Suda replaces: one FastAPI process, with a Redis list as history. It does not scale out. */
import { join } from "node:path";
import { freePort } from "../../support/free-port.ts";
import { findPython } from "../../support/python-packages.ts";
import { type Contender, Unobtainable } from "../contender.ts";
import { createOwnServers } from "../own-servers.ts";

const SERVERS = join(import.meta.dirname, "../servers");
const PACKAGES = [
  "fastapi==0.165.0",
  "uvicorn==0.54.0",
  "websockets==17.4",
  "uvloop==0.23.0",
  "redis==8.1.0",
];

export const original: Contender = {
  name: "original",
  about:
    "one FastAPI process (uvicorn, uvloop), a Redis list for history; one's own message is its acknowledgement",
  dialect: {
    path: ({ room }) => `/ws/${room}`,
    steps: () => [{ write: [], until: '"joined"' }],
    say: ({ user }, text, number) => JSON.stringify({ clientId: `${user}-${1e9 + number}`, text }),
  },
  async start({ folder, tools, say }) {
    const python = find(join(tools, "fastapi"), say);
    const servers = createOwnServers();
    const redis = await servers.startRedis(folder);
    const port = await freePort();
    const args = ["-m", "uvicorn", "--app-dir", SERVERS, "original:app", "--port", String(port)];
    const quiet = ["--log-level", "warning", "--no-access-log", "--backlog", "4096"];
    await servers.start("node", port, "env", [`REDIS_PORT=${redis.port}`, python, ...args, ...quiet]);
    return {
      ...{ ports: [port], processes: servers.processes, stop: servers.stop },
      versions: [redis.version, ...PACKAGES.map((each) => each.replace("==", " "))],
      prepare: async (rooms) => rooms.map((_, index) => ({ user: `u${1e5 + index}`, token: "" })),
    };
  },
};

function find(folder: string, say: (line: string) => void): string {
  try {
    return findPython(folder, PACKAGES, say);
  } catch (error) {
    throw new Unobtainable((error as Error).message);
  }
}
