/** The route of a search in a room. */
import { HITS_DEFAULT, HITS_MAX, QUERY_CHARS } from "../../../shared/limits.ts";
import { type Mark, wordsOf } from "../../../shared/search-marks.ts";
import { Refusal } from "../../errors.ts";
import { ipKey } from "../../limits/client-ip.ts";
import type { Access } from "../../rooms/access.ts";
import type { Authentication } from "../authenticate.ts";
import { searchText, wholeNumber } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { rawJson } from "../response.ts";
import { findRoomOf } from "./room-of.ts";

export type SearchRoutesDeps = {
  access: Pick<Access, "find">;
  /** Events as JSON texts, newest first. `next`: where the next page begins. */
  search: (
    room: string,
    words: readonly string[],
    place: { before: number | undefined; limit: number },
    reader: string,
  ) => Promise<{ hits: { event: string; marks: Mark[] }[]; next?: number }>;
  authentication: Authentication;
};

/** @throws Refusal `invalid`, also when no word has two characters: too many messages have any one letter. */
function searchedWords(query: URLSearchParams): string[] {
  const words = wordsOf(searchText(query, "q", QUERY_CHARS));
  if (!words.some((word) => [...word].length > 1))
    throw new Refusal("invalid", { fields: { q: words.length > 0 ? "too_short" : "missing" } });
  return words;
}

export function searchRoutes(deps: SearchRoutesDeps) {
  const roomOf = findRoomOf(deps);
  return {
    async search(call: Call): Promise<Answer> {
      const { name, archived } = await roomOf(call);
      if (archived === "hidden") throw new Refusal("room_archived");
      const words = searchedWords(call.query);
      const limit = wholeNumber(call.query, "limit", 1, HITS_MAX) ?? HITS_DEFAULT;
      const before = wholeNumber(call.query, "before", 1, Number.MAX_SAFE_INTEGER);
      const { hits, next } = await deps.search(name, words, { before, limit }, ipKey(call.device.ip));
      const shown = hits.map(({ event, marks }) => `{"event":${event},"marks":${JSON.stringify(marks)}}`);
      const place = next === undefined ? "" : `,"next":${next}`;
      return rawJson(`{"hits":[${shown.join(",")}],"more":${next !== undefined}${place}}`);
    },
  };
}
