/** An nginx of its own for a test, with the configuration of the local cluster. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocketServer } from "ws";
import { nginxCommand } from "../../infra/local/stores/nginx.ts";
import { spawnServer } from "../../infra/local/supervise/server-process.ts";
import { MAX_FILES } from "../../infra/nginx/capacity.ts";
import { NO_FRONT } from "../../infra/nginx/front.ts";
import { type LocalSettings, renderLocal } from "../../infra/nginx/render.ts";
import { freePort } from "../../load-tests/support/free-port.ts";
import { until } from "../../shared/until.ts";

const PAGE = '<!doctype html><title>Suda</title><script src="/assets/main.js"></script>';

export type TestNginx = Awaited<ReturnType<typeof startNginx>>;

/** Starts nginx before these gateways. */
export async function startNginx(gatewayPorts: readonly number[], more: Partial<LocalSettings> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "suda-nginx-"));
  const root = join(folder, "web");
  mkdirSync(join(root, "assets"), { recursive: true });
  writeFileSync(join(root, "index.html"), PAGE);
  const [port, internalPort] = await Promise.all([freePort(), freePort()]);
  const settings: LocalSettings = {
    ...{ host: "127.0.0.1", port, internalPort, gatewayPorts, root, folder },
    ...{
      accessLog: join(folder, "access.log"),
      generation: 1,
      limits: true,
      front: NO_FRONT,
      files: MAX_FILES,
    },
    asRoot: process.getuid?.() === 0,
    ...more,
  };
  const conf = join(folder, "nginx.conf");
  writeFileSync(conf, renderLocal(settings));
  const server = await spawnServer(nginxCommand(conf, folder), { logFile: join(folder, "nginx.log") });
  const generation = `http://127.0.0.1:${internalPort}/generation`;
  await until("nginx answers", async () => (await fetch(generation)).ok);
  return {
    port,
    folder,
    url: `http://127.0.0.1:${port}`,
    /** Takes up files that have changed. */
    reload: async (): Promise<void> => server.signal("SIGHUP"),
    async stop(): Promise<void> {
      await server.stop("SIGTERM", 5_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Heard = { url: string | undefined; headers: IncomingHttpHeaders };

/** Something in place of a gateway that says what it heard, to a socket as its first frame. */
export async function startEcho() {
  const server = createServer((request, response) => {
    const heard: Heard = { url: request.url, headers: request.headers };
    request.resume().once("end", () => response.end(JSON.stringify(heard)));
  });
  const sockets = new WebSocketServer({ server, path: "/ws" });
  sockets.on("connection", (socket, { url, headers }) => {
    // A proxy that stops amid a socket may say so in a frame that no client would send.
    socket.on("error", () => socket.terminate());
    socket.send(JSON.stringify({ url, headers }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop(): void {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}
