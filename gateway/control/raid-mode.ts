/**
 * Raid mode: while it lasts, accounts younger than some minutes write nothing. Kept in this gateway's memory, so that a message costs no
 * look-up. Owns who is too young; moderation/raids.ts owns who may switch it.
 */
import { bornAt } from "../id.ts";

/** `minutes`: the age from which on an account may write. `until`: when the mode ends by itself, ms since the epoch. */
export type Raid = { minutes: number; until: number };
export type RaidMode = ReturnType<typeof createRaidMode>;

const MINUTE_MS = 60_000;

/** @param find the mode in PostgreSQL. */
export function createRaidMode(find: () => Promise<Raid | undefined>, now = Date.now) {
  let raid: Raid | undefined;
  let changes = 0;

  return {
    /** Loads the mode again; news that arrive meanwhile are newer. @throws Unavailable. */
    async load(): Promise<void> {
      const before = changes;
      const found = await find();
      if (changes === before) raid = found;
    },

    /** @param next undefined: the mode is over. @returns `waitMs` as it was until now. */
    set(next: Raid | undefined): (userId: string) => number {
      const before = raid;
      changes++;
      raid = next;
      return (userId) => waitIn(before, userId);
    },

    /** @returns how long this user may write nothing, in ms; 0: they may write. */
    waitMs: (userId: string): number => waitIn(raid, userId),
  };

  function waitIn(mode: Raid | undefined, userId: string): number {
    if (mode === undefined) return 0;
    const grownAt = bornAt(userId) + mode.minutes * MINUTE_MS;
    return Math.max(0, Math.min(grownAt, mode.until) - now());
  }
}
