/**
 * Reads the events that a client lacks: from this gateway's memory or, after a longer absence, from the backlog with
 * memory's events behind it. Knows no socket.
 */

import type { Position } from "../events/event.ts";
import { withDeletions } from "../events/tombstone.ts";
import type { Backlog, ReadBacklog } from "../history/backlog.ts";
import type { Room } from "../room-log/live-room.ts";
import type { Missed } from "./chunk-backlog.ts";

type JoinMemory = () => Missed | undefined;

/** @param chunkBytes max bytes of one read of the backlog, give or take a page. */
export function createBacklogSource(readBacklog: ReadBacklog, chunkBytes: number) {
  return {
    /**
     * Reads the events after a position. Synchronous when memory has them, as it nearly always does.
     * @param asker key by which the backlog bounds concurrent reads.
     * @returns undefined when the position is no longer known and the client has to start over. From the backlog: a
     * function that appends memory's events, to be called in the synchronous step that answers, because memory keeps
     * growing until then.
     * @throws Unavailable during an outage.
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

/** @returns undefined when backlog and memory do not meet, or the position is no longer known. */
function withMemory({ log }: Room, since: Position, read: Backlog): Missed | undefined {
  const { epoch, seq: head } = log.position;
  const known = log.since(since).from;
  if (known === "nowhere" || known === "ahead") return;
  const upTo = read.more ? (read.entries.at(-1)?.seq ?? since.seq) : Math.max(since.seq, read.state.seq);
  const rest = log.since({ epoch, seq: Math.min(upTo, head) });
  const isComplete = rest.from === "memory";
  if (!isComplete && !read.more) return;
  const entries = read.entries.filter(({ seq }) => seq <= head);
  // Only the backlog's events are redacted here: memory's own already are, and are too many to check for each chunk.
  const newer = isComplete ? rest.events.filter(({ seq }) => seq > upTo) : [];
  return { events: [...withDeletions(entries, log.isDeleted), ...newer], isComplete };
}
