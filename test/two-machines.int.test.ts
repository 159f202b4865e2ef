/** Two runners with a data folder each on one pair of stores, as on two machines: joined, refused, and one of them killed. */
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { childEnvironment } from "../infra/local/cli/environment.ts";
import { askStatus } from "../infra/local/cluster/control-client.ts";
import { mintUsers } from "../infra/local/cluster/mint-users.ts";
import { bundled } from "../infra/local/supervise/bundle.ts";
import { signal, treeOf } from "../load-tests/faults/target/processes.ts";
import { runCommand } from "../load-tests/support/commands.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { RUNNER, startRunner } from "../load-tests/support/runner.ts";
import { connectPostgres } from "../shared/server/postgres/pool.ts";
import { enter, type TestClient } from "./support/client.ts";
import { createDatabase, type TestDatabase } from "./support/postgres.ts";
import { countOutcomes } from "./support/queries.ts";
import { startRedis, type TestRedis } from "./support/redis.ts";

const PATIENCE_MS = 120_000;
const home = mkdtempSync(join(tmpdir(), "suda-machines-"));
let database: TestDatabase;
let redis: TestRedis;
let machines: Machine[] = [];
beforeEach(async () => {
  [database, redis] = await Promise.all([createDatabase(), startRedis()]);
});
afterEach(async () => {
  await Promise.all(machines.map(({ runner }) => runner.end()));
  machines = [];
  await Promise.all([database.drop(), redis.stop()]);
}, PATIENCE_MS);
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Machine = { data: string; url: string; runner: ReturnType<typeof startRunner> };
const stores = () => ({ REDIS_URL: redis.url, DATABASE_URL: database.url });

async function startMachine(env: Record<string, string>, ...args: string[]): Promise<Machine> {
  const data = mkdtempSync(join(home, "data-"));
  const port = await freePort();
  const settings = { SUDA_ARCHIVE_MS: "200", ...env };
  const start = ["--port", String(port), "--data", data, "--gateways", "1", "--limits", "off", ...args];
  const runner = startRunner(start, settings, { program: await bundled(RUNNER) });
  const machine = { data, url: `http://127.0.0.1:${port}`, runner };
  machines.push(machine);
  return machine;
}

/** The file that the first machine prints, as the second gets it. */
async function fileFrom({ data }: Machine): Promise<string> {
  const file = join(home, `join-${machines.length}`);
  writeFileSync(file, await runCommand("secrets", ["--show"], { data, programOf: bundled }));
  chmodSync(file, 0o600);
  return file;
}

async function joinedPair(): Promise<[Machine, Machine]> {
  const first = await startMachine(stores());
  await first.runner.ready();
  const second = await startMachine({}, "--join", await fileFrom(first));
  await second.runner.ready();
  return [first, second];
}

/** Says messages until each is acknowledged. @returns the seqs. */
async function sayAll(client: TestClient, tag: string, count: number): Promise<number[]> {
  const ids = Array.from({ length: count }, (_, n) => `${tag}-${n}`);
  for (const clientId of ids) {
    client.say({ type: "send", room: "lobby", clientId, text: clientId });
    await delay(5);
  }
  const acks = await Promise.all(ids.map((id) => client.sees("ack", ({ clientId }) => clientId === id)));
  return acks.map(({ seq }) => seq);
}

