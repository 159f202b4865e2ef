/** Judges mentions: each names whom its sender meant, everywhere, and is in the table and in the person's list exactly once. */
import type { MentionRow, Named } from "../../mark-queries.ts";
import type { Attempt, Receiver } from "../client/journal.ts";
import type { Complain } from "./judge.ts";
import type { Kept } from "./kept.ts";

export type Mentioning = {
  said: ReadonlyMap<string, Attempt>;
  receivers: readonly Receiver[];
  /** The messages in PostgreSQL, and whom they concern. */
  kept: Kept;
  named: readonly Named[];
  table: readonly MentionRow[];
  /** The seqs in the lists of some users, by `GET /api/me/mentions`, in its order. */
  lists: ReadonlyMap<string, readonly number[]>;
};

export function judgeMentions(
  { said, receivers, kept, named, table, lists }: Mentioning,
  complain: Complain,
) {
  const meantBy = (clientId: string): string => said.get(clientId)?.mentions?.join() ?? "";
  const due = new Set<string>();
  for (const { seq, author, mentions, replyUser } of named) {
    const { clientId = "", text } = kept.at(seq) ?? {};
    if (mentions.join() !== (text === undefined ? "" : meantBy(clientId)))
      complain(
        "differing",
        `PostgreSQL has ${clientId} at ${seq} with mentions of ${mentions.join() || "nobody"}`,
      );
    if (text === undefined) continue;
    for (const user of new Set([...mentions, ...(replyUser === undefined ? [] : [replyUser])]))
      if (user !== author) due.add(`${user} ${seq}`);
  }
  for (const { name, pieces } of receivers)
    for (const event of pieces.flatMap(({ events }) => events)) {
      if (event.type !== "message" || !said.has(event.clientId)) continue;
      const got = event.mentions?.map(({ id }) => id).join() ?? "";
      if (got !== (event.deleted ? "" : meantBy(event.clientId)))
        complain(
          "differing",
          `${name} got ${event.clientId} at ${event.seq} with mentions of ${got || "nobody"}`,
        );
    }
  compare(
    "the table of mentions",
    due,
    table.map(({ user, seq }) => `${user} ${seq}`),
    complain,
  );
  for (const [user, seqs] of lists) {
    const own = new Set([...due].filter((key) => key.startsWith(`${user} `)));
    compare(
      "the list of mentions",
      own,
      seqs.map((seq) => `${user} ${seq}`),
      complain,
    );
    if (seqs.some((seq, index) => index > 0 && seq > (seqs[index - 1] ?? 0)))
      complain("reordered", `the list of mentions of ${user} is not newest first`);
  }
}

function compare(place: string, due: ReadonlySet<string>, got: readonly string[], complain: Complain): void {
  const there = new Set(got);
  if (there.size < got.length) complain("doubled", `${place} has ${got.length - there.size} entries twice`);
  for (const key of due) if (!there.has(key)) complain("lost", `${place} lacks ${key}`);
  for (const key of there)
    if (!due.has(key)) complain("unexpected", `${place} has ${key}, which no message says`);
}
