/** The request of a search in a room, which comes with the script of on-demand parts. */
import { HITS_DEFAULT } from "../../shared/limits.ts";
import type { SearchAnswer } from "../../shared/search-api.ts";
import type { Api } from "./api.ts";

export type SearchApi = ReturnType<typeof createSearchApi>;

/** @returns a request for a page of hits; `before`: the `next` of the page before it. */
export function createSearchApi({ asUser: ask }: Pick<Api, "asUser">) {
  return (room: string, query: string, before?: number) => {
    const wanted = { q: query, limit: String(HITS_DEFAULT), ...(before ? { before: String(before) } : {}) };
    return ask<SearchAnswer>("GET", `/api/rooms/${room}/search?${new URLSearchParams(wanted)}`);
  };
}
