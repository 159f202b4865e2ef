/**
 * Which sessions are over, in this gateway's memory: PostgreSQL's word, and the control log's since. No clock decides
 * when one is forgotten, because clocks jump: only PostgreSQL does, once no access token of the session can be alive any more.
 */

export type EndedSessions = ReturnType<typeof createEndedSessions>;

/** A clock that was set by more than this makes tokens live longer, or again. */
const JUMP_MS = 2_000;
/** How often PostgreSQL is asked again, so that memory holds no more than counts. */
const ASK_AGAIN_MS = 5 * 60_000;

/**
 * @param ask PostgreSQL for the sessions that ended and one of whose tokens may be alive by a clock that says `now`.
 * @param clock the clock by which tokens are judged, and one that nobody sets; both in milliseconds.
 */
export function createEndedSessions(
  ask: (now: number) => Promise<string[]>,
  clock = { wall: () => Date.now(), steady: () => performance.now() },
) {
  /** Session -> how often PostgreSQL had been asked when it was learnt. */
  const ended = new Map<string, number>();
  let asked = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** How far the clocks were apart when PostgreSQL was asked. */
  let apart = clock.wall() - clock.steady();

  return {
    add(sessions: readonly string[]): void {
      for (const session of sessions) ended.set(session, asked);
    },
    has: (session: string): boolean => ended.has(session),
    get size(): number {
      return ended.size;
    },

    /** The clock was set since PostgreSQL was asked: what is known may not be all that counts now. */
    jumped: (): boolean => Math.abs(clock.wall() - clock.steady() - apart) > JUMP_MS,

    isDue: (): boolean => clock.steady() - askedAt > ASK_AGAIN_MS,

    /**
     * Learns from PostgreSQL, and forgets what it says is past. What is learnt meanwhile stays: PostgreSQL knows each end before
     * anybody is told. @returns what PostgreSQL said. @throws an outage.
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
