/** The reactions of a room as readers get them: PostgreSQL's, and above them those of the log. */
import type { CountedReaction } from "../../../shared/http-reactions.ts";
import type { ArchivedEvent } from "../../../shared/server/events/archived-event.ts";
import { isRemoved } from "../../../shared/server/redis/removal-store.ts";
import type { PublicUser } from "../../../shared/server-frames.ts";
import type { ReadingGate } from "../../limits/reading-gate.ts";
import type { LogChanges } from "./log-changes.ts";
import type { ReactionQueries } from "./reaction-queries.ts";

export type ReactionReads = ReturnType<typeof createReactionReads>;
type Deps = {
  queries: Pick<ReactionQueries, "count" | "listUsers">;
  /** Finds messages that PostgreSQL has. */
  archive: {
    findAll: (room: string, seqs: readonly number[]) => Promise<Pick<ArchivedEvent, "seq" | "userId">[]>;
  };
  changesAfter: (room: string, after: number) => Promise<LogChanges>;
  /** Queues reads of the archive. */
  gate: Pick<ReadingGate, "through">;
  listByIds: (ids: string[]) => Promise<PublicUser[]>;
};
/** The messages between two seqs, both inclusive. */
export type Range = { from: number; to: number };
/** `people`: the first ones, by nickname. */
export type ReactionOfMessage = { emoji: string; count: number; people: PublicUser[] };

/** How many people are named for each emoji. */
const NAMED = 50;

export function createReactionReads({ queries, archive, changesAfter, gate, listByIds }: Deps) {
  return { count, list };

  /**
   * @param userId the reader; undefined: a guest. @param reader key by which concurrent reads are bounded.
   * @returns the reactions as they are after the event `upTo`.
   * @throws Refusal `too_many_attempts`, Unavailable.
   */
  async function count(
    room: string,
    { from, to }: Range,
    userId: string | undefined,
    reader: string,
  ): Promise<{ upTo: number; reactions: CountedReaction[] }> {
    const { upTo: stored, rows } = await gate.through(reader, () => queries.count(room, from, to, userId));
    const logged = await changesAfter(room, stored);
    const { upTo, changes } = logged;
    const counted = new Map(rows.map((row) => [`${row.target} ${row.emoji}`, row]));
    for (const each of changes) {
      if ("deleted" in each) {
        for (const [key, { target }] of counted) if (target === each.deleted) counted.delete(key);
        continue;
      }
      const { target, emoji, on, off } = each.change;
      if (target < from || target > to) continue;
      const before = counted.get(`${target} ${emoji}`) ?? { target, emoji, count: 0, you: false };
      const isYours = (users: readonly string[]): boolean => userId !== undefined && users.includes(userId);
      counted.set(`${target} ${emoji}`, {
        ...{ target, emoji },
        count: Math.max(0, before.count + on.length - off.length),
        you: isYours(on) || (before.you && !isYours(off)),
      });
    }
    const found = [...counted.values()].filter(({ count }) => count > 0);
    const seqs = [...new Set(found.map(({ target }) => target))];
    const removed = await removedOf(room, seqs, logged, reader);
    const reactions = found.filter(({ target }) => !removed.has(target));
    return { upTo, reactions: reactions.sort((a, b) => a.target - b.target) };
  }

  /** @returns the reactions to a message with people who reacted. @throws as `count`. */
  async function list(room: string, target: number, reader: string): Promise<ReactionOfMessage[]> {
    const { upTo, rows } = await gate.through(reader, () => queries.listUsers(room, target));
    const logged = await changesAfter(room, upTo);
    if ((await removedOf(room, [target], logged, reader)).has(target)) return [];
    const users = new Map<string, Set<string>>();
    const usersOf = (emoji: string): Set<string> => {
      const found = users.get(emoji) ?? new Set();
      users.set(emoji, found);
      return found;
    };
    for (const { emoji, userId } of rows) usersOf(emoji).add(userId);
    for (const each of logged.changes) {
      if ("deleted" in each) {
        if (each.deleted === target) users.clear();
      } else if (each.change.target === target) {
        for (const id of each.change.on) usersOf(each.change.emoji).add(id);
        for (const id of each.change.off) usersOf(each.change.emoji).delete(id);
      }
    }
    const named = [...new Set([...users.values()].flatMap((ids) => [...ids].slice(0, NAMED)))];
    const people = new Map((named.length > 0 ? await listByIds(named) : []).map((user) => [user.id, user]));
    return [...users].flatMap(([emoji, ids]) => {
      const first = [...ids].slice(0, NAMED).flatMap((id) => people.get(id) ?? []);
      return ids.size === 0 ? [] : [{ emoji, count: ids.size, people: first }];
    });
  }

  /** @returns the messages among these that a removal deletes which PostgreSQL does not have yet. Nobody reacts to them afterwards. */
  async function removedOf(
    room: string,
    seqs: readonly number[],
    { removals, writers }: LogChanges,
    reader: string,
  ): Promise<Set<number>> {
    if (removals.length === 0) return new Set();
    const unknown = seqs.filter((seq) => !writers.has(seq));
    const rows = unknown.length > 0 ? await gate.through(reader, () => archive.findAll(room, unknown)) : [];
    const archived = new Map(rows.map(({ seq, userId }) => [seq, userId ?? undefined]));
    return new Set(seqs.filter((seq) => isRemoved(removals, seq, writers.get(seq) ?? archived.get(seq))));
  }
}
