/** PostgreSQL of Debian, the oldest version that is supported, and a standby of it: where Debian has installed it. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../../load-tests/support/free-port.ts";
import { lineOfFinding, refusals, warnings } from "../../../shared/server/preflight/finding.ts";
import { lookAtStores } from "../../../shared/server/preflight/look.ts";
import { run } from "../supervise/run.ts";
import { type ServerProcess, spawnServer } from "../supervise/server-process.ts";
import { asOrdinaryUser } from "./postgres-user.ts";

const BINARIES = "/usr/lib/postgresql/15/bin";

describe.skipIf(!existsSync(join(BINARIES, "pg_basebackup")))("PostgreSQL 15", () => {
  const folder = mkdtempSync(join(tmpdir(), "suda-standby-"));
  const servers: ServerProcess[] = [];
  let port: number;
  const tool = (name: string, ...args: string[]) =>
    run(asOrdinaryUser(folder, { command: join(BINARIES, name), args }));
  const start = async (data: string, at: number): Promise<void> => {
    const args = [
      "-D",
      join(folder, data),
      "-p",
      String(at),
      "-c",
      "unix_socket_directories=",
      "-c",
      "fsync=off",
    ];
    const command = asOrdinaryUser(folder, { command: join(BINARIES, "postgres"), args });
    servers.push(await spawnServer(command, { logFile: join(folder, `${data}.log`) }));
  };
  const linesOf = async (at: number): Promise<string[]> => {
    const databaseUrl = `postgres://suda@127.0.0.1:${at}/postgres`;
    const findings = await lookAtStores({ databaseUrl, migrates: true, gateways: 3 });
    return [...refusals(findings), ...warnings(findings)].map(lineOfFinding);
  };
  const noFsync = expect.stringMatching(/: fsync or full_page_writes is off/);

  beforeAll(async () => {
    port = await freePort();
    await tool(
      "initdb",
      "-D",
      join(folder, "primary"),
      "-U",
      "suda",
      "--auth=trust",
      "--encoding=UTF8",
      "--no-sync",
    );
    await start("primary", port);
    await vi.waitFor(async () => expect(await linesOf(port)).toEqual([noFsync]), { timeout: 20_000 });
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop("SIGQUIT", 5_000)));
    rmSync(folder, { recursive: true, force: true });
  });

  it("a standby refuses and names its primary, and is fine once it is promoted", async () => {
    const standby = await freePort();
    const source = ["-h", "127.0.0.1", "-p", String(port), "-U", "suda"];
    await tool("pg_basebackup", "-D", join(folder, "standby"), ...source, "-R", "-c", "fast", "--no-sync");
    await start("standby", standby);
    const copy = new RegExp(
      `is a read-only standby of 127.0.0.1:${port}: point DATABASE_URL to 127.0.0.1:${port}$`,
    );
    await vi.waitFor(
      async () => expect(await linesOf(standby)).toEqual([expect.stringMatching(copy), noFsync]),
      {
        timeout: 20_000,
      },
    );
    await tool("pg_ctl", "-D", join(folder, "standby"), "promote");
    await vi.waitFor(async () => expect(await linesOf(standby)).toEqual([noFsync]), { timeout: 20_000 });
  });
});
