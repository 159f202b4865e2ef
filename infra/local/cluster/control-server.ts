/**
 * How the commands talk to the runner: HTTP on a loopback port, with the token that `runner.json` (0600) holds.
 * What takes long answers with one JSON object a line: `{ "line" }` as it goes on, `{ "error" }` if it fails.
 */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MOST_GATEWAYS, wholeNumber } from "../cli/options.ts";
import { lineOf } from "../cli/problem.ts";
import type { Cluster } from "./cluster.ts";

type Work = (tell: (line: string) => void) => Promise<void>;

/** Listens on a port that the system chooses. Changes of the cluster are made one after another, in the order asked for. */
export async function startControlServer(
  cluster: Pick<Cluster, "status" | "scale" | "roll">,
  token: string,
): Promise<{ server: Server; port: number }> {
  let last: Promise<void> = Promise.resolve();

  const perform = async (work: Work, response: ServerResponse): Promise<void> => {
    const write = (answer: { line: string } | { error: string }) =>
      response.write(`${JSON.stringify(answer)}\n`);
    last = last.then(async () => {
      try {
        await work((line) => write({ line }));
      } catch (error) {
        write({ error: lineOf(error) });
      }
    });
    await last;
    response.end();
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://control");
    if (!isAllowed(request, token)) return void response.writeHead(401).end();
    if (request.method === "GET" && pathname === "/status")
      return void response.end(JSON.stringify(cluster.status()));
    if (request.method === "POST" && pathname === "/roll") return void perform(cluster.roll, response);
    if (request.method === "POST" && pathname === "/scale")
      return void perform(async (tell) => {
        const to = wholeNumber("scale", searchParams.get("to") ?? "", 1, MOST_GATEWAYS);
        await cluster.scale(to, tell);
      }, response);
    response.writeHead(404).end();
  };

  const server = createServer(answer);
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1" }, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
