/** One room as the person sees it: joins and resumes, keeps the replica whole, loads history, tells when it is behind. */
import { batch, computed, signal } from "@preact/signals";
import type { ClientFrame } from "../../shared/client-frames.ts";
import { HISTORY_DEFAULT } from "../../shared/limits.ts";
import type { Closed, Joined, Presence, RefusedFrame, RoomEvent } from "../../shared/server-frames.ts";
import { JOIN_PATIENCE_MS } from "../../shared/timeouts.ts";
import type { Api } from "../sync/api.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import { createReplica, type Gap, type Resumed } from "../sync/replica.ts";
import { isRoomName } from "../sync/urls.ts";
import { createReading } from "./reading.ts";

/** Kept in memory while following the newest; older ones come back from history. */
const MOST_KEPT = 500;

/** `missing`: there is none, or none any more. `archived`: nobody can be in it, though what was said may be read. */
export type RoomState = "away" | "joining" | "joined" | "missing" | "archived";
export type HistoryState = "idle" | "loading" | "failed";

/** The epoch of what was read without being joined: no server gives it. */
const READ = "";

export type RoomDeps = {
  clock: Clock;
  api: Pick<Api, "history" | "newest">;
  send(frame: ClientFrame): boolean;
  /** Whether what this author says is news to the person. */
  isNews(authorId: string): boolean;
};

export type Room = ReturnType<typeof createRoom>;

