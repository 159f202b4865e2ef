/** Begins a reply to a message, and puts the cursor into the field. */
import type { App } from "../../state/app.ts";
import type { Author } from "../../sync/replica.ts";

export type Repliable = { seq: number; user: Author; text?: string | undefined };

/** A deleted message cannot be replied to, nor can anything by somebody who may not write. */
export function startReply({ composer, chat }: App, { seq, user, text }: Repliable): void {
  if (text === undefined || !composer.mayWrite.value) return;
  composer.replyTo({ room: chat.room.value.name, seq, user, text });
  document.getElementById("message")?.focus();
}
