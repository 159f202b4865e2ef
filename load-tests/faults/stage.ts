/** The cluster that faults are played on: an ordinary one, or one that reaches its Redis through a proxy. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../cluster.ts";
import { type FaultClusterSettings, startFaultCluster } from "./cluster.ts";
import { spawnTied } from "./processes.ts";
import { openProxy } from "./proxy.ts";
import type { Random } from "./random.ts";
import { askRedis } from "./redis.ts";
import type { Stage } from "./run-fault.ts";

export type StageSettings = FaultClusterSettings & { clients: number; random: Random };
export type OpenStage = Stage & { close: () => Promise<void> };

const ANSWER_TRIES = 100;

export async function openStage({ clients, random, ...settings }: StageSettings): Promise<OpenStage> {
  const cluster = await startFaultCluster(settings);
  return { cluster, proxy: null, users: await cluster.mint(clients), random, close: cluster.stop };
}

export async function openProxiedStage(settings: StageSettings): Promise<OpenStage> {
  const redis = await startRedis();
  const port = await freePort();
  const proxy = await openProxy(port, redis.port);
  const release = async (): Promise<void> => {
    await proxy.close();
    await redis.stop();
  };
  try {
    const redisUrl = `redis://:${redis.password}@127.0.0.1:${port}`;
    const stage = await openStage({ ...settings, redisUrl });
    const close = async (): Promise<void> => {
      await stage.close();
      await release();
    };
    return { ...stage, proxy, close };
  } catch (error) {
    await release();
    throw error;
  }
}

async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), "suda-faults-redis-"));
  const port = await freePort();
  const password = randomBytes(12).toString("hex");
  const options = { port, bind: "127.0.0.1", dir: folder, appendonly: "yes", requirepass: password };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawnTied({}, "redis-server", [...args, "--save", "", "--loglevel", "warning"]);
  const gone = new Promise((resolve) => server.once("exit", resolve));
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `redis://:${password}@127.0.0.1:${port}`;
  for (let tries = 0; tries < ANSWER_TRIES; tries++) {
    if ((await askRedis(url, "PING").catch(() => "")) === "PONG") return { port, password, stop };
    await wait(100);
  }
  await stop();
  throw new Error("redis-server does not start");
}
