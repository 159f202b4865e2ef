/** The daily partitions that the statements of a test open, from PostgreSQL's plans. */
import { connectPostgres } from "../../shared/server/postgres/pool.ts";

export type Statement = { text: string; parameters: unknown[] };
type Plan = { "Node Type"?: string; "Relation Name"?: string; "Index Name"?: string; Plans?: Plan[] };
/** `limited`: the statement ends after a number of rows. */
export type Explained = {
  statement: string;
  partitions: string[];
  indexes: string[];
  planningMs: number;
  limited: boolean;
};

const PARTITION = /^messages_\d{8}$/;
const namesOf = (plan: Plan, kind: "Relation Name" | "Index Name"): string[] => [
  ...(plan[kind] ? [plan[kind]] : []),
  ...(plan.Plans ?? []).flatMap((each) => namesOf(each, kind)),
];

/** Parameters are logged as they are sent; arrays as text. */
const isArray = (text: string, index: number): boolean =>
  new RegExp(`\\$${index + 1}::\\w+\\[\\]`).test(text);
const listOf = (sent: string): unknown[] =>
  JSON.parse(`[${sent.slice(1, -1).replaceAll(/\bNULL\b/g, "null")}]`);
export const parametersOf = ({ text, parameters }: Statement): never[] =>
  parameters.map((value, index) => (isArray(text, index) ? listOf(String(value)) : value)) as never[];

/** A pool whose statements on `messages` can be explained. */
export function watchStatements(url: string) {
  const seen: Statement[] = [];
  const watch = (text: string, parameters: unknown[]): void => {
    if (/\b(from|join|update|into) messages\b/.test(text)) seen.push({ text, parameters });
  };
  const sql = connectPostgres(url, { name: "watched", max: 2, watch });
  const explainer = connectPostgres(url, { name: "explainer", max: 1 });

  const explain = async (statement: Statement): Promise<Explained> => {
    const { text } = statement;
    const [row] = await explainer.unsafe<{ "QUERY PLAN": [{ Plan: Plan; "Planning Time": number }] }[]>(
      `explain (format json, summary on) ${text}`,
      parametersOf(statement),
    );
    const [top] = row?.["QUERY PLAN"] ?? [];
    const named = namesOf(top?.Plan ?? {}, "Relation Name").filter((name) => PARTITION.test(name));
    return {
      statement: text,
      partitions: [...new Set(named)].sort(),
      indexes: namesOf(top?.Plan ?? {}, "Index Name"),
      planningMs: top?.["Planning Time"] ?? 0,
      limited: top?.Plan["Node Type"] === "Limit",
    };
  };

  return {
    sql,
    /** The statements of `work` on `messages`, each with the partitions that it may open. */
    async explained(work: () => Promise<unknown>): Promise<Explained[]> {
      seen.length = 0;
      await work();
      return Promise.all(seen.splice(0).map(explain));
    },
    close: async (): Promise<void> => {
      await Promise.all([sql.end({ timeout: 1 }), explainer.end({ timeout: 1 })]);
    },
  };
}
