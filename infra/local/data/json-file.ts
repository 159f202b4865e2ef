/** Small records in the data folder. They may hold secrets: mode 0600 from the first byte, and never half written. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export function writeJson(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** @returns the value written by `writeJson`, or undefined if there is no such file. */
export function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}
