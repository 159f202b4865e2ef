/** Faults of the worker: killed between any two steps, and two at once. */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ROOT } from "../../support/commands.ts";
import { freePort } from "../../support/free-port.ts";
import { spawnChild } from "../../support/spawn.ts";
import { signal } from "../target/processes.ts";
import { type Fault, lasting } from "./fault.ts";

const KILLING_MS = 10_000;
/** Shorter than the time after which the runner gives up a hung worker. */
const PAUSE_MS = 4_000;

export const WORKER_FAULTS: Fault[] = [
  {
    name: "worker-kill",
    about: "SIGKILL of the worker again and again, between any two steps",
    target: "worker",
    resumes: true,
    inject: async (context) => {
      const { cluster, random } = context;
      for (const end = performance.now() + lasting(context, KILLING_MS); performance.now() < end; ) {
        await cluster.signal("worker", "SIGKILL");
        await wait(random.between(300, 1_500));
      }
    },
  },
  {
    name: "worker-pair",
    about: "the worker is stopped while a second one runs, then both go on",
    target: "worker",
    resumes: true,
    inject: async ({ cluster }) => {
      const { redisUrl, databaseUrl, keyPrefix } = cluster.backends;
      const second = spawnChild(
        {
          REDIS_URL: redisUrl,
          DATABASE_URL: databaseUrl,
          SUDA_KEY_PREFIX: keyPrefix,
          SUDA_NAME: "worker-2",
          SUDA_INTERNAL_PORT: String(await freePort()),
          SUDA_LOG_LEVEL: "error",
          SUDA_ARCHIVE_EVENTS: "1",
        },
        process.execPath,
        [join(ROOT, "worker/main.ts")],
        ["ignore", "ignore", "inherit"],
      );
      const gone = new Promise((resolve) => second.once("exit", resolve));
      // Both run for a while before and after, so that they race.
      await wait(PAUSE_MS / 2);
      const pid = await cluster.signal("worker", "SIGSTOP");
      await wait(PAUSE_MS);
      signal(pid, "SIGCONT");
      await wait(PAUSE_MS / 2);
      second.kill("SIGTERM");
      await gone;
    },
  },
];
