/** The lines that could not be used, each with the reason, in a file beside the one that is imported. Made with the first of them. */
import { closeSync, existsSync, ftruncateSync, openSync, statSync, writeSync } from "node:fs";

export type Rejected = { number: number; raw: string; reason: string };

/** @param from how long it was when the import last came so far: what stands behind is of lines that are read again. */
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
      // Whoever may not read the messages may not read these.
      handle ??= openSync(path, "w", 0o600);
      const text = lines.map(
        ({ number, reason, raw }) => `${JSON.stringify({ line: number, reason, raw })}\n`,
      );
      bytes += writeSync(handle, Buffer.from(text.join("")), 0, undefined, bytes);
    },
    close(): void {
      if (handle !== undefined) closeSync(handle);
    },
  };
}
