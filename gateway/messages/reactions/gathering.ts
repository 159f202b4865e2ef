/**
 * Gathers reactions, and has them appended to each room's log as one event a second. Any gateway appends those of all, so the reactions of
 * one that died wait for the next heartbeat of another. Owns the schedule, and what is done again if Redis lost what it had acknowledged.
 */
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import type {
  ArchivedReactions,
  Attempt,
  Gathered,
  Reaction,
  ReactionStore,
} from "../../../shared/server/redis/reaction-store.ts";
import { Refusal } from "../../errors.ts";
import type { ReportInternalError } from "../../internal-errors.ts";
import { type RecoverRoom, whenCurrent } from "../../room-log/room-log.ts";

export type Gathering = ReturnType<typeof createGathering>;
type Deps = {
  store: ReactionStore;
  recover: RecoverRoom;
  onInternalError: ReportInternalError;
};
/** An acknowledged reaction that may not be in the log yet, and the epoch in which Redis took it. */
type Held = { reaction: Reaction; archived: ArchivedReactions | undefined; epoch: string };
type Pending = { held: Map<string, Held>; timer: NodeJS.Timeout | undefined; isRunning: boolean };

/** How soon it is tried again in an outage. */
const RETRY_MS = 1_000;

export function createGathering({ store, recover, onInternalError }: Deps) {
  const rooms = new Map<string, Pending>();

  return {
    /** Gathers a reaction. @throws Refusal for a closed room; Unavailable. */
    async gather(
      reaction: Reaction,
      attempt: Attempt,
      archived: ArchivedReactions | undefined,
    ): Promise<Exclude<Gathered, { kind: "restore" }>> {
      const gathered = await gatherCurrent(reaction, attempt, archived);
      if (gathered.kind === "ok") {
        const { room, target, emoji, userId } = reaction;
        const { held } = open(room);
        held.set(`${target} ${emoji} ${userId}`, { reaction, archived, epoch: gathered.epoch });
        schedule(room, 0);
      }
      return gathered;
    },

    /** The room has reactions that somebody gathered. */
    noteGathered: (room: string): void => schedule(room, 0),

    close(): void {
      for (const { timer } of rooms.values()) clearTimeout(timer);
      rooms.clear();
    },
  };

  function open(room: string): Pending {
    const found = rooms.get(room) ?? { held: new Map(), timer: undefined, isRunning: false };
    rooms.set(room, found);
    return found;
  }

  function schedule(room: string, waitMs: number): void {
    const pending = open(room);
    if (pending.timer === undefined && !pending.isRunning)
      pending.timer = setTimeout(() => void run(room, pending), waitMs).unref();
  }

  async function run(room: string, pending: Pending): Promise<void> {
    pending.timer = undefined;
    pending.isRunning = true;
    const sent = pending.held;
    pending.held = new Map();
    let waitMs: number | undefined;
    try {
      waitMs = await append(room, sent);
    } catch (error) {
      if (error instanceof Unavailable) waitMs = RETRY_MS;
      // A closed room keeps what Redis has of it.
      else if (!(error instanceof Refusal)) onInternalError(error, "room", { room });
    }
    pending.isRunning = false;
    if (waitMs !== undefined) pending.held = new Map([...sent, ...pending.held]);
    if (rooms.get(room) !== pending) return;
    if (waitMs !== undefined || pending.held.size > 0) schedule(room, waitMs ?? 0);
    else rooms.delete(room);
  }

  /** @returns when to append again; undefined: everything is in the log. */
  async function append(room: string, sent: Map<string, Held>): Promise<number | undefined> {
    const { epoch, left, waitMs } = await whenCurrent(room, recover, () => store.append(room));
    const lost = [...sent].filter(([, held]) => held.epoch !== epoch);
    for (const [key, held] of lost) {
      const gathered = await gatherCurrent(held.reaction, "again", held.archived);
      // Its message is gone, or was lost too.
      if (gathered.kind !== "ok") sent.delete(key);
      else held.epoch = gathered.epoch;
    }
    return left > 0 || lost.length > 0 ? waitMs : undefined;
  }

  async function gatherCurrent(
    reaction: Reaction,
    attempt: Attempt,
    archived: ArchivedReactions | undefined,
  ): Promise<Exclude<Gathered, { kind: "restore" }>> {
    return whenCurrent(reaction.room, recover, async () => {
      const gathered = await store.gather({ ...reaction, attempt, archived });
      return gathered.kind === "restore" ? undefined : gathered;
    });
  }
}
