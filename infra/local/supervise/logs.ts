/** Bounds the log files of all managed processes. Writing them is up to the processes. */
import { copyFileSync, existsSync, readdirSync, renameSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";

const MAX_BYTES = 20 << 20;
const EVERY_MS = 60_000;

/** Before a process starts: renames a large log to `<file>.1`, replacing the previous one. */
export function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > MAX_BYTES / 4) renameSync(file, `${file}.1`);
}

/** Bounds the logs of running processes, once a minute. @returns a function that stops this. */
export function boundLogs(folder: string): () => void {
  const timer = setInterval(() => {
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".log"))) {
      const file = join(folder, name);
      if (statSync(file).size < MAX_BYTES) continue;
      // Copied, not renamed, because its writer holds the file open for appending.
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    }
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
