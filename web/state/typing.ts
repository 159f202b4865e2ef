/** Who is writing just now: tells the others that we are, and remembers for a moment that they are. */
import { signal } from "@preact/signals";
import type { ClientFrame } from "../../shared/client-frames.ts";
import type { TypingSignal } from "../../shared/server-frames.ts";
import type { Clock } from "../sync/clock.ts";

/** At most one signal in 3 s passes; a little more apart, so that one that was fast on its way is not dropped. */
const TELL_EVERY_MS = 3_200;
/** Without another signal or the message itself, a person has stopped after this. */
const SHOWN_MS = 4_000;

export type Typist = { id: string; nickname: string };
type Heard = Typist & { room: string; until: number };

export type Typing = ReturnType<typeof createTyping>;

export function createTyping(clock: Pick<Clock, "now" | "after">, send: (frame: ClientFrame) => boolean) {
  const heard = signal<readonly Heard[]>([]);
  const told = new Map<string, number>();

  return {
    /** Who else is writing in `room`, longest first. */
    of: (room: string): readonly Typist[] => heard.value.filter((each) => each.room === room),
    /** The person changed the text being written. Call as often as that happens. */
    tell(room: string) {
      if (clock.now() - (told.get(room) ?? 0) < TELL_EVERY_MS) return;
      if (send({ type: "typing", room })) told.set(room, clock.now());
    },
    hear({ room, user: { id, nickname } }: TypingSignal, me: string | undefined) {
      if (id === me) return;
      const next = { id, nickname, room, until: clock.now() + SHOWN_MS };
      const known = heard.value.some((each) => isOf(each, room, id));
      heard.value = known
        ? heard.value.map((each) => (isOf(each, room, id) ? next : each))
        : [...heard.value, next];
      clock.after(SHOWN_MS, () => keep((each) => each.until > clock.now()));
    },
    /** Their message came. */
    stopped: (room: string, id: string) => keep((each) => !isOf(each, room, id)),
    clear() {
      keep(() => false);
      told.clear();
    },
  };

  function keep(isKept: (each: Heard) => boolean) {
    const left = heard.value.filter(isKept);
    if (left.length !== heard.value.length) heard.value = left;
  }
}

const isOf = (each: Heard, room: string, id: string) => each.room === room && each.id === id;
