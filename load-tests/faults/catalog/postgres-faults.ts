/** Faults of PostgreSQL: suspended for a long time, killed. */
import { setTimeout as wait } from "node:timers/promises";
import { signal, treeOf } from "../target/processes.ts";
import { type Fault, type FaultContext, lasting } from "./fault.ts";

/** At 200 messages/s far more events than a log keeps once all are stored. */
const AWAY_MS = 60_000;

/** Suspends all its processes: connections stay open and get no answer. @returns a function that resumes them. */
export async function pausePostgres({ cluster }: FaultContext): Promise<() => void> {
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
    inject: async (context) => {
      const resume = await pausePostgres(context);
      await wait(lasting(context, AWAY_MS));
      resume();
    },
  },
  {
    name: "postgres-kill",
    about: "SIGKILL of PostgreSQL; it comes back by its write-ahead log",
    target: "postgres",
    resumes: true,
    inject: async ({ cluster }) => {
      await cluster.signal("postgres", "SIGKILL");
    },
  },
];
