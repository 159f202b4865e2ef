/**
 * Sends a message: checks its form, applies the rules, appends and publishes it. From then on every retry is
 * acknowledged. Owns the order of these steps; admission.ts owns the rules, event-draft.ts the bytes.
 */

import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { prepareText } from "../../shared/text.ts";
import { Refusal } from "../errors.ts";
import type { RoomLog } from "../room-log/room-log.ts";
import type { AcceptTimer } from "./accept-times.ts";
import type { Admit, Denied } from "./admission.ts";
import { type createExtras, type ExtraWishes, spareChars } from "./extras.ts";
import type { SpamMute } from "./spam-mutes.ts";

export type Sending = ExtraWishes & { userId: string; room: string; clientId: string; text: string };
/** `warned`: the next similar message will be refused. */
export type Sent = { seq: number; warned: boolean };
export type MessagesDeps = {
  admit: Admit;
  scripts: Pick<RoomLogStore, "findSeq">;
  log: Pick<RoomLog, "append">;
  messageChars: number;
  extrasOf: ReturnType<typeof createExtras>;
  /** Called when the spam rule muted the sender. */
  onRestricted: (mute: SpamMute) => Promise<void>;
  onSent: () => void;
};
export type Messages = ReturnType<typeof createMessages>;

export function createMessages(deps: MessagesDeps) {
  const { admit, scripts, log, messageChars, extrasOf, onRestricted, onSent } = deps;
  return { send };

  /**
   * Gives the message its seq, or returns the seq it already has. When this resolves, Redis has the message: every
   * connected member gets it, every returning client gets it, and the worker writes it.
   * @param timer told of each step.
   * @throws Refusal with the rule that refused; Unavailable with an unknown outcome: sending again is safe.
   */
  async function send(sending: Sending, timer?: AcceptTimer): Promise<Sent> {
    const prepared = prepareText(sending.text, messageChars + spareChars(sending));
    if (!prepared.ok) throw new Refusal(prepared.code);
    const { userId, room, clientId } = sending;
    const { text } = prepared;
    // Few functions wait here, because everything that one of them holds outlives the garbage of some turns of the event loop.
    try {
      const decision = await admit({ userId, room, clientId, text });
      if ("waitMs" in decision) throw await refused(userId, decision);
      timer?.admitted();
      const author = { id: userId, nickname: decision.nickname, role: decision.role };
      const finding = extrasOf(sending, text);
      const extras = finding && (await finding);
      const { seq } = await log.append(draftMessage({ room, clientId }, author, text, extras));
      timer?.appended(room, seq);
      onSent();
      return { seq, warned: decision.decision === "warn" };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // An accepted message is acknowledged at every retry, even if the rules would refuse it by now.
      const given = await scripts.findSeq(room, userId, clientId);
      if (given === undefined) throw error;
      return { seq: given, warned: false };
    }
  }

  async function refused(user: string, denied: Denied): Promise<Refusal> {
    if (denied.decision === "spam") {
      const { reason, until, version } = denied;
      await onRestricted({ user, reason, until, version });
    }
    return new Refusal(denied.decision, { retryAfterMs: denied.waitMs });
  }
}
