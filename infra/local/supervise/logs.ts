/** The logs of all processes, each a file in the data folder, each bounded. */
import { copyFileSync, existsSync, readdirSync, renameSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";

const MOST_BYTES = 20 << 20;
const EVERY_MS = 60_000;

/** Before a process starts: a full log becomes the older one, of which there is one. */
export function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > MOST_BYTES / 4) renameSync(file, `${file}.1`);
}

/** Keeps the logs of running processes within bounds. Returns how to stop. */
export function boundLogs(folder: string): () => void {
  const timer = setInterval(() => {
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".log"))) {
      const file = join(folder, name);
      if (statSync(file).size < MOST_BYTES) continue;
      // Their writers hold them open for appending, so they cannot be moved away.
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    }
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
