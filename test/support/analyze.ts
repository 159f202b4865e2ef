/** The cost of statements on `messages`, measured by PostgreSQL. All changes are rolled back. */
import { connectPostgres, type Sql, type Transaction } from "../../shared/server/postgres/pool.ts";
import { parametersOf, type Statement } from "./explain.ts";

type Plan = {
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  "Relation Name"?: string;
  Plans?: Plan[];
};
type Answer = { "QUERY PLAN": [{ Plan: Plan; "Planning Time": number }] };
/**
 * `partitions`: the locked ones. `buffers`: the number of page accesses. `rows`: the rows of `messages` that were read.
 */
export type Analyzed = {
  statement: string;
  partitions: string[];
  planningMs: number;
  buffers: number;
  rows: number;
};

/** Matches SQL on `messages`. */
export const ON_MESSAGES = /\b(from|join|update|into|copy)\s+messages\b/;
/** The fastest of this many plans counts, because other work of the machine disturbs some. */
const TRIES = 5;
const UNDO = Symbol("undo");

/** Begins a savepoint if the work asks for a transaction, because one is already under way. */
const asPool = (tx: Transaction): Sql =>
  new Proxy(tx, {
    get: (target, name) =>
      name === "begin"
        ? (...given: unknown[]) => target.savepoint(given.at(-1) as (inner: Transaction) => Promise<unknown>)
        : Reflect.get(target, name),
  }) as unknown as Sql;

export function openAnalyzer(url: string) {
  let seen: Statement[] = [];
  const watch = (text: string, parameters: unknown[]): void => {
    if (ON_MESSAGES.test(text)) seen.push({ text, parameters });
  };
  const watched = connectPostgres(url, { name: "watched", max: 1, watch });
  const explainer = connectPostgres(url, { name: "explainer", max: 1 });

  return {
    /**
     * Runs the work and rolls it back, then runs each of its statements again by itself.
     * @returns those that can be explained, and the copies.
     */
    async analyzed(work: (sql: Sql) => Promise<unknown>): Promise<Analyzed[]> {
      seen = [];
      const copied = await undone(watched, async (tx) => {
        await work(asPool(tx));
        return lockedPartitions(tx);
      });
      const results: Analyzed[] = [];
      for (const statement of seen) {
        const isCopy = /^\s*copy\b/.test(statement.text);
        results.push(
          isCopy
            ? { statement: statement.text, partitions: copied, planningMs: 0, buffers: 0, rows: 0 }
            : await analyze(explainer, statement),
        );
      }
      return results;
    },
    close: async (): Promise<void> => {
      await Promise.all([watched.end({ timeout: 1 }), explainer.end({ timeout: 1 })]);
    },
  };
}

async function analyze(sql: Sql, statement: Statement): Promise<Analyzed> {
  const tries: Analyzed[] = [];
  for (let n = 0; n < TRIES; n++) {
    const found = await undone(sql, async (tx) => {
      const [row] = await tx.unsafe<Answer[]>(
        `explain (analyze, buffers, timing off, format json) ${statement.text}`,
        parametersOf(statement),
      );
      return { top: row?.["QUERY PLAN"][0], partitions: await lockedPartitions(tx) };
    });
    if (!found.top) throw new Error(`no plan: ${statement.text}`);
    tries.push({
      statement: statement.text,
      partitions: found.partitions,
      planningMs: found.top["Planning Time"],
      buffers: found.top.Plan["Shared Hit Blocks"] + found.top.Plan["Shared Read Blocks"],
      rows: rowsOf(found.top.Plan),
    });
  }
  return tries.reduce((best, each) => (each.planningMs < best.planningMs ? each : best));
}

/** @returns the result of the work, which is rolled back. */
async function undone<T>(sql: Sql, work: (tx: Transaction) => Promise<T>): Promise<T> {
  let result: T | undefined;
  await sql
    .begin(async (tx) => {
      result = await work(tx);
      throw UNDO;
    })
    .catch((error: unknown) => {
      if (error !== UNDO) throw error;
    });
  return result as T;
}

async function lockedPartitions(tx: Transaction): Promise<string[]> {
  const locked = await tx<{ name: string }[]>`
    select distinct relation::regclass::text as name from pg_locks
    where pid = pg_backend_pid() and relation::regclass::text ~ '^messages_[0-9]{8}$' order by name`;
  return locked.map(({ name }) => name);
}

function rowsOf(plan: Plan): number {
  const own = /^messages_/.test(plan["Relation Name"] ?? "")
    ? (plan["Actual Rows"] + (plan["Rows Removed by Filter"] ?? 0)) * plan["Actual Loops"]
    : 0;
  return (plan.Plans ?? []).reduce((sum, each) => sum + rowsOf(each), own);
}
