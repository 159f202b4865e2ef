/**
 * The reactions to the messages on screen. Counted once by the server for what is loaded, then by events. A tap shows at once, and
 * is sent until an event has it.
 */
import { effect, type Signal, signal, untracked } from "@preact/signals";
import type { FrameCode } from "../../shared/codes.ts";
import type { ReactionListAnswer, ReactionsAnswer } from "../../shared/http-reactions.ts";
import type { ReactionsEvent, RoomEvent } from "../../shared/server-frames.ts";
import { newClientId } from "../sync/client-id.ts";
import { type Counted, createReactionCounts, inOrder } from "../sync/reaction-counts.ts";
import type { App } from "./app.ts";
import type { Room } from "./room.ts";

type Deps = Pick<App, "chat" | "session" | "platform" | "openSignUp" | "toasts">;
/** A reaction that the person wants or does not want, until an event says the same. */
type Wish = { room: string; on: boolean; tries: number };
type About = { target: number; emoji: string; wish: Wish };

/** Above all seqs that a room may reach while the page is open. */
const OPEN_END = Number.MAX_SAFE_INTEGER;
const RETRY_MS = 4_000;
/** A wish that the cluster refused so often is given up. */
const MAX_TRIES = 5;
const EMPTY: readonly Counted[] = [];
/** Refusals that pass by themselves: the wish is sent again. */
const PASSING: ReadonlySet<FrameCode> = new Set(["unavailable", "not_joined", "internal"]);
const MAX_ASKED = 500;

