/** Faults of Redis: killed, emptied, cut short, stalled, full. */
import { readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { askRedis } from "../../support/redis-command.ts";
import { signal } from "../target/processes.ts";
import { type Fault, type FaultContext, lasting } from "./fault.ts";
import { pausePostgres } from "./postgres-faults.ts";

const STALL_MS = 5_000;
const FULL_MS = 6_000;
/** Room for a few more messages, so that Redis becomes full while they are sent. */
const LEFT_BYTES = 16 << 10;
/** Some dozens of messages, and more than a gateway's memory holds. */
const CUT = { tail: 64 << 10, max: 4 << 20 };
/** PostgreSQL falls behind for this long before Redis loses the events that only Redis had. */
const BEHIND_MS = 10_000;

const appendOnlyFolder = ({ cluster }: FaultContext): string => join(cluster.redisFolder, "appendonlydir");

/** Changes the files while the old Redis is suspended, because the runner starts another one as soon as it is dead. */
async function dieWith(context: FaultContext, changeFiles: () => void): Promise<void> {
  const pid = await context.cluster.signal("redis", "SIGSTOP");
  changeFiles();
  signal(pid, "SIGKILL");
}

const empty = (context: FaultContext) => (): void => rmSync(appendOnlyFolder(context), { recursive: true });

const cutBy = (context: FaultContext, bytes: number) => (): void => {
  for (const name of readdirSync(appendOnlyFolder(context)).filter((each) => each.endsWith(".incr.aof"))) {
    const file = join(appendOnlyFolder(context), name);
    truncateSync(file, Math.max(0, statSync(file).size - bytes));
  }
};

/**
 * While PostgreSQL is away, Redis collects far more events than the gateways' memory. Then it dies together with the
 * worker, whose current batch would be a copy. Only the senders have the other events.
 */
async function dieAhead(context: FaultContext, changeFiles: () => void): Promise<void> {
  const resume = await pausePostgres(context);
  await wait(lasting(context, BEHIND_MS));
  await context.cluster.signal("worker", "SIGKILL");
  await dieWith(context, changeFiles);
  resume();
}

export const REDIS_FAULTS: Fault[] = [
  {
    name: "redis-kill",
    about: "SIGKILL of Redis; it comes back with its append-only file",
    target: "redis",
    resumes: true,
    inject: async ({ cluster }) => {
      await cluster.signal("redis", "SIGKILL");
    },
  },
  {
    name: "redis-empty",
    about: "Redis comes back with nothing",
    target: "redis",
    inject: (context) => dieWith(context, empty(context)),
  },
  {
    name: "redis-cut",
    about: "Redis comes back with its append-only file cut short",
    target: "redis",
    inject: (context) => dieWith(context, cutBy(context, CUT.tail)),
  },
  {
    name: "redis-empty-ahead",
    about: "Redis comes back with nothing, when PostgreSQL is far behind it",
    target: "redis",
    inject: (context) => dieAhead(context, empty(context)),
  },
  {
    name: "redis-cut-ahead",
    about: "Redis comes back cut short, when PostgreSQL is far behind it",
    target: "redis",
    inject: (context) => dieAhead(context, cutBy(context, CUT.max)),
  },
  {
    name: "memory-gone",
    about:
      "Redis and all gateways forget, when PostgreSQL is far behind: only those who sent it know the rest",
    target: "redis",
    inject: async (context) => {
      const { processes } = await context.cluster.status();
      const gateways = processes.filter(({ name }) => name.startsWith("gateway-"));
      await dieAhead(context, () => {
        for (const { pid } of gateways) signal(pid, "SIGKILL");
        empty(context)();
      });
    },
  },
  {
    name: "redis-stall",
    about: "Redis does not answer for 5 s",
    target: "redis",
    resumes: true,
    inject: async ({ cluster }) => {
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
    inject: async ({ cluster: { backends } }) => {
      const used = /used_memory:(\d+)/.exec(await askRedis(backends.redisUrl, "INFO", "memory"))?.[1];
      await askRedis(backends.redisUrl, "CONFIG", "SET", "maxmemory", String(Number(used) + LEFT_BYTES));
      await wait(FULL_MS);
      const refused = (await askRedis(backends.redisUrl, "INFO", "errorstats")).includes("OOM");
      await askRedis(backends.redisUrl, "CONFIG", "SET", "maxmemory", "0");
      if (!refused) throw new Error("Redis never was full");
    },
  },
];
