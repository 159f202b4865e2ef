import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "../support/commands.ts";

const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, "load-tests/bench.ts"), ...args]);

test("Suda and two bare nodes are measured in one run, and the document has a figure of each", async () => {
  const folder = mkdtempSync(join(tmpdir(), "suda-bench-test-"));
  const file = join(folder, "benchmarks.md");
  try {
    const words = ["--contenders", "suda,bare", "--rounds", "1", "--seconds", "0.5", "--out", file];
    const { stdout } = await bench("quiet", ...words);
    expect(stdout).toContain("quiet, round 1, bare: p50 ms with 2 sockets ");
    const document = readFileSync(file, "utf8");
    expect(document).toMatch(/^\| {2}\| suda \| bare \|$/m);
    expect(document).toMatch(/^\| p50 ms with 100 sockets \| [\d.]+ \| [\d.]+ \|$/m);
    expect(document).toMatch(/^quiet, suda, p99 ms with 100 sockets: [\d.]+$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an unknown scenario starts nothing, and the known ones are named", async () => {
  await expect(bench("loud")).rejects.toThrow(/no scenario is called loud: small-rooms, .*archive/);
});
