/** Versions of npm packages, for the document. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/commands.ts";

/** @param name as it is imported. @returns for instance `ioredis 6.0.0`. */
export function packageVersion(name: string): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"));
  return `${manifest.name} ${manifest.version}`;
}
