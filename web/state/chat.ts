/**
 * Gives every frame its meaning: joins what should be joined, hands events to rooms, and lets acknowledgements and
 * broadcasts meet in the outbox. The only module that talks to both the socket and the state.
 */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ClientFrame } from "../../shared/client-frames.ts";
import { MESSAGE_CHARS, RESEND_MS } from "../../shared/limits.ts";
import type {
  Closed,
  Joined,
  NoticeEvent,
  PublicUser,
  RefusedFrame,
  RoomEvent,
  RoomsNews,
  ServerFrame,
  Welcome,
} from "../../shared/server-frames.ts";
import type { Api } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import { createOutbox } from "../sync/outbox.ts";
import { isSaying, type OutboxEntry } from "../sync/outbox-entry.ts";
import { keepOutbox, takeOutbox } from "../sync/outbox-storage.ts";
import type { Store } from "../sync/storage.ts";
import type { RestrictionState } from "./restriction.ts";
import { createRoom, type Room } from "./room.ts";
import type { Remark } from "./toasts.ts";
import { createTyping } from "./typing.ts";

export type ChatDeps = {
  clock: Clock;
  api: Pick<Api, "history" | "newest">;
  store: Store;
  send(frame: ClientFrame): boolean;
  isIgnored(userId: string): boolean;
  /** The room on screen. */
  room: ReadonlySignal<string>;
  restriction: RestrictionState;
  remark(remark: Remark): void;
  /** The server says who we are, as it is now. */
  identified(user: PublicUser): void;
  /** The list of rooms changed. */
  roomsNews(news: RoomsNews): void;
  /** The room on screen is no more. */
  roomGone(name: string): void;
  /** Something was made known just now; not what is only read up. */
  noticed(notice: NoticeEvent): void;
  newClientId(): string;
};

export type Chat = ReturnType<typeof createChat>;

