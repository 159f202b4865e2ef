/** The messages of a room's channel: `epoch seq json` for an event, `- - json` for a signal that is not logged. */
import type { LoggedEvent } from "./event.ts";

const SPACE = 0x20;
const SIGNAL = Buffer.from("- - ");

const EVENT_START = Buffer.from('{"type":"');
const EVENT_END = 0x7d;

/**
 * @returns the bytes if both ends look like an event's.
 * @throws Error otherwise, because they would break every reader.
 */
export function checkedEvent(bytes: Buffer, room: string): Buffer {
  if (bytes.subarray(0, EVENT_START.length).equals(EVENT_START) && bytes.at(-1) === EVENT_END) return bytes;
  throw new Error(`what stands in the log of room ${room} is no event`);
}

export type BusMessage = { event: LoggedEvent; signal: undefined } | { event: undefined; signal: Buffer };

/**
 * Does not parse the JSON: its bytes go to browsers as they are. Copies them, because their chunk is large.
 * @throws Error when it is no event.
 */
export function parseBus(message: Buffer, room: string): BusMessage {
  if (message.subarray(0, SIGNAL.length).equals(SIGNAL)) {
    return { event: undefined, signal: Buffer.from(message.subarray(SIGNAL.length)) };
  }
  const first = message.indexOf(SPACE);
  const second = message.indexOf(SPACE, first + 1);
  const epoch = message.toString("latin1", 0, first);
  const seq = Number(message.toString("latin1", first + 1, second));
  const bytes = Buffer.from(message.subarray(second + 1));
  return { event: { epoch, seq, bytes: checkedEvent(bytes, room) }, signal: undefined };
}
