/** The rows of the message list: the log in view without ignored people, and the person's pending messages. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Author } from "../sync/replica.ts";
import type { Chat } from "./chat.ts";
import type { Ignored } from "./ignored.ts";
import { createTimeline } from "./timeline.ts";

export function createRows(
  chat: Pick<Chat, "room" | "entries">,
  ignored: Pick<Ignored, "leftOf">,
  me: ReadonlySignal<Author | undefined>,
  since: ReadonlySignal<number | undefined>,
) {
  const timeline = createTimeline();

  return computed(() => {
    const { viewport, log } = chat.room.value;
    const { gaps, joined, last } = log.value;
    const shown = viewport.shown.value;
    const oldest = shown[0]?.seq ?? 0;
    return timeline({
      gaps: viewport.part.value ? [] : gaps.filter(({ before }) => before >= oldest),
      events: ignored.leftOf(shown),
      entries: viewport.atNewest.value ? chat.entries.value : [],
      // Until the log is loaded, acknowledged messages are left out, because the log will contain them.
      last: joined ? last : Number.POSITIVE_INFINITY,
      me: me.value,
      since: since.value,
    });
  });
}
