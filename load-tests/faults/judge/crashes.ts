/** Finds processes that crashed by themselves, which is a broken promise under any fault. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The beginning of a log line of level fatal. */
const FATAL = '{"level":60,';
const MAX_CHARS = 160;

/** @param data the cluster's folder. @returns a function that returns the last log line of each process that crashed since. */
export function watchCrashes(data: string): () => string[] {
  const before = new Set(fatalLines(data));
  return () => fatalLines(data).flatMap((line) => (before.has(line) ? [] : messageOf(line)));
}

function fatalLines(data: string): string[] {
  const folder = join(data, "logs");
  return readdirSync(folder)
    .filter((name) => /^(gateway|worker).*\.log$/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line.startsWith(FATAL));
}

function messageOf(line: string): string {
  const { name, msg, err } = JSON.parse(line) as { name: string; msg: string; err?: { message: string } };
  return `${name} ${msg}: ${err?.message ?? ""}`.slice(0, MAX_CHARS);
}
