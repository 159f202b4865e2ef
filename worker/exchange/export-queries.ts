/** SQL of an export. PostgreSQL itself builds the lines, so that no message is parsed and rebuilt here. */
import type { Db, Sql } from "../../shared/server/postgres/pool.ts";
import type { Span, Step } from "./day-spans.ts";

export type ExportedRoom = { id: number; name: string; title: string; archived: boolean };
/** Both inclusive. */
export type Days = { from: string; to: string };
/** `last`: the seq of the last line. */
type Lines = { text: string; count: number; last: number };

export type ExportQueries = ReturnType<typeof createExportQueries>;

function createExportQueries(db: Db) {
  return {
    /** @param name undefined: all rooms, by name. */
    findExported(name: string | undefined): Promise<ExportedRoom[]> {
      return db<ExportedRoom[]>`
        select id, name, title, archived_at is not null as archived from rooms
        where ${name === undefined ? db`true` : db`name = ${name}`} order by name`;
    },

    /** The number of days whose rows are not in the map yet. */
    async countUnmapped(): Promise<number> {
      const [row] = await db<{ days: number }[]>`select count(*)::integer as days from unmapped_days`;
      return row?.days ?? 0;
    },

    /** Ordered by their lowest seq. */
    findSpans(roomId: number, { from, to }: Days): Promise<Span[]> {
      return db<Span[]>`
        select day::text, first_seq::float8 as first, last_seq::float8 as last from room_days
        where room_id = ${roomId} and day between ${from} and ${to} order by first_seq, day`;
    },

    /** The first messages between two seqs, each as a line; none that was taken back. @param begin the start of each line, with the room. */
    async readLines(roomId: number, { days, above, upTo }: Step, begin: string, max: number): Promise<Lines> {
      const [lines] = await db<{ text: string | null; count: number; last: number | null }[]>`
          select string_agg(line, '' order by seq) as text, count(*)::integer as count, max(seq)::float8 as last from (
            select m.seq, concat(
              ${begin}::text, ',"at":', (extract(epoch from (m.day + m.time)) * 1000)::bigint,
              ',"user":{', concat_ws(',',
                '"id":"' || m.user_id || '"',
                case when u.closed_at is null then '"nickname":' || to_json(m.nickname) end,
                case when u.closed_at is null and m.nickname is not null then '"role":' || (m.data -> 'role')::text end
              ), '}',
              ',"clientId":' || to_json(m.client_id),
              case when m.deleted or m.text is null then ',"deleted":true' else ',"text":' || to_json(m.text) end,
              E'}\\n'
            ) as line
            from messages m left join users u on u.id = m.user_id
            where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq > ${above} and m.seq <= ${upTo}
              and m.kind = 'message' and not (m.deleted and coalesce(m.data ? 'takenBack', false))
            order by m.seq limit ${max}
          ) page`;
      return { text: lines?.text ?? "", count: lines?.count ?? 0, last: lines?.last ?? above };
    },
  };
}

/** Runs one batch of reads in a read-only transaction. */
export function readOnly<T>(sql: Sql, read: (queries: ExportQueries) => Promise<T>): Promise<T> {
  return sql.begin("read only", (tx) => read(createExportQueries(tx))) as Promise<T>;
}
