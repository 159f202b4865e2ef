/** The answer of a search in a room, which is a page, newest first. */
import type { Mark } from "./search-marks.ts";
import type { MessageEvent } from "./server-frames.ts";

/** `next`: pass it as `before` for the next page. A page may have fewer hits than the limit, or none, while `more` is true. */
export type SearchAnswer = { hits: { event: MessageEvent; marks: Mark[] }[]; more: boolean; next?: number };
