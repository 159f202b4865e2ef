/** Who is banned, in this gateway's memory: so that a greeting can be refused without asking anybody. */

export type Ban = { user: string; until: number };
export type Bans = ReturnType<typeof createBans>;

/** @param listBans all bans that last, as PostgreSQL has them; `until` in milliseconds, Infinity for good. */
export function createBans(listBans: () => Promise<Ban[]>, now = Date.now) {
  const bans = new Map<string, number>();
  return {
    /** Learns all of them anew. @throws an outage. */
    async load(): Promise<void> {
      const found = await listBans();
      bans.clear();
      for (const { user, until } of found) bans.set(user, until);
    },
    add: (user: string, until: number): void => void bans.set(user, until),
    lift: (user: string): void => void bans.delete(user),
    isBanned: (user: string): boolean => (bans.get(user) ?? 0) > now(),
  };
}
