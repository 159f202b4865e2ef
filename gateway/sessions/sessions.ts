/** Sessions: begun by a log-in, extended by a refresh token that changes at each use, ended for good. */
import { uuidv7 } from "uuidv7";
import type { SessionAnswer } from "../../shared/http-api.ts";
import type { Tokens } from "../../shared/server/identity/access-tokens.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { Ban, OwnUser } from "../../shared/server-frames.ts";
import { bannedProblem } from "../control/ban-list.ts";
import { Refusal } from "../errors.ts";
import type { Device } from "./device.ts";
import { nameOf, type RefreshToken, type RefreshTokens, readRefreshToken } from "./refresh-tokens.ts";
import { hexOf, type NewSession, type SessionQueries, type SessionTimes } from "./session-queries.ts";

export type Sessions = ReturnType<typeof createSessions>;

/** The result of a log-in or a refresh: the answer for the page and the token for its cookie. */
export type OpenedSession = { answer: SessionAnswer; refreshToken: string };

/** Max sessions of one person; beyond them the longest idle one ends. */
export const MAX_SESSIONS = 50;
const MAX_REMEMBERED = 10_000;
/** Max time between storing a session and signing its access token. */
const SIGNED_WITHIN_MS = 60_000;

type SessionsDeps = {
  queries: Pick<SessionQueries, "add" | "exchange" | "findUnreplaced" | "findByToken" | "end">;
  /** @returns undefined when the user is unknown, banned or closed. */
  findUser: (id: string) => Promise<OwnUser | undefined>;
  findBan: (userId: string) => Promise<Ban | undefined>;
  tokens: Pick<Tokens, "sign" | "lifeMs">;
  refreshTokens: RefreshTokens;
  /** Notifies all gateways, which close the sockets and refuse the access tokens of these sessions. */
  endEverywhere: (sessionIds: string[]) => Promise<void>;
  sessionMs: number;
  log: Log;
};

export function createSessions(deps: SessionsDeps) {
  const { queries, findUser, findBan, tokens, refreshTokens, endEverywhere, sessionMs, log } = deps;

  const times = (): SessionTimes => ({
    lifeMs: sessionMs,
    tokensUntil: Date.now() + tokens.lifeMs + SIGNED_WITHIN_MS,
  });

  /**
   * Ended sessions that were published already, so that their tokens, however often presented, are not published again.
   */
  const notified = new Set<string>();

  return {
    open,

    /** Begins another session of an existing user; above the max the longest idle one ends. */
    begin: (user: OwnUser, device: Device): Promise<OpenedSession> =>
      open(user, device, async (session) => {
        const crowded = await queries.add(session, MAX_SESSIONS);
        if (crowded.length === 0) return;
        try {
          await tell(crowded);
        } catch (error) {
          // It has ended, and is published once Redis answers: no reason to refuse the log-in.
          if (!(error instanceof Unavailable)) throw error;
        }
      }),

    /**
     * Trades a refresh token for its successor and a new access token; for the same successor again until that was
     * used. A token that comes back later ends its session, because somebody has a copy.
     * @param candidates tokens that the browser sent, the likeliest first; of several the current one counts.
     * @throws Refusal `session_expired` with the reason, or `banned`.
     */
    async refresh(candidates: readonly string[]): Promise<OpenedSession> {
      const token = await newestOf(candidates.map(readRefreshToken));
      if (token === undefined) throw new Refusal("session_expired");
      const outcome = await queries.exchange(token, refreshTokens.successorsOf(token), times());
      switch (outcome.is) {
        case "exchanged": {
          const { userId, sessionId, successor } = outcome;
          const user = await findUser(userId);
          if (user === undefined) throw new Refusal("session_expired");
          return answerFor(user, sessionId, successor, { refresh: nameOf(successor) });
        }
        case "replayed":
          await end([outcome.sessionId], "reused");
          log.warn(
            { user: outcome.userId, session: outcome.sessionId },
            "a replaced refresh token came back",
          );
          throw new Refusal("session_expired", { reason: "reused" });
        case "over":
          throw new Refusal("session_expired", { reason: outcome.why });
        case "banned":
          throw bannedProblem(await findBan(outcome.userId));
        case "unknown":
          throw new Refusal("session_expired");
      }
    },

    /** The session of a refresh token, current or replaced. */
    find: (refreshToken: string): Promise<string | undefined> =>
      queries.findByToken(readRefreshToken(refreshToken)),

    /**
     * Ends sessions: their refresh tokens are invalid at once, sockets and access tokens on all gateways right after.
     */
    end: (sessionIds: string[]): Promise<void> => end(sessionIds),
  };

  /** @param refresh the name of the refresh token; undefined if it has no predecessor. */
  function answerFor(
    user: OwnUser,
    sessionId: string,
    refreshToken: RefreshToken,
    refresh: { refresh?: string } = {},
  ): OpenedSession {
    const { token, expiresAt } = tokens.sign({ userId: user.id, sessionId, as: user, ...refresh });
    return { answer: { user, accessToken: token, expiresAt }, refreshToken: refreshToken.token };
  }

  async function tell(ids: string[]): Promise<void> {
    await endEverywhere(ids);
    if (notified.size > MAX_REMEMBERED) notified.clear();
    for (const id of ids) notified.add(id);
  }

  /** PostgreSQL first, because an end that was published must also hold for a gateway that starts later. */
  async function end(sessionIds: string[], why?: "reused"): Promise<void> {
    const ids = sessionIds.filter((id) => !notified.has(id));
    if (ids.length === 0) return;
    await queries.end(ids, why);
    await tell(ids);
  }

  /** @param save stores the session, before its tokens are answered. */
  async function open(
    user: OwnUser,
    device: Device,
    save: (session: NewSession) => Promise<void>,
  ): Promise<OpenedSession> {
    const id = uuidv7();
    const token = refreshTokens.fresh();
    await save({ id, userId: user.id, ...device, ...times(), token });
    return answerFor(user, id, token);
  }

  /** @returns of a browser's tokens the current one; the first when none is. */
  async function newestOf(candidates: readonly RefreshToken[]): Promise<RefreshToken | undefined> {
    const [first, ...others] = candidates;
    if (others.length === 0) return first;
    const hash = await queries.findUnreplaced(candidates);
    const inUse = candidates.find((token) => hexOf(token.hash) === hash);
    return inUse ?? first;
  }
}
