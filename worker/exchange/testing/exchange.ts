/** Imports of texts and exports to texts, in the worker's test environment. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestEnvironment } from "../../testing/test-environment.ts";
import { EVERY_DAY, type ExportDeps, exportArchive } from "../export.ts";
import { abandon, type ImportDeps, type Imported, importArchive } from "../import.ts";
import { openInput } from "../input.ts";

type Options = Partial<Pick<ImportDeps, "append" | "signal" | "onProgress" | "onOutage" | "sql">> & {
  pieceBytes?: number;
};

export type Given = Record<string, unknown>;
export const archiveOf = (lines: Given[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join("");

export async function* bytesOf(text: string | Buffer, chunkBytes = 1_000): AsyncIterable<Buffer> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += chunkBytes) yield bytes.subarray(from, from + chunkBytes);
}

export function openExchange({ sql, scripts }: Pick<TestEnvironment, "sql" | "scripts">) {
  const folder = mkdtempSync(join(tmpdir(), "suda-exchange-"));
  const rejectedPath = join(folder, "archive.rejected");
  const importAll = async (text: string, { pieceBytes, ...options }: Options = {}): Promise<Imported> =>
    importArchive({
      ...{ sql, logs: scripts, rejectedPath, append: false },
      ...{ signal: new AbortController().signal, onProgress: () => undefined, settlePatienceMs: 300 },
      input: await openInput(bytesOf(text), pieceBytes),
      ...options,
    });
  return {
    import: importAll,
    /** Stops after a batch. */
    importPiece(text: string, options: Omit<Options, "signal" | "onProgress">): Promise<Imported> {
      const stopping = new AbortController();
      return importAll(text, {
        ...options,
        signal: stopping.signal,
        onProgress: () => stopping.abort(),
      });
    },
    abandon: async (text: string): Promise<string[] | undefined> =>
      abandon({ sql, logs: scripts, input: await openInput(bytesOf(text)) }),
    async export(options: Partial<Pick<ExportDeps, "room" | "days" | "write">> = {}): Promise<string> {
      let text = "";
      const write = async (lines: string): Promise<void> => {
        text += lines;
      };
      await exportArchive({
        sql,
        room: undefined,
        days: EVERY_DAY,
        write,
        onProgress: () => undefined,
        ...options,
      });
      return text;
    },
    rejected: (): { line: number; reason: string; raw: string }[] => {
      const lines = readFileSync(rejectedPath, "utf8").trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line));
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
