/** The marks of unread messages in the page's first script. The script of on-demand parts fills them (unread.ts). */
import { signal } from "@preact/signals";
import type { ChatEvents } from "./frame-handlers.ts";

export const createUnreadMarks = () => ({
  /** The seq below the line of new messages; undefined: there is no line. */
  since: signal<number | undefined>(undefined),
  /** The number of unread messages in all rooms, as the title begins with it. */
  title: signal(""),
  heard: (_: Parameters<ChatEvents["heard"]>[0]): void => undefined,
});
