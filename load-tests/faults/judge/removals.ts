/** Judges removals of what a user said lately: the texts are gone everywhere, and every receiver was told. */
import type { Named, Removal } from "../../mark-queries.ts";
import type { Attempt, Receiver } from "../client/journal.ts";
import type { Complain } from "./judge.ts";
import type { Kept } from "./kept.ts";

export type Removals = {
  /** In PostgreSQL, and the authors of the messages there. */
  removals: readonly Removal[];
  named: readonly Named[];
  /** Requests that succeeded: the author, and when the request was made, by performance.now(). */
  done: readonly { author: string; askedAt: number }[];
};
type Removing = Partial<Removals> & {
  attempts: readonly Attempt[];
  receivers: readonly Receiver[];
  kept: Record<string, Kept>;
};

/** @returns the client ids of removed messages. */
export function judgeRemovals(
  { attempts, receivers, kept, removals = [], named = [], done = [] }: Removing,
  complain: Complain,
): Set<string> {
  const removed = new Set<string>();
  const authors = new Map(named.map(({ seq, author }) => [seq, author]));
  for (const { author, from, seq: end } of removals)
    for (const [place, { between }] of Object.entries(kept))
      for (const { seq, clientId, text } of between(from - 1, end - 1)) {
        if (authors.get(seq) !== author) continue;
        removed.add(clientId);
        if (text !== undefined)
          complain("lost", `${place} has the text of ${clientId} at ${seq}, removed at ${end}`);
      }
  for (const { author, askedAt } of done) {
    const spoke = named.some((each) => {
      const attempt = attempts.find(({ clientId }) => clientId === kept.PostgreSQL?.at(each.seq)?.clientId);
      return each.author === author && (attempt?.acks[0]?.at ?? askedAt) < askedAt;
    });
    if (spoke && !removals.some((each) => each.author === author))
      complain("lost", `no event removes the messages of ${author}, which was acknowledged`);
  }
  for (const { name, pieces } of receivers) {
    const piece = pieces.at(-1);
    const shown = new Map(
      piece?.events.flatMap((event) => (event.type === "removed" ? [[event.seq, event]] : [])),
    );
    for (const { seq, author, from } of removals) {
      if (!piece || seq <= piece.from || seq > piece.to) continue;
      const got = shown.get(seq);
      if (!got) complain("lost", `${name} was not told of the removal at ${seq}`);
      else if (got.author !== author || got.from !== from)
        complain("differing", `${name} got another removal at ${seq} than PostgreSQL`);
    }
  }
  return removed;
}
