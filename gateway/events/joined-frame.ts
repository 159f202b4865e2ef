/** The `joined` frame, built from the events' own bytes. */
import { JOIN_EVENTS } from "../../shared/limits.ts";
import type { LoggedEvent, Position } from "./event.ts";

export type JoinedParts = {
  room: string;
  epoch: string;
  head: number;
  stored: number;
  recovered: boolean;
  events: readonly LoggedEvent[];
  more: boolean;
};

/** The end of a room's log, as far as this frame carries it. */
type Tail = {
  position: Position;
  stored: number;
  newest: (count: number) => { events: readonly LoggedEvent[]; more: boolean };
};

const COMMA = Buffer.from(",");

export function joinedFrame({ room, epoch, head, stored, recovered, events, more }: JoinedParts): Buffer {
  const pieces: Buffer[] = [
    Buffer.from(
      `{"type":"joined","room":"${room}","epoch":"${epoch}","head":${head},"stored":${stored},"recovered":${recovered},"more":${more},"events":[`,
    ),
  ];
  for (const [index, event] of events.entries()) {
    if (index > 0) pieces.push(COMMA);
    pieces.push(event.bytes);
  }
  pieces.push(Buffer.from("]}"));
  return Buffer.concat(pieces);
}

/** For a client whose position is unknown: the newest events, from which it starts over. */
export function startOver(room: string, log: Tail): Buffer {
  const { epoch, seq } = log.position;
  return joinedFrame({
    room,
    epoch,
    head: seq,
    stored: log.stored,
    recovered: false,
    ...log.newest(JOIN_EVENTS),
  });
}
