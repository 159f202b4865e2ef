/** The rooms that this page follows, as the server sees them, and how far it has read them. Follows again on each connection. */
import { effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { ClientFrame } from "../../shared/client-frames.ts";
import type { Heads, RefusedFrame, RoomHead } from "../../shared/server-frames.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import { FOLLOWING } from "./frame-handlers.ts";

/** The list settles before it is followed. */
const SETTLE_MS = 300;
const RETRY_MS = 5_000;

type Deps = {
  clock: Pick<Clock, "after">;
  send(frame: ClientFrame): boolean;
  /** Names of rooms, a space between them. */
  list: ReadonlySignal<string>;
  /** The connection, if there is one. */
  live: ReadonlySignal<string>;
};

export function createFollowedRooms({ clock, send, list, live }: Deps) {
  const heads = signal<ReadonlyMap<string, RoomHead>>(new Map());
  /** By room; sent again on each connection. */
  const reads = new Map<string, number>();
  let followedOn = "";
  let cancel: Cancel = () => undefined;

  effect(() => {
    const [names, on] = [list.value, live.value];
    if (on === "" || names === "") return;
    untracked(() => {
      // On a new connection at once, because the numbers are as old as the last one.
      followSoon(on === followedOn ? SETTLE_MS : 0, names);
      followedOn = on;
    });
  });

  return {
    heads: heads as ReadonlySignal<ReadonlyMap<string, RoomHead>>,
    /** How far the person has read, on any device. */
    readOf: (name: string) => Math.max(reads.get(name) ?? 0, heads.peek().get(name)?.read ?? 0),
    read,
    readAll,
    heard,
    clear() {
      cancel();
      reads.clear();
      followedOn = "";
      heads.value = new Map();
    },
  };

  function followSoon(ms: number, names: string) {
    cancel();
    cancel = clock.after(ms, () => {
      const rooms = names.split(" ");
      if (!send({ type: "follow", rooms, clientId: FOLLOWING })) return;
      for (const [room, seq] of reads) if (rooms.includes(room)) read(room, seq);
    });
  }

  function read(room: string, seq: number) {
    reads.set(room, Math.max(seq, reads.get(room) ?? 0));
    send({ type: "read", room, seq, clientId: FOLLOWING });
  }

  /** Shown at once; the answer confirms it. */
  function readAll() {
    send({ type: "read_all", clientId: FOLLOWING });
    const asRead = (one: RoomHead) => ({
      ...one,
      unread: 0,
      mentions: 0,
      read: Math.max(one.read, one.head),
    });
    heads.value = new Map([...heads.peek()].map(([name, head]) => [name, asRead(head)]));
  }

  function heard(frame: Heads | RefusedFrame) {
    if (frame.type === "refused") {
      // A read is sent again with the next one, or on the next connection.
      if (frame.room === undefined) followSoon(frame.retryAfterMs ?? RETRY_MS, list.peek());
      return;
    }
    const next = new Map(frame.all ? [] : heads.peek());
    for (const head of frame.rooms) next.set(head.room, head);
    heads.value = next;
  }
}
