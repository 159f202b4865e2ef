/** The answer of the list of a user's mentions, which is a page, newest first. */
import type { MessageEvent } from "./server-frames.ts";

/** `read`: the user has read the room up to there. `next`: pass it as `before` for the next page. */
export type MentionsAnswer = {
  mentions: { event: MessageEvent; room: { name: string; title: string }; read: boolean }[];
  more: boolean;
  next?: string;
};
