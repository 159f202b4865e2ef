/**
 * Takes a message back that the person has just sent, and says what came of it. Its text returns to the field. Owns what is known of the last
 * one; whether it was possible is decided by the cluster and told by an event of the room.
 */
import { effect, signal, untracked } from "@preact/signals";
import { TAKE_BACK_MS } from "../../shared/limits.ts";
import type { MessageEvent } from "../../shared/server-frames.ts";
import { focusField } from "../page/message-field.ts";
import type { Cancel } from "../sync/clock.ts";
import type { App } from "./app.ts";

type Deps = Pick<App, "chat" | "composer" | "session" | "platform" | "whenUserLeaves">;
/** `isBack` false: it was too late, and `seenBy` people had read it. `isLeft`: its text is not in the field. */
export type TakenBack = { message: MessageEvent; isBack: boolean; seenBy: number; isLeft: boolean };

/** The acknowledgement, which has the number of readers, may come behind the event. */
const ACK_MS = 400;
const SHOWN_MS = 8_000;

export type TakeBack = ReturnType<typeof createTakeBack>;

export function createTakeBack({ chat, composer, session, platform, whenUserLeaves }: Deps) {
  const { clock, serverNow, view } = platform;
  const outcome = signal<TakenBack | undefined>(undefined);
  /** Messages that the person wants back, by seq, in the room on screen. */
  const wanted = new Map<number, MessageEvent>();
  /** The number of readers, by the seq of the deletion. */
  const seen = new Map<number, number>();
  let cancel: Cancel = () => undefined;

  chat.answers.add((frame) => {
    if (frame.type === "ack" && frame.seenBy !== undefined) seen.set(frame.seq, frame.seenBy);
    return false;
  });
  effect(() => {
    const { events } = chat.room.value.log.value;
    if (wanted.size > 0) untracked(() => follow(events));
  });

  whenUserLeaves(() => {
    wanted.clear();
    seen.clear();
    show(undefined);
  });

  return {
    /** The result for the last one, for a while. */
    outcome,

    /** The time until which a message can be taken back, by the clock of this machine; undefined: it cannot be, or not any more. */
    until(message: { at: number; mine: boolean }): number | undefined {
      const leftMs = message.at + TAKE_BACK_MS - serverNow();
      return message.mine && leftMs > 0 ? clock.now() + leftMs : undefined;
    },

    /** The newest message of the person, if it can be taken back still. */
    newest(): number | undefined {
      const me = session.user.value?.id;
      const mine = chat.room.value.log.value.events.findLast(
        (event) => event.type === "message" && !event.deleted && event.user.id === me,
      );
      return mine && mine.at + TAKE_BACK_MS > serverNow() && !wanted.has(mine.seq) ? mine.seq : undefined;
    },

    take(seq: number): void {
      const message = chat.room.value.log.value.events.find((event) => event.seq === seq);
      if (message?.type !== "message" || message.deleted) return;
      wanted.set(seq, message);
      chat.remove(seq, true);
    },

    /** Puts the text of the last one into the field, in place of what is there. */
    putBack(): void {
      if (!outcome.value) return;
      restore(outcome.value.message);
      outcome.value = { ...outcome.value, isLeft: false };
    },
  };

  function follow(events: readonly { type: string; seq: number; target?: number; takenBack?: true }[]): void {
    for (const event of events) {
      const message = event.type === "deleted" ? wanted.get(event.target ?? 0) : undefined;
      if (!message) continue;
      wanted.delete(message.seq);
      if (event.takenBack) settle(message, true, 0);
      else clock.after(ACK_MS, () => settle(message, false, seen.get(event.seq) ?? 0));
    }
  }

  function settle(message: MessageEvent, isBack: boolean, seenBy: number): void {
    const isHere = message.room === chat.room.value.name;
    const isLeft = isHere && composer.draft.value.trim() !== "";
    if (isHere && !isLeft) restore(message);
    show({ message, isBack, seenBy, isLeft });
  }

  function restore({ text = "", mentions = [], reply, room }: MessageEvent): void {
    composer.change(text);
    for (const { id, start, length } of mentions)
      composer.change(text, { id, nickname: text.slice(start + 1, start + length) });
    const target = chat.room.value.log.value.events.find((event) => event.seq === reply?.seq);
    if (target?.type === "message" && target.text !== undefined)
      composer.replyTo({ room, seq: target.seq, user: target.user, text: target.text });
    focusField(view);
  }

  function show(next: TakenBack | undefined): void {
    cancel();
    outcome.value = next;
    cancel = next ? clock.after(SHOWN_MS, () => show(undefined)) : () => undefined;
  }
}
