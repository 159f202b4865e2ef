/**
 * Exports rooms from PostgreSQL as the lines that an import reads, in the order of the rooms' names and of seqs:
 * deleted messages without text, closed accounts without names, as of now. Waits for a slow reader of the lines.
 */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { nextStep, type Span } from "./day-spans.ts";
import { type Days, type ExportedRoom, type ExportQueries, readOnly } from "./export-queries.ts";

export type ExportDeps = {
  sql: Sql;
  /** Undefined: all open rooms. */
  room: string | undefined;
  days: Days;
  /** Resolves when more may be written. */
  write: (text: string) => Promise<void>;
  onProgress: (lines: number) => void;
};
/** `leftOut`: archived rooms, which are exported by name only. */
export type Exported = { rooms: number; lines: number; leftOut: number };

/** Every possible day. */
export const EVERY_DAY: Days = { from: "1970-01-01", to: "9999-12-31" };
/** Max lines per statement; a batch needs no more. */
const LINES = 5_000;
const STATEMENTS = 8;

/** @throws Error when there is no such room, or while the map of days is not complete. */
export async function exportArchive(deps: ExportDeps): Promise<Exported> {
  const { sql, room: name } = deps;
  const unmapped = await readOnly(sql, ({ countUnmapped }) => countUnmapped());
  if (unmapped > 0) throw new Error(`The worker has yet to map ${unmapped} days: try again later`);
  const found = await readOnly(sql, ({ findExported }) => findExported(name));
  if (name !== undefined && found.length === 0) throw new Error(`There is no room ${name}`);
  const rooms = name === undefined ? found.filter(({ archived }) => !archived) : found;
  let lines = 0;
  for (const room of rooms) lines = await exportRoom(deps, room, lines);
  return { rooms: rooms.length, lines, leftOut: found.length - rooms.length };
}

/** @returns the number of lines so far. */
async function exportRoom(
  { sql, days, write, onProgress }: ExportDeps,
  { id, name, title }: ExportedRoom,
  before: number,
): Promise<number> {
  const begin = `{"room":${JSON.stringify(name)}`;
  let lines = before;
  const spans = await readOnly(sql, ({ findSpans }) => findSpans(id, days));
  for (let above: number | undefined = 0; above !== undefined; ) {
    const from: number = above;
    const piece: Piece = await readOnly(sql, (queries) => readPiece(queries, id, spans, from, begin));
    if (piece.count > 0) {
      const named = lines === before && title !== name;
      await write(
        named ? `${begin},"title":${JSON.stringify(title)}${piece.text.slice(begin.length)}` : piece.text,
      );
      lines += piece.count;
      onProgress(lines);
    }
    above = piece.next;
  }
  return lines;
}

/** `next`: the seq above which the next batch begins; undefined: there is none. */
type Piece = { text: string; count: number; next: number | undefined };

/** Runs a few statements in one transaction, because a quiet room has many days with few lines. */
async function readPiece(
  { readLines }: ExportQueries,
  roomId: number,
  spans: Span[],
  from: number,
  begin: string,
): Promise<Piece> {
  let [text, count, above] = ["", 0, from];
  for (let n = 0; n < STATEMENTS; n++) {
    const step = nextStep(spans, above);
    if (step === undefined) return { text, count, next: undefined };
    const page = await readLines(roomId, step, begin, LINES);
    text += page.text;
    count += page.count;
    above = page.count < LINES ? step.upTo : page.last;
    if (count >= LINES) break;
  }
  return { text, count, next: above };
}
