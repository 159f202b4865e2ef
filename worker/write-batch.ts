/** Writes a batch of events to PostgreSQL. Rows that PostgreSQL cannot store become dead letters; only an outage fails the batch. */
import { PostgresError, type Sql, type Transaction } from "../shared/server/postgres/pool.ts";
import { createDayMapQueries } from "./day-map-queries.ts";
import { createDeletionQueries } from "./deletion-queries.ts";
import { createDeadLetterQueries, createEventQueries, SEQ_TAKEN, type StoredRow } from "./event-queries.ts";
import type { DeadLetter, EventRow } from "./event-row.ts";
import { ensureWeek } from "./partitions.ts";
import type { Batch } from "./pending.ts";
import { isMissingPartition, isPermanent } from "./permanent-errors.ts";
import { queuePushes } from "./push/queue.ts";
import { applyRemovals } from "./removals.ts";
import { createRoomQueries } from "./room-queries.ts";

/** `restored`: rooms whose events were skipped, because they were restored since they were read; they must be read again. */
export type Written = { events: number; deadLetters: DeadLetter[]; restored: Set<string> };
type Restored = Written["restored"];
type FindRestored = (epochs: Batch["epochs"]) => Promise<Restored>;

/**
 * Makes every event of the batch a row or a dead letter, except those of restored rooms. Idempotent. A row that PostgreSQL cannot
 * store is found by halving the batch.
 * @throws the error of PostgreSQL if it is unreachable or overloaded; some halves may be written by then.
 */
export async function writeBatch(sql: Sql, batch: Batch, findRestored: FindRestored): Promise<Written> {
  const { rows, unreadable, epochs } = batch;
  const restored: Restored = new Set();
  const onlyCurrent = async (some: EventRow[]): Promise<EventRow[]> => {
    const rooms = new Set(some.map(({ room }) => room));
    const found = await findRestored(new Map([...epochs].filter(([room]) => rooms.has(room))));
    for (const room of found) restored.add(room);
    return some.filter(({ room }) => !restored.has(room));
  };
  if (unreadable.length > 0) await createDeadLetterQueries(sql).addDeadLetters(unreadable);
  const inOrder = rows.toSorted((a, b) => (a.room === b.room ? a.seq - b.seq : a.room < b.room ? -1 : 1));
  const deadLetters = await writeRows(sql, inOrder, onlyCurrent);
  const left = rows.filter(({ room }) => restored.has(room)).length;
  const events = rows.length - left - deadLetters.length;
  return { events, deadLetters: [...unreadable, ...deadLetters], restored };
}

/** Filters out rows of rooms that were restored since they were read. Must be called while the rooms are locked. */
type OnlyCurrent = (rows: EventRow[]) => Promise<EventRow[]>;

async function writeRows(sql: Sql, rows: EventRow[], onlyCurrent: OnlyCurrent): Promise<DeadLetter[]> {
  if (rows.length === 0) return [];
  try {
    return await writeTogether(sql, rows, onlyCurrent);
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    if (isMissingPartition(error)) {
      for (const day of new Set(rows.map((row) => row.day))) await ensureWeek(sql, day);
      return writeTogether(sql, rows, onlyCurrent);
    }
    if (!isPermanent(error)) throw error;
    const [only] = rows;
    if (only && rows.length === 1)
      return deadLetter(sql, only, `${error.code} ${error.message}`, onlyCurrent);
    const middle = rows.length >> 1;
    const before = await writeRows(sql, rows.slice(0, middle), onlyCurrent);
    return before.concat(await writeRows(sql, rows.slice(middle), onlyCurrent));
  }
}

