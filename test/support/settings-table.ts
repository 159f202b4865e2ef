/** The table of docs/settings.md, as the code has it. Run as a program it writes the table into the document. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Setting } from "../../shared/server/process/setting.ts";
import { flagOf } from "../../shared/server/process/setting-sources.ts";
import { SETTINGS } from "../../shared/server/process/settings.ts";

const DOCUMENT = join(import.meta.dirname, "../../docs/settings.md");

export const settingsRows = (): string[] =>
  Object.values<Setting<unknown>>(SETTINGS).map(({ env, fallback, help }) => {
    const usual = shown(fallback);
    return `| \`${env}\` | \`${flagOf(env)}\` | ${usual ? `\`${usual}\`` : ""} | ${help} |`;
  });

function shown(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return Array.isArray(value) ? value.join(",") : String(value);
}

function write(): void {
  const table = ["| variable | flag | default | meaning |", "| --- | --- | --- | --- |", ...settingsRows()];
  const text = readFileSync(DOCUMENT, "utf8");
  writeFileSync(DOCUMENT, text.replace(/^\| variable \|[\s\S]*?\n\n/m, `${table.join("\n")}\n\n`));
}

if (import.meta.main) write();
