/**
 * Keeps the newest messages of the rooms on screen in the browser, and shows them in a page that started without a connection. Owns
 * the time since when there is none.
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { KnownRooms } from "../offline/known-rooms.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import type { App } from "./app.ts";
import type { Room } from "./room.ts";

/** Messages of a busy room are kept together. Deletions are kept at once. */
const KEEP_MS = 1_000;
/** A connection that is back this soon was no outage worth a word. */
const PATIENCE_MS = 3_000;

type Deps = Pick<App, "session" | "chat" | "connection"> & { known: KnownRooms; clock: Clock };

export function createOffline({ session, chat, connection, known, clock }: Deps) {
  const since = signal<number | undefined>(undefined);
  const isLong = signal(false);
  const isLive = computed(() => ["live", "behind"].includes(connection.status.value));
  let wasLive = false;
  let deletions = 0;
  let cancelKeeping: Cancel | undefined;
  let cancelPatience: Cancel = () => undefined;

  effect(() => {
    const owner = session.owner.value;
    untracked(() => {
      stopKeeping();
      void known.keepOnly(owner);
    });
  });
  effect(() => {
    isLive.value;
    untracked(follow);
  });
  effect(() => {
    const room = chat.room.value;
    const { events } = room.log.value;
    const { value: state } = room.state;
    untracked(() => {
      if (state === "missing") void known.forget(session.owner.peek(), room.name);
      if (state !== "joined" || events.length === 0) return;
      const deleted = events.filter((event) => event.type === "message" && event.deleted).length;
      if (deleted !== deletions) keep(room);
      else cancelKeeping ??= clock.after(KEEP_MS, () => keep(room));
      deletions = deleted;
    });
  });
  effect(() => {
    const room = chat.room.value;
    const owner = session.owner.value;
    if (isLive.value || room.log.value.joined || room.state.value !== "away") return;
    untracked(() => void recall(room, owner));
  });

  return {
    /** The time from which on there has been no connection, ms; undefined: there is one, or it is away for a moment only. */
    since: computed(() => (isLong.value ? since.value : undefined)),
  };

  function follow() {
    cancelPatience();
    if (isLive.value) {
      wasLive = true;
      since.value = undefined;
      isLong.value = false;
      return;
    }
    cancelPatience = clock.after(wasLive ? PATIENCE_MS : 0, () => {
      isLong.value = true;
    });
    if (!wasLive) void known.liveAt().then((at) => (since.value ??= at));
    else if (since.value === undefined) {
      since.value = clock.now();
      void known.keepLiveAt(clock.now());
    }
  }

  function stopKeeping() {
    cancelKeeping?.();
    cancelKeeping = undefined;
  }

  function keep(room: Room) {
    stopKeeping();
    const { events, last, more } = room.log.peek();
    const epoch = room.epoch();
    // The person may have left it, or it may be closed.
    if (room !== chat.room.peek() || room.state.peek() !== "joined") return;
    void known.keep(session.owner.peek(), room.name, { epoch, head: last, events, more });
    void known.keepLiveAt(clock.now());
  }

  async function recall(room: Room, owner: string): Promise<void> {
    const found = await known.find(owner, room.name);
    const isStillNeeded = !isLive.peek() && session.owner.peek() === owner && chat.room.peek() === room;
    // The room itself refuses it once it is joined.
    if (found && isStillNeeded) room.recall(found);
  }
}
