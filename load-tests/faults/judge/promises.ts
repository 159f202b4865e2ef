/** Judges the promises of a single fault beyond those of all: times, and that no client has to start over. */
import type { Fault } from "../catalog/fault.ts";
import type { Outcome } from "./outcome.ts";

/** At least this share of the messages must have been acknowledged; the longest faults leave more than that. */
const MIN_SHARE = 0.1;

/** @returns the exceeded times, in words. Separate from the rest, because a busy machine exceeds them too. */
export function sloBreachesOf(
  { within = {} }: Fault,
  { silenceMs, recoveredMs, countMs }: Pick<Outcome, "silenceMs" | "recoveredMs" | "countMs">,
): string[] {
  const breaches: string[] = [];
  check("the longest silence of a client", silenceMs.max, within.silenceMax);
  check("the longest silence of 99 of 100 clients", silenceMs.p99, within.silenceP99);
  check("the time to heal of 99 of 100 clients", recoveredMs.p99, within.recoveredP99);
  check("the time until the count was right", countMs, within.count);
  return breaches;

  function check(what: string, took: number, max: number | undefined): void {
    if (max !== undefined && took > max)
      breaches.push(`${what} was ${took.toFixed(0)} ms, promised are ${max}`);
  }
}

/** @returns how often clients had to start over although they could have resumed, in words. */
export function needlessRestarts({ resumes }: Fault, startedOver: number): string[] {
  if (!resumes || startedOver === 0) return [];
  return [`clients were told to start over ${startedOver} times, though all could be had`];
}

/** @param due the number of messages to send. @returns a line if the load was too small to prove anything. */
export function unproven(acknowledged: number, due: number): string[] {
  if (acknowledged >= Math.max(1, due * MIN_SHARE)) return [];
  return [`only ${acknowledged} of about ${due} messages were acknowledged: this shows nothing`];
}
