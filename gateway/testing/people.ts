/** The people of gateways for tests, on a real Redis and PostgreSQL, without sockets and without HTTP. */

import { connectPostgres, type Sql } from "../../shared/server/postgres/pool.ts";
import { createLog } from "../../shared/server/process/logger.ts";
import { connected, openCommands } from "../../shared/server/redis/connect.ts";
import { createRedisKeys } from "../../shared/server/redis/keys.ts";
import { createDatabase } from "../../test/support/postgres.ts";
import { startRedis } from "../../test/support/redis.ts";
import { migrate } from "../../worker/migrate.ts";
import { createRename } from "../accounts/rename.ts";
import { createUserQueries } from "../accounts/user-queries.ts";
import { createPeople } from "../assembly/people.ts";
import { createHttpLimits } from "../limits/http-rate-limits.ts";
import { createSpamMutes } from "../messages/spam-mutes.ts";
import { createModeration } from "../moderation/moderation.ts";

export type People = Awaited<ReturnType<typeof openPeople>>;
export type PeopleGateway = Awaited<ReturnType<People["gateway"]>>;

const LOG = createLog("people", "silent");
const nothing = async (): Promise<void> => undefined;

export async function openPeople() {
  const [server, database] = await Promise.all([startRedis(), createDatabase()]);
  const sql = connectPostgres(database.url, { name: "people", max: 6 });
  await migrate(sql, LOG);
  const keys = createRedisKeys("test", 1);
  const closes: (() => void)[] = [];
  let n = 0;

  return {
    server,
    sql,
    keys,
    /** Adds a user of this role. @returns the id. */
    async add(role: string): Promise<string> {
      const name = `user${++n}`;
      const [row] = await sql<{ id: string }[]>`
        insert into users (id, email, email_key, nickname, nickname_key, nickname_skeleton, role)
        values (gen_random_uuid(), ${name}, ${name}, ${name}, ${name}, ${name}, ${role}) returning id`;
      return row?.id ?? "";
    },

    async gateway() {
      const redis = openCommands(server.url, "people", LOG);
      await connected(redis);
      closes.push(() => redis.disconnect());
      const held = createHeldReads(sql);
      const rules = { on: true, perSecond: 1_000, burst: 1_000, mutesMs: [3_600_000] };
      const { users, admit, admitBot, forget, changeUser, mutes, keepMute } = createPeople({
        ...{ redis, keys, sql, rules },
        ...{ queries: held.queries, laughterCounts: false, slowModeOf: async () => 0 },
      });
      const control = { restricted: nothing, banned: nothing, userChanged: nothing, accountClosed: nothing };
      const sessions = { end: nothing };
      const limits = createHttpLimits(redis, keys, false);
      return {
        redis,
        users,
        admit,
        admitBot,
        mutes,
        forget,
        changeUser,
        held,
        moderation: createModeration({ changeUser, mutes, control, sessions, removeLately: nothing }),
        rename: createRename({ changeUser, mutes, limits, control }),
        onRestricted: createSpamMutes(control, keepMute, LOG),
      };
    },

    async close(): Promise<void> {
      for (const close of closes) close();
      await Promise.all([server.stop(), sql.end({ timeout: 1 })]);
      await database.drop();
    },
  };
}

/** Delays answers of PostgreSQL: the query has run, its result has not arrived. */
function createHeldReads(sql: Sql) {
  const queries = createUserQueries(sql);
  let holding = false;
  let waiting: (() => void)[] = [];
  const release = (): void => {
    holding = false;
    for (const go of waiting) go();
    waiting = [];
  };
  return {
    queries: {
      findRestriction: queries.findRestriction,
      findState: async (id: string) => {
        const answer = await queries.findState(id);
        if (holding) await new Promise<void>((resolve) => waiting.push(resolve));
        return answer;
      },
    },
    /** Holds the next results back until `release`. */
    hold(): void {
      holding = true;
    },
    release,
    count: (): number => waiting.length,
  };
}
