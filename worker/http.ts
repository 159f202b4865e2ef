/** The internal port: whether the worker lives, whether it can work, what it counts. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { Registry } from "../shared/server/metrics.ts";
import type { Health } from "./health.ts";

export type InternalServer = { port: number; close: () => Promise<void> };

/** Listens before anything else is ready: a worker that waits for PostgreSQL lives, and says what it waits for. */
export async function serveInternal(
  { host, port }: { host: string; port: number },
  health: Health,
  registry: Registry,
): Promise<InternalServer> {
  const server = createServer((request, response) => {
    if (request.url === "/healthz") return answer(response, 200, { status: "ok" });
    if (request.url === "/readyz") {
      const reasons = health.reasons();
      const ready = Object.keys(reasons).length === 0;
      return answer(response, ready ? 200 : 503, { ready, reasons });
    }
    if (request.url === "/metrics") return answerMetrics(response, registry);
    answer(response, 404, { status: "not found" });
  });
  await listen(server, host, port);
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}

function answerMetrics(response: ServerResponse, registry: Registry): void {
  registry.metrics().then(
    (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
    (error: Error) => answer(response, 500, { status: error.message }),
  );
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}
