/**
 * Sends a message: checks its form, applies the rules, appends and publishes it. From then on every retry is
 * acknowledged. Owns the order of these steps; admission.ts owns the rules, event-draft.ts the bytes.
 */

import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import { prepareText } from "../../shared/text.ts";
import { Refusal } from "../errors.ts";
import type { RoomLog } from "../room-log/room-log.ts";
import type { AcceptTimer } from "./accept-times.ts";
import type { Admit } from "./admission.ts";
import type { SpamMute } from "./spam-mutes.ts";

export type Sending = { userId: string; room: string; clientId: string; text: string };
/** `warned`: the next similar message will be refused. */
export type Sent = { seq: number; warned: boolean };
/** The sender's current name and role. */
type Author = Pick<PublicUser, "nickname" | "role">;
export type MessagesDeps = {
  admit: Admit;
  scripts: Pick<RoomLogStore, "findSeq">;
  log: Pick<RoomLog, "append">;
  messageChars: number;
  /** Called when the spam rule muted the sender. */
  onRestricted: (mute: SpamMute) => Promise<void>;
  onSent: () => void;
};
export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ admit, scripts, log, messageChars, onRestricted, onSent }: MessagesDeps) {
  return { send };

  /**
   * Gives the message its seq, or returns the seq it already has. When this resolves, Redis has the message: every
   * connected member gets it, every returning client gets it, and the worker writes it.
   * @param timer told of each step.
   * @throws Refusal with the rule that refused; Unavailable with an unknown outcome: sending again is safe.
   */
  async function send(sending: Sending, timer?: AcceptTimer): Promise<Sent> {
    const prepared = prepareText(sending.text, messageChars);
    if (!prepared.ok) throw new Refusal(prepared.code);
    const { userId, room, clientId } = sending;
    try {
      const { author, warned } = await admitted({ ...sending, text: prepared.text });
      timer?.admitted();
      const seq = await append({ ...sending, text: prepared.text }, author);
      timer?.appended(room, seq);
      onSent();
      return { seq, warned };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // An accepted message is acknowledged at every retry, even if the rules would refuse it by now.
      const given = await scripts.findSeq(room, userId, clientId);
      if (given === undefined) throw error;
      return { seq: given, warned: false };
    }
  }

  async function admitted(sending: Sending): Promise<{ author: Author; warned: boolean }> {
    const decision = await admit(sending);
    if ("waitMs" in decision) {
      if (decision.decision === "spam") {
        const { reason, until, version } = decision;
        await onRestricted({ user: sending.userId, reason, until, version });
      }
      throw new Refusal(decision.decision, { retryAfterMs: decision.waitMs });
    }
    return { author: decision, warned: decision.decision === "warn" };
  }

  async function append(sending: Sending, author: Author): Promise<number> {
    const { seq } = await log.append(draftMessage(sending, { id: sending.userId, ...author }, sending.text));
    return seq;
  }
}
