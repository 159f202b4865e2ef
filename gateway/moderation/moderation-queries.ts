/** SQL of the audit of moderators and admins. The statements of the acts themselves stand with users and rooms. */
import type { Act, ActName } from "../../shared/http-api.ts";
import { PRIVATE_NAME } from "../../shared/limits.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";

export type ModerationQueries = ReturnType<typeof createModerationQueries>;
export type NewAct = {
  /** `command`: of a bot, by Kafka. */
  act: ActName | "command";
  by: string;
  user?: string;
  room?: string;
  seq?: number;
  detail?: Record<string, string | number | null>;
};

export function createModerationQueries(db: Db) {
  return {
    async addAct({ act, by, user, room, seq, detail }: NewAct): Promise<void> {
      await db`
        insert into audit (act, by_user, user_id, room, seq, detail)
        values (${act}, ${by}, ${user ?? null}, ${room ?? null}, ${seq ?? null}, ${detail ? db.json(detail) : null})
        on conflict do nothing`;
    },

    /** Newest first. @param below the last id of the page before. */
    /** The acts in private rooms are their members' own affair. Commands stand beside the act or the message that they led to. */
    async listActs(below: string | undefined, max: number): Promise<Act[]> {
      const rows = await db<(Omit<Act, "seq"> & { seq: string | null })[]>`
        select r.id::text, ${millisOf(db, "r.at")} as at, r.act, r.room, r.seq,
          coalesce(r.detail, '{}'::jsonb) as detail, ${namedAs(db, "a")} as by, ${namedAs(db, "u")} as "user"
        from audit r left join users a on a.id = r.by_user left join users u on u.id = r.user_id
        where (${below ?? null}::bigint is null or r.id < ${below ?? null}::bigint)
          and not (r.act = 'delete' and coalesce(r.room, '') ~ ${PRIVATE_NAME.source}) and r.act <> 'command'
        order by r.id desc limit ${max}`;
      return rows.map((row) => ({ ...row, seq: row.seq === null ? null : Number(row.seq) }));
    },
  };
}

/** A time column as milliseconds since the epoch. */
export const millisOf = (db: Db, column: string) =>
  db`floor(extract(epoch from ${db(column)}) * 1000)::float8`;

/** A joined user as `Named`; null when the user is unknown. */
export const namedAs = (db: Db, alias: string) => db`
  case when ${db(alias)}.id is null then null
  else json_build_object('id', ${db(alias)}.id, 'nickname', ${db(alias)}.nickname) end`;
