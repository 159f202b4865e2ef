/** PostgreSQL of Debian, the oldest version that is supported, and a standby of it: where Debian has installed it. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../../load-tests/support/free-port.ts";
import { lineOfFinding, refusals, warnings } from "../../../shared/server/preflight/finding.ts";
import { lookAtStores } from "../../../shared/server/preflight/look.ts";
import { hasDebianPostgres, openDebianPostgres } from "../../../test/support/debian-postgres.ts";

describe.skipIf(!hasDebianPostgres)("PostgreSQL 15", () => {
  const { folder, tool, initialise, start, close } = openDebianPostgres();
  let port: number;
  let primary: string;
  const linesOf = async (databaseUrl: string): Promise<string[]> => {
    const findings = await lookAtStores({ databaseUrl, migrates: true, gateways: 3 });
    return [...refusals(findings), ...warnings(findings)].map(lineOfFinding);
  };
  const noFsync = expect.stringMatching(/: fsync or full_page_writes is off/);
  const becomes = (url: string, lines: unknown[]): Promise<void> =>
    vi.waitFor(async () => expect(await linesOf(url)).toEqual(lines), { timeout: 20_000 });

  beforeAll(async () => {
    port = await freePort();
    await initialise("primary");
    primary = await start("primary", port);
    await becomes(primary, [noFsync]);
  });
  afterAll(close);

  it("a standby refuses and names its primary, and is fine once it is promoted", async () => {
    const source = ["-h", "127.0.0.1", "-p", String(port), "-U", "suda"];
    await tool("pg_basebackup", "-D", join(folder, "standby"), ...source, "-R", "-c", "fast", "--no-sync");
    const standby = await start("standby", await freePort());
    const copy = new RegExp(
      `is a read-only standby of 127.0.0.1:${port}: point DATABASE_URL to 127.0.0.1:${port}$`,
    );
    await becomes(standby, [expect.stringMatching(copy), noFsync]);
    await tool("pg_ctl", "-D", join(folder, "standby"), "promote");
    await becomes(standby, [noFsync]);
  });
});
