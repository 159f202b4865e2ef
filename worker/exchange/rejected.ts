/** The rejected lines, each with the reason, in a file beside the imported one. Created with the first of them. */
import { closeSync, existsSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";

export type Rejected = { number: number; raw: string; reason: string };

/** @param from the file's length at the import's position: later lines belong to input that is read again. */
export function openRejected(path: string, from: number) {
  let handle: number | undefined;
  let bytes = from;
  if (existsSync(path)) {
    bytes = Math.min(from, statSync(path).size);
    handle = openSync(path, "r+");
    ftruncateSync(handle, bytes);
  } else bytes = 0;

  return {
    get bytes(): number {
      return bytes;
    },
    add(lines: readonly Rejected[]): void {
      if (lines.length === 0) return;
      // Readable for the owner only, as rejected lines hold messages.
      handle ??= openSync(path, "w", 0o600);
      const text = lines.map(
        ({ number, reason, raw }) => `${JSON.stringify({ line: number, reason, raw })}\n`,
      );
      bytes += writeSync(handle, Buffer.from(text.join("")), 0, undefined, bytes);
    },
    /** Forgets the lines beyond a length of the file, because their batch was not written. */
    goBack(to: number): void {
      if (handle !== undefined) ftruncateSync(handle, to);
      bytes = to;
    },
    close(): void {
      if (handle !== undefined) closeSync(handle);
    },
  };
}
