/** Typing signals: sends those of the person, and remembers those of other people for a moment. */
import { signal } from "@preact/signals";
import type { ClientFrame } from "../../shared/client-frames.ts";
import type { TypingSignal } from "../../shared/server-frames.ts";
import type { Clock } from "../sync/clock.ts";

/** The server passes one signal in 3 s. This is a little more, so that an early arrival is not dropped. */
const NOTIFY_EVERY_MS = 3_200;
/** Without another signal or the message itself, a person has stopped after this. */
const SHOWN_MS = 4_000;

export type Typist = { id: string; nickname: string };
type TypistUntil = Typist & { room: string; until: number };

export type Typing = ReturnType<typeof createTyping>;

export function createTyping(clock: Pick<Clock, "now" | "after">, send: (frame: ClientFrame) => boolean) {
  const typists = signal<readonly TypistUntil[]>([]);
  const notifiedAt = new Map<string, number>();

  return {
    /** The people who are typing in `room`, the longest first. */
    of: (room: string): readonly Typist[] => typists.value.filter((each) => each.room === room),
    /** The person changed the text being written. Call at each change. */
    notify(room: string) {
      if (clock.now() - (notifiedAt.get(room) ?? 0) < NOTIFY_EVERY_MS) return;
      if (send({ type: "typing", room })) notifiedAt.set(room, clock.now());
    },
    received({ room, user: { id, nickname } }: TypingSignal, me: string | undefined) {
      if (id === me) return;
      const next = { id, nickname, room, until: clock.now() + SHOWN_MS };
      const known = typists.value.some((each) => isOf(each, room, id));
      typists.value = known
        ? typists.value.map((each) => (isOf(each, room, id) ? next : each))
        : [...typists.value, next];
      clock.after(SHOWN_MS, () => keep((each) => each.until > clock.now()));
    },
    /** Their message arrived, so they no longer type it. */
    stopped: (room: string, id: string) => keep((each) => !isOf(each, room, id)),
    clear() {
      keep(() => false);
      notifiedAt.clear();
    },
  };

  function keep(isKept: (each: TypistUntil) => boolean) {
    const left = typists.value.filter(isKept);
    if (left.length !== typists.value.length) typists.value = left;
  }
}

const isOf = (each: TypistUntil, room: string, id: string) => each.room === room && each.id === id;
