/**
 * Unread messages of all rooms on the person's list. A room is read when its newest message is on screen in a page that the person has
 * before them.
 */
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { FOLLOWED_MAX, UNREAD_MAX } from "../../shared/limits.ts";
import { watchFront } from "../page/in-front.ts";
import { createMarkedIcon } from "../page/marked-icon.ts";
import { isRoomName } from "../sync/urls.ts";
import type { App } from "./app.ts";
import { createFollowedRooms } from "./followed-rooms.ts";
import { createNewLine } from "./new-line.ts";
import { createReadPace } from "./read-pace.ts";

const NOTHING = { messages: 0, mentions: 0 };

type Deps = Pick<App, "chat" | "connection" | "rooms" | "route" | "unread" | "platform"> & {
  /** Whether the person wants to hear nothing of a room: it is in no total. */
  isSilent: (room: string) => boolean;
};

export type Unread = ReturnType<typeof createUnread>;

export function createUnread({ chat, connection, rooms, route, unread, platform, isSilent }: Deps) {
  const { clock, view, send } = platform;
  const { room: here } = route;
  const isInFront = signal(false);

  const list = computed(() => {
    const names = [here.value, ...rooms.own(here.value, 0).map(({ name }) => name)];
    return [...new Set(names.filter(isRoomName))].slice(0, FOLLOWED_MAX).join(" ");
  });
  const live = computed(() => {
    const socket = connection.socket.value;
    return socket.at === "live" ? socket.connection : "";
  });
  const followed = createFollowedRooms({ clock, send, list, live });
  const { heads, readOf } = followed;
  const pace = createReadPace(clock, followed.read);
  const { place, clear: clearLine, ...line } = createNewLine(clock, unread.since, chat.room);

  /** The room on screen, while its newest message is before the person. */
  const reading = computed(() => {
    const room = chat.room.value;
    const isAtEnd = room.state.value === "joined" && room.viewport.atNewest.value;
    return isInFront.value && isAtEnd ? room : undefined;
  });
  const totals = computed(() => {
    const all = [...heads.value.keys()].filter((name) => !isSilent(name)).map(of);
    const messages = all.reduce((sum, each) => sum + each.messages, 0);
    return { messages, mentions: all.reduce((sum, each) => sum + each.mentions, 0) };
  });
  const mark = createMarkedIcon(view.document, async (url) => (await view.fetch(url)).text());

  unread.heard = followed.heard;
  watchFront(view, (now) => {
    isInFront.value = now;
  });
  effect(() => {
    const name = here.value;
    const head = heads.value.get(name);
    const room = reading.value;
    const inFront = isInFront.value;
    const last = room?.log.value.last ?? 0;
    untracked(() => {
      // First, because the line is where the person has not read yet.
      place(name, head, readOf(name), inFront);
      if (!room) pace.flush();
      else if (head && last > readOf(name)) pace.want(name, last);
    });
  });
  effect(() => {
    const { messages, mentions } = totals.value;
    unread.title.value = messages === 0 ? "" : `(${shown(messages)}) `;
    mark(messages === 0 ? "none" : mentions > 0 ? "mention" : "news");
  });

  return {
    ...line,
    of,
    shown,
    isSilent,
    heads,
    readOf,
    total: computed(() => totals.value.messages),
    mentions: computed(() => totals.value.mentions),
    readAll() {
      line.dismiss();
      followed.readAll();
    },
    /** The next user must see nothing of this one. */
    clear() {
      pace.forget();
      batch(() => {
        followed.clear();
        clearLine();
      });
    },
  };

  /** The unread messages of a room; none in the one that is being read. */
  function of(name: string) {
    const head = heads.value.get(name);
    if (!head || reading.value?.name === name) return NOTHING;
    return { messages: head.unread, mentions: head.mentions };
  }
}

/** A number as it is shown: 99+ from UNREAD_MAX on. */
const shown = (count: number): string => (count >= UNREAD_MAX ? `${UNREAD_MAX - 1}+` : String(count));
