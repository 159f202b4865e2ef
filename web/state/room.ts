/** One room as the person sees it: joins and resumes, keeps the replica complete, and knows when it is behind. */
import { computed, signal } from "@preact/signals";
import type { ClientFrame } from "../../shared/client-frames.ts";
import type { HistoryAnswer } from "../../shared/http-api.ts";
import type { Closed, Joined, Presence, RefusedFrame, RoomEvent } from "../../shared/server-frames.ts";
import { JOIN_PATIENCE_MS } from "../../shared/timeouts.ts";
import type { Api } from "../sync/api.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import { createReplica, type Replica, type Resumed } from "../sync/replica.ts";
import { isRoomName } from "../sync/urls.ts";
import { createRoomPages } from "./room-pages.ts";
import { createRoomSpeed } from "./room-speed.ts";
import { createViewport } from "./viewport.ts";

/** Events in memory while the newest are followed. Older ones can be read again from history. */
const MAX_KEPT = 500;

/** `missing`: the room does not exist, or no longer. `archived`: nobody can join it, but its history may be readable. */
export type RoomState = "away" | "joining" | "joined" | "missing" | "archived";

/** The epoch of a log that was read without a join. No server uses it. */
const READ = "";

export type RoomDeps = {
  clock: Clock;
  api: Pick<Api, "history" | "newest">;
  send(frame: ClientFrame): boolean;
  /** Whether a message of this author counts as unseen. */
  isNews(authorId: string): boolean;
};

export type Recalled = Pick<Joined, "epoch" | "head" | "more"> & { events: readonly RoomEvent[] };

export type Room = ReturnType<typeof createRoom>;

export function createRoom(name: string, deps: RoomDeps) {
  const replica = createReplica();
  const state = signal<RoomState>("away");
  const log = signal(logOf(replica, false));
  const counts = signal({ people: 0, connections: 0 });
  const behind = signal(false);
  /** Events may be missing above those shown: the gap could not be closed, and history has what was kept. */
  const restarted = signal(false);
  const speed = createRoomSpeed(deps.clock);
  const viewport = createViewport(
    computed(() => log.value.events),
    deps.isNews,
  );
  const pages = createRoomPages(name, {
    api: deps.api,
    replica,
    viewport,
    show,
    olderCame: forgetRestart,
  });
  /** The log on screen is what this browser knew from an earlier visit. */
  let isRecalled = false;
  let joinedAt = 0;
  let cancelJoin: Cancel = () => undefined;

  return {
    name,
    state: computed(() => state.value),
    log: computed(() => log.value),
    counts: computed(() => counts.value),
    behind: computed(() => behind.value),
    ...pages,
    restarted: computed(() => restarted.value),
    isFast: speed.isFast,
    /** The person has dismissed the note. */
    forgetRestart,
    /** Whether there are older events than those on screen. */
    hasOlder: computed(() => (viewport.part.value ?? log.value).more || viewport.hasOlderHere()),
    viewport,
    epoch: () => replica.epoch() ?? "",
    join,
    leave,
    detach,
    ...{ joined, append, presence, refused, closed },
    loadOlder,
    recall,
  };

  /** Joins, or joins again from the last contiguous seq. Called again until there is an answer. */
  function join() {
    cancelJoin();
    // No room can have such a name, and the server would reject the frame.
    if (!isRoomName(name)) return closed("no_such_room");
    state.value = "joining";
    joinedAt = deps.clock.now();
    // A log that was read from history has no position to resume from.
    const since = isRead() ? undefined : replica.since();
    const sent = deps.send(since ? { type: "join", room: name, since } : { type: "join", room: name });
    if (sent) cancelJoin = deps.clock.after(JOIN_PATIENCE_MS, join);
  }

  function leave() {
    if (state.value !== "away" && isRoomName(name)) deps.send({ type: "leave", room: name });
    detach();
  }

  /** The connection on which the room was joined is lost. */
  function detach() {
    cancelJoin();
    state.value = "away";
  }

  function joined(frame: Joined): Resumed {
    cancelJoin();
    state.value = "joined";
    // Messages may have been deleted since, and only a full answer says which.
    if (isRecalled && !frame.recovered) forget();
    isRecalled = false;
    const wasRead = isRead();
    const resumed = replica.joined(frame);
    if (resumed === "restarted") restarted.value = !wasRead;
    if (resumed === "restarted" || resumed === "gapped") viewport.newest();
    show();
    return resumed;
  }

  /** @returns whether the event is new. An event beyond a gap is not shown, but makes the room join again. */
  function append(event: RoomEvent): boolean {
    const result = replica.append(event);
    if (result === "gap" && state.value === "joined") join();
    if (result === "new" && event.type === "message") speed.note();
    if (result === "new") show();
    return result === "new";
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

  /** The room is closed to everybody. The readable history of an archived room is shown. */
  function closed(code: Closed["code"]) {
    cancelJoin();
    state.value = code === "room_archived" ? "archived" : "missing";
    counts.value = { people: 0, connections: 0 };
    if (state.value === "archived") void readArchived();
    else forget();
  }

  /** Whether the log on screen was read from history, without a join. */
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
    showRead(answer.value);
  }

  /** The messages of the room may no longer be read by anybody. */
  function forget() {
    showRead({ events: [], more: false });
  }

  function showRead({ events, more }: HistoryAnswer) {
    const head = events.at(-1)?.seq ?? 0;
    const read = { epoch: READ, head, stored: head, recovered: false, events, more };
    replica.joined({ type: "joined", room: name, ...read });
    show();
  }

  /** Shows what this browser knew of the room, until it can be joined. The join resumes from there. */
  function recall({ epoch, head, events, more }: Recalled) {
    if (replica.epoch() !== undefined || state.value !== "away") return;
    isRecalled = true;
    replica.joined({
      type: "joined",
      room: name,
      epoch,
      head,
      stored: 0,
      recovered: false,
      events: [...events],
      more,
    });
    show();
  }

  function forgetRestart() {
    restarted.value = false;
  }

  /** Shows a page of older events, from memory or from the server. */
  async function loadOlder(): Promise<void> {
    if (state.value !== "missing") await pages.loadOlder();
  }

  function show() {
    if (viewport.atNewest.value) replica.trim(MAX_KEPT);
    behind.value = replica.behind();
    const before = log.value;
    const now = logOf(replica, true);
    const keys = Object.keys(now) as (keyof typeof now)[];
    if (keys.some((key) => before[key] !== now[key])) log.value = now;
  }
}

/** The log as components see it. */
const logOf = (replica: Replica, joined: boolean) => ({
  events: replica.events(),
  gaps: replica.gaps(),
  last: replica.last(),
  stored: replica.stored(),
  more: replica.more(),
  joined,
});
