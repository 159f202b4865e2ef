import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { watchCrashes } from "./crashes.ts";

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "suda-crashes-"));
  mkdirSync(join(data, "logs"));
});
afterEach(() => rmSync(data, { recursive: true }));

const crash = (name: string, message: string): void => {
  const line = { level: 60, time: Date.now(), name, err: { message }, msg: "crashed" };
  appendFileSync(join(data, "logs", `${name}.log`), `${JSON.stringify(line)}\n`);
};

test("a crash is reported, an earlier one is not", () => {
  crash("gateway-2", "long ago");
  const crashes = watchCrashes(data);
  expect(crashes()).toEqual([]);
  crash("gateway-1", "a fault of ours");
  crash("worker", "another");
  expect(crashes()).toEqual(["gateway-1 crashed: a fault of ours", "worker crashed: another"]);
});
