/** Orders of the bench to the driver's process, and its answers. Times in ms. */
import type { Seat } from "../dialect.ts";

export type Order =
  | { do: "open"; seats: Seat[]; pace: Pace }
  | { do: "talk"; talk: Talk }
  | { do: "rest" }
  | { do: "storm"; pace: Pace };

/** So many sockets are on their way to the room at a time; or so many set out each second, however many are still on their way. */
export type Pace = { abreast: number } | { perSecond: number };

/** `senders`: this many seats speak in turn, of this room only if there is one. `stampEvery`: every so manieth message has its latency measured. */
export type Talk = { rate: number; seconds: number; senders: number; stampEvery: number; room?: string };

export type Heard = {
  /** Length of the time in which messages were due. */
  seconds: number;
  sent: number;
  /** Within that time and the tail after it. */
  acknowledged: number;
  refused: number;
  /** `due`: one for each member of the room and message that was not refused. `delivered`: within the time and its tail. */
  due: number;
  delivered: number;
  /** Within the time alone. */
  deliveredInTime: number;
  /** Payload of all frames that came. */
  bytes: number;
  /** From due to received; a message that did not arrive counts as infinite, which is written as -1. */
  p50: number;
  p99: number;
  /** The share of a core that the driver itself used. */
  driverShare: number;
};
/** `seconds`: until the last one was there. The other times are from when each socket set out. */
export type Back = { joined: number; failed: number; seconds: number; p50: number; p99: number };
export type Answer = { heard: Heard } | { back: Back } | { error: string } | { rested: true };
