/** What travels on a room's channel: `epoch seq json` for an event, `- - json` for a signal that nobody keeps. */
import type { LoggedEvent } from "./room-log.ts";

const SPACE = 0x20;
const SIGNAL = Buffer.from("- - ");

export type BusMessage = { event: LoggedEvent; signal: null } | { event: null; signal: Buffer };

/** The JSON is not read: its bytes go to browsers as they are. Copied, since the chunk they came in is large. */
export function parseBus(message: Buffer): BusMessage {
  if (message.subarray(0, SIGNAL.length).equals(SIGNAL)) {
    return { event: null, signal: Buffer.from(message.subarray(SIGNAL.length)) };
  }
  const first = message.indexOf(SPACE);
  const second = message.indexOf(SPACE, first + 1);
  const epoch = message.toString("latin1", 0, first);
  const seq = Number(message.toString("latin1", first + 1, second));
  return { event: { epoch, seq, bytes: Buffer.from(message.subarray(second + 1)) }, signal: null };
}
