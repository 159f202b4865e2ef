/** Every other Redis or Valkey on the PATH than the one that all tests use: looked at, and played on by the checker. Skipped without one. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { REDIS_PROGRAMS } from "../infra/local/stores/redis.ts";
import { findPrograms } from "../infra/local/supervise/die-with-parent.ts";
import { holds } from "../load-tests/faults/judge/judge.ts";
import { lookAtStores } from "../shared/server/preflight/look.ts";
import { playBroken } from "./support/broken-run.ts";
import { PLAYS } from "./support/plays.ts";
import { startRedis } from "./support/redis.ts";

/** @returns "Valkey 9.1.2". */
function versionOf(program: string): string {
  const said = execFileSync(program, ["--version"], { encoding: "utf8" });
  const [, server, version] = /^(\w+) server v=(\S+)/.exec(said) ?? [];
  return `${server} ${version}`;
}

const [, ...others] = findPrograms(...REDIS_PROGRAMS);
if (others.length === 0) it.skip("no other Redis or Valkey is on the PATH", () => undefined);

describe.each(others.map((program) => [versionOf(program), program] as const))("%s", (version, program) => {
  it("is named by the preflight, which finds nothing wrong", async () => {
    const server = await startRedis({ program });
    const findings = await lookAtStores({ redisUrl: server.url, migrates: true, gateways: 3 });
    await server.stop();
    expect(findings[0]).toMatchObject({ kind: "fine", says: expect.stringMatching(`is ${version}$`) });
    expect(findings.filter(({ kind }) => kind !== "fine")).toEqual([]);
  });

  it.each(PLAYS)("keeps every promise %s", async (_, play, times) => {
    const verdict = await playBroken({}, play, { times, redisProgram: program });
    expect(verdict.evidence).toEqual([]);
    expect(holds(verdict)).toBe(true);
  });
});
