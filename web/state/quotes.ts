/**
 * The messages that others reply to, as quotes show them. One that is not loaded is fetched once, those that are needed together in
 * one request. Owns what is known of them; deletions of the live log change it.
 */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { SEQS_MAX } from "../../shared/limits.ts";
import type { MessageEvent, RoomEvent } from "../../shared/server-frames.ts";
import type { Api } from "../sync/api.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import type { Room } from "./room.ts";

/** `loading`: not known yet. `gone`: no such message is left, not even its tombstone. */
export type Quoted = MessageEvent | "loading" | "gone";

export type QuotesDeps = {
  api: Pick<Api, "events">;
  clock: Pick<Clock, "after">;
  room: ReadonlySignal<Room>;
};

/** Rows that come together ask within this time, ms. */
const GATHER_MS = 30;
const RETRY_MS = 5_000;
const MAX_KEPT = 1_000;

export function createQuotes({ api, clock, room: here }: QuotesDeps) {
  /** Of the room on screen. */
  let known = new Map<number, Signal<Quoted>>();
  let asked = new Set<number>();
  let cancel: Cancel | undefined;
  let of: Room | undefined;
  /** The newest event whose effect on the quotes is known. */
  let upTo = 0;

  effect(() => {
    const room = here.value;
    const { events, last } = room.log.value;
    if (room !== of) clear(room);
    else if (last > upTo) follow(events);
    upTo = last;
  });

  return {
    /** @returns the message with this seq in the room on screen. */
    of(seq: number): ReadonlySignal<Quoted> {
      return known.get(seq) ?? add(seq);
    },
    clear: () => clear(of),
  };

  function clear(room: Room | undefined) {
    of = room;
    known = new Map();
    asked = new Set();
    cancel?.();
    cancel = undefined;
  }

  function add(seq: number): Signal<Quoted> {
    if (known.size >= MAX_KEPT) known.clear();
    const loaded = eventsHere().find((event) => event.seq === seq);
    const quoted = signal<Quoted>(loaded ? messageOf(loaded) : "loading");
    known.set(seq, quoted);
    if (!loaded) ask([seq], GATHER_MS);
    return quoted;
  }

  function eventsHere(): RoomEvent[] {
    if (!of) return [];
    return [...of.log.peek().events, ...(of.viewport.part.peek()?.events ?? [])];
  }

  function ask(seqs: Iterable<number>, afterMs: number) {
    for (const seq of seqs) asked.add(seq);
    cancel ??= clock.after(afterMs, () => void fetchAsked());
  }

  async function fetchAsked(): Promise<void> {
    const [room, quotes] = [of, known];
    const seqs = [...asked].slice(0, SEQS_MAX);
    cancel = undefined;
    for (const seq of seqs) asked.delete(seq);
    if (!room || seqs.length === 0) return;
    if (asked.size > 0) ask([], GATHER_MS);
    const answer = await api.events(room.name, seqs);
    if (quotes !== known) return;
    if (!answer.ok) return ask(seqs, RETRY_MS);
    // The answer may be older than a deletion that is known here.
    const found = new Map(room.withTombstones(answer.value.events).map((event) => [event.seq, event]));
    for (const seq of seqs) {
      const event = found.get(seq);
      const quoted = known.get(seq);
      if (quoted) quoted.value = event ? messageOf(event) : "gone";
    }
  }

  /** Applies the newest events. Beyond a gap deletions may be missing here, so that all is asked again. */
  function follow(events: readonly RoomEvent[]) {
    const fresh = events.filter(({ seq }) => seq > upTo);
    if (fresh[0] && fresh[0].seq > upTo + 1) return ask(known.keys(), GATHER_MS);
    const isDeletion = fresh.some(({ type }) => type === "deleted" || type === "removed");
    if (!isDeletion || !of) return;
    for (const quoted of known.values()) {
      const before = quoted.peek();
      if (typeof before === "string") continue;
      const [now] = of.withTombstones([before]);
      if (now && now !== before) quoted.value = messageOf(now);
    }
  }
}

const messageOf = (event: RoomEvent): Quoted => (event.type === "message" ? event : "gone");
