/** Users as messages are judged by them, and every way in which that changes, put together. */
import type { Sql } from "../shared/server/postgres.ts";
import type { Commands } from "../shared/server/redis.ts";
import type { RedisKeys } from "../shared/server/redis-keys.ts";
import { openForgetUser, openUserScripts, type Rules } from "../shared/server/user-scripts.ts";
import { keepRestriction } from "./moderation-queries.ts";
import { createMutes } from "./mutes.ts";
import type { RoomQueries } from "./room-queries.ts";
import type { SpamMute } from "./spam-mutes.ts";
import { createUserChanges } from "./user-changes.ts";
import { createUsers } from "./users.ts";

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
