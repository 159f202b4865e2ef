/** What a fault promises beyond what all of them do: times, and that nobody has to start over. */

import type { Outcome } from "../run-fault.ts";
import type { Fault } from "./fault.ts";

/** @returns which promised times were exceeded, in words. Apart from the rest: on a busy machine they say little. */
export function exceededTimes(
  { within = {} }: Fault,
  { silenceMs, healMs, countMs }: Pick<Outcome, "silenceMs" | "healMs" | "countMs">,
): string[] {
  const late: string[] = [];
  const check = (what: string, took: number, most: number | undefined): void => {
    if (most !== undefined && took > most)
      late.push(`${what} was ${took.toFixed(0)} ms, promised are ${most}`);
  };
  check("the longest silence of a client", silenceMs.most, within.silenceMost);
  check("the longest silence of 99 of 100 clients", silenceMs.p99, within.silenceP99);
  check("the time to heal of 99 of 100 clients", healMs.p99, within.healP99);
  check("the time until the count was right", countMs, within.count);
  return late;
}

/** @returns in words how often clients had to start over though all that they missed could be had. */
export function needlessRestarts({ resumes }: Fault, startedOver: number): string[] {
  if (!resumes || startedOver === 0) return [];
  return [`clients were told to start over ${startedOver} times, though all could be had`];
}

/** Of what was to be sent, so much must have been acknowledged: the longest faults leave more than that. */
const LEAST_SHARE = 0.1;

/** @param due messages that were to be sent. @returns in words that too little was, for any promise to have been tried. */
export function unproven(acknowledged: number, due: number): string[] {
  if (acknowledged >= Math.max(1, due * LEAST_SHARE)) return [];
  return [`only ${acknowledged} of about ${due} messages were acknowledged: this shows nothing`];
}
