/** PostgreSQL of Debian 12, the oldest version that is supported, where it is installed. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asOrdinaryUser } from "../../infra/local/stores/postgres-user.ts";
import { run } from "../../infra/local/supervise/run.ts";
import { type ServerProcess, spawnServer } from "../../infra/local/supervise/server-process.ts";

const BINARIES = "/usr/lib/postgresql/15/bin";
export const hasDebianPostgres = existsSync(join(BINARIES, "postgres"));

/** Servers in one folder, which sync nothing to disk. `close` ends them. */
export function openDebianPostgres() {
  const folder = mkdtempSync(join(tmpdir(), "suda-debian-"));
  const servers: ServerProcess[] = [];
  const tool = (name: string, ...args: string[]): Promise<unknown> =>
    run(asOrdinaryUser(folder, { command: join(BINARIES, name), args }));

  return {
    folder,
    tool,
    /** Makes the data of a new server, which trusts everybody on this machine. */
    initialise: (data: string) =>
      tool(
        "initdb",
        ...["-D", join(folder, data)],
        ...["-U", "suda", "--auth=trust", "--encoding=UTF8"],
        "--no-sync",
      ),
    /** @returns the address of its database `postgres`, which may take a moment to answer. */
    async start(data: string, port: number): Promise<string> {
      const settings = ["-c", "unix_socket_directories=", "-c", "fsync=off"];
      const args = ["-D", join(folder, data), "-p", String(port), ...settings];
      const command = asOrdinaryUser(folder, { command: join(BINARIES, "postgres"), args });
      servers.push(await spawnServer(command, { logFile: join(folder, `${data}.log`) }));
      return `postgres://suda@127.0.0.1:${port}/postgres`;
    },
    async close(): Promise<void> {
      await Promise.all(servers.map((server) => server.stop("SIGQUIT", 5_000)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