export function createChat(deps: ChatDeps) {
  const { clock, send } = deps;
  const rooms = new Map<string, Room>();
  const userId = signal<string | undefined>(undefined);
  const entries = signal<readonly OutboxEntry[]>([]);
  const limits = signal({ messageChars: MESSAGE_CHARS, resendMs: RESEND_MS });
  /** Raised when all rooms were forgotten, so that whoever shows one asks for it anew. */
  const reader = signal(0);
  const typing = createTyping(clock, send);
  let live = false;
  let outbox = newOutbox(undefined);

  const room = computed(() => {
    reader.value;
    return roomOf(deps.room.value);
  });

  return {
    room,
    limits: computed(() => limits.value),
    /** What the person said or took back in the room on screen and still waits. */
    entries: computed(() => entries.value.filter((entry) => entry.room === deps.room.value)),
    /** Who else is writing in the room on screen. */
    typists: computed(() => typing.of(deps.room.value)),
    write,
    /** The text being written in the room on screen was changed. */
    writing,
    /** Wants the message `seq` of the room on screen deleted. */
    remove: (seq: number) => outbox.remove(deps.room.value, seq),
    again: (clientId: string) => outbox.again(clientId),
    discard: (clientId: string) => outbox.discard(clientId),
    welcome,
    frames,
    settleRooms,
    becomeUser,
    cutOff,
    tick: () => outbox.tick(),
  };

  function write(text: string) {
    room.value.reading.newest();
    outbox.write(deps.room.value, text);
  }

  function writing() {
    if (room.value.state.value === "joined") typing.tell(deps.room.value);
  }

  /** A new connection: everything wanted is joined, and what waits follows right behind its join. */
  function welcome(frame: Welcome) {
    take(frame);
    cutOff();
    live = true;
    settleRooms();
  }

  /** No connection: rooms are joined again on the next one. */
  function cutOff() {
    live = false;
    for (const each of rooms.values()) each.detach();
  }

  /**
   * Joined are the room on screen and those where own words still wait; all others are left. What is not yet stored
   * waits too: should Redis lose it, only this page could say it again.
   */
  function settleRooms() {
    if (!live) return;
    const wanted = outbox.waitingRooms().add(deps.room.value);
    for (const name of wanted) {
      if (roomOf(name).state.value !== "away") continue;
      roomOf(name).join();
      outbox.resend(name);
    }
    for (const other of rooms.values()) if (!wanted.has(other.name)) other.leave();
  }

  /** Another user, or a guest: nothing of the previous one stays on screen, in memory or on its way. */
  function becomeUser(id: string | undefined) {
    if (id === userId.value) return;
    batch(() => {
      cutOff();
      typing.clear();
      rooms.clear();
      userId.value = id;
      outbox = newOutbox(id);
      deps.restriction.set(null);
      reader.value += 1;
    });
  }

  function frames(list: readonly ServerFrame[]) {
    batch(() => {
      for (const frame of list) handle(frame);
    });
  }

  function handle(frame: ServerFrame) {
    if (frame.type === "welcome") take(frame);
    else if (frame.type === "joined") joined(frame);
    else if (frame.type === "message" || frame.type === "deleted" || frame.type === "notice") event(frame);
    else if (frame.type === "ack") placed(frame.room, frame.clientId, frame.seq);
    else if (frame.type === "refused") refused(frame);
    else if (frame.type === "warning") deps.remark({ about: "spam-warning" });
    else if (frame.type === "restricted") restricted(frame.reason, frame.until);
    else if (frame.type === "presence") presence(roomOf(frame.room), frame);
    else if (frame.type === "typing") typing.hear(frame, userId.value);
    else if (frame.type === "closed") closed(frame);
    else if (frame.type === "rooms") roomsNews(frame);
  }

  function take({ user, restricted, limits: { messageChars, resendMs } }: Welcome) {
    if ((user?.id ?? undefined) !== userId.value) becomeUser(user?.id);
    if (user) deps.identified(user);
    limits.value = { messageChars, resendMs };
    deps.restriction.set(restricted);
  }

  function joined(frame: Joined) {
    const target = roomOf(frame.room);
    if (target.state.value === "away") return;
    target.joined(frame);
    for (const each of frame.events) settle(each);
    // Also when this page never saw the old epoch: its messages may have been acknowledged before a reload.
    if (outbox.newEpoch(frame.room, frame.epoch)) outbox.resend(frame.room);
    storedUpTo(frame.room, frame.stored);
  }

  function event(each: RoomEvent) {
    if (!roomOf(each.room).take(each)) return;
    settle(each);
    if (each.type !== "notice") return;
    if (each.code === "slow_mode") outbox.paceChanged(each.room);
    deps.noticed(each);
  }

  function settle(each: RoomEvent) {
    if (each.type === "notice") return;
    const by = each.type === "message" ? each.user.id : each.by;
    if (by === userId.value) placed(each.room, each.clientId, each.seq);
    if (each.type === "deleted") outbox.forgetDeleted(each.room, each.target);
    else if (each.deleted) outbox.forgetDeleted(each.room, each.seq);
    else typing.stopped(each.room, by);
  }

  function placed(name: string, clientId: string, seq: number) {
    outbox.settle(name, clientId, seq, roomOf(name).epoch());
  }

  function storedUpTo(name: string, seq: number) {
    outbox.storedUpTo(name, roomOf(name).epoch(), seq);
    settleRooms();
  }

  /** What still waits there has nowhere to go; what was acknowledged in an archived room is kept there. */
  function closed({ room: name, code }: Closed) {
    const wasHere = name === deps.room.value;
    roomOf(name).closed(code);
    outbox.roomClosed(name, code === "no_such_room");
    if (wasHere && code === "no_such_room") deps.roomGone(name);
  }

  /** A room that was closed before may be open again. */
  function roomsNews(news: RoomsNews) {
    deps.roomsNews(news);
    const { state } = room.value;
    const isOpen = news.rooms.some(({ name }) => name === deps.room.value);
    if (isOpen && (state.value === "archived" || state.value === "missing")) room.value.join();
  }

  function presence(target: Room, frame: Parameters<Room["presence"]>[0]) {
    target.presence(frame);
    storedUpTo(frame.room, frame.stored);
  }

  function refused(frame: RefusedFrame) {
    const { clientId, code, retryAfterMs } = frame;
    if ((code === "muted" || code === "spam") && retryAfterMs) deps.restriction.atLeast(code, retryAfterMs);
    if (clientId !== undefined) {
      outbox.refused(frame.room, clientId, code, retryAfterMs);
      if (code === "not_joined" && frame.room !== undefined) roomOf(frame.room).join();
    } else if (frame.room !== undefined) {
      roomOf(frame.room).refused(frame);
    } else {
      deps.remark({ about: "refused", code });
    }
  }

  function restricted(reason: string, until: number | null) {
    deps.restriction.set(until === null ? null : { reason, until });
  }

  function roomOf(name: string): Room {
    const known = rooms.get(name);
    if (known) return known;
    const made = createRoom(name, {
      clock,
      api: deps.api,
      send,
      isNews: (id) => id !== userId.value && !deps.isIgnored(id),
    });
    rooms.set(name, made);
    return made;
  }

  function newOutbox(id: string | undefined) {
    const kept = id === undefined ? [] : takeOutbox(deps.store, id, clock.now());
    entries.value = kept;
    return createOutbox(
      {
        clock,
        newClientId: deps.newClientId,
        resendMs: () => limits.value.resendMs,
        send: (entry) => live && roomOf(entry.room).state.value !== "away" && send(frameOf(entry)),
        changed(next) {
          entries.value = next;
          if (id !== undefined) keepOutbox(deps.store, id, next);
        },
      },
      kept,
    );
  }
}

function frameOf(entry: OutboxEntry): ClientFrame {
  const { room, clientId } = entry;
  return isSaying(entry)
    ? { type: "send", room, clientId, text: entry.text }
    : { type: "delete", room, seq: entry.target, clientId };
}
