/** The source files of this repository and their imports, for tests of its shape. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

/** `isDynamic`: by `import(…)`, perhaps never. */
type Import = { from: string; typesOnly: boolean; isDynamic: boolean };
/** `path` from the root, with slashes. Imports of own files are paths from the root too. */
export type Source = { path: string; text: string; lines: number; isTest: boolean; imports: Import[] };

const SKIPPED = /(^|\/)(node_modules|dist|\.suda|\.git|results)(\/|$)/;
const CODE = /\.(ts|tsx|mjs|lua|sql|css)$/;
const TEST = /\.test\.tsx?$|(^|\/)testing\/|^test\/|\.fake\.ts$/;
const IMPORT =
  /^\s*(?:import|export)\s+(?:(type)\s)?[^"';]*?from\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;

export const readText = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The path of every file that is not generated. */
export function listFiles(): string[] {
  const tops = readdirSync(ROOT, { withFileTypes: true }).filter(({ name }) => !SKIPPED.test(name));
  return tops
    .flatMap((top) =>
      top.isFile()
        ? [top.name]
        : readdirSync(join(ROOT, top.name), { recursive: true, encoding: "utf8" }).map((path) =>
            join(top.name, path),
          ),
    )
    .filter((path) => !SKIPPED.test(path));
}

/** Every hand-written code file. */
export function readSources(): Source[] {
  return listFiles()
    .filter((path) => CODE.test(path))
    .map((path) => {
      const text = readText(path);
      const lines = text.trimEnd().split("\n").length;
      return { path, text, lines, isTest: TEST.test(path), imports: importsOf(path, text) };
    });
}

function importsOf(path: string, text: string): Import[] {
  if (!/\.(ts|tsx|mjs)$/.test(path)) return [];
  return [...text.matchAll(IMPORT)].map(([, type, named = "", bare = "", dynamic = ""]) => {
    const from = named || bare || dynamic;
    const own = from.startsWith(".");
    return {
      from: own ? normalize(join(dirname(path), from)) : from,
      typesOnly: type !== undefined,
      isDynamic: dynamic !== "",
    };
  });
}
