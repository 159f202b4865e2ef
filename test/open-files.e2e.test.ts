/** A cluster whose processes may open few files, as after `ulimit -n 256`: it says so, and refuses in order at the limit. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { ROOT } from "../load-tests/support/commands.ts";
import { withOpenFiles } from "../load-tests/support/spawn.ts";
import { useCluster } from "./support/use-cluster.ts";

const GATEWAYS = 2;
const FILES = 256;
const { cluster } = useCluster({ gateways: GATEWAYS, openFiles: FILES }, 1);

/** @returns the open socket, or the status and type of the refusal. */
const knock = (): Promise<WebSocket | string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${cluster().url.replace("http", "ws")}/ws`);
    socket.once("open", () => resolve(socket));
    socket.once("error", ({ message }) => resolve(message));
    socket.once("unexpected-response", (request, { statusCode, headers }) => {
      resolve(`${statusCode} ${headers["content-type"]}`);
      request.destroy();
    });
  });

const callStatus = async (): Promise<number> => (await fetch(`${cluster().url}/api/rooms`)).status;

test("the start says once what so few files carry, and so does doctor", () => {
  const line =
    "a process may open 256 files, which carries about 78 clients: ulimit -n 65536 before the start";
  expect(cluster().runner.said().split(`Warning: ${line}`)).toHaveLength(2);
  const doctor = [process.execPath, join(ROOT, "infra/local/doctor.ts"), "--data", cluster().dir];
  const [program = "", ...words] = withOpenFiles(FILES, doctor);
  expect(execFileSync(program, words, { encoding: "utf8" })).toContain(line);
});

test("at the limit sockets are refused by 503 in our form, calls have room, and sockets are let in again when others left", async () => {
  const open: WebSocket[] = [];
  const refusals: string[] = [];
  while (refusals.length < 60) {
    for (const answer of await Promise.all(Array.from({ length: 10 }, knock)))
      if (typeof answer === "string") refusals.push(answer);
      else open.push(answer);
  }
  expect(new Set(refusals)).toEqual(new Set(["503 application/problem+json"]));
  expect(open.length).toBeGreaterThanOrEqual(78);
  const statuses = await Promise.all(Array.from({ length: 30 }, callStatus));
  // A machine with more cores has more processes of nginx, and its gateways are full first.
  const isGatewaysLimit = open.length >= GATEWAYS * (FILES - 100);
  expect(new Set(statuses)).toEqual(new Set([isGatewaysLimit ? 503 : 200]));
  for (const socket of open) socket.terminate();
  await expect.poll(callStatus).toBe(200);
  await expect.poll(async () => typeof (await knock())).toBe("object");
});
