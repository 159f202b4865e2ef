/** An ordinary life logs nothing that an operator would have to read: start, roll, scale, stop. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startCluster } from "./support/cluster.ts";

/** pino's number of the level info. */
const INFO = 30;
const NOT_JSON = { level: Number.POSITIVE_INFINITY };

const levelOf = (line: string): number => {
  try {
    return (JSON.parse(line) as { level: number }).level;
  } catch {
    return NOT_JSON.level;
  }
};

/** A machine of somebody in Seoul, with a folder of 120 characters. */
const SEOUL = { LANG: "ko_KR.UTF-8", LC_ALL: "ko_KR.UTF-8", TZ: "Asia/Seoul" };
const FOLDER = "수다 방의 자료 ".padEnd(120, "x");

it("gateways and worker log nothing above info from start to stop", async () => {
  const folder = mkdtempSync(join(tmpdir(), "suda-ordinary-"));
  const data = join(folder, FOLDER);
  try {
    const cluster = await startCluster({ gateways: 2, data, env: SEOUL });
    await cluster.roll();
    await cluster.scale(1);
    await cluster.stop();
    const logs = join(data, "logs");
    const ours = readdirSync(logs).filter((name) => /^(gateway-\d+|worker)\.log$/.test(name));
    expect(ours.sort()).toEqual(["gateway-1.log", "gateway-2.log", "worker.log"]);
    const lines = ours.flatMap((name) => readFileSync(join(logs, name), "utf8").trimEnd().split("\n"));
    expect(lines.filter((line) => levelOf(line) > INFO)).toEqual([]);
    expect(cluster.runner.said()).not.toMatch(/warn|error|start it/i);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
});
