/**
 * Events for clients that do not say that they pass over kinds which they do not know: pages of the releases that knew messages, deletions and notices only
 * fail at any other. Such an event goes to them as the deletion of a message that does not exist, which shows nothing and keeps its place in the order.
 */
import type { DeletedEvent, RoomEvent } from "../../shared/server-frames.ts";

type Frame = RoomEvent | { type: "joined"; events: RoomEvent[] };

const KNOWN: ReadonlySet<string> = new Set(["message", "deleted", "notice"]);
/** The beginning of each event, also within a frame of several. No JSON string can hold it, because its quotes are bare. */
const EVENT = /\{"type":"(\w+)","room":"[^"]*","seq":/g;
/** Below every seq. */
const NOTHING = 0;

/** @param frame a frame of events, or the answer to a join. @returns the same bytes unless there is something to change. */
export function forOlderClients(frame: Buffer): Buffer {
  const text = frame.toString();
  if (!holdsUnknown(text)) return frame;
  const parsed = JSON.parse(text) as Frame | Frame[];
  return Buffer.from(JSON.stringify(Array.isArray(parsed) ? parsed.map(plain) : plain(parsed)));
}

/** The same for one event, as a JSON text. */
export const eventForOlderClients = (json: string): string =>
  holdsUnknown(json) ? JSON.stringify(plain(JSON.parse(json) as RoomEvent)) : json;

function holdsUnknown(text: string): boolean {
  for (const [, kind = ""] of text.matchAll(EVENT)) if (!KNOWN.has(kind) && kind !== "ack") return true;
  return false;
}

function plain(frame: Frame): Frame {
  if (frame.type === "joined") return { ...frame, events: frame.events.map(plainEvent) };
  return "at" in frame ? plainEvent(frame) : frame;
}

function plainEvent(event: RoomEvent): RoomEvent {
  if (KNOWN.has(event.type)) return event;
  const { room, seq, at } = event;
  return {
    type: "deleted",
    room,
    seq,
    at,
    target: NOTHING,
    by: "",
    clientId: `at-${seq}`,
  } satisfies DeletedEvent;
}
