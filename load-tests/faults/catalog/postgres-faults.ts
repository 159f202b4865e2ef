/** Faults of PostgreSQL: suspended for a long time, killed, and what its administrators do to it. */
import { setTimeout as wait } from "node:timers/promises";
import { openTrouble } from "../../trouble-queries.ts";
import { signal, treeOf } from "../target/processes.ts";
import { type Fault, type FaultContext, lasting } from "./fault.ts";

/** At 200 messages/s far more events than a log keeps once all are stored. */
const AWAY_MS = 60_000;

/** For a process that takes its time to be noticed, and for people to try again. */
const TROUBLE_MS = 30_000;
const LOCKED_MS = 45_000;

type Trouble = ReturnType<typeof openTrouble>;

/** Opens a connection beside those of the cluster during `work`. */
async function withTrouble(
  { cluster }: FaultContext,
  work: (trouble: Trouble) => Promise<unknown>,
): Promise<void> {
  const trouble = openTrouble(cluster.backends.databaseUrl);
  try {
    await work(trouble);
  } finally {
    await trouble.close();
  }
}

/** Has the settings of the server changed for a while. */
const changed =
  (settings: Record<string, string>): Fault["inject"] =>
  (context) =>
    withTrouble(context, async (trouble) => {
      await trouble.set(settings);
      await wait(lasting(context, TROUBLE_MS));
      // The connection of this process is under the settings too.
      await withTrouble(context, ({ reset }) => reset());
    });

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
  {
    name: "postgres-cut",
    about: "all connections to PostgreSQL are cut once a second for 30 s",
    target: "postgres",
    resumes: true,
    inject: (context) =>
      withTrouble(context, async (trouble) => {
        for (const end = Date.now() + lasting(context, TROUBLE_MS); Date.now() < end; await wait(1_000))
          await trouble.cutOthers();
      }),
  },
  {
    name: "postgres-read-only",
    about: "PostgreSQL takes no writes for 30 s",
    target: "postgres",
    resumes: true,
    inject: changed({ default_transaction_read_only: "on" }),
  },
  {
    name: "postgres-hasty",
    about: "PostgreSQL ends statements after 1 s and idle connections after 2 s, for 30 s",
    target: "postgres",
    resumes: true,
    inject: changed({ statement_timeout: "'1s'", idle_session_timeout: "'2s'" }),
  },
  {
    name: "postgres-locked",
    about: "somebody locks users for 20 s, then messages for 45 s",
    target: "postgres",
    resumes: true,
    inject: (context) =>
      withTrouble(context, async (trouble) => {
        await trouble.lock("users", () => wait(lasting(context, LOCKED_MS) / 2.25));
        await trouble.lock("messages", () => wait(lasting(context, LOCKED_MS)));
      }),
  },
];
