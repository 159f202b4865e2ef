/** The event of a room's log, and a position in the log. */

/** `bytes`: the JSON, which goes to browsers as it is. */
export type LoggedEvent = { seq: number; epoch: string; bytes: Buffer };
export type Position = { epoch: string; seq: number };
