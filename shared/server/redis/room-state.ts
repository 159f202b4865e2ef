/** What Redis holds of a room, as gateways and the worker see it: its entries, where its epoch stands, how much is kept. */

/** An event as the log holds it: `bytes` is the JSON that goes to browsers. */
export type LogEntry = { seq: number; epoch: string; bytes: Buffer };
export type RoomState = {
  /** False: Redis was restarted since; the room must be restored before its next event. */
  current: boolean;
  epoch: string;
  seq: number;
  stored: number;
  /** Every event from this seq on is in the log, unless it was deleted. */
  floor: number;
  /** Where the epoch began: its events lie above. */
  base: number;
  /** The epoch before, and the seq up to which it is surely complete. */
  prevEpoch: string;
  prevUpTo: number;
  /** Everything up to this seq is past its retention: there is nothing older than the log. */
  expired: number;
};
export type Head = Pick<RoomState, "current" | "epoch" | "seq" | "stored">;

/** How much of a room's log is kept once it is stored: the newest events, and of a busy room what `ms` brought within `bytes`. */
export type LogBounds = { events: number; ms: number; bytes: number };
