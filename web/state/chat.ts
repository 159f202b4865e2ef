/**
 * The conversation as the page uses it: sends and deletes, joins the right rooms on a new connection, and starts over for another
 * user. Single frames are handled in `frame-handlers.ts`.
 */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ClientFrame } from "../../shared/client-frames.ts";
import { MESSAGE_CHARS, RESEND_MS } from "../../shared/limits.ts";
import type { ServerFrame, Welcome } from "../../shared/server-frames.ts";
import type { Api } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import { type Extras, isSaying, type OutboxEntry, saidOf } from "../sync/outbox-entry.ts";
import { createSendPace, type Rate } from "../sync/send-pace.ts";
import type { Store } from "../sync/storage.ts";
import { type Answered, type ChatEvents, createFrameHandlers } from "./frame-handlers.ts";
import { createOpenRooms } from "./open-rooms.ts";
import type { Rules } from "./rules.ts";
import { createTyping } from "./typing.ts";
import { createUserOutbox } from "./user-outbox.ts";

export type ChatDeps = {
  clock: Clock;
  api: Pick<Api, "history" | "newest">;
  store: Store;
  send(frame: ClientFrame): boolean;
  isIgnored(userId: string): boolean;
  /** The room on screen. */
  room: ReadonlySignal<string>;
  rules: Rules;
  newClientId(): string;
};

type Limits = {
  messageChars: number;
  /** As how many characters a mention counts; undefined: the gateway knows none. */
  mentionChars?: number | undefined;
  resendMs: number;
  rate: Rate | undefined;
};

export type Chat = ReturnType<typeof createChat>;

export function createChat(deps: ChatDeps, events: ChatEvents) {
  const { clock, send, room: here, rules } = deps;
  const { restriction, slowModeOf } = rules;
  const userId = signal<string | undefined>(undefined);
  const welcomed = signal<string | undefined>(undefined);
  const limits = signal<Limits>({ messageChars: MESSAGE_CHARS, resendMs: RESEND_MS, rate: undefined });
  const pace = createSendPace({
    now: clock.now,
    slowModeOf,
    rate: () => limits.value.rate,
  });
  const typing = createTyping(clock, send);
  let live = false;

  const isNews = (id: string) => id !== userId.value && !deps.isIgnored(id);
  const rooms = createOpenRooms(here, { clock, api: deps.api, send, isNews });
  const outbox = createUserOutbox({
    clock,
    store: deps.store,
    newClientId: deps.newClientId,
    resendMs: () => limits.value.resendMs,
    pace,
    send: (entry) => live && rooms.of(entry.room).state.value !== "away" && send(frameOf(entry)),
  });
  const answers = new Set<Answered>();
  const held = new Set<() => Iterable<string>>();
  const handle = createFrameHandlers(
    { here, userId, rooms, outbox, typing, restriction, welcome: identify, settleRooms },
    events,
    answers,
  );

  return {
    room: rooms.current,
    /** To be told of answers to frames that are not of the outbox. */
    answers,
    /** To keep further rooms joined. After a change `settleRooms` is called. */
    held,
    /** The user whom the cluster has greeted on a connection of theirs: from then on it is known whether they may write. */
    welcomed: computed(() => welcomed.value),
    limits: computed(() => limits.value),
    /** The pending messages and deletions in the room on screen. */
    entries: computed(() => outbox.entries.value.filter((entry) => entry.room === here.value)),
    /** The reason why a message that is written now in the room on screen has to wait; undefined: it has not. */
    delay: () => pace.delayOf(here.value),
    /** The other people who are typing in the room on screen. */
    typists: computed(() => typing.of(here.value)),
    write,
    writing,
    /** Deletes the message `seq` of the room on screen. */
    remove: (seq: number, takeBack?: boolean) => outbox.current.remove(here.value, seq, takeBack),
    again: (clientId: string) => outbox.current.again(clientId),
    discard: (clientId: string) => outbox.current.discard(clientId),
    welcome,
    frames,
    settleRooms,
    becomeUser,
    cutOff,
    tick: () => outbox.current.tick(),
  };

  function write(text: string, extras?: Extras) {
    rooms.current.value.viewport.newest();
    outbox.current.write(here.value, text, extras);
  }

  /** The text being written in the room on screen was changed. */
  function writing() {
    if (rooms.current.value.state.value === "joined") typing.notify(here.value);
  }

  /** On a new connection: joins all wanted rooms, and resends each room's pending entries right behind its join. */
  function welcome(frame: Welcome) {
    identify(frame);
    cutOff();
    live = true;
    settleRooms();
  }

  /** Handles all frames of one WebSocket message together, so that they are shown together. */
  function frames(list: readonly ServerFrame[]) {
    batch(() => {
      for (const frame of list) handle(frame);
    });
  }

  /** The connection is lost: rooms are joined again on the next one. */
  function cutOff() {
    live = false;
    rooms.detachAll();
  }

  /**
   * Joins the room on screen, those that are held and those where own messages still wait, and leaves all others. A message that is not yet stored waits
   * too, because only this page could send it again if Redis lost it.
   */
  function settleRooms() {
    if (!live) return;
    const wanted = outbox.current.waitingRooms().add(here.value);
    for (const names of held) for (const name of names()) wanted.add(name);
    rooms.joinOnly(wanted, (name) => outbox.current.resend(name));
  }

  /** The user changed: nothing of the previous one stays on screen, in memory or under way. */
  function becomeUser(id: string | undefined) {
    if (id === userId.value) return;
    batch(() => {
      cutOff();
      typing.clear();
      userId.value = id;
      outbox.becomeUser(id);
      restriction.set(undefined);
      pace.forget();
      rooms.forgetAll();
    });
  }

  function identify({ user, restricted, limits: given }: Welcome) {
    becomeUser(user?.id);
    if (user) events.identified(user);
    const { messageChars, mentionChars, resendMs, messagesPerSecond: perSecond, messageBurst: burst } = given;
    const rate = perSecond !== undefined && burst !== undefined ? { perSecond, burst } : undefined;
    limits.value = { messageChars, mentionChars, resendMs, rate };
    restriction.set(restricted ?? undefined);
    welcomed.value = user?.id;
  }
}

function frameOf(entry: OutboxEntry): ClientFrame {
  const { room, clientId } = entry;
  return isSaying(entry)
    ? { type: "send", room, clientId, ...saidOf(entry) }
    : { type: "delete", room, seq: entry.target, clientId, ...(entry.takeBack && { takeBack: true }) };
}
