/** The fixture for joins: a room, and sockets in it that take as many bytes as a test lets them. */
import type { Join } from "../../../shared/client-frames.ts";
import type { RoomEvent, ServerFrame } from "../../../shared/server-frames.ts";
import type { Presence } from "../../presence/presence.ts";
import { createAnswerLimit } from "../answer-limit.ts";
import { newConnection, type Socket } from "../connection.ts";
import { createJoinRoom, type JoinRoomDeps } from "../handlers/join.ts";
import { createLoggedRoom, ROOM } from "./logged-room.ts";

const DROPPED = 2;
/** Unsent bytes: some two hundred events. */
export const SMALL = 64 * 1024;

type Announced = { joined?: number[]; events?: number[]; head?: number; epoch?: string; recovered?: boolean };

const NOBODY: Pick<Presence, "enter" | "leave" | "count"> = {
  enter: () => undefined,
  leave: () => undefined,
  count: () => undefined,
};

type Options = NonNullable<Parameters<typeof createLoggedRoom>[1]> & { perSecond?: number };
type Joining = Pick<ReturnType<typeof createJoinRoom>, "join" | "leave" | "leaveAll" | "drained">;
export type Lines = { listeners: Set<Socket> };

export const newLines = (): Lines => ({ listeners: new Set() });

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** A position in the first epoch of a room. */
export const E1 = (seq: number) => ({ epoch: "e1", seq });

/**
 * @param limit unsent bytes beyond which a line is closed.
 * @param perSecond bytes that a socket may ask for by joins; undefined: no limit.
 * @param count the presence of rooms.
 */
export const createJoining = (
  { rooms, backlog }: Pick<JoinRoomDeps, "rooms" | "backlog">,
  limit: number,
  { perSecond, count = NOBODY.count }: { perSecond?: number | undefined; count?: Presence["count"] } = {},
) =>
  createJoinRoom({
    ...{ rooms, backlog, maxBackpressure: limit },
    presence: { ...NOBODY, count },
    answerLimit: createAnswerLimit({ on: perSecond !== undefined, perSecond: perSecond ?? 1 }),
    onInternalError: () => "id",
  });

/**
 * @param limit unsent bytes beyond which a line is closed.
 * @param perSecond bytes that a socket may ask for by joins.
 */
export function createJoinFixture(limit: number, { perSecond, ...options }: Options = {}) {
  const lines = newLines();
  const room = createLoggedRoom((frame) => {
    for (const socket of lines.listeners) socket.send(frame);
  }, options);
  return { ...room, line: createLines(limit, lines, createJoining(room, limit, { perSecond })) };
}

/** A room with `count` messages, and lines that hold few of them unsent. */
export function createTalkedRoom(count: number, options?: Options) {
  const fixture = createJoinFixture(SMALL, options);
  fixture.log(count);
  return fixture;
}

/** @returns a function that opens a line to a room. */
export function createLines(limit: number, { listeners }: Lines, joining: Joining, room = ROOM) {
  const { join, leave, leaveAll, drained } = joining;

  /**
   * @param takes whether it drains everything at once, as a near client does.
   * @param onText called with the seq of each message that has a text.
   */
  const line = ({ takes = false, onText = (_: number): void => undefined } = {}) => {
    const notified: Announced[] = [];
    const [events, gaps]: [RoomEvent[], number[]] = [[], []];
    let last = 0;
    let unsent = 0;
    let ended: number | undefined;
    const connection = { ...newConnection("c", "::1", ""), authenticated: true };
    const socket = {
      getUserData: () => ({ connection }),
      getBufferedAmount: () => unsent,
      subscribe: () => listeners.add(socket),
      unsubscribe: () => listeners.delete(socket),
      send(bytes: Buffer): number {
        if (unsent > limit) return DROPPED;
        if (!takes) unsent += bytes.length;
        const frames: ServerFrame[] = [JSON.parse(bytes.toString())].flat();
        notified.push(partOf(frames));
        for (const frame of frames) {
          const heard = frame.type === "joined" ? frame.events : [frame as RoomEvent];
          const { seq } = heard[0] ?? { seq: last };
          if (frame.type !== "joined" && seq !== last + 1) gaps.push(seq);
          last = frame.type === "joined" ? frame.head : seq;
          events.push(...heard);
          for (const event of heard) if (event.type === "message" && !event.deleted) onText(event.seq);
        }
        return 1;
      },
      end: (code: number) => {
        ended = code;
      },
    } as unknown as Socket;
    return {
      /** The frames it was sent. */
      notified: () => notified,
      /** The events in those frames, the ones in `joined` included. */
      events: () => events,
      /** Live events that did not follow the one before: a client would ask for those between. */
      gaps: () => gaps,
      seqs: () => notified.flatMap(({ joined, events }) => joined ?? events ?? []),
      unsent: () => unsent,
      ended: () => ended,
      listens: () => listeners.has(socket),
      join: async (since?: Join["since"]) => join(socket, { type: "join", room, ...(since && { since }) }),
      leave: () => leave(socket, { type: "leave", room }),
      close(): void {
        connection.open = false;
        leaveAll(socket);
      },
      /** Drains the unsent bytes down to `left`. */
      drain(left = 0): void {
        unsent = left;
        drained(socket);
      },
    };
  };

  return line;
}

function partOf([first, ...rest]: ServerFrame[]): Announced {
  if (first?.type !== "joined") return { events: [first, ...rest].map((event) => (event as RoomEvent).seq) };
  const { events, head, epoch, recovered } = first;
  return { joined: events.map(({ seq }) => seq), head, epoch, recovered };
}
