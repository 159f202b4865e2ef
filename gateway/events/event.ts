/** An event of a room's log, and a place in the log. */

/** `bytes`: the JSON that goes to browsers as it is. */
export type LoggedEvent = { seq: number; epoch: string; bytes: Buffer };
export type Position = { epoch: string; seq: number };
