/** Checks of a measurement, and how they are printed. */

/** Max factor by which other work may slow down the sends of people who chat. */
export const DISTURBED = 1.2;

export const shownCheck = (words: string, holds: boolean): string => `${holds ? "ok  " : "FAIL"} ${words}`;
