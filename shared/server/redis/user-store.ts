/** The Redis side of a user: the cached row, and the decision whether they may send a message now. */
import type { Restriction, Role } from "../../server-frames.ts";
import { openAdmit } from "./admit-batch.ts";
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type UserStore = ReturnType<typeof openUserStore>;

export type UserState = { nickname: string; role: Role; restricted: Restriction | undefined };
/** A user's row in PostgreSQL. */
export type StoredUser = UserState & { version: number };
/** The state of Redis before PostgreSQL was asked for a user: its run, and the mark of the newest change. */
export type Asked = { run: string; changes: string };
export type Rules = {
  /** False lifts the rate and spam rules (load tests). */
  on: boolean;
  perSecond: number;
  burst: number;
  /** Lengths of mutes by the spam rule: the first, the second and every later one within a day. */
  mutesMs: readonly number[];
};
/** `fingerprint`: equal for texts that read alike. `exempt`: the spam rule ignores this message. */
export type Attempt = {
  userId: string;
  room: string;
  clientId: string;
  text: string;
  fingerprint: string;
  exempt: boolean;
  /** Slow mode of the room, ms; 0: off. */
  slowModeMs: number;
};
export type Decision =
  | { decision: "ok" | "warn"; nickname: string; role: Role }
  | { decision: "too_fast" | "slow_mode"; waitMs: number }
  /** `version`: of the user's row in Redis. */
  | { decision: "spam"; waitMs: number; until: number; reason: string; version: number }
  | { decision: "muted"; waitMs: number; until: number; reason: string }
  | { decision: "unknown"; asked: Asked };

const KNOWN_MS = 24 * 3_600_000;

export type ForgetUser = ReturnType<typeof openForgetUser>;

/**
 * Deletes a user whose row is changed from Redis. Called by every writer inside the transaction that holds the row,
 * before it commits: if Redis does not answer, nothing has changed; if it does, no answer of PostgreSQL from before the
 * change is cached, and every later query waits for the transaction (`findState` of user-queries.ts).
 */
export function openForgetUser(redis: Commands, keys: RedisKeys) {
  const forget = openScript(redis, "forget-user");
  return async (userId: string): Promise<void> => {
    await forget.run([keys.user(userId), keys.userChanges(userId)], [KNOWN_MS]);
  };
}

export function openUserStore(redis: Commands, keys: RedisKeys, rules: Rules) {
  const find = openScript(redis, "find-user");
  const keep = openScript(redis, "keep-user");

  return {
    /**
     * Decides on a message and counts it if it passes: once for each (room, clientId). Messages that come together share one call;
     * each is decided alone. `unknown`: the user must be cached first.
     */
    admit: openAdmit(redis, keys, rules),

    /** @returns the user's state in Redis; without `state`: not cached, or outdated. */
    async find(userId: string): Promise<{ state: UserState | undefined; asked: Asked }> {
      const reply = (await find.run([keys.user(userId), keys.userChanges(userId)], [])) as (string | null)[];
      const [run, changes, ...fields] = reply;
      return { state: stateOf(fields), asked: { run: run ?? "", changes: changes ?? "" } };
    },

    /**
     * Caches a row of PostgreSQL, unless Redis has a newer one.
     * @param asked the state of Redis before PostgreSQL was asked.
     * @returns the current state; undefined: the row may be from before a change and must be read again.
     */
    async keep(userId: string, stored: StoredUser, asked: Asked): Promise<UserState | undefined> {
      const { nickname, role, restricted, version } = stored;
      const reply = (await keep.run(
        [keys.user(userId), keys.userChanges(userId)],
        [
          asked.run,
          asked.changes,
          nickname,
          role,
          restricted?.reason ?? "",
          restricted?.until ?? 0,
          version,
          KNOWN_MS,
        ],
      )) as (string | null)[];
      return stateOf(reply);
    },
  };

  function stateOf([nickname, role, reason, until]: (string | null)[]): UserState | undefined {
    if (!nickname || !role) return undefined;
    const restricted =
      Number(until ?? 0) > Date.now() ? { reason: reason ?? "", until: Number(until) } : undefined;
    return { nickname, role: role as Role, restricted };
  }
}
