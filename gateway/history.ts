/** Older events of a room, across Redis and PostgreSQL alike: what is not stored yet comes from the log, the rest from the archive. */
import type { ArchivedEvent, RoomQueries } from "./room-queries.ts";
import type { Rooms } from "./rooms.ts";

/** The event's JSON as it was when it was sent; a deleted message without its text. */
export function eventJson(room: string, event: ArchivedEvent): string {
  const { kind, seq, at, userId, nickname, clientId, text, deleted, data } = event;
  const base = { type: kind, room, seq, at };
  if (kind !== "message") return JSON.stringify({ ...base, ...data });
  const said = { ...base, user: { id: userId, nickname }, clientId };
  return JSON.stringify(deleted ? { ...said, deleted: true } : { ...said, text });
}

type Events = { events: string[]; more: boolean };

export function createHistory(rooms: Rooms, queries: RoomQueries) {
  return async (room: string, before: number | undefined, limit: number): Promise<Events> => {
    const below = before ?? Number.MAX_SAFE_INTEGER;
    // One more than asked for tells whether there are older ones.
    const wanted = limit + 1;
    const recent = await rooms.readBefore(room, below, wanted);
    const oldest = recent[0]?.seq ?? below;
    const missing = wanted - recent.length;
    const archived = missing > 0 ? await queries.archived(room, oldest, missing) : [];
    const events = [
      ...archived.reverse().map((event) => eventJson(room, event)),
      ...recent.map((event) => event.bytes.toString()),
    ];
    return { events: events.slice(-limit), more: events.length > limit };
  };
}
