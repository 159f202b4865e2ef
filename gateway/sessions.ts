/** Sessions: begun by a log-in, kept alive by a refresh token that changes at each use, ended once and for all. */
import { createHash, randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { SessionAnswer } from "../shared/http-api.ts";
import type { Log } from "../shared/server/log.ts";
import type { Tokens } from "../shared/server/tokens.ts";
import type { OwnUser } from "../shared/server-frames.ts";
import { problem } from "./problem.ts";
import type { Device, NewSession, Queries } from "./queries.ts";

export type Sessions = ReturnType<typeof createSessions>;

/** What a log-in or a refresh gives: the answer for the page and the token for its cookie. */
export type OpenedSession = { answer: SessionAnswer; refreshToken: string };

/** Two tabs may refresh at the same moment: for so long a token that was just replaced still yields a successor. */
const GRACE_MS = 10_000;
const TOLD_MOST = 10_000;

const hashOf = (refreshToken: string): Uint8Array => createHash("sha256").update(refreshToken).digest();

type SessionsDeps = {
  queries: Pick<Queries, "rotateToken" | "findTokenSession" | "endSessions" | "findUser">;
  tokens: Pick<Tokens, "sign">;
  /** Tells all gateways, which close the sockets and refuse the access tokens of these sessions. */
  endEverywhere: (sessionIds: string[]) => Promise<void>;
  sessionMs: number;
  log: Log;
};

export function createSessions({ queries, tokens, endEverywhere, sessionMs, log }: SessionsDeps) {
  const answerFor = async (
    user: OwnUser,
    sessionId: string,
    refreshToken: string,
  ): Promise<OpenedSession> => {
    const { token, expiresAt } = tokens.sign({ userId: user.id, sessionId, as: user });
    return { answer: { user, accessToken: token, expiresAt }, refreshToken };
  };

  /** Sessions that all gateways know to be over: who shows their tokens again and again makes no more news. */
  const told = new Set<string>();

  /** PostgreSQL first: what every gateway was told must also hold for one that starts later. */
  const end = async (sessionIds: string[]): Promise<void> => {
    const ids = sessionIds.filter((id) => !told.has(id));
    if (ids.length === 0) return;
    await queries.endSessions(ids);
    await endEverywhere(ids);
    if (told.size > TOLD_MOST) told.clear();
    for (const id of ids) told.add(id);
  };

  return {
    /** A session to be stored, by `save`, before its tokens are answered. */
    async open(
      user: OwnUser,
      device: Device,
      save: (session: NewSession) => Promise<void>,
    ): Promise<OpenedSession> {
      const id = uuidv7();
      const refreshToken = randomBytes(32).toString("base64url");
      await save({ id, userId: user.id, ...device, tokenHash: hashOf(refreshToken), lifeMs: sessionMs });
      return answerFor(user, id, refreshToken);
    },

    /**
     * Trades a refresh token for a new one and a new access token. A token that was replaced before the grace ends
     * its session: somebody has a copy.
     * @throws Problem `session_expired`, or `banned`.
     */
    async refresh(refreshToken: string): Promise<OpenedSession> {
      const old = hashOf(refreshToken);
      const next = randomBytes(32).toString("base64url");
      const rotated = await queries.rotateToken(old, hashOf(next), { lifeMs: sessionMs, graceMs: GRACE_MS });
      const user = rotated && (await queries.findUser(rotated.userId));
      if (rotated && user) return answerFor(user, rotated.sessionId, next);

      const session = await queries.findTokenSession(old);
      if (session?.banned) throw problem("banned");
      if (session?.replaced) {
        await end([session.sessionId]);
        log.warn({ user: session.userId, session: session.sessionId }, "a replaced refresh token came back");
      }
      throw problem("session_expired");
    },

    /** The session of a refresh token, whether the token is in use or was replaced; null: none. */
    async find(refreshToken: string): Promise<string | null> {
      return (await queries.findTokenSession(hashOf(refreshToken)))?.sessionId ?? null;
    },

    /** Ends sessions: their refresh tokens are dead at once, sockets and access tokens on all gateways right after. */
    end,
  };
}
