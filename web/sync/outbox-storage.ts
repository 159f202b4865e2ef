/** Where a tab keeps a user's outbox over reloads: session storage, one shelf per user, so nobody sends for another. */
import { RESEND_MS } from "../../shared/limits.ts";
import { isDeleting, type OutboxEntry } from "./outbox-entry.ts";
import type { Store } from "./storage.ts";

/**
 * What was kept for the user. What was acknowledged long ago is PostgreSQL's care, also if we never heard so; and a
 * deletion that was refused was read, or can be asked for again where the message is.
 */
export function takeOutbox(store: Store, userId: string, now: number): OutboxEntry[] {
  const entries = store.read("outbox", userId) ?? [];
  const isOver = (entry: OutboxEntry) =>
    entry.state === "sent" ? now - entry.at >= RESEND_MS : entry.state === "failed" && isDeleting(entry);
  return entries.filter((entry) => !isOver(entry));
}

export function keepOutbox(store: Store, userId: string, entries: readonly OutboxEntry[]) {
  store.write("outbox", userId, entries.length > 0 ? [...entries] : undefined);
}
