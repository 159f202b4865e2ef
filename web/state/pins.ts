/** The message that stands at the top of the room on screen. The room's notices tell of changes; before the first one the cluster is asked. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { PinAnswer } from "../../shared/moderation-answers.ts";
import type { Answer, Api } from "../sync/api.ts";
import type { Kept } from "./kept.ts";
import type { Room } from "./room.ts";
import type { Notification } from "./toasts.ts";

export type PinsDeps = {
  api: Pick<Api, "asUser">;
  room: ReadonlySignal<Room>;
  kept: Pick<Kept, "of" | "change">;
  notify(notification: Notification): void;
};

/** Rooms whose pin is remembered as put away. */
const ROOMS_MAX = 100;

export function createPins({ api, room: here, kept, notify }: PinsDeps) {
  const fetched = signal<{ room: string; seq: number | undefined } | undefined>(undefined);
  const away = kept.of("pinsAway");
  /** By the newest notice since the cluster was asked, which outlives the notice in the memory of a busy room. */
  const noted = signal<{ room: string; at: number; target: number | undefined } | undefined>(undefined);
  let followed = { room: "", upTo: 0 };

  effect(() => {
    const { name, log, state } = here.value;
    const { events } = log.value;
    if (state.value === "missing") return;
    const isFollowed = followed.room === name && (events[0]?.seq ?? 0) <= followed.upTo + 1;
    followed = { room: name, upTo: Math.max(isFollowed ? followed.upTo : 0, events.at(-1)?.seq ?? 0) };
    const newest = events.findLast(
      (event) => event.type === "notice" && (event.code === "pinned" || event.code === "unpinned"),
    );
    const before = isFollowed ? noted.peek() : undefined;
    noted.value =
      newest?.type === "notice" && newest.seq > (before?.at ?? 0)
        ? { room: name, at: newest.seq, target: newest.target }
        : before;
    // A fresh epoch, a gap or a first view may lack the notice.
    if (!isFollowed) void load(name);
  });

  const pinned = computed(() => {
    const { name } = here.value;
    if (noted.value?.room === name) return noted.value.target;
    return fetched.value?.room === name ? fetched.value.seq : undefined;
  });

  return {
    /** Its seq; undefined: none. */
    pinned,
    /** As `pinned`, unless this person put it away. */
    shown: computed(() => {
      const { name } = here.value;
      const isAway = away.value?.some(({ room, seq }) => room === name && seq === pinned.value);
      return isAway ? undefined : pinned.value;
    }),
    dismiss() {
      const [room, seq] = [here.value.name, pinned.value];
      if (seq === undefined) return;
      kept.change("pinsAway", (now = []) =>
        [{ room, seq }, ...now.filter((each) => each.room !== room)].slice(0, ROOMS_MAX),
      );
    },
    pin: (seq: number) => change(api.asUser("PUT", pathOf(here.value.name), { seq })),
    unpin: () => change(api.asUser("DELETE", pathOf(here.value.name))),
  };

  async function load(room: string): Promise<void> {
    const answer = await api.asUser<PinAnswer>("GET", pathOf(room));
    // A gateway of an older release does not know the question.
    if (answer.ok) fetched.value = { room, seq: answer.value.pinned };
  }

  async function change(asked: Promise<Answer<unknown>>): Promise<void> {
    const answer = await asked;
    if (!answer.ok) notify({ about: "problem", code: answer.problem.code });
  }
}

const pathOf = (room: string) => `/api/rooms/${room}/pin`;
