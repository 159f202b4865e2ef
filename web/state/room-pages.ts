/** Loads pages of a room's history: older events, and the events of a gap. Owns the progress of each request. */
import { batch, computed, signal } from "@preact/signals";
import { HISTORY_DEFAULT } from "../../shared/limits.ts";
import type { Api } from "../sync/api.ts";
import type { Gap, Replica } from "../sync/replica.ts";
import type { Part, Viewport } from "./viewport.ts";

export type HistoryState = "idle" | "loading" | "failed";

export type RoomPagesDeps = {
  api: Pick<Api, "history">;
  replica: Replica;
  viewport: Viewport;
  /** Call when the replica has changed. */
  show(): void;
  /** Called when events older than those of the join are on screen. */
  olderCame(): void;
};

/** @param name of the room. */
export function createRoomPages(name: string, { api, replica, viewport, show, olderCame }: RoomPagesDeps) {
  const history = signal<HistoryState>("idle");
  /** The gap that is being filled, or failed to fill, named by the seq after it. */
  const filling = signal<{ before: number; state: "loading" | "failed" } | undefined>(undefined);

  return {
    history: computed(() => history.value),
    filling: computed(() => filling.value),
    loadOlder,
    fill,
    meet,
    /** Events that may have been read before a deletion that is known here. */
    withTombstones: replica.withTombstones,
  };

  /** Shows a page of older events, from memory or from the server. */
  async function loadOlder(): Promise<void> {
    if (history.value === "loading") return;
    if (viewport.hasOlderHere()) return viewport.older();
    const part = viewport.part.value;
    const oldest = (part?.events ?? replica.events())[0]?.seq;
    if (!(part?.more ?? replica.more()) || oldest === undefined) return;
    history.value = "loading";
    const epoch = replica.epoch();
    const answer = await api.history(name, oldest);
    history.value = answer.ok ? "idle" : "failed";
    // After a restart meanwhile this page no longer adjoins the events on screen.
    const now = viewport.part.value?.events ?? replica.events();
    if (!answer.ok || epoch !== replica.epoch() || now[0]?.seq !== oldest) return;
    const { events, more } = answer.value;
    batch(() => {
      if (viewport.part.value) {
        const older = replica.withTombstones(events.filter(({ seq }) => seq < oldest));
        viewport.part.value = { ...viewport.part.value, events: [...older, ...now], more };
      } else replica.prepend(events, more);
      olderCame();
      show();
      viewport.older();
    });
  }

  /** Loads a page of the gap before a seq, from its older side, so that the person reads on from where they were. */
  async function fill(before: number): Promise<void> {
    const gap = gapBefore(before);
    if (!gap || filling.value?.state === "loading") return;
    filling.value = { before, state: "loading" };
    const upTo = Math.min(before, gap.after + 1 + HISTORY_DEFAULT);
    const answer = await api.history(name, upTo);
    filling.value = answer.ok ? undefined : { before, state: "failed" };
    // A restart meanwhile may have put other events on screen.
    if (!answer.ok || gapBefore(before) !== gap) return;
    batch(() => {
      viewport.standStill();
      replica.fill(gap, answer.value.events, upTo);
      show();
      viewport.older();
    });
  }

  /** Joins a part to the newest events. @returns whether they meet. */
  function meet({ events, more }: Pick<Part, "events" | "more">): boolean {
    if ((events.at(-1)?.seq ?? 0) < replica.from() - 1) return false;
    replica.joinOlder(events, more);
    show();
    return true;
  }

  function gapBefore(before: number): Gap | undefined {
    return replica.gaps().find((gap) => gap.before === before);
  }
}
