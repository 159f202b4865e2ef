/** Judges the events that one client showed against the messages in PostgreSQL. */
import type { RoomEvent } from "../../../shared/server-frames.ts";
import type { Attempt, Piece, Receiver } from "../client/journal.ts";
import type { Complain } from "./judge.ts";
import type { Kept } from "./kept.ts";

export type Truth = {
  said: ReadonlyMap<string, Attempt>;
  kept: Kept;
  /** Client ids of messages with a requested deletion. */
  deletionRequested: ReadonlySet<string>;
  /** The client id under each seq that was ever shown or kept; grows with every receiver. */
  contents: Map<number, string>;
  complain: Complain;
};

/** @returns the number of messages that the client lacks after it had to start over. */
export function judgeReceiver(receiver: Receiver, truth: Truth): number {
  const { name, pieces, gaps, repeats, leaks, strays } = receiver;
  const { kept, complain } = truth;
  for (const gap of gaps) complain("gaps", `${name}: ${gap}`);
  for (const repeat of repeats) complain("doubled", `${name} got ${repeat}`);
  for (const leak of leaks) complain("unexpected", `${name} was told the text of ${leak}, which was deleted`);
  for (const stray of strays) complain("unexpected", `${name} got a ${stray}`);
  let announcedLosses = 0;
  for (const [index, piece] of pieces.entries()) {
    const isLast = index === pieces.length - 1;
    const next = pieces[index + 1];
    announcedLosses += judgePiece(name, piece, isLast, truth);
    if (next) announcedLosses += kept.between(piece.to, next.from).length;
  }
  const end = pieces.at(-1)?.to ?? 0;
  for (const { seq, clientId } of kept.between(end, Number.POSITIVE_INFINITY))
    complain("lost", `${name} never got ${clientId} at ${seq}: it stands at ${end}`);
  return announcedLosses;
}

/** Messages of an earlier piece that are nowhere else are announced losses, because the client had to start over. */
function judgePiece(name: string, piece: Piece, isLast: boolean, truth: Truth): number {
  const { said, kept, deletionRequested, complain } = truth;
  const shown = new Map<number, RoomEvent>();
  const clientIds = new Set<string>();
  let announcedLosses = 0;
  let before = piece.from;
  for (const event of piece.events) {
    if (event.seq <= before) complain("reordered", `${name} was shown ${event.seq} after ${before}`);
    before = event.seq;
    shown.set(event.seq, event);
    if (event.type !== "message") continue;
    const { seq, clientId, text, deleted } = event;
    if (deleted) continue;
    if (clientIds.has(clientId))
      complain("doubled", `${name} was shown ${clientId} twice, the second time at ${seq}`);
    clientIds.add(clientId);
    checkSeq(name, seq, clientId, truth);
    if (said.get(clientId)?.text !== text)
      complain("unexpected", `${name} was shown ${clientId} with a text nobody wrote`);
    if (kept.at(seq)) continue;
    if (isLast) complain("differing", `${name} shows ${clientId} at ${seq}, which PostgreSQL does not have`);
    else announcedLosses++;
  }
  for (const { seq, clientId } of kept.between(piece.from, piece.to)) {
    const event = shown.get(seq);
    if (!event) complain("lost", `${name} was not shown ${clientId} at ${seq}`);
    else if (event.type === "message" && event.deleted && !deletionRequested.has(clientId))
      complain("lost", `${name} was shown ${clientId} at ${seq} as deleted, which nobody did`);
  }
  return announcedLosses;
}

function checkSeq(name: string, seq: number, clientId: string, { contents, complain }: Truth): void {
  const known = contents.get(seq);
  if (known === undefined) contents.set(seq, clientId);
  else if (known !== clientId)
    complain("differing", `${name} was shown ${clientId} at ${seq}, others ${known}`);
}
