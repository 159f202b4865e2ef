/** Wires the identity and rights of people, and every way in which those change. */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { Commands } from "../../shared/server/redis/connect.ts";
import { controlKeepMs } from "../../shared/server/redis/control-events.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import { openForgetUser, openUserStore, type Rules } from "../../shared/server/redis/user-store.ts";
import { createMutes } from "../accounts/mutes.ts";
import { createPasswords } from "../accounts/passwords/hasher.ts";
import { createUsers } from "../accounts/user-cache.ts";
import { createUserChanges } from "../accounts/user-changes.ts";
import type { UserQueries } from "../accounts/user-queries.ts";
import { createBans } from "../control/ban-list.ts";
import { createClosedAccounts } from "../control/closed-accounts.ts";
import { createIdentities } from "../control/identity-cache.ts";
import { createRaidMode } from "../control/raid-mode.ts";
import { createAdmission, type SlowModeOf } from "../messages/admission.ts";
import type { SpamMute } from "../messages/spam-mutes.ts";
import type { Node } from "./node.ts";
import type { Stores } from "./stores.ts";

export type People = ReturnType<typeof openPeople>;

/** @param slowModeOf the time between two messages of a member, by room, ms. */
export function openPeople(
  { config, onClose }: Node,
  { redis, keys, sql, queries }: Stores,
  slowModeOf: SlowModeOf,
) {
  const rules = {
    on: config.limits,
    perSecond: config.messageRate,
    burst: config.messageBurst,
    mutesMs: config.spamMutesMs,
  };
  const laughterCounts = config.spamLaughter;
  const raid = createRaidMode(queries.raid.findRaid);
  const people = createPeople({
    ...{ redis, keys, sql, rules, laughterCounts, slowModeOf, tooNewMs: raid.waitMs },
    queries: queries.users,
  });
  const keepMs = controlKeepMs(config.accessTokenMs);
  const passwords = createPasswords();
  // Registered this early, so that it closes late: a log-in that is hashing during the shutdown still gets its answer.
  onClose("passwords", passwords.close);
  return {
    ...people,
    passwords,
    raid,
    bans: createBans(queries.users.listBans, keepMs),
    closed: createClosedAccounts(queries.users.listClosed),
    identities: createIdentities(people.users.find, keepMs),
  };
}

type Deps = {
  redis: Commands;
  keys: RedisKeys;
  sql: Sql;
  queries: Pick<UserQueries, "findState" | "findRestriction">;
  rules: Rules;
  /** The spam rule also counts pure laughter and sobs. */
  laughterCounts: boolean;
  slowModeOf: SlowModeOf;
  /** How long raid mode keeps a user from writing, ms. */
  tooNewMs?: (userId: string) => number;
};

/** The people on whom decisions about messages depend. */
export function createPeople(deps: Deps) {
  const { redis, keys, sql, queries, rules, laughterCounts, slowModeOf, tooNewMs = () => 0 } = deps;
  const store = openUserStore(redis, keys, rules);
  const users = createUsers(store, queries);
  const admit = createAdmission({ store, users, laughterCounts, slowModeOf, tooNewMs });
  // Of the rules only a mute holds for bots. They are counted all the same, so that their messages can be removed.
  const admitBot = createAdmission({
    ...{ store: openUserStore(redis, keys, { ...rules, on: false }), users },
    ...{ laughterCounts, slowModeOf: () => 0, tooNewMs: () => 0 },
  });
  const forget = openForgetUser(redis, keys);
  const changeUser = createUserChanges({ sql, forget, users });
  /** Writes a mute by the spam rule, which Redis has already, to PostgreSQL. */
  const keepMute = (mute: SpamMute) => changeUser(mute.user, (change) => change.keepRestriction(mute));
  return {
    users,
    admit,
    admitBot,
    forget,
    changeUser,
    mutes: createMutes(queries, users, tooNewMs),
    keepMute,
  };
}
