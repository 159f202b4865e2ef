/** Judges what people did to messages: reactions, mentions and pins. */
import type { Marks } from "../../mark-queries.ts";
import type { Attempt, Receiver } from "../client/journal.ts";
import type { Complain } from "./judge.ts";
import type { Kept } from "./kept.ts";
import { judgeMentions, type Mentioning } from "./mentions.ts";
import { judgePins, type Pinning } from "./pins.ts";
import { judgeReactions, type Reacting } from "./reactions.ts";
import type { Removals } from "./removals.ts";

export type MarkJournals = {
  stored: Marks;
  reacting: Pick<Reacting, "wishes" | "counted">;
  lists: Mentioning["lists"];
  /** Absent where nobody pins. */
  pinning: Pick<Pinning, "acts" | "shown"> | undefined;
  removing: Removals;
};
type Seen = { said: ReadonlyMap<string, Attempt>; receivers: readonly Receiver[]; kept: Kept };

export function judgeMarks(
  { stored, reacting, lists, pinning }: MarkJournals,
  seen: Seen,
  complain: Complain,
): void {
  const { receivers, kept } = seen;
  const { reactions: events, reactionTable, named, mentionTable, pins, pinned } = stored;
  const isThere = (seq: number): boolean => kept.at(seq)?.text !== undefined;
  judgeReactions({ ...reacting, receivers, events, table: reactionTable, isThere }, complain);
  judgeMentions({ ...seen, named, table: mentionTable, lists }, complain);
  if (pinning) judgePins({ ...pinning, receivers, pins, pinned }, complain);
}
