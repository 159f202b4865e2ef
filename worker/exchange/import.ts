/**
 * Imports an archive into a running cluster, in batches. The rows of a batch and the position of the import are one
 * transaction, so an import may stop anywhere and continues there. Owns the order of steps; line.ts parses, rooms.ts
 * and settle.ts handle rooms that are in use.
 */
import { randomBytes } from "node:crypto";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { ensureWeek } from "../partitions.ts";
import { createAuthors } from "./authors.ts";
import {
  createImportQueries,
  createImportWriteQueries,
  type ImportRecord,
  type Progress,
} from "./import-queries.ts";
import { createHeldRoomQueries, createImportRoomQueries, type ImportedRoom } from "./import-room-queries.ts";
import type { Input, Piece } from "./input.ts";
import { createOutlive } from "./outlive.ts";
import { type PlacedRow, placeLines, type ReadPiece, readPiece, titlesOf } from "./placing.ts";
import { recallIds } from "./recall-ids.ts";
import { createRecentIds } from "./recent-ids.ts";
import { openRejected } from "./rejected.ts";
import { openImportRooms } from "./rooms.ts";
import { copyLine, dayOf } from "./row.ts";
import { settleRooms } from "./settle.ts";

export type ImportDeps = {
  sql: Sql;
  logs: Pick<RoomLogStore, "heads" | "seal" | "readAfter">;
  input: Input;
  rejectedPath: string;
  /** Allows adding to rooms that have messages. */
  append: boolean;
  /** Stops after the batch that is being written; a later run continues there. */
  signal: AbortSignal;
  /** Called after each batch. */
  onProgress: (reached: Progress) => void;
  /** Called with the position at which an earlier import is continued. */
  onResume?: (from: Progress) => void;
  /** Called once for each outage that a step outlives. */
  onOutage?: (reason: string) => void;
  settlePatienceMs?: number;
};
/** `already`: the whole input had been imported before, so this run did nothing. */
export type Imported = Progress & { finished: boolean; already: boolean; rooms: number };

/** A batch on its way into the archive. */
type Placed = { rows: PlacedRow[]; read: ReadPiece; attempt: number };

/** Rooms per transaction. */
const OPENED_AT_ONCE = 1_000;
const DAYS_OF_A_WEEK = 7;
const DAY_MS = 86_400_000;

