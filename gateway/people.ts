/** Users as messages are judged by them, and every way in which that changes, put together. */
import type { Sql } from "../shared/server/postgres/pool.ts";
import type { Commands } from "../shared/server/redis/connect.ts";
import type { RedisKeys } from "../shared/server/redis/keys.ts";
import { openForgetUser, openUserScripts, type Rules } from "../shared/server/redis/user-store.ts";
import { createMutes } from "./accounts/mutes.ts";
import { createUsers } from "./accounts/user-cache.ts";
import { createUserChanges } from "./accounts/user-changes.ts";
import type { RoomQueries } from "./accounts/user-state-queries.ts";
import type { SpamMute } from "./messages/spam-mutes.ts";
import { keepRestriction } from "./moderation/moderation-queries.ts";

type Deps = {
  redis: Commands;
  keys: RedisKeys;
  sql: Sql;
  queries: Pick<RoomQueries, "userState">;
  rules: Rules;
  /** The spam rule looks at pure laughter and sobs too. */
  laughterCounts: boolean;
  slowModeOf: (room: string) => Promise<number>;
};

export function createPeople({ redis, keys, sql, queries, rules, laughterCounts, slowModeOf }: Deps) {
  const users = createUsers(openUserScripts(redis, keys, rules), queries, laughterCounts, slowModeOf);
  const forget = openForgetUser(redis, keys);
  const changeUser = createUserChanges({ sql, forget, users });
  /** Keeps a mute of the spam rule, which is in Redis already, in PostgreSQL. */
  const keepMute = (mute: SpamMute) => changeUser(mute.user, (tx) => keepRestriction(tx, mute));
  return { users, forget, changeUser, mutes: createMutes(sql, users), keepMute };
}
