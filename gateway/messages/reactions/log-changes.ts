/** The changes of reactions that a room's log has and PostgreSQL does not have yet. */
import type { Removal } from "../../../shared/server/redis/removal-store.ts";
import type { ReactionChange } from "../../../shared/server-frames.ts";
import type { LoggedEvent } from "../../events/event.ts";
import { removalOf, writerOf } from "../../events/removal.ts";
import { targetOf } from "../../events/tombstone.ts";
import type { EventsAfter } from "../../room-log/events-after.ts";

/** A deletion of a message removes its reactions. */
type LogChange = { change: ReactionChange } | { deleted: number };
/**
 * `upTo`: the seq of the newest event that was read. `removals`: of messages of authors, which remove their reactions. `writers`: the authors of
 * the messages among the events.
 */
export type LogChanges = {
  upTo: number;
  changes: LogChange[];
  removals: Removal[];
  writers: ReadonlyMap<number, string>;
};

const REACTIONS = Buffer.from('{"type":"reactions"');
/** @returns a function that reads the changes above a seq. It throws as `eventsAfter`. */
export function createLogChanges(eventsAfter: EventsAfter) {
  return async (room: string, after: number): Promise<LogChanges> => {
    const events = await eventsAfter(room, after);
    const removals = events.flatMap(({ bytes }) => removalOf(bytes) ?? []);
    const writers = removals.length > 0 ? writersOf(events) : new Map<number, string>();
    return { upTo: events.at(-1)?.seq ?? after, changes: events.flatMap(changesOf), removals, writers };
  };
}

const writersOf = (events: readonly LoggedEvent[]): Map<number, string> =>
  new Map(
    events.flatMap(({ seq, bytes }) => {
      const writer = writerOf(bytes);
      return writer === undefined ? [] : [[seq, writer] as const];
    }),
  );

function changesOf({ bytes }: LoggedEvent): LogChange[] {
  const deleted = targetOf(bytes);
  if (deleted !== undefined) return [{ deleted }];
  if (!bytes.subarray(0, REACTIONS.length).equals(REACTIONS)) return [];
  const { changes } = JSON.parse(bytes.toString()) as { changes: ReactionChange[] };
  return changes.map((change) => ({ change }));
}
