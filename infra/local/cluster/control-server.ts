/**
 * The runner's side of the commands: HTTP on a loopback port, with the token that `runner.json` (0600) holds.
 * A change of the cluster is answered by one JSON object a line: `{ "line" }` for progress, `{ "error" }` for a failure.
 */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { settingsInForce } from "../cli/environment.ts";
import { MAX_GATEWAYS, wholeNumber } from "../cli/options.ts";
import { lineOf } from "../cli/problem.ts";
import type { Cluster } from "./cluster.ts";

type Change = (report: (line: string) => void) => Promise<void>;

/** Listens on a port that the system chooses. Changes of the cluster are made one after another, in order of arrival. */
export async function startControlServer(
  cluster: Pick<Cluster, "status" | "refresh" | "scale" | "roll">,
  token: string,
): Promise<{ server: Server; port: number }> {
  let last: Promise<void> = Promise.resolve();
  const server = createServer(respond);
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1" }, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://control");
    if (!isAllowed(request, token)) return void response.writeHead(401).end();
    if (request.method === "GET" && pathname === "/status")
      return void cluster.refresh().then(() => response.end(JSON.stringify(cluster.status())));
    if (request.method === "GET" && pathname === "/settings")
      return void response.end(JSON.stringify(settingsInForce()));
    if (request.method === "POST" && pathname === "/roll") return void perform(cluster.roll, response);
    if (request.method === "POST" && pathname === "/scale")
      return void perform(async (report) => {
        const to = wholeNumber("scale", searchParams.get("to") ?? "", 1, MAX_GATEWAYS);
        await cluster.scale(to, report);
      }, response);
    response.writeHead(404).end();
  }

  async function perform(change: Change, response: ServerResponse): Promise<void> {
    const write = (progress: { line: string } | { error: string }) =>
      response.write(`${JSON.stringify(progress)}\n`);
    last = last.then(async () => {
      try {
        await change((line) => write({ line }));
      } catch (error) {
        write({ error: lineOf(error) });
      }
    });
    await last;
    response.end();
  }
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
