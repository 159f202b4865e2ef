/** Types of the state of a room in Redis, for gateways and the worker: log entries, epoch, and bounds of the log. */

/** An entry of the log: `bytes` is the JSON that is sent to browsers. */
export type LogEntry = { seq: number; epoch: string; bytes: Buffer };
export type RoomState = {
  /** False: Redis was restarted since, so the room must be restored before its next event. */
  current: boolean;
  /** The room left this run of Redis because it was idle: PostgreSQL has its events, and it may come back in its epoch. */
  away: boolean;
  epoch: string;
  seq: number;
  stored: number;
  /** Every event from this seq on is in the log, unless it was deleted. */
  floor: number;
  /** The start of the epoch: its events have higher seqs. */
  base: number;
  /** The previous epoch, and the seq up to which it is certainly complete. */
  prevEpoch: string;
  prevUpTo: number;
  /** Everything up to this seq is past its retention, so nothing older than the log exists. */
  expired: number;
};
/** `reacting`: reactions are gathered that must be appended. */
export type Head = Pick<RoomState, "current" | "away" | "epoch" | "seq" | "stored"> & { reacting: boolean };

/** How much of a room's log is kept after it is stored: the newest `events`, and in a busy room those of the last `ms` within `bytes`. */
export type LogBounds = { events: number; ms: number; bytes: number };
