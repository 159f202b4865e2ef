/** The events of a room that PostgreSQL does not have yet, for readers who add them to what it says. */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { LoggedEvent } from "../events/event.ts";
import type { RoomFeed } from "./live-rooms.ts";

export type EventsAfter = ReturnType<typeof createEventsAfter>;
type Deps = {
  /** Absent: always by Redis, because memory gets events a little later. */
  rooms?: Pick<RoomFeed, "loaded">;
  scripts: Pick<RoomLogStore, "readAfter">;
};

const PAGE = 2_000;
/** A log that is longer above PostgreSQL is that of an outage. */
const MAX_PAGES = 10;

/** @returns a function that reads the events above a seq. It throws Unavailable, also if they are too many. */
export function createEventsAfter({ rooms, scripts }: Deps) {
  return async (room: string, after: number): Promise<readonly LoggedEvent[]> => {
    const log = rooms?.loaded(room)?.log;
    return log && log.completeAbove <= after
      ? log.all().filter(({ seq }) => seq > after)
      : await readEvents(room, after);
  };

  /** Does not recover the room, because PostgreSQL has all that could be recovered. */
  async function readEvents(room: string, after: number): Promise<LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await scripts.readAfter(room, events.at(-1)?.seq ?? after, PAGE);
      const entries = page?.entries ?? [];
      for (const entry of entries) events.push(entry);
      if (entries.length < PAGE) return events;
    }
    throw new Unavailable(`PostgreSQL lacks too many events of room ${room}`);
  }
}
