import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createPorts } from "./ports.ts";

let folder: string;
let moved: string[];
const strangers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "suda-ports-"));
  moved = [];
});
afterEach(() => {
  for (const server of strangers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (publicPort = 8_080) => createPorts(folder, publicPort, (name) => void moved.push(name));
const occupy = async (port: number): Promise<Server> => {
  const server = createServer().listen(port, "127.0.0.1");
  strangers.push(server);
  await once(server, "listening");
  return server;
};

it("a process has the same port at every start, also in the next run", async () => {
  const ports = open();
  expect(ports.of("worker")).toBe(0);
  const port = await ports.take("worker");
  expect([await ports.take("worker"), ports.of("worker")]).toEqual([port, port]);
  expect(await open().take("worker")).toBe(port);
  expect(moved).toEqual([]);
});

it("a port that somebody else has taken is left to them, in this run and in the next", async () => {
  const ports = open();
  const port = await ports.take("worker");
  await occupy(port);
  const next = await ports.take("worker");
  expect(next).not.toBe(port);
  expect([ports.of("worker"), moved]).toEqual([next, ["worker"]]);
  await occupy(next);
  expect([port, next]).not.toContain(await open().take("worker"));
  expect(moved).toEqual(["worker"]);
});

it("the public port is given to no process, also where one had it before", async () => {
  const port = await open().take("worker");
  expect(await open(port).take("worker")).not.toBe(port);
});

it("a port that is released within a moment is kept", async () => {
  const ports = open();
  const port = await ports.take("worker");
  const leaving = await occupy(port);
  setTimeout(() => leaving.close(), 200);
  expect(await ports.take("worker")).toBe(port);
});

it("processes that ask at one moment get ports of their own", async () => {
  const ports = open();
  const names = Array.from({ length: 50 }, (_, n) => `gateway-${n}`);
  expect(new Set(await Promise.all(names.map((name) => ports.take(name)))).size).toBe(50);
});
