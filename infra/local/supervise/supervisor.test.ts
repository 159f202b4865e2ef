import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../../../shared/until.ts";
import type { ProcessSpec } from "./process-spec.ts";
import { type ManagedProcess, supervise } from "./supervisor.ts";

let folder: string;
let said: string[];
let supervised: ManagedProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "suda-supervisor-"));
  said = [];
});
afterEach(async () => {
  await supervised.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A shell script as a managed process; it is ready while the file `ready` exists in its folder. */
function run(script: string, more: Partial<ProcessSpec> = {}): ManagedProcess {
  const spec: ProcessSpec = {
    name: "thing",
    port: 0,
    command: () => ({ command: "sh", args: ["-c", `cd ${folder}; ${script}`] }),
    ready: async () => existsSync(join(folder, "ready")),
    stopSignal: "SIGTERM",
    stopWithinMs: 300,
    checkEveryMs: 20,
    ...more,
  };
  const recorder = { add: () => undefined, remove: () => undefined };
  supervised = supervise(spec, { logs: folder, recorder, say: (line) => said.push(line) });
  return supervised;
}

it("start resolves when the process serves, and a killed process is restarted", async () => {
  const thing = run("touch ready; exec sleep 60");
  await thing.start();
  const first = thing.pid();
  thing.signal("SIGKILL");
  await until("it is back", () => thing.pid() !== undefined && thing.pid() !== first && thing.ready());
  expect(thing.restarts()).toBe(1);
  expect(said).toEqual(["thing ended (SIGKILL): starting it again"]);
});

it("a process that crash-loops during the start fails the start, with the end of its log", async () => {
  await expect(run("echo no such database; exit 3").start()).rejects.toThrow(
    /does not start.*no such database/s,
  );
});

it("a process that refuses to run fails the start at its first try, with its own line", async () => {
  const line = JSON.stringify({ level: 60, reason: "This is not the Redis of this cluster", msg: "refused" });
  const start = run(`echo run >> runs; echo '${line}'; exit 78`).start();
  await expect(start).rejects.toThrow("thing does not start: This is not the Redis of this cluster");
  expect(said).toEqual(["thing ended (This is not the Redis of this cluster): starting it again"]);
});

it("a command that cannot be run at all fails the start at once, with the reason", async () => {
  const command = () => Promise.reject(new Error("redis-server is not installed"));
  await expect(run("", { command }).start()).rejects.toThrow(
    "thing does not start: redis-server is not installed",
  );
});

it("restarts in a crash loop back off, longer each time", async () => {
  writeFileSync(join(folder, "ready"), "");
  const thing = run("date +%s%N >> starts; exit 1");
  await thing.start().catch(() => undefined);
  await until("five starts", () => thing.restarts() >= 4);
  const starts = readFileSync(join(folder, "starts"), "utf8").trim().split("\n").map(Number);
  const [, third = 0, fourth = 0] = starts.slice(1).map((at, i) => (at - (starts[i] ?? 0)) / 1e6);
  // Only lower bounds: a busy machine may add to each of them.
  expect(third).toBeGreaterThan(240);
  expect(fourth).toBeGreaterThan(490);
});

it("a requested restart resolves when the replacement serves, and is not reported as a failure", async () => {
  const thing = run("touch ready; exec sleep 60");
  await thing.start();
  const first = thing.pid();
  await thing.restart();
  expect(thing.pid()).not.toBe(first);
  expect(said).toEqual([]);
});

it("a process that ignores its stop signal is killed, with everything that it started", async () => {
  const thing = run("trap '' TERM; sleep 61 & echo $! > child; touch ready; wait; sleep 61");
  await thing.start();
  await thing.stop();
  const child = readFileSync(join(folder, "child"), "utf8").trim();
  await until("its child is gone", () => !existsSync(`/proc/${child}`) || isZombie(child));
  expect(thing.pid()).toBeUndefined();
});

const isZombie = (pid: string): boolean => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
