/** SQL of the client ids that an import has written. */
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { Step } from "./day-spans.ts";

/** `ids`: author and client id. `last`: the seq of the last row, whether its id was given or made. */
export type IdPage = { ids: string[]; rows: number; last: number };

export function createImportIdQueries(db: Db) {
  return {
    /** The client ids that lines gave, of the first rows between two seqs. @param made the beginning of ids that were made. */
    async readIds(roomId: number, { days, above, upTo }: Step, made: string, max: number): Promise<IdPage> {
      const [page] = await db<{ ids: string[] | null; rows: number; last: number | null }[]>`
        select count(*)::integer as rows, max(seq)::float8 as last,
          json_agg(concat_ws(' ', coalesce(user_id::text, nickname), client_id))
            filter (where not starts_with(client_id, ${made}::text)) as ids
        from (
          select m.seq, m.user_id, m.nickname, m.client_id from messages m
          where m.room_id = ${roomId} and m.day = any(${days}::date[]) and m.seq > ${above} and m.seq <= ${upTo}
          order by m.seq limit ${max}
        ) page`;
      return { ids: page?.ids ?? [], rows: page?.rows ?? 0, last: page?.last ?? above };
    },
  };
}
