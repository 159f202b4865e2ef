/** SQL of reported messages. */
import type { Report } from "../../shared/http-api.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";
import { millisOf, namedAs } from "./moderation-queries.ts";

export type ReportsQueries = ReturnType<typeof createReportsQueries>;
type NewReport = {
  room: string;
  seq: number;
  author: string | undefined;
  reporter: string;
  reason: string;
};
export type OpenReport = Omit<NewReport, "reporter">;
/** A copy of the message, only for moderators and until the report is handled. */
export type Said = { text: string; as: string; at: number };

export function createReportsQueries(db: Db) {
  return {
    /** Idempotent for each message and reporter. */
    async add({ room, seq, author, reporter, reason }: NewReport, said: Said): Promise<void> {
      await db`
        insert into reports (room, seq, author, reporter, reason, text, said_as, said_at)
        values (${room}, ${seq}, ${author ?? null}, ${reporter}, ${reason}, ${said.text}, ${said.as}, ${new Date(said.at)})
        on conflict do nothing`;
    },

    /** Open reports, newest first. @param below the last id of the page before. */
    async listOpen(below: string | undefined, max: number): Promise<Report[]> {
      const rows = await db<(Omit<Report, "seq"> & { seq: string })[]>`
        select r.id::text, ${millisOf(db, "r.at")} as at, r.room, r.seq, r.reason,
          case when a.id is not null then json_strip_nulls(json_build_object(
            'id', a.id, 'nickname', a.nickname, 'role', nullif(a.role, 'user'))) end as author, ${namedAs(db, "u")} as reporter, r.text,
          ${millisOf(db, "r.said_at")} as "saidAt", case when a.closed_at is null then r.said_as end as "saidAs"
        from reports r left join users a on a.id = r.author left join users u on u.id = r.reporter
        where r.handled_at is null and (${below ?? null}::bigint is null or r.id < ${below ?? null}::bigint)
        order by r.id desc limit ${max}`;
      return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    },

    /** @returns the number of open reports, at most `max`. */
    async countOpen(max: number): Promise<number> {
      const [row] = await db<{ count: number }[]>`
        select count(*)::integer as count from (select from reports where handled_at is null limit ${max}) open`;
      return row?.count ?? 0;
    },

    /** @returns an open report; undefined when there is none, or it was handled before. */
    async findOpen(id: string): Promise<OpenReport | undefined> {
      const [row] = await db<(Omit<OpenReport, "author"> & { author: string | null })[]>`
        select room, seq::float8 as seq, author, reason from reports where id = ${id} and handled_at is null`;
      return row && { ...row, author: row.author ?? undefined };
    },

    /**
     * Deletes the report's copy of the message.
     * @returns the report; undefined when there is none, or it was handled before.
     */
    async handle(id: string, by: string): Promise<NewReport | undefined> {
      const [report] = await db<
        (Omit<NewReport, "seq" | "author"> & { seq: string; author: string | null })[]
      >`
        update reports set handled_at = now(), handled_by = ${by}, text = null, said_as = null, said_at = null
        where id = ${id} and handled_at is null
        returning room, seq, author, reporter, reason`;
      return report && { ...report, seq: Number(report.seq), author: report.author ?? undefined };
    },
  };
}
