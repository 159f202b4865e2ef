/** A user's outbox in session storage, where it survives reloads of the tab. Each user has their own, so nobody sends for another. */
import { RESEND_MS } from "../../shared/limits.ts";
import { isDeleting, type OutboxEntry } from "./outbox-entry.ts";
import type { Store } from "./storage.ts";

/**
 * @returns the entries that still matter. A message acknowledged long ago is in PostgreSQL, even if this page was never
 * told. A refused deletion was shown, or can be repeated at its message.
 */
export function loadOutbox(store: Store, userId: string, now: number): OutboxEntry[] {
  const entries = store.read("outbox", userId) ?? [];
  const isOver = (entry: OutboxEntry) =>
    entry.state === "sent" ? now - entry.at >= RESEND_MS : entry.state === "failed" && isDeleting(entry);
  return entries.filter((entry) => !isOver(entry));
}

export function saveOutbox(store: Store, userId: string, entries: readonly OutboxEntry[]) {
  store.write("outbox", userId, entries.length > 0 ? [...entries] : undefined);
}
