/** Every file and command that CONTRIBUTING.md names exists. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, readText } from "./support/sources.ts";

it("every file, folder and command that CONTRIBUTING.md names exists", () => {
  const guide = readText("CONTRIBUTING.md");
  const named = [...guide.matchAll(/`([\w.-]+(?:\/[\w.-]*)+)`|run ([\w./-]+\.test\.ts)/g)].map(
    ([, path, test]) => path ?? test ?? "",
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
  const commands = [...guide.matchAll(/npm (?:run )?([a-z-]+)/g)].map(([, name]) => name ?? "");
  expect(commands.filter((name) => !scripts[name])).toEqual([]);
});
