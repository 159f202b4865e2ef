/** The changes of reactions that a room's log has and PostgreSQL does not have yet. */
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import type { RoomLogStore } from "../../../shared/server/redis/room-log-store.ts";
import type { ReactionChange } from "../../../shared/server-frames.ts";
import type { LoggedEvent } from "../../events/event.ts";
import { targetOf } from "../../events/tombstone.ts";
import type { RoomFeed } from "../../room-log/live-rooms.ts";

/** A deletion of a message removes its reactions. */
type LogChange = { change: ReactionChange } | { deleted: number };
/** `upTo`: the seq of the newest event that was read. */
export type LogChanges = { upTo: number; changes: LogChange[] };
export type LogChangesDeps = {
  rooms: Pick<RoomFeed, "loaded">;
  scripts: Pick<RoomLogStore, "readAfter">;
};

const REACTIONS = Buffer.from('{"type":"reactions"');
const PAGE = 2_000;
/** A log that is longer above PostgreSQL is that of an outage. */
const MAX_PAGES = 10;

/** @returns a function that reads the changes above a seq. It throws Unavailable, also if they are too many. */
export function createLogChanges({ rooms, scripts }: LogChangesDeps) {
  return async (room: string, after: number): Promise<LogChanges> => {
    const log = rooms.loaded(room)?.log;
    const events =
      log && log.completeAbove <= after
        ? log.all().filter(({ seq }) => seq > after)
        : await readEvents(room, after);
    return { upTo: events.at(-1)?.seq ?? after, changes: events.flatMap(changesOf) };
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

function changesOf({ bytes }: LoggedEvent): LogChange[] {
  const deleted = targetOf(bytes);
  if (deleted !== undefined) return [{ deleted }];
  if (!bytes.subarray(0, REACTIONS.length).equals(REACTIONS)) return [];
  const { changes } = JSON.parse(bytes.toString()) as { changes: ReactionChange[] };
  return changes.map((change) => ({ change }));
}
