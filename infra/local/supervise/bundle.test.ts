import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ROOT } from "../cli/options.ts";
import { bundled } from "./bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "suda-bundle-"));
const main = relative(ROOT, join(folder, "main.ts"));
const write = (name: string, source: string): void => writeFileSync(join(folder, name), source);
const run = async (): Promise<string> => execFileSync(process.execPath, await bundled(main)).toString();
afterAll(async () => {
  const cache = dirname((await bundled(main)).at(-1) ?? "");
  for (const name of readdirSync(cache)) if (name.includes(basename(folder))) rmSync(join(cache, name));
  rmSync(folder, { recursive: true });
});

it("a bundle runs as its sources do: files beside them are found, and stacks name their lines", async () => {
  write("part.ts", "export const where: string = import.meta.dirname;\n");
  write(
    "main.ts",
    'import { where } from "./part.ts";\ntype Line = string;\nconsole.log(where, import.meta.url);\nconsole.log(new Error("x").stack as Line);\n',
  );
  const said = await run();
  expect(said).toContain(`${folder} file://${folder}/main.ts`);
  expect(said).toMatch(/main\.ts:4:13/);
});

it("a changed source is in the next run", async () => {
  write("part.ts", 'export const where: string = "elsewhere";\n');
  expect(await run()).toContain("elsewhere ");
});

it("a source that does not bundle is told by its place, and runs again once it is mended", async () => {
  write("part.ts", "export const where: string = ;\n");
  await expect(run()).rejects.toThrow(/part\.ts:1:/);
  write("part.ts", 'export const where = "mended";\n');
  expect(await run()).toContain("mended ");
});

it("a thread runs as a bundle too, and anew when a source of it has changed", async () => {
  write("word.ts", 'export const word: string = "first";\n');
  write("other-thread.ts", 'import { word } from "./word.ts";\nconsole.log(word, import.meta.dirname);\n');
  write(
    "main.ts",
    'import { Worker } from "node:worker_threads";\nnew Worker(new URL("./other-thread.ts", import.meta.url));\n',
  );
  expect(await run()).toBe(`first ${folder}\n`);
  const file = (await bundled(main)).at(-1) ?? "";
  expect(readFileSync(file, "utf8")).not.toContain("./other-thread.ts");
  write("word.ts", 'export const word: string = "second";\n');
  expect(await run()).toBe(`second ${folder}\n`);
});