export function createReactions({ chat, session, platform, openSignUp, toasts }: Deps) {
  const { api, clock, send } = platform;
  const counts = createReactionCounts();
  const shown = new Map<number, Signal<readonly Counted[]>>();
  /** Those of the room on screen. */
  const wishes = new Map<string, Wish>();
  /** Of all rooms, by room too. A person who reacts and goes has reacted, so a room is left only when it has answered. */
  const unanswered = new Map<string, Wish>();
  /** The wishes by the client ids of the frames that carried them, the oldest first. */
  const carried = new Map<string, About>();
  let of: Room | undefined;
  let me: string | undefined;
  /** The newest event whose effect is known. */
  let upTo = 0;
  let asked = "";

  effect(() => {
    const room = chat.room.value;
    const { events, last } = room.log.value;
    const part = room.viewport.part.value?.events;
    const user = session.user.value?.id;
    untracked(() => {
      if (room !== of || user !== me) restart(room, user);
      follow(events, last);
      const [first, partFirst, partLast] = [events[0]?.seq, part?.[0]?.seq, part?.at(-1)?.seq];
      if (first !== undefined) ask(first, OPEN_END);
      if (partFirst !== undefined && partLast !== undefined) ask(partFirst, partLast);
    });
  });

  chat.held.add(() => [...unanswered.values()].map(({ room }) => room));
  chat.answers.add((frame) => {
    const about = carried.get(frame.clientId ?? "");
    if (!about) return false;
    carried.delete(frame.clientId ?? "");
    if (frame.type === "refused" && PASSING.has(frame.code)) return true;
    answered(about);
    if (frame.type === "refused") refused(about, frame.code);
    return true;
  });

  return {
    /** The people who reacted to a message of the room on screen. */
    listOf: (target: number) =>
      api.asUser<ReactionListAnswer>("GET", `/api/rooms/${of?.name}/messages/${target}/reactions`),

    /** The reactions to a message of the room on screen, with what the person wants. */
    of(target: number): Signal<readonly Counted[]> {
      const found = shown.get(target) ?? signal(wanted(target));
      shown.set(target, found);
      return found;
    },

    toggle(target: number, emoji: string): void {
      if (me === undefined || !of) {
        openSignUp();
        return;
      }
      const on = !wanted(target).some((each) => each.emoji === emoji && each.you);
      const wish = { room: of.name, on, tries: 0 };
      wishes.set(`${target} ${emoji}`, wish);
      unanswered.set(placeOf(of.name, target, emoji), wish);
      refresh(target);
      attempt(target, emoji, wish);
    },
  };

  /** The person is told, and sees again what there is. */
  function refused({ target, emoji, wish }: About, code: FrameCode): void {
    const key = `${target} ${emoji}`;
    if (wishes.get(key) !== wish) return;
    wishes.delete(key);
    refresh(target);
    toasts.show({ about: "refused", code });
  }

  function restart(room: Room, user: string | undefined): void {
    if (user !== me) unanswered.clear();
    [of, me, upTo, asked] = [room, user, 0, ""];
    counts.clear();
    wishes.clear();
    shown.clear();
  }

  function answered({ target, emoji, wish }: About): void {
    const place = placeOf(wish.room, target, emoji);
    if (unanswered.get(place) !== wish) return;
    unanswered.delete(place);
    chat.settleRooms();
  }

  function follow(events: readonly RoomEvent[], last: number): void {
    const fresh = events.filter(({ seq }) => seq > upTo);
    // Beyond a gap changes may be missing here.
    if (upTo > 0 && fresh[0] && fresh[0].seq > upTo + 1) counts.clear();
    for (const event of fresh) {
      if (event.type !== "reactions") continue;
      for (const target of counts.apply(event, me)) refresh(target);
    }
    upTo = Math.max(upTo, last);
  }

  function ask(from: number, to: number): void {
    const key = `${from} ${to}`;
    if (counts.covers(from, to) || asked === key) return;
    asked = key;
    void load(from, to);
  }

  async function load(from: number, to: number): Promise<void> {
    const [room, user] = [of, me];
    if (!room) return;
    const path = `/api/rooms/${room.name}/reactions?from=${from}&to=${to}`;
    const answer = await api.asUser<ReactionsAnswer>("GET", path);
    if (room !== of || user !== me) return;
    asked = "";
    if (!answer.ok) return void clock.after(RETRY_MS, () => room === of && ask(from, to));
    const reactions = room.log
      .peek()
      .events.filter((event): event is ReactionsEvent => event.type === "reactions");
    counts.addPage({ from, to }, answer.value, reactions, me);
    for (const target of shown.keys()) refresh(target);
  }

  function refresh(target: number): void {
    const found = shown.get(target);
    if (found) found.value = wanted(target);
  }

  /** As counted, with the wishes of the person. */
  function wanted(target: number): readonly Counted[] {
    const list = counts.list(target);
    for (const [key, { on }] of wishes) {
      const [place, emoji = ""] = key.split(" ");
      if (place !== String(target)) continue;
      const at = list.findIndex((each) => each.emoji === emoji);
      const before = list[at] ?? { emoji, count: 0, you: false };
      if (before.you === on) continue;
      const after = { emoji, count: before.count + (on ? 1 : -1), you: on };
      if (at < 0) list.push(after);
      else list[at] = after;
    }
    const left = inOrder(list.filter(({ count }) => count > 0));
    return left.length > 0 ? left : EMPTY;
  }

  /** Sends a wish, again after a while: until an event says the same, or, once its room was left, until it is answered. */
  function attempt(target: number, emoji: string, wish: Wish): void {
    const key = `${target} ${emoji}`;
    const isShown = wishes.get(key) === wish;
    const isThere = isShown && counts.list(target).some((each) => each.emoji === emoji && each.you);
    const isDone = isShown
      ? wish.tries > 0 && isThere === wish.on
      : unanswered.get(placeOf(wish.room, target, emoji)) !== wish;
    if (isDone || wish.tries >= MAX_TRIES) {
      answered({ target, emoji, wish });
      if (!isShown) return;
      wishes.delete(key);
      refresh(target);
      return;
    }
    const clientId = newClientId();
    if (send({ type: "react", room: wish.room, seq: target, emoji, on: wish.on, clientId })) {
      wish.tries++;
      carried.set(clientId, { target, emoji, wish });
      for (const oldest of carried.keys()) {
        if (carried.size <= MAX_ASKED) break;
        carried.delete(oldest);
      }
    }
    clock.after(RETRY_MS, () => attempt(target, emoji, wish));
  }
}

const placeOf = (room: string, target: number, emoji: string): string => `${room} ${target} ${emoji}`;
