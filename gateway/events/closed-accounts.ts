/**
 * Whose accounts are closed: their messages stay, under a neutral name. Events in the log cannot be rewritten, so the
 * name is replaced wherever events leave Redis or PostgreSQL for readers; the worker takes it out of the archive later.
 */

export type ClosedAccounts = ReturnType<typeof createClosedAccounts>;

/** What is shown instead of the name that somebody had. */
export const CLOSED_NICKNAME = "closed account";

/** The author stands before anything a person wrote, and no JSON string can hold this with bare quotes. */
const AUTHOR = /"user":\{"id":"([^"]+)"/;

/** @param listClosed ids of all closed accounts, as PostgreSQL has them. */
export function createClosedAccounts(listClosed: () => Promise<string[]>) {
  const closed = new Set<string>();

  /** The event's JSON; without the name when its author, or whom it tells of, is closed. */
  const neutral = (json: string): string => {
    const author = AUTHOR.exec(json)?.[1];
    if (author === undefined || !closed.has(author)) return json;
    const event = JSON.parse(json) as {
      type?: string;
      user: { id: string; nickname?: string };
      before?: string;
      role?: string;
    };
    event.user.nickname = CLOSED_NICKNAME;
    if (event.type === "message") delete event.role;
    if (event.before !== undefined) event.before = CLOSED_NICKNAME;
    return JSON.stringify(event);
  };

  return {
    /** Learns all of them anew. @throws an outage. */
    async load(): Promise<void> {
      for (const id of await listClosed()) closed.add(id);
    },
    add: (userId: string): void => void closed.add(userId),
    neutral,
    /** As `neutral`; the same bytes when nothing was to be replaced. */
    neutralBytes(event: Buffer): Buffer {
      if (closed.size === 0) return event;
      const json = event.toString();
      const without = neutral(json);
      return without === json ? event : Buffer.from(without);
    },
  };
}
