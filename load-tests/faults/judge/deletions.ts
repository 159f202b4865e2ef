/** Judges deletions: the text of deleted messages is gone everywhere, and no other text is. */
import type { DeletionRow } from "../../queries.ts";
import type { Attempt, Piece, Receiver } from "../client/journal.ts";
import type { Complain } from "./judge.ts";
import type { Kept } from "./kept.ts";

export type Deleting = {
  attempts: readonly Attempt[];
  receivers: readonly Receiver[];
  deletions: readonly DeletionRow[];
  kept: Record<string, Kept>;
  /** Client ids of messages that a moderator removed. */
  removed: ReadonlySet<string>;
};

/** @returns the client ids of messages that were removed, or with a requested deletion, whether it succeeded or not. */
export function judgeDeletions(
  { attempts, receivers, deletions, kept, removed }: Deleting,
  complain: Complain,
): Set<string> {
  const asked = attempts.filter(({ refused, acks }) => !refused || acks.length > 0);
  const deletionRequested = new Set([...removed, ...asked.flatMap(({ target }) => target?.clientId ?? [])]);
  for (const [place, { at, messages }] of Object.entries(kept)) {
    for (const { target, acks } of attempts) {
      // A message that was lost with Redis' data and sent again has another seq, so the deleted one no longer exists.
      if (!target || acks.length === 0 || at(target.seq)?.clientId !== target.clientId) continue;
      if (at(target.seq)?.text !== undefined)
        complain("lost", `${place} has the text of ${target.clientId}, deleted`);
    }
    for (const { clientId, text } of messages)
      if (text === undefined && !deletionRequested.has(clientId))
        complain("lost", `${place} has no text of ${clientId}, which nobody deleted`);
  }
  // A message can be deleted anew, without the mark that it has, when Redis lost the first deletion.
  for (const { seq, target, takenBack, hasMark } of deletions)
    if (takenBack && !hasMark)
      complain("differing", `${target} was taken back at ${seq}, and has no mark of it`);
  for (const { name, pieces } of receivers)
    for (const piece of pieces) judgePiece(name, piece, deletions, complain);
  return deletionRequested;
}

/** A client that has the room up to a deletion must have received it, whether it had shown the text or not. */
function judgePiece(name: string, piece: Piece, deletions: readonly DeletionRow[], complain: Complain): void {
  const shown = new Map(
    piece.events.flatMap((event) => (event.type === "deleted" ? [[event.seq, event] as const] : [])),
  );
  for (const { seq, target, takenBack } of deletions) {
    if (seq <= piece.from || seq > piece.to) continue;
    const told = shown.get(seq);
    if (told?.target !== target)
      complain("lost", `${name} was not told at ${seq} that ${target} was deleted`);
    else if ((told.takenBack ?? false) !== takenBack)
      complain("differing", `${name} was told otherwise at ${seq} whether ${target} was taken back`);
  }
}
