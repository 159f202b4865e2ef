/** What a room's log in Redis holds, read in pages; the room is restored first where Redis lost it or was restarted. */
import type { LogBounds, RoomLogStore, RoomState } from "../../shared/server/redis/room-log-store.ts";
import { checkedEvent } from "../events/bus-message.ts";
import type { LoggedEvent } from "../events/event.ts";
import { withDeletions } from "../events/tombstone.ts";
import type { RoomRead } from "./live-room.ts";
import { type KeptSince, withoutExpired } from "./retention.ts";
import { type RecoverRoom, whenCurrent } from "./room-log.ts";

export type LogReads = ReturnType<typeof createLogReads>;
export type LogReadsDeps = {
  scripts: Pick<RoomLogStore, "readAfter" | "readNewest" | "readBefore">;
  restore: RecoverRoom;
  /** What readers may see of an event that was said earlier. */
  redact: (event: Buffer) => Buffer;
  bounds: LogBounds;
  /** What is older is told by nobody. */
  keptSince: KeptSince;
};

const PAGE = 2_000;

const bytesOf = (events: readonly LoggedEvent[]): number =>
  events.reduce((sum, { bytes }) => sum + bytes.length, 0);

export function createLogReads({ scripts, restore, redact, bounds, keptSince }: LogReadsDeps) {
  const current = async (room: string, read: () => Promise<RoomRead | null>): Promise<RoomRead> => {
    const found = await whenCurrent(room, restore, async () => {
      const answer = await read();
      return answer?.state.current ? answer : null;
    });
    const entries = found.entries.map((entry) => ({
      ...entry,
      bytes: redact(checkedEvent(entry.bytes, room)),
    }));
    return { ...found, entries };
  };

  const kept = <R extends RoomRead>(read: R): R => withoutExpired(read, keptSince());

  /** Everything above a seq, or the first of it: no further page once there is so much. `more`: it may not be all. */
  const after = async (
    room: string,
    seq: number,
    enoughBytes = Number.POSITIVE_INFINITY,
  ): Promise<RoomRead & { more: boolean }> => {
    const first = await current(room, () => scripts.readAfter(room, seq, PAGE));
    let page = first;
    const pages = [first.entries];
    let bytes = bytesOf(first.entries);
    // Tombstones stand beside the entries that a page counts.
    while (page.entries.length >= PAGE && bytes < enoughBytes) {
      const last = page.entries.at(-1)?.seq ?? seq;
      page = await current(room, () => scripts.readAfter(room, last, PAGE));
      const trimmed = page.state.floor > last + 1;
      if (trimmed || page.state.epoch !== first.state.epoch) return after(room, seq, enoughBytes);
      pages.push(page.entries);
      bytes += bytesOf(page.entries);
    }
    const state = { ...page.state, floor: first.state.floor };
    return kept({ state, entries: withDeletions(pages.flat()), more: page.entries.length >= PAGE });
  };

  /** The end of the log, as far back as the budget of bytes allows. `floor`: from where it is complete. */
  const newest = async (room: string): Promise<RoomRead> => {
    const first = await current(room, () => scripts.readNewest(room, PAGE));
    let page = first;
    const pages = [first.entries];
    let bytes = bytesOf(first.entries);
    while (page.entries.length >= PAGE && bytes < bounds.bytes) {
      const lowest = page.entries[0]?.seq ?? 0;
      page = await current(room, () => scripts.readBefore(room, lowest, PAGE));
      if (page.state.epoch !== first.state.epoch) return newest(room);
      pages.unshift(page.entries);
      bytes += bytesOf(page.entries);
    }
    const entries = withDeletions(pages.flat());
    const lowest = entries[0]?.seq ?? Number.POSITIVE_INFINITY;
    const floor = page.entries.length < PAGE ? Math.min(page.state.floor, lowest) : lowest;
    return kept({ state: { ...first.state, floor }, entries });
  };

  return {
    after,
    newest,

    /** Where the log begins and ends. */
    async state(room: string): Promise<RoomState> {
      return (await current(room, () => scripts.readAfter(room, Number.MAX_SAFE_INTEGER, 1))).state;
    },

    /** The newest below a seq, in order. */
    async before(room: string, below: number, most: number): Promise<LoggedEvent[]> {
      return kept(await current(room, () => scripts.readBefore(room, below, most))).entries.slice(-most);
    },
  };
}
