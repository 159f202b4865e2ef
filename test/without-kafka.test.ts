/** A process without Kafka in its settings loads nothing of it. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { bundled } from "../infra/local/supervise/bundle.ts";
import { scripts } from "./support/imports.ts";

const LIBRARY = "@platformatic/kafka";
const MAINS = ["gateway/main.ts", "worker/main.ts", "infra/local/main.ts"];

it.each(MAINS)("no file that %s loads at its start imports the library of Kafka", (main) => {
  const byPath = new Map(scripts.map((source) => [source.path, source]));
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { from, typesOnly, isDynamic } of byPath.get(path)?.imports ?? [])
      if (!typesOnly && !isDynamic) visit(from);
  };
  visit(main);
  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].filter((path) => path === LIBRARY || path === "shared/server/kafka/client.ts")).toEqual(
    [],
  );
});

it("a bundle loads it only when it is asked for, too", { timeout: 30_000 }, async () => {
  const text = async (main: string): Promise<string> =>
    readFileSync((await bundled(main)).at(-1) ?? "", "utf8");
  const isStatic = new RegExp(`^import\\b[^\\n(]*"${LIBRARY}"`, "m");
  for (const main of [...MAINS.slice(0, 2), "shared/server/kafka/testing/lazily.ts"])
    expect(await text(main), main).not.toMatch(isStatic);
  expect(await text("shared/server/kafka/testing/lazily.ts")).toContain(`import("${LIBRARY}")`);
});
