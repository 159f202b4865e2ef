/**
 * Reads of a room's log in Redis, in pages. A room that Redis lost is recovered first. Owns how pages are joined, and
 * that no event past its retention is read; room-log.ts owns the writes.
 */

import type { Deleted } from "../../shared/server/redis/removal-store.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { LogBounds, RoomState } from "../../shared/server/redis/room-state.ts";
import { checkedEvent } from "../events/bus-message.ts";
import type { LoggedEvent } from "../events/event.ts";
import { withDeletions } from "../events/tombstone.ts";
import type { RoomRead } from "./live-room.ts";
import { type KeptSince, withoutExpired } from "./retention.ts";
import { type RecoverRoom, whenCurrent } from "./room-log.ts";

export type LogReads = ReturnType<typeof createLogReads>;
export type LogReadsDeps = {
  scripts: Pick<RoomLogStore, "readAfter" | "readNewest" | "readBefore" | "deletedSeqs">;
  recover: RecoverRoom;
  /** Makes an old event fit for readers. */
  redact: (event: Buffer) => Buffer;
  bounds: LogBounds;
  /** Events from before this moment are past their retention. */
  keptSince: KeptSince;
};
type OlderEvents = { entries: LoggedEvent[]; deleted: Deleted };

const PAGE = 2_000;

/** Of an idle room all is in the archive, so reading its history does not bring it back. */
const isReadable = ({ current, away }: RoomState): boolean => current || away;

export function createLogReads({ scripts, recover, redact, bounds, keptSince }: LogReadsDeps) {
  return {
    after,
    newest,

    /** The bounds of the log. */
    async state(room: string): Promise<RoomState> {
      return (await read(room, () => scripts.readAfter(room, Number.MAX_SAFE_INTEGER, 1))).state;
    },

    /** The newest events below a seq, in order. `deleted`: the messages whose deletion PostgreSQL may not have yet. */
    async before(room: string, below: number, max: number): Promise<OlderEvents> {
      let deleted: Deleted = new Set<number>();
      const readPage = async (): Promise<RoomRead | undefined> => {
        const both = [scripts.readBefore(room, below, max), scripts.deletedSeqs(room)] as const;
        const [page, seqs] = await Promise.all(both);
        deleted = seqs;
        return page;
      };
      const { entries } = kept(await read(room, readPage, isReadable));
      return { entries: entries.slice(-max), deleted };
    },

    /** The first events above a seq, in order. `isComplete`: the log has all events between the seq and these. */
    async upward(
      room: string,
      seq: number,
      max: number,
    ): Promise<{ entries: LoggedEvent[]; isComplete: boolean }> {
      const found = kept(await read(room, () => scripts.readAfter(room, seq, max), isReadable));
      return { entries: found.entries.slice(0, max), isComplete: found.state.floor <= seq + 1 };
    },

    deletedSeqs: scripts.deletedSeqs,
  };

  /**
   * All events above a seq, or the first of them: no further page once there are `enoughBytes`. `more`: there may be
   * further ones.
   */
  async function after(
    room: string,
    seq: number,
    enoughBytes = Number.POSITIVE_INFINITY,
  ): Promise<RoomRead & { more: boolean }> {
    const first = await read(room, () => scripts.readAfter(room, seq, PAGE));
    let page = first;
    const pages = [first.entries];
    let bytes = bytesOf(first.entries);
    // At least, because tombstones come on top of the entries that a page counts.
    while (page.entries.length >= PAGE && bytes < enoughBytes) {
      const last = page.entries.at(-1)?.seq ?? seq;
      page = await read(room, () => scripts.readAfter(room, last, PAGE));
      const isTrimmed = page.state.floor > last + 1;
      if (isTrimmed || page.state.epoch !== first.state.epoch) return after(room, seq, enoughBytes);
      pages.push(page.entries);
      bytes += bytesOf(page.entries);
    }
    const state = { ...page.state, floor: first.state.floor };
    return kept({ state, entries: withDeletions(pages.flat()), more: page.entries.length >= PAGE });
  }

  /** The end of the log, as far back as the byte budget allows. `floor`: the seq from which on it is complete. */
  async function newest(room: string): Promise<RoomRead> {
    const first = await read(room, () => scripts.readNewest(room, PAGE));
    let page = first;
    const pages = [first.entries];
    let bytes = bytesOf(first.entries);
    while (page.entries.length >= PAGE && bytes < bounds.bytes) {
      const lowest = page.entries[0]?.seq ?? 0;
      page = await read(room, () => scripts.readBefore(room, lowest, PAGE));
      if (page.state.epoch !== first.state.epoch) return newest(room);
      pages.unshift(page.entries);
      bytes += bytesOf(page.entries);
    }
    const entries = withDeletions(pages.flat());
    const lowest = entries[0]?.seq ?? Number.POSITIVE_INFINITY;
    const floor = page.entries.length < PAGE ? Math.min(page.state.floor, lowest) : lowest;
    return kept({ state: { ...first.state, floor }, entries });
  }

  /** One page of a room that is current, each entry checked and redacted. */
  async function read(
    room: string,
    readPage: () => Promise<RoomRead | undefined>,
    isFit = ({ current }: RoomState): boolean => current,
  ): Promise<RoomRead> {
    const page = await whenCurrent(room, recover, async () => {
      const found = await readPage();
      return found && isFit(found.state) ? found : undefined;
    });
    const entries = page.entries.map((entry) => ({
      ...entry,
      bytes: redact(checkedEvent(entry.bytes, room)),
    }));
    return { ...page, entries };
  }

  function kept<R extends RoomRead>(found: R): R {
    return withoutExpired(found, keptSince());
  }
}

const bytesOf = (events: readonly LoggedEvent[]): number =>
  events.reduce((sum, { bytes }) => sum + bytes.length, 0);
