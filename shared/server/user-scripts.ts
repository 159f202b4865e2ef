/** The Redis side of a user: what is known of them, and whether they may say something now. */
import { DEDUPE_MS } from "../limits.ts";
import type { Restriction, Role } from "../server-frames.ts";
import type { Commands } from "./redis.ts";
import type { RedisKeys } from "./redis-keys.ts";
import { openScript } from "./script.ts";

export type UserScripts = ReturnType<typeof openUserScripts>;

export type UserState = { nickname: string; role: Role; restricted: Restriction | null };
export type Rules = {
  /** False lifts the rate and spam rules (load tests). */
  on: boolean;
  perSecond: number;
  burst: number;
  /** How long the spam rule mutes: the first time, the second and every later one within a day. */
  mutesMs: readonly number[];
};
/** `print`: equal for texts that read alike. `exempt`: the spam rule does not look at this one. */
export type Attempt = {
  userId: string;
  room: string;
  clientId: string;
  text: string;
  print: string;
  exempt: boolean;
  /** Slow mode of the room; 0: none. */
  slowModeMs: number;
};
export type Verdict =
  | { verdict: "ok" | "warn"; nickname: string; role: Role }
  | { verdict: "too_fast" | "slow_mode"; waitMs: number }
  | { verdict: "spam"; waitMs: number; until: number; reason: string }
  | { verdict: "muted"; waitMs: number; until: number; reason: string }
  | { verdict: "unknown" };

const KNOWN_MS = 24 * 3_600_000;
/** Only messages of this recent past count as repeated. */
const SPAM_WINDOW_MS = 10 * 60_000;

/** What changed of a user; what is left out stays. */
export type UserChange = Partial<Pick<UserState, "nickname" | "role" | "restricted">>;
export type UserMirror = ReturnType<typeof openUserMirror>;

/**
 * Carries a change of PostgreSQL over to Redis. Called inside the transaction that holds the user's row: two changes reach
 * Redis in the order of PostgreSQL, and when Redis does not answer nothing has changed.
 */
export function openUserMirror(redis: Commands, keys: RedisKeys) {
  const update = openScript(redis, "update-user");
  return async (userId: string, { nickname, role, restricted }: UserChange): Promise<void> => {
    const fields: (string | number)[] = [];
    if (nickname !== undefined) fields.push("nickname", nickname);
    if (role !== undefined) fields.push("role", role);
    if (restricted !== undefined)
      fields.push("reason", restricted?.reason ?? "", "until", restricted?.until ?? 0);
    await update.run([keys.user(userId)], fields);
  };
}

export function openUserScripts(redis: Commands, keys: RedisKeys, rules: Rules) {
  const admit = openScript(redis, "admit");
  const remember = openScript(redis, "remember-user");

  const stateOf = ([nickname, role, reason, until]: (string | null)[]): UserState | null => {
    if (!nickname || !role) return null;
    const restricted =
      Number(until ?? 0) > Date.now() ? { reason: reason ?? "", until: Number(until) } : null;
    return { nickname, role: role as Role, restricted };
  };

  return {
    /** Judges a message and, when it passes, counts it: once for each (room, clientId). `unknown`: remember the user first. */
    async admit({ userId, room, clientId, text, print, exempt, slowModeMs }: Attempt): Promise<Verdict> {
      const reply = (await admit.run(
        [
          keys.user(userId),
          keys.userRecent(userId),
          keys.userRate(userId),
          keys.userCounted(userId, room, clientId),
          keys.userSlow(userId, room),
          keys.userStrikes(userId),
        ],
        [
          room,
          clientId,
          print,
          text,
          rules.on ? 1 : 0,
          exempt ? 0 : 1,
          rules.perSecond,
          rules.burst,
          rules.mutesMs.join(","),
          DEDUPE_MS,
          SPAM_WINDOW_MS,
          slowModeMs,
        ],
      )) as [string, string, Role, number, number, string];
      const [verdict, nickname, role, waitMs, until, reason] = reply;
      if (verdict === "ok" || verdict === "warn") return { verdict, nickname, role };
      if (verdict === "too_fast" || verdict === "slow_mode") return { verdict, waitMs };
      if (verdict === "spam" || verdict === "muted") return { verdict, waitMs, until, reason };
      return { verdict: "unknown" };
    },

    /** What Redis knows of the user; null: nothing. */
    async known(userId: string): Promise<UserState | null> {
      return stateOf(await redis.hmget(keys.user(userId), "nickname", "role", "reason", "until"));
    },

    /** Keeps what PostgreSQL says, unless Redis already knows (that may be newer). Answers what stands now. */
    async remember(userId: string, state: UserState): Promise<UserState> {
      const { nickname, role, restricted } = state;
      const reply = (await remember.run(
        [keys.user(userId)],
        [nickname, role, restricted?.reason ?? "", restricted?.until ?? 0, KNOWN_MS],
      )) as (string | null)[];
      return stateOf(reply) ?? state;
    },
  };
}
