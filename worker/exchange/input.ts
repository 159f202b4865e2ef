/**
 * Cuts a stream of bytes into batches of complete lines, each with its end in bytes, where a later run can continue.
 * Holds one batch in memory, however long the input is.
 */

import { createHash } from "node:crypto";
import { type GivenLine, LINE_BYTES_MAX, linesOf, NEWLINE, tooLong } from "./lines.ts";

/** `end`: bytes of the input up to the end of the batch; `tail`: digest of the last of them. */
export type Piece = { lines: GivenLine[]; end: number; tail: string };

const PIECE_BYTES = 1 << 20;
/** Each line may have a day of its own, and a transaction holds two locks for each day. PostgreSQL has room for 12,800 as it comes. */
const PIECE_LINES = 4_000;
/** Bytes at the beginning that identify an input. */
const HEAD_BYTES = 64 * 1024;
/** Bytes before a position that identify the position. */
const TAIL_BYTES = 4 * 1024;

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export type Input = Awaited<ReturnType<typeof openInput>>;

/** @param pieceBytes min size of what is cut into batches, except the last one. @param pieceLines max lines of a batch. */
export async function openInput(
  chunks: AsyncIterable<Buffer>,
  pieceBytes = PIECE_BYTES,
  pieceLines = PIECE_LINES,
) {
  const source = chunks[Symbol.asyncIterator]();
  const ahead: Buffer[] = [];
  let end = 0;
  let tail: Buffer = Buffer.alloc(0);
  const head = await readHead();

  return { fingerprint: digest(head), goTo, pieces };

  async function readHead(): Promise<Buffer> {
    for (let bytes = 0; bytes < HEAD_BYTES; ) {
      const { done, value } = await source.next();
      if (done) break;
      ahead.push(value);
      bytes += value.length;
    }
    return Buffer.concat(ahead).subarray(0, HEAD_BYTES);
  }

  async function next(): Promise<Buffer | undefined> {
    const chunk = ahead.shift();
    if (chunk !== undefined) return chunk;
    const { done, value } = await source.next();
    return done ? undefined : value;
  }

  function take(taken: Buffer): Buffer {
    end += taken.length;
    tail = Buffer.concat([tail, taken.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    return taken;
  }

  /** Skips the input up to a position. @returns false when the bytes before it are not those of the earlier run. */
  async function goTo(place: Pick<Piece, "end" | "tail">): Promise<boolean> {
    while (end < place.end) {
      const chunk = await next();
      if (chunk === undefined) return false;
      const read = take(chunk.subarray(0, place.end - end));
      if (chunk.length > read.length) ahead.unshift(chunk.subarray(read.length));
    }
    return place.end === 0 || digest(tail) === place.tail;
  }

  async function* pieces(): AsyncIterable<Piece> {
    let held: Buffer = Buffer.alloc(0);
    const waiting: Buffer[] = [];
    let bytes = 0;
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
      waiting.push(chunk);
      bytes += chunk.length;
      if (bytes < pieceBytes) continue;
      held = Buffer.concat(waiting.splice(0));
      const cut = held.lastIndexOf(NEWLINE) + 1;
      if (cut > 0) yield* piecesOf(held.subarray(0, cut));
      else if (held.length > LINE_BYTES_MAX) {
        yield await endless(held);
        bytes = 0;
        continue;
      }
      waiting.push(held.subarray(cut));
      bytes = held.length - cut;
    }
    if (bytes > 0) yield* piecesOf(Buffer.concat(waiting));
  }

  function* piecesOf(whole: Buffer): Generator<Piece> {
    for (let from = 0; from < whole.length; ) {
      const to = endOfLines(whole, from, pieceLines);
      yield piece(take(whole.subarray(from, to)));
      from = to;
    }
  }

  /** Skips a line that is too long for memory, up to its end. */
  async function endless(begin: Buffer): Promise<Piece> {
    const line = tooLong(begin);
    take(begin);
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
      const cut = chunk.indexOf(NEWLINE) + 1;
      take(cut > 0 ? chunk.subarray(0, cut) : chunk);
      if (cut === 0) continue;
      if (cut < chunk.length) ahead.unshift(chunk.subarray(cut));
      break;
    }
    return piece(begin, [line]);
  }

  function piece(taken: Buffer, lines = linesOf(taken)): Piece {
    return { lines, end, tail: digest(tail) };
  }
}

/** @returns where at most `max` lines from a position end. */
function endOfLines(bytes: Buffer, from: number, max: number): number {
  let to = from;
  for (let n = 0; n < max; n++) {
    const end = bytes.indexOf(NEWLINE, to);
    if (end < 0) return bytes.length;
    to = end + 1;
  }
  return to;
}
