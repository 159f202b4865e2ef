/** Checks one room again in one snapshot, because a suspected fault may come from a write between two batches. */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { createFindings } from "./findings.ts";
import { type Letter, snapshot, type VerifiedRoom } from "./verify-queries.ts";

/** `suspectDays`: days with a suspected fault. `stored`: as in Redis. */
type Suspicion = { suspectDays: string[]; letters: Letter[]; stored: number };

const ROWS = 200_000;

/** Findings about this room alone, in one snapshot. */
export function lookAgain(sql: Sql, { id }: VerifiedRoom, { suspectDays, letters, stored }: Suspicion) {
  return snapshot(sql, async (queries) => {
    const room = await queries.findVerifiedRoom(id);
    const findings = createFindings(await queries.findUnsettledRanges());
    if (room === undefined) return { jumps: [], faults: [] };
    for (const { room: name, seq } of letters) findings.addLetter(name, seq);
    const days = new Set([...(await queries.findDaysOf(id)), ...suspectDays]);
    for (const day of [...days].sort()) {
      let read = 0;
      for (let seq = 0; ; ) {
        const runs = (await queries.findRuns(day, { roomId: id, seq }, ROWS)).filter(
          ({ roomId }) => roomId === id,
        );
        for (const run of runs) findings.addRun(day, run);
        read = runs.reduce((sum, run) => sum + run.rows, 0);
        seq = runs.at(-1)?.last ?? 0;
        if (read < ROWS) break;
      }
      const map = await queries.findMap(day);
      findings.endDay(
        day,
        map?.filter(({ roomId }) => roomId === id),
      );
    }
    return findings.check({ ...room, lowest: room.lastSeq, highest: room.lastSeq, stored });
  });
}
