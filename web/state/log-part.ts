/** A part of a room's log away from the newest events, which grows downward until it meets them. */
import { batch } from "@preact/signals";
import type { Api } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import type { Room } from "./room.ts";
import type { Part } from "./viewport.ts";

type Deps = { api: Pick<Api, "after">; clock: Pick<Clock, "after">; room: Room };

/** Events in memory; beyond that the oldest are dropped, and read again when they are needed. */
const MAX_KEPT = 500;
const RETRY_MS = 2_000;

/** @param begin its first events. It goes on while it is the part on screen. */
export function openPart({ api, clock, room }: Deps, begin: Pick<Part, "events" | "more">): Part {
  const { viewport } = room;
  let isLoading = false;
  return { ...begin, goOn: () => void goOn() };

  async function goOn(): Promise<void> {
    const last = viewport.part.peek()?.events.at(-1)?.seq;
    if (isLoading || last === undefined) return;
    isLoading = true;
    const answer = await api.after(room.name, last);
    isLoading = false;
    const part = viewport.part.peek();
    // Left meanwhile, or another part by now.
    if (part?.events.at(-1)?.seq !== last) return;
    // A reader at the very end has nothing left to scroll, and so cannot ask again.
    if (!answer.ok) return void clock.after(RETRY_MS, () => void goOn());
    const newer = answer.value.events.filter(({ seq }) => seq > last);
    const all = [...part.events, ...room.withTombstones(newer)];
    const grown = { events: all.slice(-MAX_KEPT), more: part.more || all.length > MAX_KEPT };
    batch(() => {
      viewport.part.value = room.meet(grown) ? undefined : { ...part, ...grown };
      viewport.newer();
    });
  }
}
