/** Mistakes that `npm start` reports before it changes anything. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { childEnvironment } from "./cli/environment.ts";

const folder = mkdtempSync(join(tmpdir(), "suda-start-"));

/** @returns the output, and whether the data folder was created. */
function start(settings: Record<string, string>, ...args: string[]) {
  const data = join(folder, "data");
  try {
    const main = join(import.meta.dirname, "main.ts");
    execFileSync(process.execPath, [main, "--data", data, ...args], {
      encoding: "utf8",
      env: childEnvironment(settings),
      stdio: "pipe",
      timeout: 20_000,
    });
    throw new Error("it started");
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { status, said: `${stdout}${stderr}`, made: existsSync(data) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it("settings that are wrong end it with a line for each, before anything is made or started", () => {
  const wrong = { SUDA_SHARDS: "0", SUDA_SHARD: "16", SUDA_ORIGINS: "*", REDIS_URL: "http://x" };
  expect(start(wrong)).toEqual({
    status: 1,
    made: false,
    said: [
      "The settings are wrong:",
      "  REDIS_URL: expected redis://user:password@host:port",
      "  SUDA_SHARDS: expected a whole number from 1 to 1024",
      "  SUDA_ORIGINS: expected origins such as https://chat.example.org: no *, no path, nothing behind the port",
      "  SUDA_SHARD: no such setting: did you mean SUDA_SHARDS?",
      "",
    ].join("\n"),
  });
});

it("a word that is no option is not passed over", () => {
  expect(start({}, "5")).toMatchObject({ status: 1, made: false, said: expect.stringContaining('"5"') });
});
