/**
 * Whose accounts are closed. Their messages stay, without their name. Events in the log cannot be rewritten, so the name is
 * replaced wherever events leave Redis or PostgreSQL for readers; the worker takes it out of the archive later.
 */
import { redactAuthor } from "../events/redact-author.ts";

/** @param listClosed ids of all closed accounts, as PostgreSQL has them. */
export function createClosedAccounts(listClosed: () => Promise<string[]>) {
  const closed = new Set<string>();
  const isClosed = (userId: string): boolean => closed.has(userId);

  return {
    /** Loads all of them anew. @throws an outage. */
    async load(): Promise<void> {
      for (const id of await listClosed()) closed.add(id);
    },
    add: (userId: string): void => void closed.add(userId),
    /** An event's JSON as readers may see it. */
    redact: (json: string): string => redactAuthor(json, isClosed),
    /** As `redact`; the same bytes when nothing was to be replaced. */
    redactBytes(event: Buffer): Buffer {
      if (closed.size === 0) return event;
      const json = event.toString();
      const redacted = redactAuthor(json, isClosed);
      return redacted === json ? event : Buffer.from(redacted);
    },
  };
}
