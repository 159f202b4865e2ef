/** Judges replies: each names the message that its sender meant, everywhere, and none was refused for want of it. */
import type { Attempt, Receiver } from "../client/journal.ts";
import type { Complain } from "./judge.ts";
import type { Kept } from "./kept.ts";

export type Replying = {
  said: ReadonlyMap<string, Attempt>;
  receivers: readonly Receiver[];
  kept: Record<string, Kept>;
};

export function judgeReplies({ said, receivers, kept }: Replying, complain: Complain): void {
  // Only messages that are stored and never deleted are replied to.
  for (const { clientId, replyTo, refused } of said.values())
    if (replyTo !== undefined && refused === "no_such_message")
      complain("lost", `${clientId} replies to ${replyTo}, which the cluster did not find`);
  for (const [place, { messages }] of Object.entries(kept))
    for (const { seq, clientId, text, replyTo } of messages)
      compare(place, { seq, clientId, replyTo, isDeleted: text === undefined });
  for (const { name, pieces } of receivers)
    for (const event of pieces.flatMap(({ events }) => events))
      if (event.type === "message")
        compare(name, {
          ...{ seq: event.seq, clientId: event.clientId },
          ...{ replyTo: event.reply?.seq, isDeleted: event.deleted === true },
        });

  function compare(
    place: string,
    shown: { seq: number; clientId: string; replyTo: number | undefined; isDeleted: boolean },
  ): void {
    const attempt = said.get(shown.clientId);
    const meant = shown.isDeleted ? undefined : attempt?.replyTo;
    if (attempt && shown.replyTo !== meant)
      complain(
        "differing",
        `${place} has ${shown.clientId} at ${shown.seq} as a reply to ${shown.replyTo ?? "nothing"}, meant was ${meant ?? "nothing"}`,
      );
  }
}
