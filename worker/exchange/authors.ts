/** Resolves the authors of lines to accounts, with a cache, and names without an account to themselves. */
import { parseEmail } from "../../shared/email.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";
import { type Account, createImportQueries } from "./import-queries.ts";
import type { Author } from "./line.ts";

type Resolved = { userId: string | undefined; nickname: string | undefined };

export type Authors = ReturnType<typeof createAuthors>;

/** Max accounts in the cache. */
const MAX_KNOWN = 50_000;

export function createAuthors(db: Db) {
  /** By id and by key of the address; undefined: there is none. */
  const known = new Map<string, Account | undefined>();

  return {
    /** Looks up the accounts of these authors that are not cached. */
    async learn(authors: Iterable<Author>): Promise<void> {
      if (known.size > MAX_KNOWN) known.clear();
      const [ids, keys] = [new Set<string>(), new Set<string>()];
      for (const { id, email } of authors) {
        if (id !== undefined && !known.has(id)) ids.add(id);
        const key = id === undefined ? keyOf(email) : undefined;
        if (key !== undefined && !known.has(key)) keys.add(key);
      }
      if (ids.size + keys.size === 0) return;
      const found = await createImportQueries(db).findAccounts([...ids], [...keys]);
      for (const key of [...ids, ...keys]) known.set(key, undefined);
      for (const account of found) {
        known.set(account.id, account);
        if (account.emailKey !== undefined) known.set(account.emailKey, account);
      }
    },
    resolve,
  };

  /**
   * An id without an account is kept, so that an export of one cluster stays the same in another; a name without an
   * account stays a name. Closed accounts have no name.
   * @returns a reason when the author has neither account nor name.
   */
  function resolve({ id, email, nickname }: Author): Resolved | { reason: string } {
    const key = id ?? keyOf(email);
    const account = key === undefined ? undefined : known.get(key);
    if (account) {
      return { userId: account.id, nickname: account.closed ? undefined : (nickname ?? account.nickname) };
    }
    if (id === undefined && nickname === undefined)
      return { reason: "user.email: nobody has this address, and there is no nickname" };
    return { userId: id, nickname };
  }
}

function keyOf(email: string | undefined): string | undefined {
  const parsed = email === undefined ? undefined : parseEmail(email);
  return parsed?.ok ? parsed.value.key : undefined;
}
