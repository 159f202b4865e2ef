/** Processes that ended by a fault of their own. Whatever is struck from outside, that is a broken promise: it is ours. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The log's level for the last words of a process. */
const FATAL = '{"level":60,';
const WORDS = 160;

/** @param data the cluster's folder. @returns tells, when asked, what each process said that crashed since. */
export function watchCrashes(data: string): () => string[] {
  const before = new Set(lastWords(data));
  return () => lastWords(data).flatMap((line) => (before.has(line) ? [] : saidIn(line)));
}

function lastWords(data: string): string[] {
  const folder = join(data, "logs");
  return readdirSync(folder)
    .filter((name) => /^(gateway|worker).*\.log$/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line.startsWith(FATAL));
}

function saidIn(line: string): string {
  const { name, msg, err } = JSON.parse(line) as { name: string; msg: string; err?: { message: string } };
  return `${name} ${msg}: ${err?.message ?? ""}`.slice(0, WORDS);
}
