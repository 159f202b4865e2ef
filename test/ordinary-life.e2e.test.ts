/** An ordinary life logs nothing that an operator would have to read: start, roll, scale, stop. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freePort } from "../load-tests/support/free-port.ts";
import { RUNNER, startRunner } from "../load-tests/support/runner.ts";
import { startCluster } from "./support/cluster.ts";
import { checkOut, hasRelease, remove } from "./support/old-release.ts";

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

/** A tester who is not root runs all tests without root's rights. */
const mayBecomeNobody = process.getuid?.() === 0 && hasRelease("HEAD");

it.runIf(mayBecomeNobody)(
  "serves a user without root rights, who owns the folder and not the packages",
  async () => {
    const release = checkOut("HEAD");
    try {
      execFileSync("chown", ["-R", "65534:65534", release]);
      const args = ["--port", String(await freePort()), "--data", join(release, "data"), "--gateways", "1"];
      const env = { HOME: release, TMPDIR: release };
      const runner = startRunner(args, env, { program: [join(release, RUNNER)], nobody: true });
      await runner.ready();
      const [, url = ""] = /(http:\/\/\S+)/.exec(runner.said()) ?? [];
      expect((await fetch(`${url}/api/rooms`)).status).toBe(200);
      expect(await runner.stop("SIGTERM")).toBe(0);
      expect(runner.said()).not.toMatch(/warn|error|start it/i);
    } finally {
      remove(release);
    }
  },
);
