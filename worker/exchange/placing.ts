/** Turns the lines of a batch into rows with the next seqs of their rooms, or into rejected lines. */
import type { Authors } from "./authors.ts";
import type { ImportedRoom } from "./import-room-queries.ts";
import type { Piece } from "./input.ts";
import { type ArchiveLine, readLine } from "./line.ts";
import type { Rejected } from "./rejected.ts";
import type { ImportRooms } from "./rooms.ts";
import type { ImportedRow } from "./row.ts";

type Places = {
  rooms: Pick<ImportRooms, "get" | "whyNot">;
  authors: Pick<Authors, "resolve">;
  isRepeated: (id: string) => boolean;
  /** A part of the client ids that are generated. */
  tag: string;
};

type NumberedLine = { number: number; raw: string; line: ArchiveLine };
export type ReadPiece = { lines: NumberedLine[]; rejected: Rejected[]; upTo: number };
export type PlacedRow = ImportedRow & {
  room: ImportedRoom;
  title: string | undefined;
  given: Pick<NumberedLine, "number" | "raw">;
};

/** The first title in the lines of each room. */
export const titlesOf = (rows: PlacedRow[]): Map<ImportedRoom, string> =>
  new Map(rows.flatMap(({ room, title }) => (title === undefined ? [] : [[room, title] as const])).reverse());

export function readPiece({ lines: given }: Piece, before: number): ReadPiece {
  const now = Date.now();
  const lines: NumberedLine[] = [];
  const rejected: Rejected[] = [];
  for (const [index, { raw, broken }] of given.entries()) {
    const number = before + index + 1;
    const read = broken === undefined ? readLine(raw, now) : { ok: false as const, reason: broken };
    if (read.ok) lines.push({ number, raw, line: read.line });
    else rejected.push({ number, raw, reason: read.reason });
  }
  return { lines, rejected, upTo: before + given.length };
}

/** The beginning of the client ids that an import makes. */
export const madeIds = (tag: string): string => `i-${tag}-`;

/** Gives the line the next seq of its room, and a unique client id if it has none. */
function rowOf(
  { at, author: { role }, clientId, text }: ArchiveLine,
  room: ImportedRoom,
  { userId, nickname }: Pick<ImportedRow, "userId" | "nickname">,
  tag: string,
): ImportedRow {
  const seq = room.nextSeq++;
  return {
    ...{ roomId: room.roomId, seq, at, userId, nickname, text },
    role: nickname === undefined ? undefined : role,
    clientId: clientId ?? madeIds(tag) + seq.toString(36),
  };
}

/** Adds lines without a room to the rejected ones. */
export function placeLines(
  { lines, rejected }: ReadPiece,
  { rooms, authors, isRepeated, tag }: Places,
): PlacedRow[] {
  const rows: PlacedRow[] = [];
  for (const { line, number, raw } of lines) {
    const refuse = (reason: string): void => void rejected.push({ number, raw, reason });
    const room = rooms.get(line.room);
    const author = authors.resolve(line.author);
    if (room === undefined) refuse(rooms.whyNot(line.room));
    else if ("reason" in author) refuse(author.reason);
    else if (
      line.clientId !== undefined &&
      isRepeated(`${room.roomId} ${author.userId ?? author.nickname} ${line.clientId}`)
    )
      refuse("clientId: the author gave it to an earlier message of the room");
    else rows.push({ room, title: line.title, given: { number, raw }, ...rowOf(line, room, author, tag) });
  }
  return rows;
}
