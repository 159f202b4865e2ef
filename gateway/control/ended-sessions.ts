/**
 * The ended sessions in this gateway's memory: from PostgreSQL, and from the control log since then. No local clock
 * decides when one is forgotten, because clocks jump: only PostgreSQL does, once no access token of the session can be
 * valid any more.
 */

export type EndedSessions = ReturnType<typeof createEndedSessions>;

/** A clock that jumped by more than this makes tokens live longer, or again. */
const JUMP_MS = 2_000;
/** How often PostgreSQL is asked again, so that past sessions leave memory. */
const ASK_AGAIN_MS = 5 * 60_000;

/**
 * @param ask reads the ended sessions from PostgreSQL that may have a valid access token by a clock that says `now`.
 * @param clock the clock that tokens are checked by, and a monotonic one; both in milliseconds.
 */
export function createEndedSessions(
  ask: (now: number) => Promise<string[]>,
  clock = { wall: () => Date.now(), steady: () => performance.now() },
) {
  /** The number of PostgreSQL reads at the time when each session was added. */
  const ended = new Map<string, number>();
  let asked = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** The difference of the two clocks at the last read of PostgreSQL. */
  let apart = clock.wall() - clock.steady();

  return {
    add(sessions: readonly string[]): void {
      for (const session of sessions) ended.set(session, asked);
    },
    has: (session: string): boolean => ended.has(session),
    get size(): number {
      return ended.size;
    },

    /** The clock was set since the last read of PostgreSQL: other tokens may be valid now. */
    jumped: (): boolean => Math.abs(clock.wall() - clock.steady() - apart) > JUMP_MS,

    isDue: (): boolean => clock.steady() - askedAt > ASK_AGAIN_MS,

    /**
     * Loads from PostgreSQL, and forgets sessions that it no longer lists. Those added during the read stay: PostgreSQL
     * knows each end before any gateway is notified.
     * @returns the sessions that PostgreSQL lists.
     * @throws Unavailable.
     */
    async load(): Promise<readonly string[]> {
      const now = clock.wall();
      const apartNow = now - clock.steady();
      askedAt = clock.steady();
      asked += 1;
      const mine = asked;
      const found = new Set(await ask(now));
      for (const [session, learnt] of ended) if (learnt < mine && !found.has(session)) ended.delete(session);
      for (const session of found) ended.set(session, mine);
      apart = apartNow;
      return [...found];
    },
  };
}
