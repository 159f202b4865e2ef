/** The message being written: its length, whether it can be sent, and sending it. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { MENTIONS_MAX } from "../../shared/limits.ts";
import { cleanText, countChars, findMentions, prepareText } from "../../shared/text.ts";
import type { Clock } from "../sync/clock.ts";
import type { Author } from "../sync/replica.ts";
import type { WritingProblem } from "../words/sentences.ts";
import type { Chat } from "./chat.ts";
import { createCountdown } from "./countdown.ts";
import type { Dialogs } from "./dialogs.ts";
import type { Drafts } from "./drafts.ts";
import type { RestrictionState } from "./restriction.ts";
import type { RoomState } from "./room.ts";
import type { Session } from "./session.ts";

export type ComposerDeps = {
  /** The room on screen. */
  here: ReadonlySignal<string>;
  drafts: Drafts;
  chat: Pick<Chat, "room" | "limits" | "write" | "writing" | "delay" | "entries">;
  session: Pick<Session, "user" | "state" | "loggedOut" | "lastUser">;
  dialogs: Pick<Dialogs, "show">;
  clock: Pick<Clock, "now" | "after">;
  restriction: Pick<RestrictionState, "current">;
};

/** The message that a draft replies to. */
export type ReplyTarget = { room: string; seq: number; user: Author; text: string };

/** Writes a text in another way, except the names of `people` in it. */
type Spell = (text: string, people: readonly Author[]) => string;

export function createComposer(deps: ComposerDeps) {
  const { here, drafts, chat, session } = deps;
  const target = signal<ReplyTarget | undefined>(undefined);
  const reply = computed(() => (target.value?.room === here.value ? target.value : undefined));
  const draft = computed(() => drafts.of(here.value));
  const max = computed(() => chat.limits.value.messageChars);
  /** The people chosen for the draft, if the gateway knows mentions. */
  const mentioning = computed(() => {
    const { mentionChars } = chat.limits.value;
    return mentionChars === undefined ? undefined : { people: drafts.peopleOf(here.value), mentionChars };
  });
  const spell = signal<Spell>((text) => text);
  /** The draft as it would be sent. */
  const spelled = computed(() => spell.value(draft.value, drafts.peopleOf(here.value)));
  const prepared = computed(() => prepareText(spelled.value, max.value, mentioning.value));

  const used = computed(() => {
    const text = cleanText(spelled.value);
    const { people, mentionChars } = mentioning.value ?? { people: [], mentionChars: 0 };
    return countChars(text, findMentions(text, people), mentionChars);
  });
  /** The problem of a text that was begun: spaces alone are not one yet. */
  const problem = computed<WritingProblem | undefined>(() => {
    if (prepared.value.ok || draft.value.trim() === "") return undefined;
    const { code } = prepared.value;
    return code === "too_long" && used.value <= max.value ? "too_big" : code;
  });

  /** Whether the person may write. Without a connection, messages wait for one. */
  const mayWrite = computed(
    () =>
      session.user.value !== undefined &&
      deps.restriction.current.value === undefined &&
      isOpen(chat.room.value.state.value),
  );

  const isGuest = computed(() => session.state.value.at === "guest");

  const delay = createCountdown(deps.clock);
  effect(() => {
    // Each message that goes out changes the delay of the next one.
    chat.entries.value;
    const next = chat.delay();
    delay.countTo(next?.code === "slow_mode" ? next.until : undefined);
  });

  return {
    draft,
    reply,
    /** @param to undefined: the draft replies to no message any more. */
    replyTo(to: ReplyTarget | undefined) {
      target.value = to;
    },
    max,
    /** Set by the script that knows the shortcodes of emoji. */
    spell,
    /** The people whom the draft mentions. */
    people: computed(() => drafts.peopleOf(here.value)),
    /** Whether people can be mentioned. */
    mayMention: computed(() => mayWrite.value && mentioning.value !== undefined),
    mayWrite,
    used,
    problem,
    /** By how many characters the draft is too long. */
    excess: computed(() => used.value - max.value),
    /** Seconds that the slow mode of the room holds the next message back. */
    secondsToWait: delay.secondsLeft,
    canSend: computed(() => (mayWrite.value || isGuest.value) && prepared.value.ok),
    /** @param person chosen to be mentioned, if one was. People who are not named in the text any more are not mentioned. */
    change(text: string, person?: Author) {
      const before = drafts.peopleOf(here.value).filter(({ id }) => id !== person?.id);
      const people = person ? [...before, person].slice(-MENTIONS_MAX) : before;
      const named = new Set(findMentions(text, people).map(({ id }) => id));
      drafts.keep(
        here.value,
        text,
        people.filter(({ id }) => named.has(id)),
      );
      if (mayWrite.value && prepared.value.ok) chat.writing();
    },
    /** Sends the draft if that is possible now. Otherwise the draft stays, and a guest is asked in. */
    say() {
      const text = prepared.value;
      if (text.ok && isGuest.value) deps.dialogs.show({ at: "auth", tab: "signUp", toSend: here.value });
      if (!text.ok || !mayWrite.value) return;
      drafts.keep(here.value, "");
      const mentions = [...new Set(text.mentions?.map(({ id }) => id))];
      chat.write(text.text, {
        ...(reply.value && { replyTo: reply.value.seq }),
        ...(mentions.length > 0 && { mentions }),
      });
      target.value = undefined;
    },
    /** Whether the draft in the room on screen waits for the user whom the cluster logged out. */
    draftWaits: computed(() => {
      const whose = session.loggedOut.value && session.lastUser();
      return whose !== undefined && drafts.isLeft(whose, here.value);
    }),
  };
}

const isOpen = (state: RoomState): boolean => state !== "missing" && state !== "archived";
