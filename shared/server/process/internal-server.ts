/**
 * The internal port, for operators and the process runner only: `/metrics` (all, or those of `?name[]=…`), and pages such as the health
 * checks.
 */
import { createServer, type ServerResponse } from "node:http";
import { own } from "../../own.ts";
import type { Registry } from "./metrics.ts";

export type Report = { status: number; body: unknown };

/**
 * @param pages further pages by path: each returns a status and a body, which is sent as JSON.
 * @returns a function that closes the port.
 * @throws Error if the port is taken.
 */
export async function serveInternal(
  { host, port }: { host: string; port: number },
  registry: Registry,
  pages: Record<string, () => Report> = {},
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const [path = "", query] = (request.url ?? "").split("?", 2);
    const page = own(pages, path);
    if (page) {
      const { status, body } = page();
      send(response, status, "application/json", `${JSON.stringify(body)}\n`);
    } else if (path === "/metrics") {
      readMetrics(registry, new URLSearchParams(query).getAll("name[]")).then(
        (text) => send(response, 200, registry.contentType, text),
        (error: Error) => response.destroy(error),
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

/** With its length, so that the answer is one piece. */
function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
}

/** @param names of the metrics to tell; empty: all. Unknown ones are left out. */
async function readMetrics(registry: Registry, names: string[]): Promise<string> {
  if (names.length === 0) return registry.metrics();
  const known = names.filter((name) => registry.getSingleMetric(name));
  const texts = await Promise.all(known.map((name) => registry.getSingleMetricAsString(name)));
  return `${texts.join("\n")}\n`;
}
