/** Answers of the HTTP API about the work of moderators, beside those of http-api.ts. Types only. */

/** How many reports are open, at most 100. */
export type OpenReportsAnswer = { open: number };

/** Raid mode, absent while it is off: accounts younger than `minutes` may not write; it ends by itself. */
export type RaidAnswer = { raid?: { minutes: number; until: number } };

/** The seq of the message at the top of a room; absent: none. The message may have been deleted since. */
export type PinAnswer = { pinned?: number };
