/** Tells of work that takes many steps now and then: a line for each step would bury all others. */
import type { Log } from "../shared/server/process/logger.ts";

const EVERY_MS = 5_000;

export type Progress = ReturnType<typeof createProgress>;

/** @param now a clock in ms. @returns a function that logs the first step, and later ones at most every 5 s. */
export function createProgress(log: Log, now: () => number = () => performance.now()) {
  let loggedAt = Number.NEGATIVE_INFINITY;
  return async (words: string, fields: () => object | Promise<object>): Promise<void> => {
    if (now() - loggedAt < EVERY_MS) return;
    loggedAt = now();
    log.info(await fields(), words);
  };
}