/** @throws Error when the input differs from the one that was begun, or another process continues it. */
export async function importArchive(deps: ImportDeps): Promise<Imported> {
  const { sql, input, logs, append, signal, rejectedPath, onProgress, onOutage = () => undefined } = deps;
  const outlive = createOutlive({ signal, onOutage });
  const record = await beginImport(deps);
  if (record.finished) {
    for await (const _ of input.pieces())
      throw new Error(
        "The first part of this was imported before; import what was added by itself, with --append",
      );
    return { ...record, finished: true, already: true, rooms: 0 };
  }
  const rooms = await openImportRooms({ sql, logs, importId: record.id, append });
  const authors = createAuthors(sql);
  const isRepeated = createRecentIds();
  if (record.bytes > 0) await outlive(() => recallIds(sql, rooms.all(), record.tag, isRepeated));
  const rejected = openRejected(rejectedPath, record.rejectedBytes);
  const days = new Set<string>();
  let progress: Progress = record;
  let lines = record.lines;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const piece of input.pieces()) {
      const read = readPiece(piece, lines);
      lines = read.upTo;
      // The previous batch is written while this one is parsed.
      await writing;
      if (signal.aborted) return { ...progress, finished: false, already: false, rooms: 0 };
      await outlive(() => rooms.admit(new Set(read.lines.map(({ line }) => line.room))));
      await outlive(() => authors.learn(read.lines.map(({ line }) => line.author)));
      const rows = placeLines(read, { rooms, authors, isRepeated, tag: record.tag });
      await outlive(() => ensureDays(rows));
      writing = outlive((attempt) => writePiece(piece, { rows, read, attempt }));
      // Awaited above or below; until then a rejection must not count as unhandled.
      writing.catch(() => undefined);
    }
    await writing;
  } finally {
    rejected.close();
  }
  await outlive(async (attempt) => {
    // Settled rooms are not settled again, because their members would start over again.
    await settle(
      deps,
      record.id,
      attempt === 0 ? rooms.all() : await createImportRoomQueries(sql).findUnsettled(record.id),
    );
  });
  await outlive(() => createImportQueries(sql).finishImport(record.id));
  const opened = rooms.all().filter(({ firstSeq, nextSeq }) => nextSeq > firstSeq).length;
  return { ...progress, finished: true, already: false, rooms: opened };

  /** Creates missing partitions as the worker does. */
  async function ensureDays(rows: PlacedRow[]): Promise<void> {
    for (const { at } of rows) {
      const day = dayOf(at);
      if (days.has(day)) continue;
      await ensureWeek(sql, day);
      for (let n = 0; n < DAYS_OF_A_WEEK; n++) days.add(dayOf(at + n * DAY_MS));
    }
  }

  /** Writes the rows and the position of the import in one transaction. */
  async function writePiece({ end, tail }: Piece, { rows: placed, read, attempt }: Placed): Promise<void> {
    // The previous attempt may have been committed without an answer.
    const found = attempt > 0 ? await createImportQueries(sql).findImport(input.fingerprint) : undefined;
    if (found?.bytes === end) {
      progress = found;
      return onProgress(progress);
    }
    rejected.goBack(progress.rejectedBytes);
    const touched = [...new Set(placed.map(({ room }) => room))];
    const next = { bytes: end, tail, lines: read.upTo };
    const titles = titlesOf(placed);
    progress = await sql.begin(async (tx) => {
      const { advance, copyRows } = createImportWriteQueries(tx);
      const { holdRooms, advanceRooms } = createHeldRoomQueries(tx);
      const held = await holdRooms(touched);
      for (const room of touched) if (!held.has(room.roomId)) rooms.lose(room.name);
      const isLost = ({ room }: PlacedRow): boolean => !held.has(room.roomId);
      const refused = placed
        .filter(isLost)
        .map(({ given, room }) => ({ ...given, reason: rooms.whyNot(room.name) }));
      const unusable = [...read.rejected, ...refused].sort((one, other) => one.number - other.number);
      rejected.add(unusable);
      const reached: Progress = {
        ...next,
        rejected: progress.rejected + unusable.length,
        rejectedBytes: rejected.bytes,
      };
      if (!(await advance(record.id, progress.bytes, reached)))
        throw new Error("Another process goes on with this import, or gave it up");
      const rows = placed.filter((row) => !isLost(row));
      if (rows.length > 0) await copyRows(rows.map(copyLine));
      await advanceRooms(
        record.id,
        touched.map((room) => ({ ...room, title: titles.get(room) })),
      );
      return reached;
    });
    onProgress(progress);
  }
}

/** @returns the import that was begun with this input, at its position, or a new one. */
async function beginImport({ sql, input, onResume }: ImportDeps): Promise<ImportRecord> {
  const { findImport, addImport, isAnyLeft } = createImportQueries(sql);
  const found = await findImport(input.fingerprint);
  const begin = (): Promise<ImportRecord> => addImport(input.fingerprint, randomBytes(4).toString("hex"));
  if (found === undefined || (found.finished && !(await isAnyLeft(found.id)))) return begin();
  if (!(await input.goTo({ end: found.bytes, tail: found.tail })))
    throw new Error("This begins like an archive that was imported before, and goes on differently");
  if (!found.finished && found.bytes > 0) onResume?.(found);
  return found;
}

/** Opens the completed rooms. */
async function settle(
  { sql, logs, settlePatienceMs }: ImportDeps,
  importId: number,
  rooms: ImportedRoom[],
): Promise<void> {
  const fresh = rooms.filter(({ existed }) => !existed).map(({ name }) => name);
  for (let from = 0; from < fresh.length; from += OPENED_AT_ONCE)
    await createImportRoomQueries(sql).openRooms(importId, fresh.slice(from, from + OPENED_AT_ONCE));
  await settleRooms({ sql, logs, importId, patienceMs: settlePatienceMs }, rooms);
}

/**
 * Abandons an import that was begun with this input.
 * @returns the names that are free again; undefined: there is none under way.
 */
export async function abandon(
  deps: Pick<ImportDeps, "sql" | "logs" | "input">,
): Promise<string[] | undefined> {
  const { findImport, abandonImport } = createImportQueries(deps.sql);
  const found = await findImport(deps.input.fingerprint);
  if (found === undefined || found.finished) return undefined;
  const rooms = await openImportRooms({ ...deps, importId: found.id, append: true });
  await settleRooms({ ...deps, importId: found.id }, rooms.all());
  return abandonImport(found.id);
}
