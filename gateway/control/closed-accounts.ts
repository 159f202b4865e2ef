/**
 * The closed accounts. Their messages stay, without the name. Events in the log cannot be rewritten, so the name is
 * replaced in every event that leaves Redis or PostgreSQL for a reader; the worker removes it from the archive later.
 */
import { redactAuthor } from "../events/redact-author.ts";

/** @param listClosed ids of all closed accounts in PostgreSQL. */
export function createClosedAccounts(listClosed: () => Promise<string[]>) {
  const closed = new Set<string>();
  const isClosed = (userId: string): boolean => closed.has(userId);

  return {
    /** Loads all of them again. @throws Unavailable. */
    async load(): Promise<void> {
      for (const id of await listClosed()) closed.add(id);
    },
    add: (userId: string): void => void closed.add(userId),
    /** @returns an event's JSON as readers may see it. */
    redact: (json: string): string => redactAuthor(json, isClosed),
    /** As `redact`. @returns the same bytes when nothing has to be replaced. */
    redactBytes(event: Buffer): Buffer {
      if (closed.size === 0) return event;
      const json = event.toString();
      const redacted = redactAuthor(json, isClosed);
      return redacted === json ? event : Buffer.from(redacted);
    },
  };
}