export function createRoom(name: string, deps: RoomDeps) {
  const replica = createReplica();
  const state = signal<RoomState>("away");
  const log = signal({
    events: replica.events(),
    gaps: replica.gaps(),
    last: 0,
    stored: 0,
    more: false,
    joined: false,
  });
  const counts = signal({ people: 0, connections: 0 });
  const behind = signal(false);
  const history = signal<HistoryState>("idle");
  /** The gap that is being filled, by the seq that it lies before; or was to be, in vain. */
  const filling = signal<{ before: number; state: "loading" | "failed" } | undefined>(undefined);
  /** Something may be missing above what is shown: the gap could not be closed, history has what was kept. */
  const restarted = signal(false);
  const reading = createReading(
    computed(() => log.value.events),
    deps.isNews,
  );
  let joinedAt = 0;
  let cancelJoin: Cancel = () => undefined;

  return {
    name,
    state: computed(() => state.value),
    log: computed(() => log.value),
    counts: computed(() => counts.value),
    behind: computed(() => behind.value),
    history: computed(() => history.value),
    filling: computed(() => filling.value),
    restarted: computed(() => restarted.value),
    /** The person knows. */
    forgetRestart,
    /** Whether there are older events than those on screen. */
    hasOlder: computed(() => log.value.more || reading.hasOlderHere()),
    reading,
    epoch: () => replica.epoch() ?? "",
    join,
    leave,
    detach,
    joined,
    take,
    presence,
    refused,
    closed,
    loadOlder,
    fill,
  };

  /** Joins, or joins again from the last contiguous seq. Asked again until there is an answer. */
  function join() {
    cancelJoin();
    // No server has a room of such a name, nor takes one in a frame.
    if (!isRoomName(name)) return closed("no_such_room");
    state.value = "joining";
    joinedAt = deps.clock.now();
    // What was only read is no place to go on from.
    const since = isRead() ? undefined : replica.since();
    const sent = deps.send(since ? { type: "join", room: name, since } : { type: "join", room: name });
    if (sent) cancelJoin = deps.clock.after(JOIN_PATIENCE_MS, join);
  }

  function leave() {
    if (state.value !== "away" && isRoomName(name)) deps.send({ type: "leave", room: name });
    detach();
  }

  /** The connection on which the room was joined is gone. */
  function detach() {
    cancelJoin();
    state.value = "away";
  }

  function joined(frame: Joined): Resumed {
    cancelJoin();
    state.value = "joined";
    const wasRead = isRead();
    const resumed = replica.joined(frame);
    if (resumed === "restarted") restarted.value = !wasRead;
    if (resumed === "restarted" || resumed === "gapped") reading.newest();
    show();
    return resumed;
  }

  /** @returns whether the event is new; one beyond a gap is not shown, but makes the room join again. */
  function take(event: RoomEvent): boolean {
    const taken = replica.take(event);
    if (taken === "gap" && state.value === "joined") join();
    if (taken === "new") show();
    return taken === "new";
  }

  function presence(frame: Presence) {
    counts.value = { people: frame.people, connections: frame.connections };
    behind.value = replica.presence(frame);
    const patient = deps.clock.now() - joinedAt < JOIN_PATIENCE_MS;
    if (behind.value && state.value === "joined" && !patient) join();
    show();
  }

  /** A refusal of the join itself. */
  function refused(frame: RefusedFrame) {
    if (state.value !== "joining") return;
    cancelJoin();
    if (frame.code === "no_such_room" || frame.code === "room_archived") closed(frame.code);
    else cancelJoin = deps.clock.after(frame.retryAfterMs ?? JOIN_PATIENCE_MS, join);
  }

  /** The room is closed to everybody. Of one that is archived is shown what may still be read. */
  function closed(code: Closed["code"]) {
    cancelJoin();
    state.value = code === "room_archived" ? "archived" : "missing";
    counts.value = { people: 0, connections: 0 };
    if (state.value === "archived") void readArchived();
    else forget();
  }

  /** What is shown was read from history, not joined. */
  function isRead(): boolean {
    return replica.epoch() === READ;
  }

  async function readArchived(): Promise<void> {
    const answer = await deps.api.newest(name);
    if (state.value !== "archived") return;
    if (!answer.ok) {
      if (answer.problem.code === "room_archived") forget();
      return;
    }
    if (replica.epoch() !== undefined) return;
    const { events, more } = answer.value;
    const head = events.at(-1)?.seq ?? 0;
    replica.joined({
      type: "joined",
      room: name,
      epoch: READ,
      head,
      stored: head,
      recovered: false,
      events,
      more,
    });
    show();
  }

  /** Nobody may read any more what was said here. */
  function forget() {
    replica.joined({
      type: "joined",
      room: name,
      epoch: READ,
      head: 0,
      stored: 0,
      recovered: false,
      events: [],
      more: false,
    });
    show();
  }

  function forgetRestart() {
    restarted.value = false;
  }

  /** Shows a page of older events, from memory or from the server. */
  async function loadOlder(): Promise<void> {
    if (history.value === "loading" || state.value === "missing") return;
    if (reading.hasOlderHere()) return reading.older();
    const oldest = replica.events()[0]?.seq;
    if (!replica.more() || oldest === undefined) return;
    history.value = "loading";
    const epoch = replica.epoch();
    const answer = await deps.api.history(name, oldest);
    history.value = answer.ok ? "idle" : "failed";
    // A restart meanwhile put other events on screen: this page no longer adjoins them.
    if (!answer.ok || epoch !== replica.epoch() || replica.events()[0]?.seq !== oldest) return;
    batch(() => {
      replica.prepend(answer.value.events, answer.value.more);
      forgetRestart();
      show();
      reading.older();
    });
  }

  /** Shows a page of what lies in the gap before a seq, from its older side: one reads on from where one was. */
  async function fill(before: number): Promise<void> {
    const gap = gapBefore(before);
    if (!gap || filling.value?.state === "loading") return;
    filling.value = { before, state: "loading" };
    const upTo = Math.min(before, gap.after + 1 + HISTORY_DEFAULT);
    const answer = await deps.api.history(name, upTo);
    filling.value = answer.ok ? undefined : { before, state: "failed" };
    // A restart meanwhile may have put other events on screen.
    if (!answer.ok || gapBefore(before) !== gap) return;
    batch(() => {
      reading.standStill();
      replica.fill(gap, answer.value.events, upTo);
      show();
      reading.older();
    });
  }

  function gapBefore(before: number): Gap | undefined {
    return replica.gaps().find((gap) => gap.before === before);
  }

  function show() {
    if (reading.atNewest.value) replica.trim(MOST_KEPT);
    behind.value = replica.behind();
    const before = log.value;
    const now = {
      events: replica.events(),
      gaps: replica.gaps(),
      last: replica.last(),
      stored: replica.stored(),
      more: replica.more(),
      joined: true,
    };
    const keys = Object.keys(now) as (keyof typeof now)[];
    if (keys.some((key) => before[key] !== now[key])) log.value = now;
  }
}
