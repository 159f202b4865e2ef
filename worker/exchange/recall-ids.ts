/** Client ids of the lines that earlier runs of an import wrote, so that a continued run refuses the same repeats as an unbroken one. */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { nextStep } from "./day-spans.ts";
import { EVERY_DAY } from "./export.ts";
import { readOnly } from "./export-queries.ts";
import { createImportIdQueries } from "./import-id-queries.ts";
import type { ImportedRoom } from "./import-room-queries.ts";
import { madeIds } from "./placing.ts";

/** Max rows per statement. */
const ROWS = 5_000;

/** @param remember called with each id, as `placeLines` asks for it. */
export async function recallIds(
  sql: Sql,
  rooms: readonly ImportedRoom[],
  tag: string,
  remember: (id: string) => void,
): Promise<void> {
  const { readIds } = createImportIdQueries(sql);
  for (const { roomId, firstSeq, nextSeq } of rooms) {
    if (nextSeq === firstSeq) continue;
    const spans = await readOnly(sql, ({ findSpans }) => findSpans(roomId, EVERY_DAY));
    let above = firstSeq - 1;
    for (let step = nextStep(spans, above); step !== undefined; step = nextStep(spans, above)) {
      const { ids, rows, last } = await readIds(roomId, step, madeIds(tag), ROWS);
      for (const id of ids) remember(`${roomId} ${id}`);
      above = rows < ROWS ? step.upTo : last;
    }
  }
}
