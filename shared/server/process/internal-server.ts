/** The port that only operators and what runs the processes may reach: `/metrics`, and whatever else a process tells of itself. */
import { createServer } from "node:http";
import { own } from "../../own.ts";
import type { Registry } from "./metrics.ts";

export type Report = { status: number; body: unknown };

/**
 * @param pages what else is served, by path: a status and a body that becomes JSON.
 * @returns closes the port. @throws when it is taken.
 */
export async function serveInternal(
  { host, port }: { host: string; port: number },
  registry: Registry,
  pages: Record<string, () => Report> = {},
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const page = own(pages, request.url ?? "");
    if (page) {
      const { status, body } = page();
      response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
    } else if (request.url === "/metrics") {
      registry.metrics().then(
        (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
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
