/**
 * Verifies the archive: each room's seqs have neither gaps nor duplicates, the map of days matches the rows, and the
 * last seq of each room exists. Reads one day after the other while the cluster runs. A suspected fault is checked
 * again in one snapshot, because a room may have been written to, or deleted, between two batches. Owns the order of
 * reading; findings.ts compares.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { createFindings, type Finding, type Findings, type Jump } from "./findings.ts";
import { lookAgain } from "./second-look.ts";
import {
  type Letter,
  type Place,
  snapshot,
  type VerifiedRoom,
  type VerifyQueries,
} from "./verify-queries.ts";
import { readLetters, readRooms, readStored } from "./verify-reads.ts";

export type VerifyDeps = {
  sql: Sql;
  /** Positions of rooms in Redis. */
  heads: RoomLogStore["heads"];
  onProgress?: (rows: number, share: number) => void;
};
export type Verified = {
  rooms: number;
  days: number;
  rows: number;
  jumps: Jump[];
  deadLetters: Omit<Letter, "id">[];
  faults: Finding[];
};

const ROWS = 200_000;
/** Share of a batch's duration for which the verification pauses, to leave capacity for chat. */
const REST = 0.25;

export async function verifyArchive({ sql, heads, onProgress }: VerifyDeps): Promise<Verified> {
  const before = await readRooms(sql);
  const unsettled = await snapshot(sql, ({ findUnsettledRanges }) => findUnsettledRanges());
  const days = await snapshot(sql, ({ findDays }) => findDays());
  const findings = createFindings(unsettled);
  let rows = 0;
  for (const [index, day] of days.entries()) {
    const began = performance.now();
    rows += await snapshot(sql, (queries) => readDay(queries, day, findings));
    onProgress?.(rows, (index + 1) / days.length);
    await wait((performance.now() - began) * REST);
  }
  const stored = await readStored(heads, before);
  const storedOf = ({ id }: VerifiedRoom): number => stored.get(id) ?? 0;
  const letters = await readLetters(sql);
  const after = new Map((await readRooms(sql)).map((room) => [room.id, room]));
  for (const { room, seq } of letters) findings.addLetter(room, seq);

  const jumps: Jump[] = [];
  const faults: Finding[] = [];
  for (const room of before) {
    const latest = after.get(room.id);
    if (latest === undefined) continue;
    const { lastSeq } = room;
    const checked = findings.check({
      ...latest,
      lowest: lastSeq,
      highest: latest.lastSeq,
      stored: storedOf(room),
    });
    const again =
      checked.faults.length > 0
        ? await lookAgain(sql, room, {
            suspectDays: findings.suspectDays(room.id),
            letters,
            stored: storedOf(room),
          })
        : checked;
    jumps.push(...again.jumps);
    faults.push(...again.faults);
  }
  const known = new Set([...before, ...after.values()].map(({ id }) => id));
  for (const id of findings.rooms())
    if (!known.has(id) && !(await snapshot(sql, ({ isUnderWay }) => isUnderWay(id))))
      faults.push({ room: `number ${id}`, fault: "has rows, and there is no such room" });
  const deadLetters = letters.map(({ room, seq, reason }) => ({ room, seq, reason }));
  return { rooms: after.size, days: days.length, rows, jumps, deadLetters, faults };
}

/** @returns the number of rows of the day. */
async function readDay(queries: VerifyQueries, day: string, findings: Findings): Promise<number> {
  let rows = 0;
  for (let place: Place | undefined = { roomId: 0, seq: 0 }; place !== undefined; ) {
    const runs = await queries.findRuns(day, place, ROWS);
    for (const run of runs) findings.addRun(day, run);
    const read = runs.reduce((sum, run) => sum + run.rows, 0);
    rows += read;
    const last = runs.at(-1);
    place = last && read === ROWS ? { roomId: last.roomId, seq: last.last } : undefined;
  }
  findings.endDay(day, await queries.findMap(day));
  return rows;
}
