import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { freePort } from "../load-tests/support/free-port.ts";
import { REFUSED_EXIT_CODE } from "../shared/server/process/refused.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
let worker: ChildProcess;
let internal: string;
let exited: Promise<number | null>;

beforeAll(async () => {
  environment = await openTestEnvironment();
  await environment.openRoom("lobby");
  const port = await freePort();
  internal = `http://127.0.0.1:${port}`;
  worker = spawn(process.execPath, ["worker/main.ts"], {
    env: {
      PATH: process.env.PATH,
      REDIS_URL: environment.server.url,
      DATABASE_URL: environment.database.url,
      SUDA_KEY_PREFIX: "test",
      SUDA_SHARDS: String(environment.deps.shards),
      SUDA_INTERNAL_PORT: String(port),
      SUDA_NAME: "worker",
      SUDA_LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  exited = new Promise((resolve) => worker.once("exit", resolve));
});
afterAll(async () => {
  worker.kill("SIGKILL");
  await exited;
  await environment.close();
});

const get = async (path: string) => {
  const response = await fetch(`${internal}${path}`);
  return { status: response.status, text: await response.text() };
};
const until = (condition: () => Promise<void>) => vi.waitFor(condition, { timeout: 15_000, interval: 50 });

it("a worker becomes ready by itself, makes partitions and writes what it finds", async () => {
  await until(async () => expect((await get("/readyz")).status).toBe(200));
  expect((await get("/healthz")).status).toBe(200);
  for (let index = 0; index < 50; index++) await environment.say("lobby", `${index}`);
  await until(async () => expect(await environment.stored("lobby")).toBe(50));
  const metrics = (await get("/metrics")).text;
  expect(metrics).toMatch(/^suda_archived_total 50$/m);
  expect(metrics).toMatch(/^suda_dead_letters_total 0$/m);
});

it("a worker that is told to leave writes what is pending first", async () => {
  await environment.say("lobby", "the last word");
  worker.kill("SIGTERM");
  expect(await exited).toBe(0);
  expect((await environment.texts("lobby")).at(-1)).toBe("the last word");
  expect(await environment.stored("lobby")).toBe(51);
});

it("a worker on a database that does not exist ends at once with one line and no stack", () => {
  const { status, stdout } = spawnSync(process.execPath, ["worker/main.ts"], {
    env: {
      PATH: process.env.PATH,
      REDIS_URL: environment.server.url,
      DATABASE_URL: Object.assign(new URL(environment.database.url), { pathname: "/nothing" }).href,
      SUDA_LOG_LEVEL: "warn",
    },
    encoding: "utf8",
    timeout: 15_000,
  });
  expect(status).toBe(REFUSED_EXIT_CODE);
  const [line = "", ...more] = stdout.trimEnd().split("\n");
  expect(more).toEqual([]);
  expect(JSON.parse(line)).toMatchObject({
    msg: "refused",
    reason: expect.stringMatching(/database "nothing" does not exist: make it with createdb/),
  });
  expect(line).not.toContain("stack");
});
