/** Saying something in a room: judged, numbered, kept and published; and acknowledged for ever once that has happened. */

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
  scripts: Pick<RoomLogStore, "sent">;
  log: Pick<RoomLog, "append">;
  messageChars: number;
  /** The spam rule muted. */
  onRestricted: (mute: SpamMute) => Promise<void>;
  onSent: () => void;
};
export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ admit, scripts, log, messageChars, onRestricted, onSent }: MessagesDeps) {
  const append = async (sending: Sending, author: Author): Promise<number> => {
    const { seq } = await log.append(draftMessage(sending, { id: sending.userId, ...author }, sending.text));
    return seq;
  };

  const admitted = async (sending: Sending): Promise<{ author: Author; warned: boolean }> => {
    const judged = await admit(sending);
    if ("waitMs" in judged) {
      if (judged.verdict === "spam") {
        const { reason, until, version } = judged;
        await onRestricted({ user: sending.userId, reason, until, version });
      }
      throw new Refusal(judged.verdict, { retryAfterMs: judged.waitMs });
    }
    return { author: judged, warned: judged.verdict === "warn" };
  };

  return {
    /**
     * Gives the message its seq, or the seq it already has. When this resolves, Redis has the message: every member who
     * is connected gets it, everyone who comes back gets it, and the worker writes it.
     * @throws Refusal with the rule that refused; an outage leaves the outcome unknown: sending it again is safe.
     */
    async send(sending: Sending): Promise<Sent> {
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
        const given = await scripts.sent(room, userId, clientId);
        if (given === null) throw error;
        return { seq: given, warned: false };
      }
    },
  };
}
