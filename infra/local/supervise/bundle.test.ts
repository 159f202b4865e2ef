import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ROOT } from "../cli/options.ts";
import { bundled } from "./bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "suda-bundle-"));
const main = relative(ROOT, join(folder, "main.ts"));
const write = (name: string, source: string): void => writeFileSync(join(folder, name), source);
const run = async (): Promise<string> => execFileSync(process.execPath, await bundled(main)).toString();
afterAll(async () => {
  const [, file = ""] = await bundled(main);
  for (const end of ["", ".map", ".inputs"]) rmSync(`${file}${end}`, { force: true });
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
