/** The configurations of docs/fronts.md, as they stand there, run by the real programs. Skipped where one is missing. */
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { findProgram } from "../infra/local/supervise/die-with-parent.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { until } from "../shared/until.ts";
import { FRONT_HOST, FRONT_PROGRAMS, openFronts } from "./support/front-programs.ts";
import { startEcho, startNginx, type TestNginx } from "./support/nginx.ts";

/** A client of another address than the proxy's. */
const CLIENT = "127.0.0.9";
const PUBLIC = `https://${FRONT_HOST}`;

let echo: Awaited<ReturnType<typeof startEcho>>;
let suda: TestNginx;
const fronts = openFronts(() => suda.port);

beforeAll(async () => {
  echo = await startEcho();
  const front = { trusted: ["127.0.0.1"], proxyProtocol: false, publicUrl: PUBLIC };
  suda = await startNginx([echo.port], { front });
});
afterAll(async () => {
  await suda.stop();
  echo.stop();
  fronts.close();
});

const TLS = { localAddress: CLIENT, servername: FRONT_HOST, rejectUnauthorized: false };

const ask = (port: number, path: string, headers: Record<string, string> = {}): Promise<[number, string]> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, path, headers: { host: FRONT_HOST, ...headers }, ...TLS },
      async (answer: IncomingMessage) =>
        resolve([answer.statusCode ?? 0, Buffer.concat(await answer.toArray()).toString()]),
    );
    asked.on("error", reject).end();
  });

const firstFrame = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { host: FRONT_HOST, "x-forwarded-for": "6.6.6.6" };
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, { headers, origin: PUBLIC, ...TLS });
    let first = "";
    socket.on("message", (data) => {
      first = String(data);
      socket.close();
    });
    // Not before its close, so that no proxy is stopped with a socket open.
    socket.on("close", () => resolve(first));
    socket.on("error", reject);
  });

describe.each(FRONT_PROGRAMS)("$name", (program) => {
  test.skipIf(findProgram(program.name) === undefined)(
    "ends TLS and passes on page, calls and sockets, each with its address",
    async () => {
      const port = await freePort();
      await fronts.during(program, port, false, async () => {
        await until(`${program.name} answers`, async () => (await ask(port, "/readyz"))[0] === 200);
        expect(await ask(port, "/")).toEqual([200, expect.stringContaining("<title>Suda</title>")]);
        const own = { host: FRONT_HOST, "x-real-ip": CLIENT, "x-forwarded-proto": "https" };
        const [, heard] = await ask(port, "/api/rooms?limit=1", {
          "x-forwarded-for": "6.6.6.6",
          "x-real-ip": "6.6.6.6",
        });
        expect(JSON.parse(heard)).toMatchObject({ url: "/api/rooms?limit=1", headers: own });
        expect(heard).not.toContain("unknown-proxy");
        expect(JSON.parse(await firstFrame(port))).toMatchObject({ headers: { ...own, origin: PUBLIC } });
      });
    },
  );
});
