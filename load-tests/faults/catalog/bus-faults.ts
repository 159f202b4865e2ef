/** A bus that breaks, and one that goes silent without breaking. */
import { setTimeout as wait } from "node:timers/promises";
import { askRedis } from "../target/redis-command.ts";
import type { Fault, World } from "./fault.ts";

const KILLS = 3;
const BETWEEN_MS = 1_000;
/** A connection that nothing passes on has to be found out in this time; until then the fault lasts. */
const HOLE_MS = 3_000;

const blackHole =
  (which: "pub/sub" | "all") =>
  async ({ proxy }: World): Promise<void> => {
    if (!proxy || proxy.blackHole(which) === 0) throw new Error("no connection passes through the proxy");
    await wait(HOLE_MS);
  };

export const BUS_FAULTS: Fault[] = [
  {
    name: "bus-kill",
    about: "Redis closes all pub/sub connections, three times",
    target: "redis",
    resumes: true,
    strike: async ({ cluster: { backends } }) => {
      for (let kill = 0; kill < KILLS; kill++) {
        await askRedis(backends.redisUrl, "CLIENT", "KILL", "TYPE", "pubsub");
        await wait(BETWEEN_MS);
      }
    },
  },
  {
    name: "bus-hole",
    about: "pub/sub connections swallow everything and stay open",
    target: "redis",
    resumes: true,
    needsProxy: true,
    within: { silenceMost: 1_500 },
    strike: blackHole("pub/sub"),
  },
  {
    name: "redis-hole",
    about: "all connections to Redis swallow everything and stay open",
    target: "redis",
    needsProxy: true,
    strike: blackHole("all"),
  },
];
