/**
 * Where the events that a client lacks are read: in this gateway's memory, or, when it was away for longer, in the backlog
 * with memory's events behind it. Knows no socket.
 */

import type { Position } from "../events/event.ts";
import { withDeletions } from "../events/tombstone.ts";
import type { Backlog, ReadBacklog } from "../history/backlog.ts";
import type { Room } from "../room-log/live-room.ts";
import type { Missed } from "./chunk-backlog.ts";

type JoinMemory = () => Missed | undefined;

/** @param chunkBytes no more is read from the backlog at a time, give or take a page. */
export function createBacklogSource(readBacklog: ReadBacklog, chunkBytes: number) {
  return {
    /**
     * What follows a position. Synchronous when memory has it, as it nearly always has.
     * @param asker for whom the backlog is read: reads of one are bounded.
     * @returns undefined when nobody can tell any more: the client has to start over. From the backlog it is a function that
     * puts memory's events behind, to be called in the synchronous step that answers: memory goes on until then.
     * @throws an outage.
     */
    read(room: Room, since: Position, asker: string): Missed | undefined | Promise<JoinMemory> {
      const found = room.log.since(since);
      if (found.from === "backlog") return fromBacklog(room, since, asker);
      return found.from === "memory" ? { events: found.events, isComplete: true } : undefined;
    },
  };

  async function fromBacklog(room: Room, since: Position, asker: string): Promise<JoinMemory> {
    const read = await readBacklog(room.name, since.seq, chunkBytes, asker);
    return () => (read ? withMemory(room, since, read) : undefined);
  }
}

/** Undefined: the backlog and memory do not meet, or the position is no longer known. */
function withMemory({ log }: Room, since: Position, read: Backlog): Missed | undefined {
  const { epoch, seq: head } = log.position;
  const known = log.since(since).from;
  if (known === "nowhere" || known === "ahead") return;
  const upTo = read.more ? (read.entries.at(-1)?.seq ?? since.seq) : Math.max(since.seq, read.state.seq);
  const rest = log.since({ epoch, seq: Math.min(upTo, head) });
  const isComplete = rest.from === "memory";
  if (!isComplete && !read.more) return;
  const entries = read.entries.filter(({ seq }) => seq <= head);
  // Memory's own events are blank already where they were deleted. All of them are too many to be looked at for each chunk.
  const newer = isComplete ? rest.events.filter(({ seq }) => seq > upTo) : [];
  return { events: [...withDeletions(entries, log.isDeleted), ...newer], isComplete };
}
