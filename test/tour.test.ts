import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

test("from the key press to the row a newcomer reads eleven small files, under 1,200 lines together", () => {
  const map = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const tour = [...map.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path ?? "");
  const lines = tour.map((path) => readFileSync(join(root, path), "utf8").trimEnd().split("\n").length);
  expect(tour.length).toBe(11);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(1_200);
});
