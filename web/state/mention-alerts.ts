/** Notices new messages that speak to the person: the newest for a screen reader, and a tone if they want one. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { MessageEvent } from "../../shared/server-frames.ts";
import type { App } from "./app.ts";
import type { Settings } from "./settings.ts";

type Deps = Pick<App, "chat" | "session" | "ignored"> & {
  settings: Pick<Settings, "isSoundOn">;
  /** The number of unread mentions in all rooms. */
  unreadMentions: () => number;
  play: () => void;
};

export function createMentionAlerts({ chat, session, ignored, settings, unreadMentions, play }: Deps) {
  const newest = signal<MessageEvent | undefined>(undefined);
  /** The log is looked at from here on, because nothing in it is new at the join. */
  let seen = { room: "", epoch: "", seq: 0 };
  let unread = 0;

  effect(() => {
    const room = chat.room.value;
    const { events, last, joined } = room.log.value;
    untracked(() => {
      const epoch = room.epoch();
      const isSame = seen.room === room.name && seen.epoch === epoch;
      const from = isSame ? seen.seq : last;
      if (!joined) return;
      seen = { room: room.name, epoch, seq: last };
      const found = events.findLast((event) => event.seq > from && speaksToMe(event));
      if (found?.type !== "message") return;
      newest.value = found;
      ring();
    });
  });
  effect(() => {
    const now = unreadMentions();
    if (now > unread) untracked(ring);
    unread = now;
  });

  return {
    /** Undefined before the first one. */
    newest: computed(() => newest.value),
    clear() {
      newest.value = undefined;
      unread = 0;
    },
  };

  function speaksToMe(event: { type: string }): boolean {
    const me = session.user.value?.id;
    if (event.type !== "message" || me === undefined) return false;
    const { user, mentions = [], reply, deleted } = event as MessageEvent;
    if (deleted || user.id === me || ignored.has(user.id)) return false;
    return reply?.user === me || mentions.some(({ id }) => id === me);
  }

  function ring() {
    if (settings.isSoundOn.value) play();
  }
}
