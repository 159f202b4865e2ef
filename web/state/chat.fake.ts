/** A chat with the server and the browser played by a test. */
import { signal } from "@preact/signals";
import type { ClientFrame } from "../../shared/client-frames.ts";
import type { HistoryAnswer } from "../../shared/http-api.ts";
import { HISTORY_DEFAULT } from "../../shared/limits.ts";
import type { Joined, MessageEvent, ServerFrame, Welcome } from "../../shared/server-frames.ts";
import type { Answer } from "../sync/api.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createServerTime } from "../sync/server-time.ts";
import { createFakeBrowser } from "../sync/storage.fake.ts";
import { fakeWelcome } from "../sync/transport.fake.ts";
import { createChat } from "./chat.ts";
import { openFakePage } from "./kept.fake.ts";
import { createRestriction } from "./restriction.ts";
import type { Notification } from "./toasts.ts";

export const ME = { id: "me", nickname: "나", role: "user" } as const;
export const YOU = { id: "you", nickname: "너" };

/** @param kept the stored values of the previous page in the tab. */
export function createFakeChat(kept = new Map<string, string>(), clock = createFakeClock()) {
  const sent: ClientFrame[] = [];
  const { store } = openFakePage(createFakeBrowser().openTab(kept), ME.id);
  const room = signal("lobby");
  const restriction = createRestriction(clock, createServerTime(clock.now));
  const ignored = new Set<string>();
  const notifications: Notification[] = [];
  const noticed: string[] = [];
  const gone: string[] = [];
  /** The answer to a request for the newest events of an archived room. */
  const archive: { value: Answer<HistoryAnswer> } = {
    value: { ok: true, value: { events: [], more: false } },
  };
  /** The history on the server, and the positions up to which it was requested. */
  const [history, asked]: [MessageEvent[], number[]] = [[], []];
  const away = { value: false };
  let made = kept.size * 100;
  const chat = createChat(
    {
      clock,
      store,
      isIgnored: (id) => ignored.has(id),
      room,
      rules: { restriction, slowModeOf: () => 0 },
      api: {
        async history(_, before) {
          asked.push(before);
          const events = history.filter(({ seq }) => seq < before).slice(-HISTORY_DEFAULT);
          return away.value
            ? { ok: false, problem: { code: "unreachable" } }
            : { ok: true, value: { events, more: true } };
        },
        newest: async () => archive.value,
      },
      send: (frame) => sent.push(frame) > 0,
      newClientId: () => {
        made += 1;
        return `c${made}`;
      },
    },
    {
      notify: (notify) => notifications.push(notify),
      identified: () => undefined,
      roomsNews: () => undefined,
      ownRooms: () => undefined,
      roomGone: (name) => gone.push(name),
      noticed: (notice) => noticed.push(notice.code),
      heard: () => undefined,
    },
  );
  const hears = (...frames: ServerFrame[]) => chat.frames(frames);
  const shown = () =>
    chat.room.value.log.value.events.flatMap((event) => (event.type === "message" ? [event.text] : []));
  return {
    clock,
    kept,
    sent,
    room,
    restriction: restriction.current,
    notifications,
    ignored,
    noticed,
    gone,
    archive,
    history,
    asked,
    away,
    chat,
    hears,
    shown,
  };
}

export const welcome = (over: Partial<Welcome> = {}) =>
  ({ ...fakeWelcome("c"), user: ME, ...over }) as Welcome;
export const joined = (over: Partial<Joined> = {}): Joined => ({
  type: "joined",
  room: "lobby",
  epoch: "a",
  head: 0,
  stored: 0,
  recovered: false,
  events: [],
  more: false,
  ...over,
});
export const message = (seq: number, over: Partial<MessageEvent> = {}): MessageEvent => ({
  type: "message",
  room: "lobby",
  seq,
  at: seq,
  user: YOU,
  clientId: `theirs-${seq}`,
  text: `text ${seq}`,
  ...over,
});