/** Waits until everything that was acknowledged is a row. */
async function expectRows(acknowledged: number): Promise<void> {
  const sql = connectPostgres(database.url, { name: "test", max: 1 });
  try {
    const expected = { rows: acknowledged, deadLetters: 0 };
    await expect.poll(() => countOutcomes(sql), { timeout: 20_000 }).toEqual(expected);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

type Seen = { kind: string; about: string; says: string };

/** @returns the finding of doctor about this. */
async function seenBy({ data }: Machine, about: string, env = {}, ...words: string[]): Promise<string> {
  const doctor = [...(await bundled("infra/local/doctor.ts")), "--json", "--data", data, ...words];
  const options = { env: childEnvironment({ REDIS_URL: "", DATABASE_URL: "", ...env }) };
  // Its exit code tells of all findings.
  const said = await promisify(execFile)(process.execPath, doctor, options).catch((error) => error);
  const { findings } = JSON.parse(said.stdout) as { findings: Seen[] };
  const found = findings.find((each) => each.about === about);
  return `${found?.kind}: ${found?.says}`;
}
const clusterSeenBy = (machine: Machine, env = {}) => seenBy(machine, "cluster", env);
const connectionsSeenBy = (machine: Machine, gateways: number) =>
  seenBy(machine, "PostgreSQL connections", {}, "--gateways", String(gateways));

it(
  "a second machine joins by a file: one order, all rows, everybody hears all, also when one is killed whole",
  async () => {
    const [first, second] = await joinedPair();
    const users = await mintUsers(first.data, 2);
    const token = (index: number): string => users[index]?.accessToken ?? "";
    const a = await enter(first.url, { token: token(0) });
    const b = await enter(second.url, { token: token(1) });
    const seqs = (await Promise.all([sayAll(a, "a", 200), sayAll(b, "b", 200)])).flat();
    expect(new Set(seqs).size).toBe(400);
    for (const client of [a, b]) await client.until("every message", () => client.messages().length === 400);
    expect(a.messages().map(({ seq }) => seq)).toEqual(b.messages().map(({ seq }) => seq));
    await expectRows(400);

    const elsewhere = async (): Promise<string[]> =>
      ((await askStatus(first.data)).others ?? []).map(({ kind, ready }) => `${kind} ${ready}`).sort();
    await expect.poll(elsewhere, { timeout: 10_000 }).toEqual(["gateway true", "runner true", "worker true"]);

    expect(await clusterSeenBy(second)).toMatch(
      /^fine: these stores and keys are .*; alive: 6 processes on 1 machine$/,
    );
    expect(await connectionsSeenBy(second, 3)).toMatch(
      /4 gateways and 2 workers of all that run on it need 50$/,
    );

    const saying = sayAll(b, "after", 100);
    const { processes } = await askStatus(first.data);
    const whole = [first.runner.pid, ...processes.map(({ pid }) => Number(pid))].flatMap(treeOf);
    for (const pid of new Set(whole)) signal(pid, "SIGKILL");
    expect(await saying).toHaveLength(100);
    await expectRows(500);
  },
  PATIENCE_MS,
);

it(
  "a second machine with other keys, or with another Redis, is refused in one line, and nothing of it starts",
  async () => {
    const first = await startMachine(stores());
    await first.runner.ready();
    const otherKeys = await startMachine(stores());
    expect(await otherKeys.runner.gone).toBe(1);
    expect(lastLine(otherKeys)).toMatch(/^The signing keys are not those of this cluster: .{20,200}$/);
    const other = await startRedis();
    const file = await fileFrom(first);
    const otherRedis = await startMachine({ REDIS_URL: other.url }, "--join", file);
    expect(await otherRedis.runner.gone).toBe(1);
    expect(lastLine(otherRedis)).toMatch(/^This is not the Redis of this cluster: .{20,200}$/);
    for (const { runner } of [otherKeys, otherRedis])
      expect(runner.said()).not.toContain("Starting the worker");
    expect(await clusterSeenBy(otherKeys, stores())).toBe(`refuses: ${lastLine(otherKeys)}`);
    expect(await clusterSeenBy(otherRedis, { REDIS_URL: other.url })).toBe(
      `refuses: ${lastLine(otherRedis)}`,
    );
    await other.stop();
    const { secret } = JSON.parse(readFileSync(file, "utf8")).jwtKey;
    for (const { runner } of machines) expect(runner.said()).not.toContain(secret);
  },
  PATIENCE_MS,
);

it(
  "of two that start in the same second with keys of their own one serves, and the other says why it does not",
  async () => {
    const both = await Promise.all([startMachine(stores()), startMachine(stores())]);
    const outcomes = await Promise.all(
      both.map(async (machine) => {
        await machine.runner.ready().catch(() => undefined);
        return machine.runner.said().includes("Ready after") ? "serves" : lastLine(machine);
      }),
    );
    expect(outcomes.filter((line) => line === "serves")).toHaveLength(1);
    expect(outcomes.find((line) => line !== "serves")).toMatch(
      /^The signing keys are not those of this cluster: /,
    );
  },
  PATIENCE_MS,
);

const lastLine = ({ runner }: Machine): string => runner.said().trimEnd().split("\n").at(-1) ?? "";
