/** Faults of the bus: connections that break, and connections that go silent without breaking. */
import { setTimeout as wait } from "node:timers/promises";
import { askRedis } from "../../support/redis-command.ts";
import type { Fault, FaultContext } from "./fault.ts";

const KILLS = 3;
const BETWEEN_MS = 1_000;
/** A silent connection has to be noticed within this time; until then the fault lasts. */
const BLACK_HOLE_MS = 3_000;

const blackHole =
  (which: "marked" | "all") =>
  async ({ relay }: FaultContext): Promise<void> => {
    if (!relay || relay.blackHole(which) === 0) throw new Error("no connection passes through the relay");
    await wait(BLACK_HOLE_MS);
  };

export const BUS_FAULTS: Fault[] = [
  {
    name: "bus-kill",
    about: "Redis closes all pub/sub connections, three times",
    target: "redis",
    resumes: true,
    inject: async ({ cluster: { backends } }) => {
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
    needs: "relay",
    within: { silenceMax: 1_500 },
    inject: blackHole("marked"),
  },
  {
    name: "redis-hole",
    about: "all connections to Redis swallow everything and stay open",
    target: "redis",
    needs: "relay",
    inject: blackHole("all"),
  },
];