/** Writes rows, deletions, dead letters and the last seq of each room in one transaction. */
function writeTogether(sql: Sql, rows: EventRow[], onlyCurrent: OnlyCurrent): Promise<DeadLetter[]> {
  return sql.begin(async (tx) => {
    const { insertEvents, findConflicts, raiseLastSeqs } = createEventQueries(tx);
    const { homeOf, isHeard } = await findHomes(tx, rows);
    const stored: StoredRow[] = [];
    const dead: DeadLetter[] = [];
    for (const row of await onlyCurrent(rows)) {
      const home = homeOf(row);
      if (home === "nowhere") dead.push(letter(row, "its room does not exist"));
      else if (home !== "deleted") stored.push({ ...row, roomId: home });
    }
    if ((await insertEvents(stored)) < stored.length) {
      const conflicts = await findConflicts(stored);
      const taken = stored.filter((row) => conflicts.has(`${row.room} ${row.seq}`));
      dead.push(...taken.map((row) => letter(row, SEQ_TAKEN)));
    }
    await applyDeletions(tx, stored);
    await applyRemovals(tx, stored);
    await queuePushes(tx, stored, isHeard);
    if (dead.length > 0) await createDeadLetterQueries(tx).addDeadLetters(dead);
    await raiseLastSeqs(new Map(stored.map((row) => [row.roomId, row.seq])));
    return dead;
  });
}

/** Blanks the targets of deletions in the archive and records who deleted them, with one statement per day of targets. */
async function applyDeletions(tx: Transaction, stored: StoredRow[]): Promise<void> {
  const rows = stored.filter((row) => row.target !== null);
  if (rows.length === 0) return;
  const targets = rows.map(({ roomId, target }) => ({ roomId, seq: Number(target) }));
  const { blankTargets, recordDeletions } = createDeletionQueries(tx);
  const found = new Map<string, StoredRow[]>();
  const byTarget = Map.groupBy(rows, ({ roomId, target }) => `${roomId} ${target}`);
  for (const { roomId, seq, day } of await createDayMapQueries(tx).findDays(targets)) {
    found.set(day, (found.get(day) ?? []).concat(byTarget.get(`${roomId} ${seq}`) ?? []));
  }
  for (const [targetDay, deletions] of found) {
    const ofDay = deletions.map((row) => ({ ...row, targetDay }));
    await blankTargets(ofDay);
    await recordDeletions(ofDay);
  }
}

type Homes = {
  homeOf: (row: EventRow) => number | "deleted" | "nowhere";
  isHeard: (room: string) => boolean;
};

/**
 * Locks the rooms of the rows.
 * @returns `homeOf` finds the room id of a row. `deleted`: its room was deleted since, and the row is dropped with it. `isHeard`: whether
 * somebody may want everything of a room.
 */
async function findHomes(tx: Transaction, rows: EventRow[]): Promise<Homes> {
  const names = [...new Set(rows.map((row) => row.room))];
  const rooms = await createEventQueries(tx).lockRooms(names);
  const missing = names.filter((name) => !rooms.has(name));
  const deleted =
    missing.length > 0 ? await createRoomQueries(tx).findDeletedSeqs(missing) : new Map<string, number>();
  return {
    homeOf({ room, seq }) {
      const home = rooms.get(room);
      if (home) return seq > home.bornSeq ? home.id : "deleted";
      return seq <= (deleted.get(room) ?? 0) ? "deleted" : "nowhere";
    },
    isHeard: (room) => rooms.get(room)?.isHeard === true,
  };
}

/** Stores a row as a dead letter. It counts as stored: `last_seq` moves past it, so that its seq is never assigned again. */
async function deadLetter(
  sql: Sql,
  row: EventRow,
  reason: string,
  onlyCurrent: OnlyCurrent,
): Promise<DeadLetter[]> {
  return sql.begin(async (tx) => {
    const home = (await findHomes(tx, [row])).homeOf(row);
    if (home === "deleted" || (await onlyCurrent([row])).length === 0) return [];
    const dead = [letter(row, reason)];
    await createDeadLetterQueries(tx).addDeadLetters(dead);
    if (home !== "nowhere") await createEventQueries(tx).raiseLastSeqs(new Map([[home, row.seq]]));
    return dead;
  });
}

const letter = ({ room, seq, raw }: EventRow, reason: string): DeadLetter => ({ room, seq, raw, reason });
