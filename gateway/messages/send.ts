/**
 * Sending a message: checked for form, checked against the rules, numbered, kept and published; acknowledged for ever once that has
 * happened. Owns the order of these steps; the rules are admission.ts', the bytes are event-draft.ts'.
 */

import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import { prepareText } from "../../shared/text.ts";
import { Refusal } from "../errors.ts";
import type { RoomLog } from "../room-log/room-log.ts";
import type { Admit } from "./admission.ts";
import type { SpamMute } from "./spam-mutes.ts";

export type Sending = { userId: string; room: string; clientId: string; text: string };
/** `warned`: the next message alike will be refused. */
export type Sent = { seq: number; warned: boolean };
/** Who writes, as they are now. */
type Author = Pick<PublicUser, "nickname" | "role">;
export type MessagesDeps = {
  admit: Admit;
  scripts: Pick<RoomLogStore, "findSeq">;
  log: Pick<RoomLog, "append">;
  messageChars: number;
  /** The spam rule muted. */
  onRestricted: (mute: SpamMute) => Promise<void>;
  onSent: () => void;
};
export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ admit, scripts, log, messageChars, onRestricted, onSent }: MessagesDeps) {
  return { send };

  /**
   * Gives the message its seq, or the seq it already has. When this resolves, Redis has the message: every member who
   * is connected gets it, everyone who comes back gets it, and the worker writes it.
   * @throws Refusal with the rule that refused; an outage leaves the outcome unknown: sending it again is safe.
   */
  async function send(sending: Sending): Promise<Sent> {
    const prepared = prepareText(sending.text, messageChars);
    if (!prepared.ok) throw new Refusal(prepared.code);
    const { userId, room, clientId } = sending;
    try {
      const { author, warned } = await admitted({ ...sending, text: prepared.text });
      const seq = await append({ ...sending, text: prepared.text }, author);
      onSent();
      return { seq, warned };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // What was accepted once is acknowledged for ever, whatever the rules say by now.
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
