/**
 * Jumps to a message, wherever in the log it is: loads what is around it, and The one way for replies, mentions, search and the like. Owns the part that is shown; the
 * components scroll.
 */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomEvent } from "../../shared/server-frames.ts";
import type { Api } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import { openPart } from "./log-part.ts";
import type { Room } from "./room.ts";
import type { Notification } from "./toasts.ts";
import type { Part } from "./viewport.ts";

/** A message of a room. */
export type Place = { room: string; seq: number };

export type JumpsDeps = {
  api: Pick<Api, "around" | "after">;
  clock: Pick<Clock, "after">;
  chat: { room: ReadonlySignal<Room> };
  route: { go(room: string): void };
  notify(toast: Notification): void;
};

export function createJumps({ api, clock, chat, route, notify }: JumpsDeps) {
  /** Where the person wants to be, until it is on screen. */
  const wanted = signal<Place | undefined>(undefined);
  const loading = signal(false);
  const reached = signal<Place | undefined>(undefined);

  // Deletions reach messages of a part too.
  effect(() => {
    const room = chat.room.value;
    room.log.value;
    const part = room.viewport.part.peek();
    if (part) replace(room, part, room.withTombstones(part.events));
  });

  return {
    /** Goes to a message, also of another room. */
    to(room: string, seq: number) {
      wanted.value = { room, seq };
      if (chat.room.value.name !== room) route.go(room);
    },
    wanted: computed(() => wanted.value),
    loading: computed(() => loading.value),
    /** The place whose rows are shown and have to be scrolled to. */
    reached: computed(() => reached.value),
    load,
    /** The view is at the place. */
    arrived() {
      reached.value = undefined;
    },
    clear() {
      wanted.value = undefined;
      reached.value = undefined;
    },
  };

  /** Shows the events around the wanted place. Call it when the list of the room is there. */
  async function load(room: Room): Promise<void> {
    const place = wanted.peek();
    if (place?.room !== room.name) return;
    const { viewport } = room;
    const part = viewport.part.peek();
    if (!part && holds(room.log.peek().events, place.seq)) return show(room, place, undefined);
    if (part && holds(part.events, place.seq)) return show(room, place, part);
    loading.value = true;
    const answer = await api.around(room.name, place.seq);
    if (wanted.peek() !== place) return;
    loading.value = false;
    if (!answer.ok) return giveUp({ about: "problem", code: answer.problem.code });
    const { events, more, newer } = answer.value;
    if (events.length === 0) return giveUp({ about: "problem", code: "no_such_message" });
    batch(() => {
      const meets = room.meet({ events, more }) || !newer;
      show(
        room,
        place,
        meets ? undefined : openPart({ api, clock, room }, { events: room.withTombstones(events), more }),
      );
    });
  }

  function show(room: Room, place: Place, part: Part | undefined) {
    batch(() => {
      room.viewport.around(place.seq, part);
      wanted.value = undefined;
      reached.value = { ...place };
    });
  }

  function giveUp(toast: Notification) {
    wanted.value = undefined;
    notify(toast);
  }

  function replace(room: Room, part: Part, events: readonly RoomEvent[]) {
    if (events.some((event, index) => event !== part.events[index]))
      room.viewport.part.value = { ...part, events };
  }
}

const holds = (events: readonly RoomEvent[], wanted: number): boolean =>
  events.some(({ seq }) => seq === wanted);
