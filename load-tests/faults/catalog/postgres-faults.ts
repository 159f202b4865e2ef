/** A PostgreSQL that is away for long, and one that dies. */
import { setTimeout as wait } from "node:timers/promises";
import { signal, treeOf } from "../target/processes.ts";
import { type Fault, lasting, type World } from "./fault.ts";

/** At 200 messages/s far more events than a log keeps when all of them are stored. */
const AWAY_MS = 60_000;

/** Stops all its processes: nothing is refused, nothing is answered. @returns how to let them go on. */
export async function pausePostgres({ cluster }: World): Promise<() => void> {
  const processes = treeOf(await cluster.pidOf("postgres"));
  for (const pid of processes) signal(pid, "SIGSTOP");
  return () => {
    for (const pid of processes) signal(pid, "SIGCONT");
  };
}

export const POSTGRES_FAULTS: Fault[] = [
  {
    name: "postgres-away",
    about: "PostgreSQL answers nothing for 60 s, or half of --seconds",
    target: "postgres",
    resumes: true,
    strike: async (world) => {
      const resume = await pausePostgres(world);
      await wait(lasting(world, AWAY_MS));
      resume();
    },
  },
  {
    name: "postgres-kill",
    about: "SIGKILL of PostgreSQL; it comes back by its write-ahead log",
    target: "postgres",
    resumes: true,
    strike: async ({ cluster }) => {
      await cluster.signal("postgres", "SIGKILL");
    },
  },
];
