/** Finds words in the end of a room's log, which PostgreSQL does not have yet. Reads Redis only, and recovers no room. */
import { findMarks } from "../../shared/search-marks.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { LoggedEvent } from "../events/event.ts";
import { type KeptSince, withoutExpired } from "../room-log/retention.ts";

/** A message as its JSON. */
type SaidEvent = { seq: number; json: string; text: string };
/**
 * Finds the newest messages below a seq with all the words, newest first. `above`: nothing above this seq is left to be found;
 * PostgreSQL has everything up to it, unless `isCut`.
 */
export type FindUnstored = (
  room: string,
  words: readonly string[],
  below: number,
  max: number,
) => Promise<{ found: SaidEvent[]; above: number; isCut: boolean }>;

const PAGE = 2_000;
/** Pages of one search. There are several only while the worker is behind. */
const MAX_PAGES = 10;

export function createFindUnstored(
  scripts: Pick<RoomLogStore, "readAfter" | "readBefore">,
  keptSince: KeptSince = () => 0,
): FindUnstored {
  return async (room, words, below, max) => {
    const end = await scripts.readAfter(room, Number.MAX_SAFE_INTEGER, 1);
    if (!end) return { found: [], above: below - 1, isCut: false };
    const { stored } = end.state;
    const found: SaidEvent[] = [];
    let top = Math.min(below, end.state.seq + 1);
    for (let pages = 0; top - 1 > stored; pages++) {
      if (pages === MAX_PAGES || found.length >= max) return { found, above: top - 1, isCut: true };
      const page = await scripts.readBefore(room, top, Math.min(PAGE, top - 1 - stored));
      if (!page) break;
      const { entries, state } = withoutExpired(page, keptSince());
      const fresh = entries.filter(({ seq }) => seq > stored && seq < top);
      found.push(...fresh.reverse().flatMap((event) => saidIn(event, words)));
      // An event that was trimmed meanwhile is a row by then.
      if (fresh.length === 0) return { found, above: Math.max(stored, state.floor - 1), isCut: false };
      top = fresh.at(-1)?.seq ?? top;
    }
    return { found, above: Math.min(stored, below - 1), isCut: false };
  };
}

function saidIn({ seq, bytes }: LoggedEvent, words: readonly string[]): SaidEvent[] {
  const json = bytes.toString();
  const event: { type: string; text?: string; deleted?: boolean } = JSON.parse(json);
  const { text } = event;
  if (event.type !== "message" || event.deleted || text === undefined) return [];
  return words.every((word) => findMarks(text, [word]).length > 0) ? [{ seq, json, text }] : [];
}
