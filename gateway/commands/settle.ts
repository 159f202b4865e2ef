/**
 * Settles one command: executes it once, however often it comes, and finds its answer. Owns how long it is tried during an outage, and
 * what is said when the outcome of an earlier try is not known.
 */
import { backoffMs } from "../../shared/backoff.ts";
import type { Answer, AnswerCode } from "../../shared/kafka-commands.ts";
import { RESEND_MS } from "../../shared/limits.ts";
import { PROBLEM_TITLES } from "../../shared/problem-titles.ts";
import { pause } from "../../shared/server/process/pause.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { detailOf, type Effect } from "./answer.ts";
import type { Answered, CommandStore } from "./command-store.ts";
import type { Execution } from "./execute.ts";
import type { Received } from "./receive.ts";

export type SettleDeps = {
  store: Pick<CommandStore, "find" | "begin" | "markDone">;
  execution: Execution;
  /** The id of the bot of a key. */
  botOf: (key: string) => string;
  onInternalError: ReportInternalError;
  /** ms since the epoch. */
  now?: () => number;
};
type Signed = Extract<Received, { ok: true }>;
export type Settle = ReturnType<typeof createSettle>;

const FIRST_MS = 100;
const MAX_MS = 2_000;

export function createSettle({ store, execution, botOf, onInternalError, now = Date.now }: SettleDeps) {
  /**
   * @param signal ends the tries of a command that meets an outage.
   * @returns undefined when the signal came first.
   * @throws Unavailable when it cannot be known whether the command was answered or done: to be asked again.
   */
  return async (
    { key, command, record, isLate }: Signed,
    signal: AbortSignal,
  ): Promise<Answered | undefined> => {
    const name = { key: key.name, id: command.id };
    const bot = botOf(key.name);
    const begun = isLate ? await store.find(name) : await store.begin(name, command.expires);
    if (begun?.answer) return { answer: { ...begun.answer, record, repeated: true } };
    if (isLate && !begun) return { answer: failed("expired", "came after its end") };

    const did = { name, bot, command };
    const end = endOf(now() - (begun?.ageMs ?? 0));
    for (let attempt = 0; now() < end; attempt++) {
      const answer = await tryOnce();
      if (answer) return { answer, did };
      await pause(backoffMs(attempt, FIRST_MS, MAX_MS), signal);
      if (signal.aborted) return undefined;
    }
    return { answer: await lastWord(), did };

    /** Redis remembers client ids for some minutes only; PostgreSQL knows for ever. */
    function endOf(begunAt: number): number {
      return isInPostgres() ? command.expires : Math.min(command.expires, begunAt + RESEND_MS);
    }

    function isInPostgres(): boolean {
      return command.type === "mute" || command.type === "ban";
    }

    /** @returns undefined in an outage. */
    async function tryOnce(): Promise<Answer | undefined> {
      try {
        return done(await execution.execute(bot, command, (tx) => store.markDone(tx, name)));
      } catch (error) {
        if (isOutage(error)) return undefined;
        if (error instanceof Refusal) return refused(error);
        const requestId = onInternalError(error, "task", { command: command.type });
        return failed("internal", `${PROBLEM_TITLES.internal} (${requestId})`);
      }
    }

    /** An earlier try may have done it, before its rules changed. */
    async function refused({ code, details }: Refusal): Promise<Answer> {
      const effect = await findEffect();
      if (effect) return done(effect);
      const fields = Object.entries(details.fields ?? {}).map(([field, why]) => `${field}: ${why}`);
      return failed(code, [PROBLEM_TITLES[code], ...fields].join("; "));
    }

    async function lastWord(): Promise<Answer> {
      const effect = await findEffect();
      if (effect) return done(effect);
      if (isInPostgres()) return failed("expired", "a store was away until its end: it was not done");
      return failed("unavailable", "a store was away until its end: it is not known whether it was done");
    }

    async function findEffect(): Promise<Effect | undefined> {
      return (await store.find(name))?.isDone ? {} : execution.findEffect(bot, command);
    }

    function done(effect: Effect): Answer {
      return { ...name, record, ok: true, ...effect };
    }

    function failed(code: AnswerCode, detail: string): Answer {
      return { ...name, record, ok: false, code, detail: detailOf(detail) };
    }
  };
}

const isOutage = (error: unknown): boolean =>
  error instanceof Unavailable || (error instanceof Refusal && error.code === "unavailable");
