/** A Redis that dies, forgets, stalls and is full. */
import { readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { signal } from "../target/processes.ts";
import { askRedis } from "../target/redis-command.ts";
import { type Fault, lasting, type World } from "./fault.ts";
import { pausePostgres } from "./postgres-faults.ts";

const STALL_MS = 5_000;
const FULL_MS = 6_000;
/** Room for a few messages more: it has to become full while they are sent. */
const LEFT_BYTES = 16 << 10;
/** Some dozens of messages, and more than a gateway's memory holds. */
const CUT = { tail: 64 << 10, most: 4 << 20 };
/** So long PostgreSQL falls behind before Redis forgets what only it had. */
const BEHIND_MS = 10_000;

const appendOnlyFolder = ({ cluster }: World): string => join(cluster.redisFolder, "appendonlydir");

/** The runner starts another Redis at once, so the files are changed while the old one can no longer write. */
async function dieWith(world: World, changeFiles: () => void): Promise<void> {
  const pid = await world.cluster.signal("redis", "SIGSTOP");
  changeFiles();
  signal(pid, "SIGKILL");
}

const empty = (world: World) => (): void => rmSync(appendOnlyFolder(world), { recursive: true });

const cutBy = (world: World, bytes: number) => (): void => {
  for (const name of readdirSync(appendOnlyFolder(world)).filter((each) => each.endsWith(".incr.aof"))) {
    const file = join(appendOnlyFolder(world), name);
    truncateSync(file, Math.max(0, statSync(file).size - bytes));
  }
};

/**
 * While PostgreSQL is away, Redis holds far more than the gateways remember; then it dies, and with it the worker, whose
 * batch on its way to PostgreSQL would be a copy. What is left of the rest is with the people who sent it.
 */
async function dieAhead(world: World, changeFiles: () => void): Promise<void> {
  const resume = await pausePostgres(world);
  await wait(lasting(world, BEHIND_MS));
  await world.cluster.signal("worker", "SIGKILL");
  await dieWith(world, changeFiles);
  resume();
}

export const REDIS_FAULTS: Fault[] = [
  {
    name: "redis-kill",
    about: "SIGKILL of Redis; it comes back with its append-only file",
    target: "redis",
    resumes: true,
    strike: async ({ cluster }) => {
      await cluster.signal("redis", "SIGKILL");
    },
  },
  {
    name: "redis-empty",
    about: "Redis comes back with nothing",
    target: "redis",
    strike: (world) => dieWith(world, empty(world)),
  },
  {
    name: "redis-cut",
    about: "Redis comes back with its append-only file cut short",
    target: "redis",
    strike: (world) => dieWith(world, cutBy(world, CUT.tail)),
  },
  {
    name: "redis-empty-ahead",
    about: "Redis comes back with nothing, when PostgreSQL is far behind it",
    target: "redis",
    strike: (world) => dieAhead(world, empty(world)),
  },
  {
    name: "redis-cut-ahead",
    about: "Redis comes back cut short, when PostgreSQL is far behind it",
    target: "redis",
    strike: (world) => dieAhead(world, cutBy(world, CUT.most)),
  },
  {
    name: "memory-gone",
    about:
      "Redis and all gateways forget, when PostgreSQL is far behind: only those who sent it know the rest",
    target: "redis",
    strike: async (world) => {
      const { processes } = await world.cluster.status();
      const gateways = processes.filter(({ name }) => name.startsWith("gateway-"));
      await dieAhead(world, () => {
        for (const { pid } of gateways) signal(pid, "SIGKILL");
        empty(world)();
      });
    },
  },
  {
    name: "redis-stall",
    about: "Redis does not answer for 5 s",
    target: "redis",
    resumes: true,
    strike: async ({ cluster }) => {
      const pid = await cluster.signal("redis", "SIGSTOP");
      await wait(STALL_MS);
      signal(pid, "SIGCONT");
    },
  },
  {
    name: "redis-full",
    about: "Redis runs out of memory",
    target: "redis",
    resumes: true,
    strike: async ({ cluster: { backends } }) => {
      const used = /used_memory:(\d+)/.exec(await askRedis(backends.redisUrl, "INFO", "memory"))?.[1];
      await askRedis(backends.redisUrl, "CONFIG", "SET", "maxmemory", String(Number(used) + LEFT_BYTES));
      await wait(FULL_MS);
      const refused = (await askRedis(backends.redisUrl, "INFO", "errorstats")).includes("OOM");
      await askRedis(backends.redisUrl, "CONFIG", "SET", "maxmemory", "0");
      if (!refused) throw new Error("Redis never was full");
    },
  },
];
