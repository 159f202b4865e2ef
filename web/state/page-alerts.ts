/**
 * Notifications by an open page that nobody looks at: of what speaks to the person, of direct lines, and of rooms of which they want
 * everything. The worker's push says the same, and so do other tabs: the first of them shows it (notices.ts).
 */
import { effect, type ReadonlySignal, untracked } from "@preact/signals";
import type { PushStateAnswer } from "../../shared/push-api.ts";
import type { PushMessage } from "../../shared/push-message.ts";
import type { RoomHead } from "../../shared/server-frames.ts";
import { isInFront } from "../page/in-front.ts";
import type { App } from "./app.ts";
import type { RoomLevels } from "./room-levels.ts";

/** As of the worker's. */
const PACE_MS = 10_000;
/** The cluster counts within a second; messages that come together are one notification. */
const GATHER_MS = 300;
const ROOMS_AT_ONCE = 3;

type Deps = Pick<App, "platform"> & {
  levels: Pick<RoomLevels, "of">;
  isOn: () => boolean;
  heads: ReadonlySignal<ReadonlyMap<string, RoomHead>>;
  newest: (room: string, isMention: boolean) => Promise<PushMessage | undefined>;
  /** Shows a message once in this browser. @returns whether it did. */
  show: (message: PushMessage) => Promise<boolean>;
  /** Takes away the notification of a room up to a seq. */
  close: (room: string, seq: number) => Promise<void>;
  ring: () => void;
};

export function createPageAlerts({ platform, levels, isOn, heads, newest, show, close, ring }: Deps) {
  const { api, clock, view } = platform;
  let before: ReadonlyMap<string, RoomHead> = new Map();
  /** Rooms with news, and whether one of them speaks to the person. */
  const wanted = new Map<string, boolean>();
  let isPlanned = false;
  let nextAt = 0;

  effect(() => {
    const now = heads.value;
    untracked(() => {
      for (const head of now.values()) compare(head, before.get(head.room));
      before = now;
      if (wanted.size > 0) plan();
    });
  });

  function compare(head: RoomHead, known: RoomHead | undefined) {
    if (!known || !isOn()) return;
    const { room } = head;
    if (head.read > known.read) void close(room, head.read);
    const level = levels.of(room);
    const isMention = head.mentions > known.mentions;
    if (level === "none" || isInFront(view)) return;
    if (isMention || (level === "all" && head.unread > known.unread))
      wanted.set(room, isMention || wanted.get(room) === true);
  }

  function plan() {
    if (isPlanned) return;
    isPlanned = true;
    clock.after(Math.max(GATHER_MS, nextAt - clock.now()), () => {
      isPlanned = false;
      void tell();
    });
  }

  async function tell(): Promise<void> {
    const due = [...wanted].toSorted((a, b) => Number(b[1]) - Number(a[1])).slice(0, ROOMS_AT_ONCE);
    wanted.clear();
    if (isInFront(view) || !isOn()) return;
    nextAt = clock.now() + PACE_MS;
    const answer = await api.asUser<PushStateAnswer>("GET", "/api/me/push");
    // The person looks at a page elsewhere.
    if (answer.ok && answer.value.front) return;
    for (const [room, isMention] of due) {
      const message = await newest(room, isMention);
      if (message && !isInFront(view) && (await show(message)) && !isMention) ring();
    }
  }
}
