/** A room and lines to it that take what a test lets them take. */
import type { Join } from "../../../shared/client-frames.ts";
import type { RoomEvent, ServerFrame } from "../../../shared/server-frames.ts";
import type { Presence } from "../../presence.ts";
import { newConnection, type Socket } from "../connection.ts";
import { createJoinRoom } from "../join-room.ts";
import { createLoggedRoom, ROOM } from "./logged-room.ts";

const DROPPED = 2;

type Told = { joined?: number[]; events?: number[]; head?: number; epoch?: string; recovered?: boolean };

export const NOBODY: Pick<Presence, "enter" | "leave"> = { enter: () => undefined, leave: () => undefined };

/** @param limit unsent bytes beyond which a line is cut. @param inMemory newest events that the gateway keeps. */
export function createStage(limit: number, inMemory?: number) {
  const listeners = new Set<Socket>();
  const room = createLoggedRoom((frame) => {
    for (const socket of listeners) socket.send(frame);
  }, inMemory);
  const { join, leave, leaveAll, drained } = createJoinRoom(
    room.rooms,
    NOBODY as Presence,
    limit,
    () => "id",
  );

  /** @param takes it takes everything at once, as a near client does. */
  const line = ({ takes = false } = {}) => {
    const told: Told[] = [];
    let unsent = 0;
    let ended: number | null = null;
    const connection = { ...newConnection("c", "::1", ""), greeted: true };
    const socket = {
      getUserData: () => connection,
      getBufferedAmount: () => unsent,
      subscribe: () => listeners.add(socket),
      unsubscribe: () => listeners.delete(socket),
      send(bytes: Buffer): number {
        if (unsent > limit) return DROPPED;
        if (!takes) unsent += bytes.length;
        told.push(partOf(JSON.parse(bytes.toString())));
        return 1;
      },
      end: (code: number) => {
        ended = code;
      },
    } as unknown as Socket;
    return {
      /** What it was sent, frame by frame. */
      told: () => told,
      seqs: () => told.flatMap(({ joined, events }) => joined ?? events ?? []),
      unsent: () => unsent,
      ended: () => ended,
      listens: () => listeners.has(socket),
      join: async (since?: Join["since"]) =>
        join(socket, { type: "join", room: ROOM, ...(since && { since }) }),
      leave: () => leave(socket, { type: "leave", room: ROOM }),
      close(): void {
        connection.open = false;
        leaveAll(socket);
      },
      /** It took what was unsent, but for so much. */
      drain(left = 0): void {
        unsent = left;
        drained(socket);
      },
    };
  };

  return { ...room, line };
}

function partOf(frame: ServerFrame | ServerFrame[]): Told {
  const [first, ...rest] = [frame].flat();
  if (first?.type !== "joined") return { events: [first, ...rest].map((event) => (event as RoomEvent).seq) };
  const { events, head, epoch, recovered } = first;
  return { joined: events.map(({ seq }) => seq), head, epoch, recovered };
}
